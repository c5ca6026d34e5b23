"""Mis-declared pages: sixty pages, each in six encodings under six claims of header and meta tag, read whole.

The bytes decide (crawler.read.decode); not one character may be lost, whatever the page claims of itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from crawler.read.page import read_page
from sample.texts import Text, all_texts
from schema.announcements import Outcome, Page

PAGES = 60
TRUE = ("utf-8", "utf-8-sig", "gb2312", "gbk", "gb18030", "utf-16")
CLAIMED = ("utf-8", "gb2312", "gbk", "iso-8859-1", "big5", "nonsense")
_FRAMES = (
    "<div class=TRS_UEDITOR>{}</div>",
    "<div id='zoom'>{}</div>",
    "<div class='v_news_content'>{}</div>",
    "<div class='wp_articlecontent'>{}</div>",
    "<table><tr><td>{}</td></tr></table>",
    "</body></html><div class='con'>{}</div>",
)
_METAS = ("<meta charset={}>", "<meta http-equiv=Content-Type content='text/html; charset={}'>", "")
_RARE = "一级响应①·㎡°—“‘’”…《》Ⅲ，𠮷、䶮、€"
"""What GB2312 does not hold is written as a reference, as editors of content systems do; the rest as bytes."""


class Case(NamedTuple):
    """One page as sent, and the paragraphs that must be read from it."""

    true: str
    claimed: str
    paragraphs: tuple[str, ...]
    page: Page


def cases(*encodings: str) -> Iterator[Case]:
    """Every page in every encoding (or in those named) under every claim: 6 × 6 × 60."""
    for true in encodings or TRUE:
        for number, text in enumerate(all_texts()[:PAGES]):
            yield from (_case(number, text, true, claimed) for claimed in CLAIMED)


def _case(number: int, text: Text, true: str, claimed: str) -> Case:
    lines = text.body.replace("・", "·").splitlines()  # the one dot that GB2312 has is this one
    paragraphs = (*(" ".join(line.split()) for line in lines if line.strip()), _RARE)
    meta = _METAS[number % len(_METAS)].format(CLAIMED[(number + CLAIMED.index(claimed)) % len(CLAIMED)])
    words = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    frame = _FRAMES[number % len(_FRAMES)].format(words)
    html = f"<html><head>{meta}<title>{text.title}</title></head><body><h1>{text.title}</h1>{frame}</body></html>"
    body = html.encode(true, "xmlcharrefreplace")
    headers = (("Content-Type", f"text/html; charset={claimed}"),)
    page = Page(f"http://127.0.0.1/{number}.html", "sample", 200, body, datetime(2027, 1, 1, tzinfo=UTC), headers)
    return Case(true, claimed, paragraphs, page)


def is_right(case: Case) -> bool:
    """True where every paragraph is read to the letter."""
    reading = read_page(case.page)
    return reading.outcome is Outcome.ARTICLE and tuple(reading.body.split("\n")) == case.paragraphs


def measure() -> dict[str, float]:
    """The share of the matrix that is read to the letter, and the pages it was tried on."""
    right = [is_right(case) for case in cases()]
    return {"right": sum(right) / len(right), "pages": len(right) / len(TRUE) / len(CLAIMED)}


def report() -> str:
    """What was read wrong."""
    return "\n".join(f"{case.page.url} {case.true} as {case.claimed}" for case in cases() if not is_right(case))
