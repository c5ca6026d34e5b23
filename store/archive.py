"""Keeps visits, pages and readings, and answers which edition stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.announcements import Check, CheckOutcome, Edition, Page, Reading, Source, Visit
from store import rows
from store import tables as t
from store.announcements import KeptAnnouncement, addresses_of, announcements_of, editions_of
from store.backlog import Backlog, bytes_of
from store.database import Database
from store.newest import newest_checks
from store.readings import KeptPage, KeptReading, Read, Readings
from store.standing import Contender, Key, able_to_stand, contenders, standing
from store.visits import keep_pages, keep_visits

__all__ = ["Archive", "KeptAnnouncement", "KeptPage", "KeptReading", "Read", "Validators", "utc_now"]


def utc_now() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Validators:
    """What to send so that an unchanged page is not downloaded again."""

    etag: str | None
    last_modified: str | None
    sha256: str


class Archive:
    """Pages in, editions out. Every method is one transaction of its own."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock
        self.readings, self.backlog = Readings(database, clock), Backlog(database)

    def keep_visit(self, page: Page | None, check: Check) -> CheckOutcome:
        """``keep_visits`` of one."""
        return self.keep_visits([(page, check)])[0]

    def keep_visits(self, visits: Sequence[Visit]) -> list[CheckOutcome]:
        """Keep visits and the bytes they brought, before anything is read; their outcomes as the archive sees them.

        A visit that the crawler calls NEW is UNCHANGED when the address's last capture has the same bytes.
        """
        with self._database.writing() as session:
            return keep_visits(session, visits)

    def keep_page(self, page: Page) -> bool:
        """Keep one capture; False when the address's last capture has the same bytes."""
        with self._database.writing() as session:
            return keep_pages(session, [page])[0]

    def page(self, sha256: str) -> Page | None:
        """The newest capture with these bytes."""
        with self._database.reading() as session:
            query = select(t.PageRow).where(t.PageRow.sha256 == sha256).order_by(t.PageRow.id.desc()).limit(1)
            row = session.scalar(query)
            return rows.page_record(row, bytes_of(session, row)) if row else None

    def latest_page(self, url: str) -> Page | None:
        """The newest capture of an address."""
        with self._database.reading() as session:
            row = _latest(session, url)
            return rows.page_record(row, bytes_of(session, row)) if row else None

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
        return self.backlog.unread(normaliser, limit, sources)

    def keep_reading(self, kept: KeptPage, reading: Reading, source: Source, normaliser: str) -> tuple[int, ...]:
        """Keep what was read from one capture; the numbers of versions that are new. Repeating it keeps nothing."""
        return tuple(n for one in self.readings.keep([(kept, reading, source)], normaliser) for n in one.versions)

    def standing(self, as_of: datetime | None = None) -> dict[Key, Contender]:
        """The version that stands for every province and plan year, as known at ``as_of``; sorted."""
        with self._database.reading() as session:
            return standing(session, as_of=as_of)

    def contenders(self) -> dict[Key, list[Contender]]:
        """Every version of every province and plan year, oldest first, quarantined ones included."""
        with self._database.reading() as session:
            return contenders(session)

    def edition(self, province: str, plan_year: int, as_of: datetime | None = None) -> Edition | None:
        """The standing text (store/standing.py has the rule), as known at ``as_of``; None when nothing stands."""
        with self._database.reading() as session:
            chosen = standing(session, province, plan_year, as_of).get((province, plan_year))
            return editions_of(session, [chosen.id])[chosen.id] if chosen else None

    def version(self, announcement_id: int) -> Edition | None:
        """One version by its number."""
        return self.versions_by_number([announcement_id]).get(announcement_id)

    def versions_by_number(self, numbers: Sequence[int], *, full: bool = True) -> dict[int, Edition]:
        """Versions by their numbers, in a few queries however many; unknown numbers are left out.

        Not ``full``: without directives, for questions that need none.
        """
        with self._database.reading() as session:
            return editions_of(session, numbers, full=full)

    def versions(self, province: str, plan_year: int) -> tuple[Edition, ...]:
        """Every kept version that could stand, oldest first."""
        with self._database.reading() as session:
            able = able_to_stand(contenders(session, province, plan_year)[province, plan_year])
            return tuple(editions_of(session, [one.id for one in able]).values())

    def editions(self, as_of: datetime | None = None) -> list[tuple[str, int]]:
        """Every province and plan year that has a standing text, sorted."""
        return list(self.standing(as_of))

    def years_of(self, province: str) -> list[int]:
        """Plan years of which the province has a standing text, newest first."""
        with self._database.reading() as session:
            return sorted((year for _, year in standing(session, province)), reverse=True)

    def previous_year(self, province: str, plan_year: int) -> int | None:
        """The last plan year before this one that has a standing text."""
        with self._database.reading() as session:
            return max((year for _, year in standing(session, province) if year < plan_year), default=None)

    def announcements(
        self, plan_year: int | None = None, province: str | None = None, *, full: bool = True
    ) -> list[KeptAnnouncement]:
        """The newest version of every address, province and plan year, quarantined ones included.

        Not ``full``: without directives, for questions that need none.
        """
        a = t.AnnouncementRow
        query = select(a.id, a.url, a.province, a.plan_year).order_by(a.page_id, a.id)
        if plan_year is not None:
            query = query.where(a.plan_year == plan_year)
        if province is not None:
            query = query.where(a.province == province)
        with self._database.reading() as session:
            newest = {tuple(where): number for number, *where in session.execute(query)}
            return announcements_of(session, list(newest.values()), full=full)

    def addresses(self, since: int) -> dict[str, tuple[str, ...]]:
        """Where the announcements kept for the plan years from ``since`` on were found, oldest first, by source."""
        with self._database.reading() as session:
            return addresses_of(session, since)

    def plan_years(self) -> list[int]:
        """Every plan year an announcement speaks of, newest first, held-back ones included."""
        query = select(t.AnnouncementRow.plan_year).where(t.AnnouncementRow.plan_year.is_not(None)).distinct()
        with self._database.reading() as session:
            return sorted((year for year in session.scalars(query) if year), reverse=True)

    def held_back(self, plan_years: Collection[int]) -> dict[int, list[KeptAnnouncement]]:
        """Plan year → the newest version of every address and province, where that one is quarantined."""
        a = t.AnnouncementRow
        query = select(a.id, a.quarantine.is_not(None), a.url, a.province, a.plan_year).order_by(a.page_id, a.id)
        with self._database.reading() as session:
            found = session.execute(query.where(a.plan_year.in_(plan_years)))
            newest = {tuple(where): (number, held) for number, held, *where in found}
            held_back = [number for number, held in newest.values() if held]
            years = {number: where[2] for where, (number, _) in newest.items()}
            kept = announcements_of(session, held_back, full=False)
        return {year: [one for one in kept if years[one.id] == year] for year in plan_years}

    def checks(self, source: str | None = None, limit: int = 100) -> list[Check]:
        """The newest visits first."""
        query = select(t.CheckRow).order_by(t.CheckRow.id.desc()).limit(limit)
        if source is not None:
            query = query.where(t.CheckRow.source == source)
        with self._database.reading() as session:
            return [rows.check_record(row) for row in session.scalars(query)]

    def latest_checks(self) -> list[Check]:
        """The newest visit to every address, by source and address."""
        with self._database.reading() as session:
            return [rows.check_record(row) for row in newest_checks(session)]

    def latest_readings(self) -> list[KeptReading]:
        """The newest reading of the newest capture of every address."""
        return self.readings.latest()

    def count(self, table: str) -> int:
        """How many rows a table holds; for summaries and tests."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(t.Base.metadata.tables[table])) or 0


def _validators(pairs: Iterable[Sequence[str]], sha256: str) -> Validators:
    headers = {name.lower(): value for name, value in pairs}
    return Validators(headers.get("etag"), headers.get("last-modified"), sha256)


def _latest(session: Session, url: str) -> t.PageRow | None:
    return session.scalar(select(t.PageRow).where(t.PageRow.url == url).order_by(t.PageRow.id.desc()).limit(1))
