"""A desk with one comparison, one stale text, one blocked province; and a person at this machine."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from review.app import make_app
from review.guard import Access
from schema.announcements import (
    Announcement,
    Check,
    CheckOutcome,
    Commitment,
    Directive,
    Outcome,
    Page,
    Quarantine,
    QuarantineReason,
    Rank,
    Reading,
    Source,
    SourceKind,
    Target,
)
from schema.changes import Change, DiffOutcome, Dimension, Direction, Finding, Kind, Structure, Unit, YearlyDiff
from schema.incidents import IncidentKind
from store.archive import Archive
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.incidents import IncidentBook

NOW = datetime(2026, 3, 3, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"
OLD, NEW = "专职消防队不少于8人", f"专职消防队不少于10人{EVIL}"


def keep(
    archive: Archive, year: int, text: str, quarantine: Quarantine | None = None, targets: tuple[Target, ...] = ()
) -> None:
    """A page with one announcement of one commitment, read and kept."""
    province = "hunan" if quarantine else "hubei"
    source = Source(province, province, SourceKind.COLUMN, Rank.OFFICIAL, province)
    page = Page(f"http://site.invalid/{year}", province, 200, f"<p>{text}</p>{year}".encode(), NOW)
    archive.keep_visit(page, Check(province, page.url, NOW, CheckOutcome.NEW, 200, page.sha256))
    commitment = Commitment("1.1", text, 0, len(text), targets)
    directive = Directive(1, "（一）", f"建强救援力量{EVIL}", (commitment,))
    told = Announcement(province, year, "given", f"通报{EVIL}", text, (directive,), url=page.url, quarantine=quarantine)
    (kept,) = archive.unread("1")
    archive.keep_reading(kept, Reading(Outcome.ARTICLE, body=text, announcements=(told,)), source, "1")


@pytest.fixture(scope="session")
def kept_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desk's database, made once; every test gets a copy."""
    file = tmp_path_factory.mktemp("desk") / "a.sqlite3"
    database = Database.open(f"sqlite:///{file}")
    fill(database)
    with database.engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture
def database(tmp_path: Path, kept_desk: Path) -> Iterator[Database]:
    shutil.copy(kept_desk, tmp_path / "a.sqlite3")
    database = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    yield database
    database.close()


def fill(database: Database) -> None:
    """What every test of the desk finds."""
    archive = Archive(database, clock=lambda: NOW)
    keep(archive, 2025, OLD)
    keep(archive, 2026, NEW)
    keep(archive, 2026, "旧文", Quarantine(QuarantineReason.STALE_TEXT, ("十三五",), "2015–2016"))
    comparisons = Comparisons(database, archive, clock=lambda: NOW)
    earlier, later = archive.edition("hubei", 2025), archive.edition("hubei", 2026)
    assert later is not None
    finding = Finding("target.raised", Dimension.TARGET, Direction.UP, "不少于8人", "不少于10人")
    change = Change(
        "abc123", Kind.STRENGTHENED, ("1.1",), ("1.1",), OLD, NEW, (Structure.MOVED,), score=0.91,
        findings=(finding,), old_highlights=((8, 9),), new_highlights=((8, 10),),
    )  # fmt: skip
    units = (Unit("1.1", OLD, 0, len(OLD), "建强救援力量", 1),), (Unit("1.1", NEW, 0, len(NEW), f"建强{EVIL}", 1),)
    diff = YearlyDiff("hubei", 2025, 2026, DiffOutcome.OK, *units, (change,))
    comparisons.keep(Comparison(earlier, later), diff, "1/1")
    IncidentBook(database, clock=lambda: NOW).observe(
        IncidentKind.BLOCKED, "fujian", f"HTTP 412 {EVIL}", url="http://x.invalid/", province="fujian"
    )


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    app = make_app(database, access=Access(single_user=True), now=lambda: NOW)
    with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000)) as made:
        yield made
