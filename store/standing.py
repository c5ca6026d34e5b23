"""Which version of a province's plan year stands: one rule, answered for one edition or for all in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from store import tables as t

THIN = 0.5
"""A page with fewer than this share of the fullest page's commitments does not take its place."""


@dataclass(frozen=True, slots=True)
class Contender:
    """One version that may stand, without its text."""

    id: int
    province: str
    plan_year: int
    rank: int
    url: str
    page_id: int
    sha256: str
    fetched_at: datetime
    known_at: datetime
    quarantined: bool
    technical: bool
    commitments: int


Key = tuple[str, int]
"""Province and plan year."""


def contenders(
    session: Session, province: str | None = None, plan_year: int | None = None, as_of: datetime | None = None
) -> dict[Key, list[Contender]]:
    """Every version by province and plan year, oldest first; those known at ``as_of`` only."""
    given = {"province": province, "year": plan_year, "moment": as_of}
    asked = {name: value for name, value in given.items() if value is not None}
    found: dict[Key, list[Contender]] = defaultdict(list)
    for row in session.execute(_query(frozenset(asked)), asked):
        one = Contender(*row)
        found[one.province, one.plan_year].append(one)
    return found


@cache
def _query(asked: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """Built once for every combination of what is asked: building it costs more than answering it."""
    a, p = t.AnnouncementRow, t.PageRow
    held = select(func.count()).where(t.CommitmentRow.announcement_id == a.id).correlate(a).scalar_subquery()
    query = (
        select(a.id, a.province, a.plan_year, a.rank, a.url, a.page_id, p.sha256, p.fetched_at, a.known_at)
        .add_columns(a.quarantine.is_not(None), a.technical, held)
        .join(p, p.id == a.page_id)
        .where(a.province.is_not(None), a.plan_year.is_not(None))
        .order_by(a.id)
    )
    conditions = {
        "province": a.province == bindparam("province"),
        "year": a.plan_year == bindparam("year"),
        "moment": a.known_at <= bindparam("moment"),
    }
    return query.where(*(conditions[name] for name in sorted(asked)))


def able_to_stand(versions: Iterable[Contender]) -> list[Contender]:
    """Versions that no later reading of the same capture replaced and that are not held back."""
    newest: dict[int, Contender] = {}
    for one in versions:
        newest[one.page_id] = one
    return sorted((one for one in newest.values() if not one.quarantined), key=lambda one: one.id)


def choose(versions: Sequence[Contender]) -> Contender | None:
    """The version that stands (docs/decisions/0009).

    The newest reading of a capture counts, the newest capture of an address, the best rank; of several addresses the
    one that appeared last, unless it holds less than half of what the fullest holds.
    """
    able = able_to_stand(versions)
    if not able:
        return None
    by_address: dict[str, Contender] = {}
    appeared: dict[str, datetime] = {}
    for one in sorted(able, key=lambda one: (one.fetched_at, one.page_id)):
        by_address[one.url] = one
        appeared.setdefault(one.url, one.fetched_at)
    best = min(one.rank for one in by_address.values())
    ranked = [one for one in by_address.values() if one.rank == best]
    fullest = max(one.commitments for one in ranked)
    full = [one for one in ranked if one.commitments >= THIN * fullest]
    return max(full, key=lambda one: (appeared[one.url], one.fetched_at, one.page_id))


def standing(
    session: Session, province: str | None = None, plan_year: int | None = None, as_of: datetime | None = None
) -> dict[Key, Contender]:
    """The version that stands for every province and plan year asked for, sorted."""
    found = {key: choose(versions) for key, versions in contenders(session, province, plan_year, as_of).items()}
    return {key: one for key, one in sorted(found.items()) if one is not None}
