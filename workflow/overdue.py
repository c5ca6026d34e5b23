"""Provinces past their usual date: by their own history and the season, the page of this plan year should be there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from statistics import median

from schema.announcements import QuarantineReason, Rank, Source, SourceKind
from schema.incidents import IncidentKind
from store.archive import KeptAnnouncement
from workflow.trouble import Trouble

GRACE = timedelta(days=14)
SEASON_ENDS = (2, 12)
"""Month and day: the last provincial conference was seen on 9 February, its page up to three days later."""
_ENOUGH_HISTORY = 3
_CLOSES_AFTER = 11
"""From December on the year's plan is no longer waited for."""


def overdue(
    sources: Sequence[Source], kept: Collection[KeptAnnouncement], unseen: Collection[str], today: datetime
) -> Iterable[Trouble]:
    """One trouble a province whose column could be seen and whose page of this year is late.

    ``unseen``: slugs of sources that could not be looked at; what stands there is not known.
    """
    year, day = today.year, today.date()
    if today.month > _CLOSES_AFTER:
        return
    for source in sources:
        if source.kind is not SourceKind.COLUMN or source.province is None or source.slug in unseen:
            continue
        own = [a for a in kept if a.announcement.province == source.province]
        usual = usual_day(own, year, source.season)
        if day > usual + GRACE and not any(_has_come(a, year) for a in own):
            detail = (
                f"{year} 年度的通报还没有，往年约 {usual:%m-%d} plan year {year} not there, usually about {usual:%m-%d}"
            )
            yield Trouble(IncidentKind.OVERDUE, source.slug, year_mark(source, year), source.province, detail, today)


def year_mark(source: Source, year: int) -> str:
    """An address that leads to the column and tells the years apart."""
    return f"{source.urls[0] if source.urls else ''}#{year}"


def marked_year(url: str) -> int:
    """The plan year of ``year_mark``."""
    return int(url.rsplit("#", 1)[1])


def usual_day(own: Iterable[KeptAnnouncement], year: int, season: tuple[str, ...]) -> date:
    """When a province's page of a plan year can be expected.

    The median of its earlier years; the last day of its season counts as one year while there are fewer than three.
    """
    firsts: dict[int, date] = {}
    for kept in own:
        told = kept.announcement
        if told.published and told.plan_year and told.plan_year < year and kept.rank <= Rank.MEDIA:
            day = told.published.date()
            firsts[told.plan_year] = min(day, firsts.get(told.plan_year, day))
    days = [(day - date(plan_year, 1, 1)).days for plan_year, day in firsts.items()]
    if len(days) < _ENOUGH_HISTORY:
        month, day_of_month = map(int, season[-1].split("-")) if season else SEASON_ENDS
        days.append((date(year, month, day_of_month) - date(year, 1, 1)).days)
    return date(year, 1, 1) + timedelta(days=int(median(days)))


def _has_come(kept: KeptAnnouncement, year: int) -> bool:
    """A text of the year is there; a digest's stale entry is none, a department's own page is, whatever it says."""
    held_back = kept.announcement.quarantine
    readable = held_back is None or held_back.reason is QuarantineReason.RESULTS_ONLY
    return kept.announcement.plan_year == year and (readable or kept.rank <= Rank.MEDIA)
