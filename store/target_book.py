"""Every number a standing edition binds itself to, and which commitments of two years were aligned."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from schema.announcements import Target
from store import rows
from store import tables as t
from store.announcements import many
from store.database import Database
from store.standing import standing
from store.standing_diffs import standing_diffs


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

    def targets(self, provinces: Collection[str] | None = None) -> list[KeptTarget]:
        """The targets of every standing edition, by province, year and place in the text."""
        with self._database.reading() as session:
            stand = {one.id: key for key, one in standing(session).items() if provinces is None or key[0] in provinces}
            query = (
                select(t.TargetRow, t.CommitmentRow, t.DirectiveRow.heading)
                .join(t.CommitmentRow, t.CommitmentRow.id == t.TargetRow.commitment_id)
                .join(t.DirectiveRow, t.DirectiveRow.id == t.CommitmentRow.directive_id)
                .order_by(t.TargetRow.id)
            )
            found = [
                KeptTarget(*stand[row.announcement_id], heading, row.label, row.text, rows.target_record(target))
                for portion in many(tuple(stand))
                for target, row, heading in session.execute(query.where(t.CommitmentRow.announcement_id.in_(portion)))
            ]
        return sorted(found, key=lambda one: (one.province, one.plan_year))

    def links(self, provinces: Collection[str] | None = None) -> list[KeptLink]:
        """The commitments that the comparison which speaks for each province and year aligned."""
        d, c = t.DiffRow, t.ChangeRow
        pairs = select(d.province, d.year_old, d.year_new, c.old, c.new).join(c, c.diff_id == d.id).order_by(c.id)
        with self._database.reading() as session:
            chosen = standing_diffs(session)
            numbers = [number for (slug, _), number in chosen.items() if provinces is None or slug in provinces]
            return [
                KeptLink(province, year_old, year_new, tuple(old), tuple(new))
                for portion in many(numbers)
                for province, year_old, year_new, old, new in session.execute(pairs.where(d.id.in_(portion)))
                if old and new
            ]
