"""Which anchors of a page are its list: by the source's article pattern, else by shape alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlsplit

from crawler.entries import Entry
from crawler.lists.anchors import Anchor
from schema.announcements import Source

_LEAST_HAN = 8
_PATTERN_HAN = 4


def entries_among(found: Iterable[Anchor], source: Source) -> tuple[Entry, ...]:
    """The list's entries in page order, each address once.

    With a pattern: every titled anchor whose path matches. Without one, or when none matches: anchors with at least
    eight Chinese characters and a date in their row, grouped by place; the largest group is the list.
    """
    anchors = tuple(found)
    if source.article_pattern:
        pattern = re.compile(source.article_pattern)
        matching = [a for a in anchors if a.han >= _PATTERN_HAN and pattern.search(urlsplit(a.url).path)]
        if matching:
            return _unique(matching)
    return _unique(largest_group(anchors))


def largest_group(anchors: Iterable[Anchor]) -> list[Anchor]:
    """The most numerous group of dated, titled anchors that share their place in the tree."""
    groups: dict[str, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        if anchor.han >= _LEAST_HAN and anchor.published is not None:
            groups[anchor.place].append(anchor)
    return max(groups.values(), key=len, default=[])


def _unique(anchors: Iterable[Anchor]) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for anchor in anchors:
        known = entries.get(anchor.url)
        if known is None or len(anchor.caption) > len(known.title):
            entries[anchor.url] = Entry(anchor.url, anchor.caption, anchor.published)
    return tuple(entries.values())
