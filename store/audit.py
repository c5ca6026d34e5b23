"""The audit log: who did what, appended in the same transaction as the deed where there is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.accounts import AuditEntry
from store import tables as t
from store.archive import utc_now
from store.database import Database


def note(
    session: Session, at: datetime, by: str, action: str, subject: str, *, detail: str = "", address: str = ""
) -> None:
    """Add one entry to a running transaction."""
    session.add(t.AuditRow(at=at, by=by, action=action, subject=subject, detail=detail, address=address))


class AuditLog:
    """Everything people did at the desk, in order."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def append(self, by: str, action: str, subject: str, *, detail: str = "", address: str = "") -> None:
        """Keep one entry that stands alone."""
        with self._database.writing() as session:
            note(session, self._clock(), by, action, subject, detail=detail, address=address)

    def entries(self, limit: int = 200, before: int | None = None) -> list[AuditEntry]:
        """The newest first; ``before`` is the number of the last one seen."""
        query = select(t.AuditRow).order_by(t.AuditRow.id.desc()).limit(limit)
        if before is not None:
            query = query.where(t.AuditRow.id < before)
        with self._database.reading() as session:
            return [
                AuditEntry(row.id, row.at, row.by, row.action, row.subject, row.detail, row.address)
                for row in session.scalars(query)
            ]
