"""Keeps what was read from captures: versions that say something new, and what a later reading takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from schema.announcements import FieldOrigin, Outcome
from store import tables as t
from store.database import Database
from store.keeping import Given, KeptPage, Read, keep_readings

__all__ = ["KeptPage", "KeptReading", "Read", "Readings"]


@dataclass(frozen=True, slots=True)
class KeptReading:
    """What the newest capture of an address was read as."""

    url: str
    source: str
    outcome: Outcome
    title: str
    refused: str | None
    detail: str
    page_sha256: str
    fetched_at: datetime
    announcements: int


@dataclass(frozen=True, slots=True)
class FieldsRead:
    """Where the fields of one capture were found."""

    url: str
    outcome: Outcome
    fetched_at: datetime
    origins: dict[str, FieldOrigin]


class Readings:
    """The reading side of the archive. Every method is one transaction of its own."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    def keep(self, read: Iterable[Given], normaliser: str) -> list[Read]:
        """Keep many readings in one transaction; a capture this normaliser has read already is left out."""
        with self._database.writing() as session:
            return keep_readings(session, read, normaliser, self._clock())

    def has_read(self, url: str, sha256: str, normaliser: str) -> bool:
        """True when these bytes of this address are kept and this normaliser has read them."""
        r, p = t.ReadingRow, t.PageRow
        query = select(r.id).join(p, p.id == r.page_id).where(p.url == url, p.sha256 == sha256)
        with self._database.reading() as session:
            return session.scalar(query.where(r.normaliser == normaliser).limit(1)) is not None

    def rank_of(self, source: str) -> int | None:
        """The rank this source's newest version was read with; None when nothing was read from it."""
        query = select(t.AnnouncementRow.rank).where(t.AnnouncementRow.source == source)
        with self._database.reading() as session:
            return session.scalar(query.order_by(t.AnnouncementRow.id.desc()).limit(1))

    def fields(self, source: str, normaliser: str, limit: int) -> list[FieldsRead]:
        """Where this normaliser found the fields of a source's captures, the newest capture first."""
        r, p = t.ReadingRow, t.PageRow
        query = select(p.url, r.outcome, p.fetched_at, r.origins).join(p, p.id == r.page_id)
        query = query.where(p.source == source, r.normaliser == normaliser).order_by(p.id.desc()).limit(limit)
        with self._database.reading() as session:
            return [
                FieldsRead(url, Outcome(outcome), at, {name: FieldOrigin(*told) for name, told in origins.items()})
                for url, outcome, at, origins in session.execute(query)
            ]

    def latest(self) -> list[KeptReading]:
        """The newest reading of the newest capture of every address."""
        r, p, a = t.ReadingRow, t.PageRow, t.AnnouncementRow
        page = select(func.max(p.id)).group_by(p.url)
        newest = select(func.max(r.id)).where(r.page_id.in_(page)).group_by(r.page_id)
        query = select(r, p).join(p, p.id == r.page_id).where(r.id.in_(newest)).order_by(p.source, p.url)
        counted = select(a.page_id, func.count()).where(a.page_id.in_(page)).group_by(a.page_id)
        with self._database.reading() as session:
            numbers = {row[0]: row[1] for row in session.execute(counted)}
            return [_kept_reading(row, page, numbers.get(page.id, 0)) for row, page in session.execute(query)]


def _kept_reading(row: t.ReadingRow, page: t.PageRow, announcements: int) -> KeptReading:
    return KeptReading(
        url=page.url,
        source=page.source,
        outcome=Outcome(row.outcome),
        title=row.title,
        refused=row.refused,
        detail=row.detail,
        page_sha256=page.sha256,
        fetched_at=page.fetched_at,
        announcements=announcements,
    )
