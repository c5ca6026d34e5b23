"""The bytes decide, whatever header and meta tag claim."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.read.decode import decode
from crawler.read.page import read_page
from schema.announcements import Outcome, Page

TEXTS = sorted((Path(__file__).parents[3] / "sample" / "texts").rglob("20*.txt"))
TRUE = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le")
CLAIMED = ("utf-8", "gb2312", "gbk", "iso-8859-1", "big5", "nonsense")


def _page(text: str, true: str, header: str, meta: str) -> Page:
    body = "".join(f"<p>{line}</p>" for line in text.splitlines())
    html = f"<html><head><meta charset={meta}></head><body><div class=TRS_UEDITOR>{body}</div></body></html>"
    headers = (("Content-Type", f"text/html; charset={header}"),)
    return Page(
        "http://127.0.0.1/a.html",
        "sample",
        200,
        html.encode(true, "xmlcharrefreplace"),
        datetime(2026, 2, 1, tzinfo=UTC),
        headers,
    )


@pytest.mark.parametrize("true", TRUE)
@pytest.mark.parametrize("claimed", CLAIMED)
def test_a_misdeclared_page_is_read_right(true: str, claimed: str) -> None:
    """Six encodings, six claims, every sample text: not one character is lost."""
    assert len(TEXTS) >= 20
    for number, file in enumerate(TEXTS):
        body = file.read_text(encoding="utf-8").split("\n\n", 1)[1]
        meta = CLAIMED[number % len(CLAIMED)]
        reading = read_page(_page(body, true, claimed, meta))
        assert reading.outcome is Outcome.ARTICLE
        assert body.splitlines()[0].strip() in reading.body
        assert "\ufffd" not in reading.body


def test_a_damaged_page_says_how_much_was_lost() -> None:
    """A few broken bytes are replaced and counted; a page of noise is undecodable."""
    good = "全省应急管理工作会议召开。".encode() * 40
    damaged = decode(good[:100] + b"\xff\xfe\xff" + good[100:])
    assert damaged.readable
    assert damaged.lost > 0
    noise = Page("http://127.0.0.1/n", "sample", 200, bytes(range(128, 256)) * 40, datetime(2026, 2, 1, tzinfo=UTC))
    assert read_page(noise).outcome is Outcome.UNDECODABLE


def test_a_truncated_page_is_read_as_far_as_it_goes() -> None:
    """Cut in the middle of a character: the rest stands."""
    body = (
        "<div class=TRS_UEDITOR><p>全省应急管理工作会议召开，要求每个乡镇组建不少于10人的队伍。</p><p>第二段".encode()
    )
    reading = read_page(Page("http://127.0.0.1/t", "sample", 200, body[:-1], datetime(2026, 2, 1, tzinfo=UTC)))
    assert "不少于10人" in reading.body
