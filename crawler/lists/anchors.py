"""The anchors of a page with their surroundings: the one file of this room that walks a list page's tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from crawler.entries import Entry
from crawler.lists.text import page_text
from schema.announcements import Page

_FULL_DATE = re.compile(r"(20\d\d|19\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_SPLIT_DATE = re.compile(r"(?<!\d)(\d{1,2})\s+(20\d\d)[-/.年](\d{1,2})(?!\d)")
_URL_DATES = (
    re.compile(r"/t(20\d\d)(\d\d)(\d\d)_"),
    re.compile(r"/(20\d\d)[-/]?(\d{1,2})[-/](\d{1,2})/"),
    re.compile(r"/(20\d\d)(\d\d)(\d\d)/"),
)
_ROWS = frozenset({"li", "tr", "dd", "div", "p"})
_CLIMB = 5
_ROW_TEXT = 400
"""A row holds one title and a date; a block with more text than this is a column or a whole page."""
MOST = 3_000
"""Links of one page that are looked at; no real list shows a tenth of it."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_ARTICLE_PATH = re.compile(r"\d.*\.(?:s?html?|jsp|aspx?)$|/\d{5,}")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link with what stands around it. ``place`` is its path of tags, the same for all rows of one list."""

    url: str
    text: str
    title: str
    place: str
    published: date | None

    @property
    def caption(self) -> str:
        """The longer of text and title attribute: themes cut the text and keep the whole in the attribute."""
        cut = self.text.rstrip("….")
        return self.title if len(self.title) > len(cut) or not self.text else self.text

    @property
    def han(self) -> int:
        """How many Chinese characters the caption has."""
        return len(_HAN.findall(self.caption))


def anchors(html: str, base: str) -> tuple[Anchor, ...]:
    """Every http(s) link in document order, relative addresses resolved, fragments cut."""
    tree = LexborHTMLParser(html)
    return tuple(_walk(tree, _base(tree, base)))


def outside_links(page: Page) -> tuple[Entry, ...]:
    """Links of a page that lead to an article of another site, each once: what a digest names as its originals."""
    home = urlsplit(page.url)
    found: dict[str, Entry] = {}
    for anchor in anchors(page_text(page.body), page.url):
        parts = urlsplit(anchor.url)
        if anchor.url == page.url or anchor.han < _TITLE_HAN or not _ARTICLE_PATH.search(parts.path):
            continue
        if parts.netloc != home.netloc or parts.path.split("/")[1] != home.path.split("/")[1]:
            found.setdefault(anchor.url, Entry(anchor.url, anchor.caption, anchor.published))
    return tuple(found.values())


_TITLE_HAN = 6


def _base(tree: LexborHTMLParser, url: str) -> str:
    declared = tree.css_first("base[href]")
    href = (declared.attributes.get("href") if declared else None) or ""
    return urljoin(url, href)


def _walk(tree: LexborHTMLParser, base: str) -> Iterator[Anchor]:
    dates: dict[int, date | None] = {}
    for node in tree.css("a[href]")[:MOST]:
        href = (node.attributes.get("href") or "").strip()
        url = _absolute(base, href)
        if url is None:
            continue
        text = " ".join(node.text(deep=True, separator=" ").split())
        title = " ".join((node.attributes.get("title") or "").split())
        yield Anchor(url, text, title, _place(node), _row_date(node, dates) or url_date(url))


def _absolute(base: str, href: str) -> str | None:
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    return url.split("#", 1)[0]


def _place(node: LexborNode) -> str:
    """Tags from the anchor up to four parents, with the classes of the outer ones: rows of one list agree."""
    steps = []
    current: LexborNode | None = node
    for depth in range(_CLIMB):
        if current is None or current.tag in {"body", "html", "-undef"}:
            break
        name = (current.attributes.get("id") or current.attributes.get("class") or "") if depth >= 2 else ""
        steps.append(f"{current.tag}.{name.split()[0] if name.split() else ''}")
        current = current.parent
    return "<".join(steps)


def _row_date(node: LexborNode, dates: dict[int, date | None]) -> date | None:
    """The date printed in the nearest row around an anchor. ``dates`` remembers rows: a page of links has one."""
    current = node.parent
    for _ in range(_CLIMB):
        if current is None or current.tag in {"body", "html"}:
            return None
        if current.tag in _ROWS:
            if current.mem_id not in dates:
                text = " ".join(current.text(deep=True, separator=" ").split())
                if len(text) > _ROW_TEXT:
                    dates[current.mem_id] = None
                    return None
                dates[current.mem_id] = text_date(text)
            if dates[current.mem_id] is not None:
                return dates[current.mem_id]
        current = current.parent
    return None


def text_date(text: str) -> date | None:
    """The first whole date in a text: 2025-01-12, 2025/1/12, 2025年1月12日, or "12 2025-01" of two-storey dates."""
    for match in _FULL_DATE.finditer(text):
        found = _date(match.group(1), match.group(2), match.group(3))
        if found is not None:
            return found
    split = _SPLIT_DATE.search(text)
    return _date(split.group(2), split.group(3), split.group(1)) if split else None


def url_date(url: str) -> date | None:
    """The date many article addresses carry."""
    for pattern in _URL_DATES:
        match = pattern.search(url)
        found = _date(*match.groups()) if match else None
        if found is not None:
            return found
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
