"""Keeps what was read from captures: versions that say something new, and what a later reading takes back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.announcements import Announcement, Outcome, Page, QuarantineReason, Reading, Source
from store import rows
from store import tables as t
from store.announcements import write_directives
from store.database import Database


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A capture with its number in the archive."""

    id: int
    page: Page


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
class Read:
    """What one reading changed. ``before`` None: the capture was read for the first time."""

    page: KeptPage
    before: Outcome | None
    after: Outcome
    refused: str | None = None
    versions: tuple[int, ...] = ()
    """Versions that say something new."""
    taken_back: tuple[int, ...] = ()
    """Versions that say: today's normaliser no longer reads this here."""


class Readings:
    """The reading side of the archive. Every method is one transaction of its own."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    def keep(self, read: Iterable[tuple[KeptPage, Reading, Source]], normaliser: str) -> list[Read]:
        """Keep many readings in one transaction; a capture this normaliser has read already is left out."""
        with self._database.writing() as session:
            kept = [self._keep(session, page, reading, source, normaliser) for page, reading, source in read]
        return [one for one in kept if one is not None]

    def _keep(self, session: Session, kept: KeptPage, reading: Reading, source: Source, normaliser: str) -> Read | None:
        earlier = session.execute(
            select(t.ReadingRow.normaliser, t.ReadingRow.outcome)
            .where(t.ReadingRow.page_id == kept.id)
            .order_by(t.ReadingRow.id)
        ).all()
        if any(name == normaliser for name, _ in earlier):
            return None
        page = session.get_one(t.PageRow, kept.id)
        row = rows.reading_row(reading, kept.id, normaliser, self._clock())
        session.add(row)
        session.flush()
        technical = bool(earlier)
        found = [_keep_version(session, one, page, source, row, technical=technical) for one in reading.announcements]
        lost = _take_back(session, reading, page, row) if technical else ()
        before = Outcome(earlier[-1][1]) if earlier else None
        versions = tuple(number for number in found if number is not None)
        return Read(kept, before, reading.outcome, reading.refused, versions, lost)

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


def _keep_version(
    session: Session,
    announcement: Announcement,
    page: t.PageRow,
    source: Source,
    reading: t.ReadingRow,
    *,
    technical: bool,
) -> int | None:
    """Add a version unless the capture before (or an earlier reading of this one) says the same."""
    row = rows.announcement_row(announcement, page, source, reading)
    row.technical = technical
    a = t.AnnouncementRow
    same = (a.url == row.url, a.province == row.province, a.plan_year == row.plan_year, a.page_id <= page.id)
    before = select(a.content_hash).where(*same).order_by(a.page_id.desc(), a.id.desc()).limit(1)
    if session.scalar(before) == row.content_hash:
        return None
    session.add(row)
    session.flush()
    write_directives(session, row.id, announcement.directives)
    return row.id


def _take_back(session: Session, reading: Reading, page: t.PageRow, by: t.ReadingRow) -> tuple[int, ...]:
    """What an earlier reading found in this capture and this one does not: kept, but no longer able to stand."""
    read = {(one.province, one.plan_year) for one in reading.announcements}
    a = t.AnnouncementRow
    newest: dict[tuple[str | None, int | None], t.AnnouncementRow] = {}
    for row in session.scalars(select(a).where(a.page_id == page.id).order_by(a.id)):
        newest[row.province, row.plan_year] = row
    why = f"今天的规整器不再读出 no longer read: {reading.refused or reading.outcome.value} {reading.detail}".strip()
    lost = [
        _held_back(row, by, why) for key, row in newest.items() if key not in read and row.quarantine is None and key[0]
    ]
    session.add_all(lost)
    session.flush()
    return tuple(row.id for row in lost)


def _held_back(row: t.AnnouncementRow, by: t.ReadingRow, why: str) -> t.AnnouncementRow:
    values = {column.key: getattr(row, column.key) for column in t.AnnouncementRow.__table__.columns}
    values |= {
        "id": None,
        "reading_id": by.id,
        "quarantine": QuarantineReason.NOT_PROVINCIAL.value,
        "quarantine_evidence": [],
        "quarantine_period": None,
        "quarantine_detail": why,
        "content_hash": hashlib.sha256(f"taken back {row.content_hash}".encode()).hexdigest(),
        "normaliser": by.normaliser,
        "technical": True,
        "known_at": by.read_at,
    }
    return t.AnnouncementRow(**values)
