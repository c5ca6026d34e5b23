"""Removes unchanged re-fetches that prove nothing any more, and writes down which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from schema.errors import UsageError
from store import tables as t
from store.announcements import many
from store.chain import runs
from store.database import Database


def prune_checks(database: Database, keep: str, now: datetime, *, dry_run: bool = False) -> int:
    """Remove unchanged checks older than ``keep`` ("365d"), except those that bound what was seen; how many.

    Of every stretch of unchanged visits to an address the first and the last stay: from when to when it was looked at
    and had not changed. Everything else is never touched. Raises UsageError for a ``keep`` that is no number of days.
    """
    before = now - _days(keep)
    with database.writing() as session:
        numbers = list(_removable(session, before))
        if numbers and not dry_run:
            session.add(
                t.PruningRow(
                    at=now,
                    keep=keep,
                    before=before,
                    first=numbers[0],
                    last=numbers[-1],
                    removed=runs(numbers),
                    count=len(numbers),
                )
            )
            session.flush()
            for portion in many(numbers):
                session.execute(delete(t.CheckRow).where(t.CheckRow.id.in_(portion)))
    return len(numbers)


def _days(keep: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,5})d?", keep)
    if not found:
        raise UsageError(f"--keep {keep}: 天数，例如 365d a number of days, e.g. 365d")
    return timedelta(days=int(found[1]))


def _removable(session: Session, before: datetime) -> Iterator[int]:
    """Unchanged checks with an unchanged check of the same address on both sides, older than ``before``; sorted."""
    c = t.CheckRow
    query = select(c.id, c.source, c.url, c.outcome, c.at).order_by(c.source, c.url, c.id)
    found: list[int] = []
    window: list[tuple[int, tuple[str, str], bool, datetime]] = []
    for number, source, url, outcome, at in session.execute(query.execution_options(yield_per=1000)):
        window = [*window[-2:], (number, (source, url), outcome == "unchanged", at)]
        if len(window) == 3 and len({one[1] for one in window}) == 1 and all(one[2] for one in window):
            middle = window[1]
            if middle[3] < before:
                found.append(middle[0])
    yield from sorted(found)
