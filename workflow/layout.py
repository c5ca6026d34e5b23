"""Fields of articles that a source's pages used to give in a place of their own, and do no longer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

from crawler.read import NORMALISER
from crawler.read.layout import FIELDS, structured
from schema.announcements import Outcome, Source, SourceKind
from schema.incidents import IncidentKind
from store.archive import Archive
from store.readings import FieldsRead
from workflow.columns import is_article
from workflow.trouble import Trouble

LOST = 2
"""Articles in a row without a field in its place before it counts: one may be written by hand."""
_BEFORE, _ENOUGH, _MOSTLY = 10, 3, 0.8
"""The articles before those: how many are looked at, how many there must be, which share had the field."""
_LOOKED_AT = 400
NAMES = {"title": "标题", "published": "发布时间", "source_name": "来源", "body": "正文"}


def field_troubles(archive: Archive, sources: Iterable[Source]) -> Iterable[Trouble]:
    """One trouble a field that is lost, at the column's address with the field's name behind it."""
    for source in sources:
        if source.kind is not SourceKind.COLUMN or not source.urls:
            continue
        read = [
            one
            for one in archive.readings.fields(source.slug, NORMALISER, _LOOKED_AT)
            if one.outcome is Outcome.ARTICLE and one.origins and is_article(one.url, source)
        ]
        for field in FIELDS:
            yield from _lost(source, field, read)


def _lost(source: Source, field: str, read: Sequence[FieldsRead]) -> Iterable[Trouble]:
    """``read``: the newest capture first."""
    without = list(takewhile(lambda one: field not in structured(one.origins), read))
    before = read[len(without) : len(without) + _BEFORE]
    had = sum(field in structured(one.origins) for one in before)
    if len({one.url for one in without}) < LOST or had < _ENOUGH or had < _MOSTLY * len(before):
        return
    newest, first = without[0], without[-1]
    origin = newest.origins.get(field)
    zh = f"文章的{NAMES[field]}不在原来的位置了，自 {first.fetched_at:%Y-%m-%d} 起 {len(without)} 页"
    en = f"{field} is no longer where it used to be, {len(without)} pages since {first.fetched_at:%Y-%m-%d}"
    detail = f"{zh} {en} ({origin.method if origin else 'none'}): {newest.url}"
    place = f"{source.urls[0]}#{field}"
    yield Trouble(IncidentKind.LAYOUT_CHANGED, source.slug, place, source.province, detail, newest.fetched_at)
