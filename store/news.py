"""The newest changes for feed readers: each once, when first known; no baselines, none of our own re-readings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from schema.changes import ALERT_KINDS, Change, DiffOutcome, Finding, Kind
from store import rows
from store import tables as t
from store.database import Database


@dataclass(frozen=True, slots=True)
class News:
    """A change with the diff it came in; ``known_at`` is when its key was first seen."""

    province: str
    year_old: int
    year_new: int
    known_at: datetime
    change: Change


class NewsList:
    """Changes worth telling, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(self, provinces: Sequence[str] | None, kind: Kind | None, limit: int = 100) -> list[News]:
        """Of these provinces (None: all) and this kind (None: all that alerts tell)."""
        kinds = [kind.value] if kind else [one.value for one in ALERT_KINDS]
        known_at = func.min(t.DiffRow.made_at).label("known_at")
        query = (
            select(func.max(t.ChangeRow.id).label("id"), known_at)
            .join(t.DiffRow, t.DiffRow.id == t.ChangeRow.diff_id)
            .where(t.DiffRow.outcome == DiffOutcome.OK.value, t.DiffRow.technical.is_(False))
            .where(t.ChangeRow.kind.in_(kinds))
            .group_by(t.ChangeRow.key)
            .order_by(known_at.desc(), func.max(t.ChangeRow.id))
            .limit(limit)
        )
        if provinces is not None:
            query = query.where(t.DiffRow.province.in_(provinces))
        with self._database.reading() as session:
            moments = {row.id: row.known_at for row in session.execute(query)}
            findings: dict[int, list[Finding]] = defaultdict(list)
            told = select(t.FindingRow).where(t.FindingRow.change_id.in_(tuple(moments))).order_by(t.FindingRow.id)
            for finding in session.scalars(told):
                findings[finding.change_id].append(rows.finding_record(finding))
            pairs = select(t.ChangeRow, t.DiffRow).join(t.DiffRow, t.DiffRow.id == t.ChangeRow.diff_id)
            found = {
                change.id: News(
                    diff.province,
                    diff.year_old,
                    diff.year_new,
                    moments[change.id],
                    rows.change_record(change, findings[change.id]),
                )
                for change, diff in session.execute(pairs.where(t.ChangeRow.id.in_(tuple(moments))))
            }
        return [found[number] for number in moments]
