"""What every yearly diff of a plan year came to, counted by the database: no change is loaded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.changes import DiffOutcome, Kind
from store import tables as t
from store.standing_diffs import standing_diffs


@dataclass(frozen=True, slots=True)
class Tally:
    """One province's newest yearly diff of a plan year. ``units``: commitments of a baseline, 0 otherwise.

    ``judged``: somebody has given a verdict on one of its changes, so that the machine's counts are not the last word.
    """

    province: str
    outcome: DiffOutcome
    detail: str
    kinds: dict[Kind, int]
    units: int = 0
    judged: bool = False


def tallies(session: Session, plan_year: int, as_of: datetime | None = None) -> dict[str, Tally]:
    """Province → its tally, as known at ``as_of``; four queries for all of them."""
    newest = standing_diffs(session, None, plan_year, as_of).values()
    query = select(t.DiffRow.id, t.DiffRow.province, t.DiffRow.outcome, t.DiffRow.detail)
    diffs = session.execute(query.where(t.DiffRow.id.in_(newest))).all()
    kinds: dict[int, dict[Kind, int]] = defaultdict(dict)
    counted = select(t.ChangeRow.diff_id, t.ChangeRow.kind, func.count()).group_by(
        t.ChangeRow.diff_id, t.ChangeRow.kind
    )
    for diff, kind, number in session.execute(counted.where(t.ChangeRow.diff_id.in_([row.id for row in diffs]))):
        kinds[diff][Kind(kind)] = number
    first = [row.id for row in diffs if row.outcome == DiffOutcome.BASELINE.value]
    sizes = {
        number: len(units)
        for number, units in session.execute(select(t.DiffRow.id, t.DiffRow.new_units).where(t.DiffRow.id.in_(first)))
    }
    judged = _judged(session, plan_year)
    return {
        row.province: Tally(
            row.province,
            DiffOutcome(row.outcome),
            row.detail,
            kinds[row.id],
            sizes.get(row.id, 0),
            row.province in judged,
        )
        for row in diffs
    }


def _judged(session: Session, plan_year: int) -> set[str]:
    """Provinces with a verdict on any comparison of this year: wordings may have been judged under an older key."""
    query = (
        select(t.DiffRow.province)
        .join(t.ChangeRow, t.ChangeRow.diff_id == t.DiffRow.id)
        .where(t.DiffRow.year_new == plan_year, t.ChangeRow.key.in_(select(t.VerdictRow.change_key)))
        .distinct()
    )
    return set(session.scalars(query))
