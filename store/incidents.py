"""Tracks what sources do: an incident opens once, collects its checks, and closes on recovery."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from schema.incidents import Incident, IncidentKind
from store import rows
from store import tables as t
from store.archive import utc_now
from store.database import Database


class IncidentBook:
    """All incidents, open and closed."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def observe(
        self,
        kind: IncidentKind,
        source: str,
        detail: str,
        *,
        url: str = "",
        province: str | None = None,
        seen_at: datetime | None = None,
    ) -> Incident | None:
        """Trouble was seen. The incident if it opened just now; None when an open one collected the check.

        The same sighting (``seen_at`` not later than the last) is counted once, so a repeated run adds nothing.
        """
        moment = seen_at or self._clock()
        row: t.IncidentRow | None
        with suppress(IntegrityError), self._database.writing() as session:
            row = session.scalar(_open(kind, source, url))
            if row is not None:
                if moment > row.last_seen_at:
                    row.last_seen_at, row.checks, row.detail = moment, row.checks + 1, detail
                return None
            row = t.IncidentRow(
                kind=kind.value,
                source=source,
                province=province,
                url=url,
                opened_at=moment,
                last_seen_at=moment,
                checks=1,
                detail=detail,
                closing_detail="",
            )
            session.add(row)
            session.flush()
            return rows.incident_record(row)
        return None  # another process opened it in the same moment

    def recover(self, kind: IncidentKind, source: str, detail: str, *, url: str = "") -> Incident | None:
        """The trouble is over. The incident if one was open and closed just now."""
        with self._database.writing() as session:
            row = session.scalar(_open(kind, source, url))
            if row is None:
                return None
            row.closed_at, row.closing_detail = self._clock(), detail
            return rows.incident_record(row)

    def open(self) -> tuple[Incident, ...]:
        """Open incidents, oldest first."""
        query = select(t.IncidentRow).where(t.IncidentRow.closed_at.is_(None)).order_by(t.IncidentRow.id)
        with self._database.reading() as session:
            return tuple(rows.incident_record(row) for row in session.scalars(query))

    def all(self, limit: int = 200) -> tuple[Incident, ...]:
        """The newest incidents first, closed ones included."""
        query = select(t.IncidentRow).order_by(t.IncidentRow.id.desc()).limit(limit)
        with self._database.reading() as session:
            return tuple(rows.incident_record(row) for row in session.scalars(query))


def _open(kind: IncidentKind, source: str, url: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the type is SQLAlchemy's own
    return select(t.IncidentRow).where(
        t.IncidentRow.kind == kind.value,
        t.IncidentRow.source == source,
        t.IncidentRow.url == url,
        t.IncidentRow.closed_at.is_(None),
    )
