"""A database of each kind, a clock moved by hand, and pages that say what a test wants."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from schema.announcements import (
    Announcement,
    Check,
    CheckOutcome,
    Commitment,
    Directive,
    Outcome,
    Page,
    Quarantine,
    Rank,
    Reading,
    Source,
    SourceKind,
    Target,
)
from schema.changes import Change, DiffOutcome, Dimension, Direction, Finding, Kind, YearlyDiff
from schema.verdicts import Decision, Verdict
from store.archive import Archive
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.ledger import Ledger
from store.verdicts import VerdictBook

NOON = datetime(2026, 1, 20, 4, tzinfo=UTC)


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def reading_of(
    *sentences: str, province: str = "hubei", year: int = 2026, quarantine: Quarantine | None = None
) -> Reading:
    """An article with one directive; every sentence is a commitment with one target."""
    body = "\n".join(sentences)
    places = [(text, body.index(text)) for text in sentences]
    commitments = tuple(
        Commitment(f"1.{no}", text, at, at + len(text), (Target("8人", ">=", 8.0, "人", "队员", None, at, at + 2),))
        for no, (text, at) in enumerate(places, 1)
    )
    directive = Directive(1, "（一）", "建强力量", commitments)
    told = Announcement(province, year, "标题", "会议", body, (directive,), quarantine=quarantine)
    return Reading(Outcome.ARTICLE, announcements=(told,))


@dataclass
class Desk:
    """Everything that keeps, on one database and one clock."""

    reading = staticmethod(reading_of)

    database: Database
    clock: Clock
    archive: Archive = field(init=False)
    comparisons: Comparisons = field(init=False)
    ledger: Ledger = field(init=False)
    verdicts: VerdictBook = field(init=False)

    def __post_init__(self) -> None:
        self.archive = Archive(self.database, self.clock)
        self.comparisons = Comparisons(self.database, self.archive, self.clock)
        self.ledger = Ledger(self.database, self.clock)
        self.verdicts = VerdictBook(self.database)

    def visit(self, url: str, body: bytes | None, outcome: CheckOutcome = CheckOutcome.NEW, status: int = 200) -> None:
        """One visit a minute later; without a body nothing was brought."""
        self.clock.now += timedelta(minutes=1)
        source = url.split("/")[2].split(".", maxsplit=1)[0]
        page = Page(url, source, status, body, self.clock.now, (("ETag", '"1"'),), (url,)) if body is not None else None
        self.archive.keep_visit(page, Check(source, url, self.clock.now, outcome, status))

    def read(self, reading: Reading, rank: Rank = Rank.OFFICIAL, normaliser: str = "1") -> tuple[int, ...]:
        """Read all that is unread as this."""
        found: tuple[int, ...] = ()
        for kept in self.archive.unread(normaliser):
            source = Source(kept.page.source, kept.page.source, SourceKind.COLUMN, rank)
            found += self.archive.keep_reading(kept, reading, source, normaliser)
        return found

    def keep(self, url: str, *sentences: str, rank: Rank = Rank.OFFICIAL, year: int = 2026) -> tuple[int, ...]:
        """Visit an address that says these sentences, and read it."""
        self.visit(url, ("。".join(sentences) + url).encode())
        return self.read(reading_of(*sentences, year=year), rank)

    def words(self, province: str = "hubei", year: int = 2026) -> str | None:
        """The text that stands."""
        edition = self.archive.edition(province, year)
        return edition.announcement.body if edition else None

    def compare(self, instrument: str = "1", kind: Kind = Kind.STRENGTHENED) -> list[Comparison]:
        """Keep a diff of one change for everything pending, a minute later."""
        self.clock.now += timedelta(minutes=1)
        pending = self.comparisons.pending(instrument)
        for comparison in pending:
            self.comparisons.keep(comparison, diff_of(comparison, kind), instrument)
        return pending

    def decide(self, key: str) -> int:
        """An analyst confirms a change."""
        at = self.clock.now
        return self.verdicts.append(Verdict(key, Decision.CONFIRM, "wang", at, Kind.STRENGTHENED, reason="属实"))


def diff_of(comparison: Comparison, kind: Kind) -> YearlyDiff:
    """A made-up diff whose one change carries both first sentences and a finding."""
    later, earlier = comparison.later, comparison.earlier
    new = later.announcement.commitments[0].text
    old = earlier.announcement.commitments[0].text if earlier else ""
    finding = Finding(
        "target.raised", Dimension.TARGET, Direction.UP, old[:2], new[:2], old_span=(0, 2), new_span=(0, 2)
    )
    change = Change(f"{old}→{new}", kind, ("o1",), ("n1",), old, new, findings=(finding,))
    outcome = DiffOutcome.OK if earlier else DiffOutcome.BASELINE
    return YearlyDiff(later.province, earlier.plan_year if earlier else 0, later.plan_year, outcome, changes=(change,))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
def desk(database: Database, clock: Clock) -> Desk:
    return Desk(database, clock)


@pytest.fixture
def statements(database: Database) -> Callable[[], AbstractContextManager[list[str]]]:
    """Every statement sent to the database inside the block; SQLite's BEGIN is not counted."""

    @contextmanager
    def listen() -> Iterator[list[str]]:
        found: list[str] = []

        def note(*arguments: Any) -> None:
            if arguments[2] != "BEGIN":
                found.append(arguments[2])

        for engine in database.engines():
            event.listen(engine, "before_cursor_execute", note)
        yield found
        for engine in database.engines():
            event.remove(engine, "before_cursor_execute", note)

    return listen
