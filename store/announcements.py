"""Directives, commitments and targets of one announcement version, written and read in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.announcements import Commitment, Directive, Target
from store import rows
from store import tables as t


def write_directives(session: Session, announcement_id: int, directives: Sequence[Directive]) -> None:
    """Add all directives with what is in them."""
    heads = [
        t.DirectiveRow(announcement_id=announcement_id, no=d.no, marker=d.marker, heading=d.heading) for d in directives
    ]
    session.add_all(heads)
    session.flush()
    pairs = [
        (commitment, rows.commitment_row(commitment, head))
        for directive, head in zip(directives, heads, strict=True)
        for commitment in directive.commitments
    ]
    session.add_all(row for _, row in pairs)
    session.flush()
    session.add_all(rows.target_row(target, row.id) for commitment, row in pairs for target in commitment.targets)


def directives_of(session: Session, announcement_id: int) -> tuple[Directive, ...]:
    """The directives of one version, in order, with commitments and targets."""
    heads = session.scalars(
        select(t.DirectiveRow).where(t.DirectiveRow.announcement_id == announcement_id).order_by(t.DirectiveRow.id)
    ).all()
    found = session.scalars(
        select(t.CommitmentRow).where(t.CommitmentRow.announcement_id == announcement_id).order_by(t.CommitmentRow.id)
    ).all()
    targets = _targets(session, announcement_id)
    inside: dict[int, list[Commitment]] = defaultdict(list)
    for row in found:
        own = tuple(targets[row.id])
        inside[row.directive_id].append(Commitment(row.label, row.text, row.start, row.end, own, row.boundary))
    return tuple(Directive(head.no, head.marker, head.heading, tuple(inside[head.id])) for head in heads)


def _targets(session: Session, announcement_id: int) -> dict[int, list[Target]]:
    query = (
        select(t.TargetRow)
        .join(t.CommitmentRow, t.CommitmentRow.id == t.TargetRow.commitment_id)
        .where(t.CommitmentRow.announcement_id == announcement_id)
        .order_by(t.TargetRow.id)
    )
    found: dict[int, list[Target]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.commitment_id].append(rows.target_record(row))
    return found
