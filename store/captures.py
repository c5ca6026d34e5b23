"""Every capture of an address, and what was read from a capture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from store import tables as t
from store.database import Database


@dataclass(frozen=True, slots=True)
class Capture:
    """One time an address answered with other bytes than before; ``size`` in bytes."""

    sha256: str
    fetched_at: datetime
    status: int
    size: int


@dataclass(frozen=True, slots=True)
class ReadFrom:
    """A version that was read from a capture. ``quarantine``: why it was held back, or None."""

    province: str | None
    plan_year: int | None
    title: str
    quarantine: str | None


class Captures:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_address(self, url: str) -> tuple[Capture, ...]:
        """The captures of an address, newest first."""
        query = (
            select(t.PageRow.sha256, t.PageRow.fetched_at, t.PageRow.status, t.BlobRow.size)
            .join(t.BlobRow, t.BlobRow.sha256 == t.PageRow.sha256)
            .where(t.PageRow.url == url)
            .order_by(t.PageRow.id.desc())
        )
        with self._database.reading() as session:
            return tuple(Capture(*row) for row in session.execute(query))

    def read_from(self, sha256: str) -> tuple[ReadFrom, ...]:
        """The newest version of every province and year that was read from captures with these bytes."""
        row = t.AnnouncementRow
        query = (
            select(row.province, row.plan_year, row.title, row.quarantine)
            .join(t.PageRow, t.PageRow.id == row.page_id)
            .where(t.PageRow.sha256 == sha256)
            .order_by(row.id)
        )
        with self._database.reading() as session:
            found = {(one[0], one[1]): ReadFrom(one[0], one[1], one[2], one[3]) for one in session.execute(query)}
        return tuple(found.values())
