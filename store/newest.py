"""The newest row of every group, found by jumping from group to group along an index: however many rows there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CTE, func, select
from sqlalchemy.orm import Session, aliased

from store import tables as t


def newest_checks(session: Session) -> list[t.CheckRow]:
    """The newest visit to every address, by source and address."""
    c = t.CheckRow
    last = _last_of_each(("source", "url"), "id")
    return list(session.scalars(select(c).join(last, last.c.id == c.id).order_by(c.source, c.url)))


def newest_visits(session: Session) -> dict[str, datetime]:
    """Source → the moment of its newest visit."""
    c = t.CheckRow
    last = _last_of_each(("source",), "at")
    return {row[0]: row[1] for row in session.execute(select(c.source, c.at).join(last, last.c.id == c.id))}


def _last_of_each(group: Sequence[str], order: str) -> CTE:
    """Numbers ("id") of the last visit, by ``order``, of every group; there is an index on both together.

    The last row of all, then the last row before its group, and so on; ends with one null. Before its group means: in
    the same source under an earlier address, else in an earlier source.
    """
    before, here = aliased(t.CheckRow), aliased(t.CheckRow)
    last = select(before.id).order_by(*(getattr(before, name).desc() for name in (*group, order))).limit(1)
    found = select(last.scalar_subquery().label("id")).cte("last", recursive=True)
    steps = []
    for place in reversed(range(len(group))):
        same = [getattr(before, name) == getattr(here, name) for name in group[:place]]
        earlier = getattr(before, group[place]) < getattr(here, group[place])
        steps.append(last.where(*same, earlier).correlate(here).scalar_subquery())
    step = func.coalesce(*steps) if len(steps) > 1 else steps[0]
    return found.union_all(select(step).select_from(found).join(here, here.id == found.c.id))
