"""What yearly diffs came to, counted by the database: no change is loaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from schema.changes import DiffOutcome, Kind
from store import tables as t
from store.announcements import many


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


def tallies(session: Session, diffs: Sequence[int]) -> list[Tally]:
    """What these diffs came to; two queries a few hundred."""
    d, c = t.DiffRow, t.ChangeRow
    kinds: dict[int, dict[Kind, int]] = defaultdict(dict)
    found: list[Tally] = []
    for portion in many(diffs):
        counted = select(c.diff_id, c.kind, func.count()).where(c.diff_id.in_(portion)).group_by(c.diff_id, c.kind)
        for diff, kind, number in session.execute(counted):
            kinds[diff][Kind(kind)] = number
        first = case((d.outcome == DiffOutcome.BASELINE.value, func.json_array_length(d.new_units)), else_=0)
        query = select(d.id, d.province, d.year_new, d.outcome, d.detail, first).where(d.id.in_(portion))
        for number, province, plan_year, outcome, detail, units in session.execute(query):
            told = Tally(number, province, plan_year, DiffOutcome(outcome), detail, kinds[number], units)
            found.append(told)
    return found
