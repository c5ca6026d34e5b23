"""Which kept diff speaks for a province's plan year, and what diffs came to, in bulk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.changes import DiffOutcome, Kind
from store import tables as t
from store.announcements import many
from store.standing import Key, standing


@dataclass(frozen=True, slots=True)
class DiffCounts:
    """What one yearly diff came to. ``units`` counts the newer edition's commitments."""

    id: int
    province: str
    year_old: int
    year_new: int
    outcome: DiffOutcome
    gap: bool
    rewritten: bool
    units: int
    technical: bool
    made_at: datetime
    kinds: Counter[Kind] = field(default_factory=Counter)


def standing_diffs(
    session: Session, province: str | None = None, plan_year: int | None = None, as_of: datetime | None = None
) -> dict[Key, int]:
    """Number of the diff that speaks for every province and plan year asked for; nothing where no text stands.

    The newest diff of the two texts that stand; before they are compared, the newest there is.
    """
    d = t.DiffRow
    query = select(d.province, d.year_new, d.year_old, d.id, d.earlier_id, d.later_id).where(d.outcome != "revision")
    if province is not None:
        query = query.where(d.province == province)
    if plan_year is not None:
        query = query.where(d.year_new == plan_year)
    if as_of is not None:
        query = query.where(d.made_at <= as_of)
    stand = {key: one.id for key, one in standing(session, province, as_of=as_of).items()}
    found: dict[Key, list[tuple[bool, bool, int]]] = defaultdict(list)
    for slug, year, year_old, number, earlier, later in session.execute(query):
        if (slug, year) in stand:
            same_later = later == stand[slug, year]
            same_earlier = earlier == stand.get((slug, year_old), 0)
            found[slug, year].append((same_later, same_earlier, number))
    return {key: max(numbers)[2] for key, numbers in sorted(found.items())}


def diff_counts(session: Session, numbers: Sequence[int]) -> dict[Key, DiffCounts]:
    """What the diffs came to, by province and plan year."""
    d, c = t.DiffRow, t.ChangeRow
    found: dict[Key, DiffCounts] = {}
    by_number: dict[int, DiffCounts] = {}
    columns = (d.id, d.province, d.year_old, d.year_new, d.outcome, d.gap, d.rewritten)
    for portion in many(numbers):
        query = select(*columns, func.json_array_length(d.new_units), d.technical, d.made_at).where(d.id.in_(portion))
        for number, province, old, new, outcome, *rest in session.execute(query):
            by_number[number] = DiffCounts(number, province, old, new, DiffOutcome(outcome), *rest)
            found[province, new] = by_number[number]
        kinds = select(c.diff_id, c.kind, func.count()).where(c.diff_id.in_(portion)).group_by(c.diff_id, c.kind)
        for number, kind, count in session.execute(kinds):
            by_number[number].kinds[Kind(kind)] = count
    return dict(sorted(found.items()))
