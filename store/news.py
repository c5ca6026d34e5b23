"""When what stands was first known: for feeds, in which every change comes once; none of our own re-readings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from schema.changes import DiffOutcome
from store import tables as t
from store.announcements import many
from store.database import Database
from store.standing_diffs import standing_diffs


@dataclass(frozen=True, slots=True)
class Made:
    """A yearly diff that speaks for its province and plan year."""

    id: int
    province: str
    year_old: int
    year_new: int
    made_at: datetime


class NewsList:
    """What there is to tell, without loading a change."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def made(self, provinces: Collection[str] | None = None) -> list[Made]:
        """The diffs that stand, of these provinces (None: all), the newest first; no baselines."""
        d = t.DiffRow
        columns = select(d.id, d.province, d.year_old, d.year_new, d.made_at).where(d.outcome == DiffOutcome.OK.value)
        with self._database.reading() as session:
            chosen = standing_diffs(session)
            numbers = [n for (slug, _), n in chosen.items() if provinces is None or slug in provinces]
            found = [
                Made(*row) for portion in many(numbers) for row in session.execute(columns.where(d.id.in_(portion)))
            ]
        return sorted(found, key=lambda one: (one.made_at, one.id), reverse=True)

    def first_known(self, keys: Sequence[str]) -> dict[str, datetime]:
        """Change key → when a diff first told it; left out what only our own re-readings told."""
        d, c = t.DiffRow, t.ChangeRow
        query = (
            select(c.key, func.min(d.made_at))
            .join(d, d.id == c.diff_id)
            .where(d.outcome == DiffOutcome.OK.value, d.technical.is_(False))
            .group_by(c.key)
        )
        with self._database.reading() as session:
            return {
                key: moment
                for portion in many(keys)
                for key, moment in session.execute(query.where(c.key.in_(portion)))
            }
