"""Keeps visits, pages and readings, and answers which edition stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import zstandard
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from schema.announcements import (
    Announcement,
    Check,
    CheckOutcome,
    Directive,
    Edition,
    Outcome,
    Page,
    Reading,
    Source,
)
from store import rows
from store import tables as t
from store.announcements import directives_of, write_directives
from store.database import Database


def utc_now() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Validators:
    """What to send so that an unchanged page is not downloaded again."""

    etag: str | None
    last_modified: str | None
    sha256: str


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
class KeptAnnouncement:
    """A version as kept, quarantined or not."""

    id: int
    announcement: Announcement
    source: str
    rank: int
    url: str
    page_sha256: str
    known_at: datetime


class Archive:
    """Pages in, editions out. Every method is one transaction of its own."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def keep_visit(self, page: Page | None, check: Check) -> CheckOutcome:
        """Keep one visit and the bytes it brought, before anything is read.

        A visit that the crawler calls NEW is UNCHANGED when the address's last capture has the same bytes.
        """
        with self._database.writing() as session:
            outcome = check.outcome
            if page is not None:
                fresh = self._keep(session, page)
                if outcome is CheckOutcome.NEW and not fresh:
                    outcome = CheckOutcome.UNCHANGED
            session.add(rows.check_row(check, outcome))
        return outcome

    def keep_page(self, page: Page) -> bool:
        """Keep one capture; False when the address's last capture has the same bytes."""
        with self._database.writing() as session:
            return self._keep(session, page)

    def _keep(self, session: Session, page: Page) -> bool:
        latest = _latest(session, page.url)
        if latest is not None and latest.sha256 == page.sha256 and latest.status == page.status:
            return False
        if session.get(t.BlobRow, page.sha256) is None:
            packed = zstandard.ZstdCompressor(level=6).compress(page.body)
            session.add(t.BlobRow(sha256=page.sha256, size=len(page.body), data=packed))
            session.flush()
        session.add(rows.page_row(page))
        return True

    def page(self, sha256: str) -> Page | None:
        """The newest capture with these bytes."""
        with self._database.reading() as session:
            query = select(t.PageRow).where(t.PageRow.sha256 == sha256).order_by(t.PageRow.id.desc()).limit(1)
            row = session.scalar(query)
            return rows.page_record(row, _bytes(session, row)) if row else None

    def latest_page(self, url: str) -> Page | None:
        """The newest capture of an address."""
        with self._database.reading() as session:
            row = _latest(session, url)
            return rows.page_record(row, _bytes(session, row)) if row else None

    def validators(self, url: str) -> Validators | None:
        """What the last good capture of an address offers for a conditional request."""
        with self._database.reading() as session:
            row = _latest(session, url)
            if row is None or row.status != 200:
                return None
            return _validators(row.headers, row.sha256)

    def all_validators(self) -> dict[str, Validators]:
        """``validators`` of every address at once, for a crawl that will ask for many."""
        newest = select(func.max(t.PageRow.id)).group_by(t.PageRow.url)
        query = select(t.PageRow.url, t.PageRow.headers, t.PageRow.sha256)
        with self._database.reading() as session:
            found = session.execute(query.where(t.PageRow.id.in_(newest), t.PageRow.status == 200)).all()
        return {url: _validators(headers, sha256) for url, headers, sha256 in found}

    def unread(self, normaliser: str, limit: int = 100, sources: Collection[str] | None = None) -> list[KeptPage]:
        """Captures this normaliser has not read yet, oldest first; of all sources, or of those named."""
        query = _unread(select(t.PageRow), normaliser).order_by(t.PageRow.id).limit(limit)
        if sources is not None:
            query = query.where(t.PageRow.source.in_(sources))
        with self._database.reading() as session:
            return [KeptPage(row.id, rows.page_record(row, _bytes(session, row))) for row in session.scalars(query)]

    def unread_sources(self, normaliser: str) -> list[str]:
        """Sources that have captures this normaliser has not read yet."""
        with self._database.reading() as session:
            return sorted(session.scalars(_unread(select(t.PageRow.source), normaliser).distinct()))

    def keep_reading(self, kept: KeptPage, reading: Reading, source: Source, normaliser: str) -> tuple[int, ...]:
        """Keep what was read from one capture; the numbers of versions that are new. Repeating it keeps nothing."""
        with self._database.writing() as session:
            same = (t.ReadingRow.page_id == kept.id, t.ReadingRow.normaliser == normaliser)
            if session.scalar(select(t.ReadingRow.id).where(*same)) is not None:
                return ()
            page = session.get_one(t.PageRow, kept.id)
            technical = session.scalar(select(func.count()).where(t.ReadingRow.page_id == kept.id)) != 0
            row = rows.reading_row(reading, kept.id, normaliser, self._clock())
            session.add(row)
            session.flush()
            found = [
                _keep_announcement(session, announcement, page, source, row, technical=technical)
                for announcement in reading.announcements
            ]
        return tuple(number for number in found if number is not None)

    def edition(self, province: str, plan_year: int, as_of: datetime | None = None) -> Edition | None:
        """The standing text: lowest rank, newest capture, newest reading, not quarantined; as known at ``as_of``."""
        query = _standing(province, plan_year)
        if as_of is not None:
            query = query.where(t.AnnouncementRow.known_at <= as_of)
        order = (t.AnnouncementRow.rank, t.AnnouncementRow.page_id.desc(), t.AnnouncementRow.id.desc())
        with self._database.reading() as session:
            row = session.scalar(query.order_by(*order).limit(1))
            return _edition(session, row) if row else None

    def version(self, announcement_id: int) -> Edition | None:
        """One version by its number."""
        with self._database.reading() as session:
            row = session.get(t.AnnouncementRow, announcement_id)
            return _edition(session, row) if row and row.province and row.plan_year else None

    def versions(self, province: str, plan_year: int) -> tuple[Edition, ...]:
        """Every kept version that could stand, oldest first."""
        with self._database.reading() as session:
            found = session.scalars(_standing(province, plan_year).order_by(t.AnnouncementRow.id))
            return tuple(_edition(session, row) for row in found)

    def editions(self) -> list[tuple[str, int]]:
        """Every province and plan year that has a standing text, sorted."""
        query = (
            select(t.AnnouncementRow.province, t.AnnouncementRow.plan_year)
            .where(t.AnnouncementRow.quarantine.is_(None), t.AnnouncementRow.province.is_not(None))
            .where(t.AnnouncementRow.plan_year.is_not(None))
            .distinct()
            .order_by(t.AnnouncementRow.province, t.AnnouncementRow.plan_year)
        )
        with self._database.reading() as session:
            return [(str(province), int(year)) for province, year in session.execute(query)]  # type: ignore[arg-type]

    def previous_year(self, province: str, plan_year: int) -> int | None:
        """The last plan year before this one that has a standing text."""
        earlier = [year for slug, year in self.editions() if slug == province and year < plan_year]
        return max(earlier, default=None)

    def announcements(self, plan_year: int | None = None, province: str | None = None) -> list[KeptAnnouncement]:
        """The newest version of every address and province, quarantined ones included."""
        newest = select(func.max(t.AnnouncementRow.id)).group_by(
            t.AnnouncementRow.url, t.AnnouncementRow.province, t.AnnouncementRow.plan_year
        )
        query = select(t.AnnouncementRow).where(t.AnnouncementRow.id.in_(newest)).order_by(t.AnnouncementRow.id)
        if plan_year is not None:
            query = query.where(t.AnnouncementRow.plan_year == plan_year)
        if province is not None:
            query = query.where(t.AnnouncementRow.province == province)
        with self._database.reading() as session:
            return [_kept_announcement(session, row) for row in session.scalars(query)]

    def plan_years(self) -> list[int]:
        """Every plan year an announcement speaks of, newest first, held-back ones included."""
        query = select(t.AnnouncementRow.plan_year).where(t.AnnouncementRow.plan_year.is_not(None)).distinct()
        with self._database.reading() as session:
            return sorted((year for year in session.scalars(query) if year), reverse=True)

    def held_back(self, plan_year: int) -> list[KeptAnnouncement]:
        """The newest version of every address and province of a plan year, where that one is quarantined."""
        newest = select(func.max(t.AnnouncementRow.id)).where(t.AnnouncementRow.plan_year == plan_year)
        newest = newest.group_by(t.AnnouncementRow.url, t.AnnouncementRow.province)
        query = select(t.AnnouncementRow).where(
            t.AnnouncementRow.id.in_(newest), t.AnnouncementRow.quarantine.is_not(None)
        )
        with self._database.reading() as session:
            return [_kept_announcement(session, row) for row in session.scalars(query.order_by(t.AnnouncementRow.id))]

    def checks(self, source: str | None = None, limit: int = 100) -> list[Check]:
        """The newest visits first."""
        query = select(t.CheckRow).order_by(t.CheckRow.id.desc()).limit(limit)
        if source is not None:
            query = query.where(t.CheckRow.source == source)
        with self._database.reading() as session:
            return [rows.check_record(row) for row in session.scalars(query)]

    def latest_checks(self) -> list[Check]:
        """The newest visit to every address, by source and address."""
        newest = select(func.max(t.CheckRow.id)).group_by(t.CheckRow.source, t.CheckRow.url)
        query = select(t.CheckRow).where(t.CheckRow.id.in_(newest)).order_by(t.CheckRow.source, t.CheckRow.url)
        with self._database.reading() as session:
            return [rows.check_record(row) for row in session.scalars(query)]

    def latest_readings(self) -> list[KeptReading]:
        """The newest reading of the newest capture of every address."""
        newest_page = select(func.max(t.PageRow.id)).group_by(t.PageRow.url)
        newest = select(func.max(t.ReadingRow.id)).group_by(t.ReadingRow.page_id)
        counted = select(func.count()).where(t.AnnouncementRow.page_id == t.PageRow.id).scalar_subquery()
        query = (
            select(t.ReadingRow, t.PageRow, counted)
            .join(t.PageRow, t.PageRow.id == t.ReadingRow.page_id)
            .where(t.PageRow.id.in_(newest_page), t.ReadingRow.id.in_(newest))
            .order_by(t.PageRow.source, t.PageRow.url)
        )
        with self._database.reading() as session:
            return [_kept_reading(row, page, number) for row, page, number in session.execute(query)]

    def count(self, table: str) -> int:
        """How many rows a table holds; for summaries and tests."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(t.Base.metadata.tables[table])) or 0


def _unread(query: Select[Any], normaliser: str) -> Select[Any]:
    read = select(t.ReadingRow.page_id).where(t.ReadingRow.normaliser == normaliser)
    return query.where(t.PageRow.id.not_in(read))


def _validators(pairs: Iterable[Sequence[str]], sha256: str) -> Validators:
    headers = {name.lower(): value for name, value in pairs}
    return Validators(headers.get("etag"), headers.get("last-modified"), sha256)


def _latest(session: Session, url: str) -> t.PageRow | None:
    return session.scalar(select(t.PageRow).where(t.PageRow.url == url).order_by(t.PageRow.id.desc()).limit(1))


def _bytes(session: Session, row: t.PageRow) -> bytes:
    blob = session.get_one(t.BlobRow, row.sha256)
    return zstandard.ZstdDecompressor().decompress(blob.data, max_output_size=blob.size)


def _standing(province: str, plan_year: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the type is SQLAlchemy's own
    return select(t.AnnouncementRow).where(
        t.AnnouncementRow.province == province,
        t.AnnouncementRow.plan_year == plan_year,
        t.AnnouncementRow.quarantine.is_(None),
    )


def _edition(session: Session, row: t.AnnouncementRow) -> Edition:
    sha256 = session.get_one(t.PageRow, row.page_id).sha256
    return rows.edition_record(row, sha256, rows.announcement_record(row, directives_of(session, row.id)))


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


def _kept_announcement(session: Session, row: t.AnnouncementRow) -> KeptAnnouncement:
    directives: tuple[Directive, ...] = directives_of(session, row.id)
    record = rows.announcement_record(row, directives)
    sha256 = session.get_one(t.PageRow, row.page_id).sha256
    return KeptAnnouncement(row.id, record, row.source, row.rank, row.url, sha256, row.known_at)


def _keep_announcement(
    session: Session,
    announcement: Announcement,
    page: t.PageRow,
    source: Source,
    reading: t.ReadingRow,
    *,
    technical: bool,
) -> int | None:
    row = rows.announcement_row(announcement, page, source, reading)
    row.technical = technical
    same = (t.AnnouncementRow.url == row.url, t.AnnouncementRow.province == row.province)
    query = select(t.AnnouncementRow.content_hash).where(*same, t.AnnouncementRow.plan_year == row.plan_year)
    if session.scalar(query.order_by(t.AnnouncementRow.id.desc()).limit(1)) == row.content_hash:
        return None
    session.add(row)
    session.flush()
    write_directives(session, row.id, announcement.directives)
    return row.id
