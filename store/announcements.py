"""Announcement versions with all that is in them, written and read in bulk: a few queries, however many."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from schema.announcements import Announcement, Commitment, Directive, Edition, Target
from store import rows
from store import tables as t
from store.appending import append

T = TypeVar("T")
MANY = 400
"""Numbers in one IN list; SQLite once allowed 999 parameters."""
NUMBERS: BindParameter[int] = bindparam("numbers", expanding=True)
"""Stands in a statement that is built once for the numbers it is asked with."""


@dataclass(frozen=True, slots=True)
class KeptAnnouncement:
    """A version as kept, quarantined or not."""

    id: int
    announcement: Announcement
    source: str
    rank: int
    url: str
    page_sha256: str
    known_at: datetime


def write_directives(session: Session, found: Sequence[tuple[int, Announcement]]) -> None:
    """Append the directives of these versions (by their numbers) with all that is in them."""
    heads = [(d, rows.directive_values(d, number)) for number, one in found for d in one.directives]
    append(session, t.DirectiveRow, [values for _, values in heads])
    inside = [(c, rows.commitment_values(c, values)) for directive, values in heads for c in directive.commitments]
    append(session, t.CommitmentRow, [values for _, values in inside])
    targets = [rows.target_values(target, values["id"]) for c, values in inside for target in c.targets]
    append(session, t.TargetRow, targets)


def many(numbers: Sequence[T]) -> Iterator[Sequence[T]]:
    """The numbers (or keys) in portions that fit into one statement."""
    for start in range(0, len(numbers), MANY):
        yield numbers[start : start + MANY]


def directives_of(session: Session, numbers: Sequence[int]) -> dict[int, tuple[Directive, ...]]:
    """The directives of each version, in order, with commitments and targets."""
    found: dict[int, tuple[Directive, ...]] = dict.fromkeys(numbers, ())
    for portion in many(numbers):
        found |= _directives(session, portion)
    return found


def _directives(session: Session, numbers: Sequence[int]) -> dict[int, tuple[Directive, ...]]:
    found: dict[int, list[Directive]] = defaultdict(list)
    read = session.execute(_inside(), {"numbers": numbers})
    for head, inside in itertools.groupby(read, key=lambda row: row[:5]):
        found[head[0]].append(Directive(head[2], head[3], head[4], tuple(_commitments(inside))))
    return {number: tuple(directives) for number, directives in found.items()}


@cache
def _inside() -> Select[*tuple[Any, ...]]:
    """One query along three indexes: directives, their commitments, their targets. Built once, as it takes long."""
    d, c, g = t.DirectiveRow, t.CommitmentRow, t.TargetRow
    return (
        select(d.announcement_id, d.id, d.no, d.marker, d.heading)
        .add_columns(c.id, c.label, c.text, c.start, c.end, c.boundary)
        .add_columns(g.quote, g.comparator, g.value, g.unit, g.object, g.deadline, g.start, g.end)
        .outerjoin(c, c.directive_id == d.id)
        .outerjoin(g, g.commitment_id == c.id)
        .where(d.announcement_id.in_(NUMBERS))
        .order_by(d.id, c.id, g.id)
    )


def _commitments(of_directive: Iterable[Row[*tuple[Any, ...]]]) -> Iterator[Commitment]:
    for (number, label, text, start, end, boundary), inside in itertools.groupby(of_directive, lambda row: row[5:11]):
        if number is not None:
            targets = tuple(Target(*row[11:]) for row in inside if row[11] is not None)
            yield Commitment(label, text, start, end, targets, boundary)


def _versions(session: Session, numbers: Sequence[int]) -> Iterator[tuple[t.AnnouncementRow, str]]:
    """Version rows with the SHA-256 of their page, in order of their numbers."""
    for portion in many(sorted(numbers)):
        yield from ((row, sha256) for row, sha256 in session.execute(_chosen(), {"numbers": portion}))


@cache
def _chosen() -> Select[t.AnnouncementRow, str]:
    a, p = t.AnnouncementRow, t.PageRow
    return select(a, p.sha256).join(p, p.id == a.page_id).where(a.id.in_(NUMBERS)).order_by(a.id)


def editions_of(session: Session, numbers: Sequence[int], *, full: bool = True) -> dict[int, Edition]:
    """Versions by their numbers; those that name no province or plan year are left out.

    Not ``full``: without their directives.
    """
    directives = directives_of(session, numbers) if full else {}
    return {
        row.id: rows.edition_record(row, sha256, rows.announcement_record(row, directives.get(row.id, ())))
        for row, sha256 in _versions(session, numbers)
        if row.province and row.plan_year
    }


def announcements_of(session: Session, numbers: Sequence[int], *, full: bool = True) -> list[KeptAnnouncement]:
    """Versions by their numbers, quarantined ones included; not ``full``: without their directives."""
    directives = directives_of(session, numbers) if full else {}
    return [
        KeptAnnouncement(
            row.id,
            rows.announcement_record(row, directives.get(row.id, ())),
            row.source,
            row.rank,
            row.url,
            sha256,
            row.known_at,
        )
        for row, sha256 in _versions(session, numbers)
    ]


def addresses_of(session: Session, since: int) -> dict[str, tuple[str, ...]]:
    """Where the announcements of the plan years from ``since`` on were found, oldest first, by source."""
    a, found = t.AnnouncementRow, defaultdict[str, list[str]](list)
    query = select(a.source, a.url).where(a.plan_year >= since).group_by(a.source, a.url).order_by(func.min(a.id))
    for source, url in session.execute(query):
        found[source].append(url)
    return {source: tuple(urls) for source, urls in found.items()}
