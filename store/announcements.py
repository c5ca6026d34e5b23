"""Announcement versions with all that is in them, written and read in bulk: a few queries, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.announcements import Announcement, Commitment, Directive, Edition, Target
from store import rows
from store import tables as t
from store.appending import append

T = TypeVar("T")
MANY = 400
"""Numbers in one IN list; SQLite once allowed 999 parameters."""


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
    d, c = t.DirectiveRow, t.CommitmentRow
    heads = session.execute(
        select(d.announcement_id, d.id, d.no, d.marker, d.heading).where(d.announcement_id.in_(numbers)).order_by(d.id)
    ).all()
    targets = _targets(session, numbers)
    query = select(c.id, c.directive_id, c.label, c.text, c.start, c.end, c.boundary)
    inside: dict[int, list[Commitment]] = defaultdict(list)
    for number, head, label, text, start, end, boundary in session.execute(
        query.where(c.announcement_id.in_(numbers)).order_by(c.id)
    ):
        inside[head].append(Commitment(label, text, start, end, tuple(targets.get(number, ())), boundary))
    found: dict[int, list[Directive]] = defaultdict(list)
    for announcement_id, head, no, marker, heading in heads:
        found[announcement_id].append(Directive(no, marker, heading, tuple(inside[head])))
    return {number: tuple(directives) for number, directives in found.items()}


def _targets(session: Session, numbers: Sequence[int]) -> dict[int, list[Target]]:
    g = t.TargetRow
    query = (
        select(g.commitment_id, g.quote, g.comparator, g.value, g.unit, g.object, g.deadline, g.start, g.end)
        .join(t.CommitmentRow, t.CommitmentRow.id == g.commitment_id)
        .where(t.CommitmentRow.announcement_id.in_(numbers))
        .order_by(g.id)
    )
    found: dict[int, list[Target]] = defaultdict(list)
    for row in session.execute(query):
        found[row[0]].append(Target(*row[1:]))
    return found


def _versions(session: Session, numbers: Sequence[int]) -> Iterator[tuple[t.AnnouncementRow, str]]:
    """Version rows with the SHA-256 of their page, in order of their numbers."""
    for portion in many(sorted(numbers)):
        query = select(t.AnnouncementRow, t.PageRow.sha256).join(t.PageRow, t.PageRow.id == t.AnnouncementRow.page_id)
        chosen = query.where(t.AnnouncementRow.id.in_(portion)).order_by(t.AnnouncementRow.id)
        yield from ((row, sha256) for row, sha256 in session.execute(chosen))


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
