"""What the calendar and the jobs say about each source: last visit, next visit, trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from schema.jobs import JobKind
from workflow.calendar import load_calendar
from workflow.house import House, all_sources

RECENT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Planned:
    """One source. Times are aware, UTC; ``state`` is planned, never, unknown (no column) or failed."""

    slug: str
    last: datetime | None
    next: datetime | None
    every_hours: float | None
    state: str
    detail: str


def planned(house: House) -> Iterator[Planned]:
    """Every source, by slug."""
    now, calendar = house.clock(), load_calendar(house.settings.calendar)
    last = house.jobs.last(JobKind.CRAWL)
    failed = {
        subject: detail for kind, subject, _, detail in house.jobs.failures(now - RECENT) if kind is JobKind.CRAWL
    }
    for source in sorted(all_sources(house.settings), key=lambda one: one.slug):
        following = calendar.following(source.slug, now) if source.urls else None
        every = calendar.interval(source.slug, now.astimezone(calendar.zone).replace(tzinfo=None))
        detail = failed.get(source.slug, "" if source.urls else "栏目未知 column unknown")
        state = "failed" if source.slug in failed else "unknown" if not source.urls else "planned"
        hours = every / timedelta(hours=1) if every else None
        yield Planned(source.slug, last.get(source.slug), following, hours, state if following else "never", detail)
