"""What a page says about the source it could become: kind, CMS, article addresses, the way to the news column.

This file knows BeautifulSoup: a page that nobody has described yet may be broken in any way, and time does not matter.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from crawler.candidates import refusal
from crawler.entries import Entry
from crawler.lists import dahan, read_list
from crawler.lists.text import page_text
from crawler.read.cms import cms_of
from crawler.read.page import read_page
from schema.announcements import Outcome, Page, Rank, Source, SourceKind

_LEAST_ENTRIES = 3
_SHARE = 0.6
"""Part of a list's addresses that must share a shape before it is called the pattern of its articles."""
_KNOWN_SHAPES = (
    r"/t\d{8}_\d+\.s?html?$",
    r"/art/\d{4}/\d{1,2}/\d{1,2}/art_[0-9a-f]+_[0-9a-f]+\.html?$",
    r"/info/\d+/\d+\.htm$",
    r"/\d{4}/?\d{2}-?\d{2}/\d+\.s?html?$",
    r"/[0-9a-f]{32}\.s?html?$",
)
_HEX = re.compile(r"[0-9a-f]{32}")
_COLUMN = re.compile(r"应急要闻|要闻动态|工作动态|应急动态|政务动态|厅局动态|新闻动态|应急新闻|工作信息|新闻中心|要闻")
_SUFFIX = re.compile(r"[_|｜—–-]+")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What could stand in a source file. ``entries``: the list's lines; ``columns``: links that look like columns."""

    kind: SourceKind | None
    """None: the page is neither a list nor an article; ``detail`` says what it is."""
    name: str
    cms: str | None
    article_pattern: str | None = None
    entries: tuple[Entry, ...] = ()
    conferences: int = 0
    """How many entries look like a yearly work conference."""
    pages_on: bool = False
    """Whether the way to the list's next page was found."""
    columns: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    detail: str = ""


def propose(page: Page) -> Proposal:
    """Read a fetched page as a source nobody has described. Pure."""
    html = dahan.unwrap(page_text(page.body))
    soup = BeautifulSoup(html, "html.parser")
    reading = read_page(page)
    entries, more = _list_of(page, soup)
    provinces = tuple(sorted({a.province for a in reading.announcements if a.province}))
    kind = _kind(reading.outcome, len(reading.announcements), len(entries))
    return Proposal(
        kind=kind,
        name=_site_name(soup),
        cms=cms_of(html, page.url),
        article_pattern=pattern_of([entry.url for entry in entries]) if kind is SourceKind.COLUMN else None,
        entries=entries,
        conferences=sum(refusal(entry, _nameless()) is None for entry in entries),
        pages_on=more,
        columns=_columns(soup, page.url),
        provinces=provinces,
        detail=f"{reading.outcome.value} {reading.detail}".strip(),
    )


def _nameless() -> Source:
    return Source("proposal", "", SourceKind.COLUMN, Rank.OFFICIAL)


def _list_of(page: Page, soup: BeautifulSoup) -> tuple[tuple[Entry, ...], bool]:
    """The list by shape alone; of the repaired markup where the page as sent shows none."""
    listing = read_list(page, _nameless())
    if len(listing.entries) < _LEAST_ENTRIES:
        repaired = read_list(replace(page, body=str(soup).encode()), _nameless())
        listing = max(listing, repaired, key=lambda found: len(found.entries))
    return listing.entries, listing.next is not None


def _kind(outcome: Outcome, announcements: int, entries: int) -> SourceKind | None:
    if outcome is Outcome.ARTICLE and announcements:
        return SourceKind.DIGEST if announcements > 1 else SourceKind.ARTICLE
    if entries >= _LEAST_ENTRIES:
        return SourceKind.COLUMN
    return SourceKind.ARTICLE if outcome is Outcome.ARTICLE else None


def _site_name(soup: BeautifulSoup) -> str:
    """The standard's SiteName, else the last part of the title, where templates put the site's name."""
    meta = soup.find("meta", attrs={"name": re.compile("^SiteName$", re.IGNORECASE)})
    named = str(meta.get("content") or "").strip() if isinstance(meta, Tag) else ""
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    return named or _SUFFIX.split(title)[-1].strip()


def _columns(soup: BeautifulSoup, base: str) -> tuple[str, ...]:
    """Addresses on this host whose link text is what departments call their news, the plainest words first."""
    host, found = urlsplit(base).hostname, dict[str, int]()
    for anchor in soup.find_all("a", href=True):
        match = _COLUMN.search(anchor.get_text(" ", strip=True))
        url = urljoin(base, str(anchor["href"])).split("#", 1)[0]
        if match and urlsplit(url).hostname == host and url != base:
            found.setdefault(url, _COLUMN.pattern.index(match.group()))
    return tuple(sorted(found, key=lambda url: found[url]))


def pattern_of(urls: list[str]) -> str | None:
    """A regular expression on the path that most of the addresses share, or None when they have no common shape."""
    paths = [urlsplit(url).path for url in urls]
    if not paths:
        return None
    for shape in _KNOWN_SHAPES:
        if sum(bool(re.search(shape, path)) for path in paths) >= _SHARE * len(paths):
            return shape
    (shape, number), *_ = Counter(map(_shape, paths)).most_common(1)
    return shape if number >= _SHARE * len(paths) and r"\d" in shape else None


def _shape(path: str) -> str:
    """A path with its numbers and hashes left open."""
    marked = _HEX.sub("\0", path)
    escaped = re.escape(re.sub(r"\d+", "\1", marked))
    return "^" + escaped.replace(re.escape("\1"), r"\d+").replace(re.escape("\0"), "[0-9a-f]{32}") + "$"
