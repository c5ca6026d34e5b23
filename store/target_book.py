"""Every number a standing edition binds itself to, and which commitments of two years were aligned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.announcements import Target
from schema.changes import DiffOutcome
from store import rows
from store import tables as t
from store.database import Database


@dataclass(frozen=True, slots=True)
class KeptTarget:
    """A target where it stands: province, plan year, directive, and the commitment's number and sentence."""

    province: str
    plan_year: int
    directive: str
    commitment: str
    sentence: str
    target: Target


@dataclass(frozen=True, slots=True)
class KeptLink:
    """Commitments of two plan years of a province that were found to be the same."""

    province: str
    year_old: int
    year_new: int
    old: tuple[str, ...]
    new: tuple[str, ...]


class TargetBook:
    """Reads only; two queries each, however many there are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def targets(self, provinces: Iterable[str] | None = None) -> list[KeptTarget]:
        """The targets of every standing edition, by province, year and place in the text."""
        with self._database.reading() as session:
            standing = _standing(session, provinces)
            query = (
                select(t.TargetRow, t.CommitmentRow, t.DirectiveRow.heading)
                .join(t.CommitmentRow, t.CommitmentRow.id == t.TargetRow.commitment_id)
                .join(t.DirectiveRow, t.DirectiveRow.id == t.CommitmentRow.directive_id)
                .where(t.CommitmentRow.announcement_id.in_(standing))
                .order_by(t.TargetRow.id)
            )
            found = [
                KeptTarget(*standing[row.announcement_id], heading, row.label, row.text, rows.target_record(target))
                for target, row, heading in session.execute(query)
            ]
        return sorted(found, key=lambda one: (one.province, one.plan_year))

    def links(self, provinces: Iterable[str] | None = None) -> list[KeptLink]:
        """The aligned commitments of the newest comparison of every province and year."""
        newest: dict[tuple[str, int], t.DiffRow] = {}
        query = select(t.DiffRow).where(t.DiffRow.outcome == DiffOutcome.OK.value).order_by(t.DiffRow.id)
        if provinces is not None:
            query = query.where(t.DiffRow.province.in_(tuple(provinces)))
        with self._database.reading() as session:
            for diff in session.scalars(query):
                newest[diff.province, diff.year_new] = diff
            by_id = {diff.id: diff for diff in newest.values()}
            pairs = select(t.ChangeRow.diff_id, t.ChangeRow.old, t.ChangeRow.new).where(t.ChangeRow.diff_id.in_(by_id))
            return [
                KeptLink(by_id[diff].province, by_id[diff].year_old, by_id[diff].year_new, tuple(old), tuple(new))
                for diff, old, new in session.execute(pairs)
                if old and new
            ]


def _standing(session: Session, provinces: Iterable[str] | None) -> dict[int, tuple[str, int]]:
    """Announcement number → province and year, of the versions that stand: lowest rank, newest capture and reading."""
    row = t.AnnouncementRow
    query = (
        select(row.id, row.province, row.plan_year)
        .where(row.quarantine.is_(None), row.province.is_not(None), row.plan_year.is_not(None))
        .order_by(row.rank, row.page_id.desc(), row.id.desc())
    )
    if provinces is not None:
        query = query.where(row.province.in_(tuple(provinces)))
    found: dict[tuple[str, int], int] = {}
    for number, province, year in session.execute(query):
        assert province is not None and year is not None  # noqa: PT018 - the query says so
        found.setdefault((province, year), number)
    return {number: place for place, number in found.items()}
