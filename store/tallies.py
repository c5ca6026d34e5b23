"""What every yearly diff of some plan years came to, counted by the database: no change is loaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from schema.changes import DiffOutcome, Kind
from store import tables as t
from store.announcements import many
from store.standing import Key
from store.standing_diffs import standing_diffs


@dataclass(frozen=True, slots=True)
class Tally:
    """The diff that speaks for one province and plan year. ``kinds``: the machine's counts; ``units``: commitments
    of a baseline, 0 otherwise.
    """

    id: int
    province: str
    plan_year: int
    outcome: DiffOutcome
    detail: str
    kinds: dict[Kind, int]
    units: int = 0


def tallies(session: Session, plan_years: Collection[int], as_of: datetime | None = None) -> dict[Key, Tally]:
    """Province and plan year → its tally, as known at ``as_of``; a handful of queries for all of them."""
    d, c = t.DiffRow, t.ChangeRow
    year = next(iter(plan_years)) if len(plan_years) == 1 else None
    chosen = standing_diffs(session, None, year, as_of)
    numbers = [number for (_, plan_year), number in chosen.items() if plan_year in plan_years]
    kinds: dict[int, dict[Kind, int]] = defaultdict(dict)
    found: dict[Key, Tally] = {}
    for portion in many(numbers):
        counted = select(c.diff_id, c.kind, func.count()).where(c.diff_id.in_(portion)).group_by(c.diff_id, c.kind)
        for diff, kind, number in session.execute(counted):
            kinds[diff][Kind(kind)] = number
        first = case((d.outcome == DiffOutcome.BASELINE.value, func.json_array_length(d.new_units)), else_=0)
        query = select(d.id, d.province, d.year_new, d.outcome, d.detail, first).where(d.id.in_(portion))
        for number, province, plan_year, outcome, detail, units in session.execute(query):
            told = Tally(number, province, plan_year, DiffOutcome(outcome), detail, kinds[number], units)
            found[province, plan_year] = told
    return found
