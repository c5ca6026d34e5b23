"""The next page of a list: TRS scripts, and any link that says 下一页."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from crawler.lists.anchors import Anchor

_TRS = re.compile(r"createPageHTML\s*\(\s*(\d+)\s*,\s*(\d+)\s*,\s*[\"']([\w-]+)[\"']\s*,\s*[\"'](\w+)[\"']")
_TRS_COUNT = re.compile(r"var\s+countPage\s*=\s*(\d+)")
_TRS_CURRENT = re.compile(r"var\s+currentPage\s*=\s*(\d+)")
_TRS_NAME = re.compile(r"/([\w-]*?)(?:_(\d+))?\.(s?html?)$")
_NEXT = frozenset({"下一页", "下页", "后一页", "下一頁", ">", "»", "›", "next"})


Form = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fetch:
    """Where a list page is: an address to GET, or to POST a form to."""

    url: str
    form: Form = ()


def next_page(html: str, anchors: Iterable[Anchor], url: str) -> Fetch | None:
    """The page after this one, or None on the last page and on sites that name none."""
    return _trs_call(html, url) or _trs_variables(html, url) or _next_link(anchors, url)


def _trs_call(html: str, url: str) -> Fetch | None:
    """createPageHTML(total, current, "index", "html"): current counts from 0, index_1.html is the second page."""
    match = _TRS.search(html)
    if match is None:
        return None
    total, current, name, extension = int(match[1]), int(match[2]), match[3], match[4]
    return Fetch(urljoin(url, f"{name}_{current + 1}.{extension}")) if current + 1 < total else None


def _trs_variables(html: str, url: str) -> Fetch | None:
    """The script says var countPage = 12 (and var currentPage = 0, else the number in the address)."""
    count = _TRS_COUNT.search(html)
    if count is None:
        return None
    place = _TRS_NAME.search(url)
    name, extension = (place[1] or "index", place[3]) if place else ("index", "html")
    current = _TRS_CURRENT.search(html)
    number = int(current[1]) if current else int(place[2] or 0) if place else 0
    return Fetch(urljoin(url, f"{name}_{number + 1}.{extension}")) if number + 1 < int(count[1]) else None


def _next_link(anchors: Iterable[Anchor], url: str) -> Fetch | None:
    for anchor in anchors:
        label = re.sub(r"[\s\[\]【】]", "", anchor.text or anchor.title).lower().rstrip("»>›") or anchor.text.strip()
        if label in _NEXT and anchor.url != url:
            return Fetch(anchor.url)
    return None
