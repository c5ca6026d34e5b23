"""Columns that say nothing new, or have lost their list: derived from the visits and captures that are kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from crawler.lists import read_list
from schema.announcements import Check, CheckOutcome, Source, SourceKind
from schema.incidents import IncidentKind
from store.archive import Archive
from workflow.trouble import Trouble

SILENT_CHECKS = 5
SILENT_FOR = timedelta(days=21)
"""A department's news column moves every few days; the same bytes so often and so long are a dead or frozen page."""
_LOOKED_AT = 200
_LISTS = frozenset({SourceKind.COLUMN, SourceKind.NATIONAL})
_HAD = frozenset({CheckOutcome.NEW, CheckOutcome.UNCHANGED})


def is_article(url: str, source: Source | None) -> bool:
    """A list page, or a record feed, is no article and need not read as one."""
    if source is None or source.kind not in _LISTS:
        return True
    return url not in source.urls and bool(re.search(source.article_pattern or "", urlsplit(url).path))


def column_troubles(archive: Archive, sources: Sequence[Source], latest: Iterable[Check]) -> Iterable[Trouble]:
    """One trouble a column that is silent, or in which no list of articles can be seen any more."""
    had = {check.url: check for check in latest if check.outcome in _HAD}
    for source in sources:
        if source.kind is not SourceKind.COLUMN:
            continue
        for check in (had[url] for url in source.urls if url in had):
            yield from _without_list(archive, source, check)
            yield from _silent(archive, source, check)


def _without_list(archive: Archive, source: Source, check: Check) -> Iterable[Trouble]:
    """No line, and no way to a next page that could hold some (engines that fill the list by script name it)."""
    page = archive.latest_page(check.url)
    listing = read_list(page, source) if page else None
    if listing is not None and not listing.entries and listing.next is None:
        detail = "栏目里看不到文章列表 no list of articles in the column"
        yield Trouble(IncidentKind.LAYOUT_CHANGED, source.slug, check.url, source.province, detail, check.at)


def _silent(archive: Archive, source: Source, check: Check) -> Iterable[Trouble]:
    """The newest visits all brought the same bytes."""
    visits = [one for one in archive.checks(source.slug, _LOOKED_AT) if one.url == check.url]
    same = 0
    while same < len(visits) and visits[same].outcome is CheckOutcome.UNCHANGED:
        same += 1
    if same < SILENT_CHECKS or check.at - visits[same - 1].at < SILENT_FOR:
        return
    since = visits[same - 1].at
    detail = f"{same} 次检查都没有新文章，自 {since:%Y-%m-%d} nothing new in {same} checks since {since:%Y-%m-%d}"
    yield Trouble(IncidentKind.SILENT, source.slug, check.url, source.province, detail, check.at)
