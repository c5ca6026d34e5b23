"""Many writers, a full disk, a database that may not be written: clear words, exact counts, nothing corrupted."""

import multiprocessing
import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from schema.announcements import Check, CheckOutcome, Page
from schema.errors import StoreError
from schema.jobs import JobKind
from store.archive import Archive
from store.database import Database
from store.jobs import JobBook
from store.upkeep import check_database
from store.verifying import verify_database

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def keep(archive: Archive, name: str, size: int = 200) -> None:
    url = f"http://hubei.gov/{name}"
    body = os.urandom(size)
    page = Page(url, "hubei", 200, body, NOW)
    archive.keep_visit(page, Check("hubei", url, NOW, CheckOutcome.NEW, 200, page.sha256))


def fill_up(archive: Archive) -> tuple[int, str]:
    """Keep pages until one is refused; how many were kept, and the words of the refusal."""
    for number in range(5000):
        try:
            keep(archive, str(number), 5000)
        except StoreError as error:
            return number, str(error)
    pytest.fail("the disk never became full")


def write_for(url: str, who: int, seconds: float, told) -> None:
    """Keep pages as fast as it goes; how many were kept, or what went wrong."""
    database = Database.open(url)
    archive, count, end = Archive(database), 0, time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            keep(archive, f"{who}/{count}")
            count += 1
    except Exception as error:  # noqa: BLE001 - handed over to the test
        told.put(repr(error))
    else:
        told.put(count)
    database.close()


@pytest.mark.parametrize("seconds", [2.0, pytest.param(60.0, marks=pytest.mark.full)])
def test_four_processes_write_and_none_is_refused(seconds: float, migrated_sqlite: Path, tmp_path: Path) -> None:
    """One SQLite file: no "database is locked", every page is there once, and the chain holds."""
    file = tmp_path / "a.sqlite3"
    file.write_bytes(migrated_sqlite.read_bytes())
    url, context = f"sqlite:///{file}", multiprocessing.get_context("spawn")
    told = context.Queue()
    writers = [context.Process(target=write_for, args=(url, who, seconds, told)) for who in range(4)]
    for writer in writers:
        writer.start()
    counts = [told.get(timeout=seconds + 120) for _ in writers]
    for writer in writers:
        writer.join(30)
    assert [count for count in counts if not isinstance(count, int)] == []
    database = Database.open(url)
    archive = Archive(database)
    assert archive.count("pages") == archive.count("checks") == sum(counts)
    assert min(counts) > 0
    assert verify_database(database).problems == []
    database.close()


def test_a_full_file_is_told_and_work_goes_on_when_there_is_room(migrated_sqlite: Path, tmp_path: Path) -> None:
    """SQLite's own limit stands for the disk's: one clear line, what was kept is whole, later visits are kept."""
    file = tmp_path / "a.sqlite3"
    file.write_bytes(migrated_sqlite.read_bytes())
    database = Database.open(f"sqlite:///{file}")
    with database.engine().connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 40}")
    archive = Archive(database)
    kept, told = fill_up(archive)
    assert "full" in told
    assert "free space" in told
    with database.engine().connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    keep(archive, "after", 5000)
    assert archive.count("pages") == kept + 1
    assert (verify_database(database).problems, check_database(database)) == ([], [])
    database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False) if os.geteuid() == 0 else None
    if done is None or done.returncode:
        pytest.skip("a small disk needs root and mount; the test with SQLite's own limit ran")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.full
def test_a_full_disk_is_told_and_work_goes_on_when_there_is_room(small_disk: Path) -> None:
    """A real one, journal and all; then something else on it is deleted."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1 << 20))
    database = Database.open(f"sqlite:///{small_disk / 'a.sqlite3'}")
    kept, told = fill_up(Archive(database))
    assert "free space" in told
    database.close()
    ballast.unlink()
    database = Database.open(f"sqlite:///{small_disk / 'a.sqlite3'}")
    archive = Archive(database)
    keep(archive, "after", 5000)
    assert archive.count("pages") == kept + 1
    assert (verify_database(database).problems, check_database(database)) == ([], [])
    database.close()


def test_a_database_that_may_only_be_read_is_told(migrated_sqlite: Path, tmp_path: Path) -> None:
    """Reading works, writing is refused with the way out."""
    file = tmp_path / "a.sqlite3"
    file.write_bytes(migrated_sqlite.read_bytes())
    database = Database.open(f"sqlite:///{file}")
    keep(Archive(database), "one")
    with database.engine().connect() as connection:
        connection.execute(text("COMMIT"))
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    locked = Database.open(f"sqlite:///file:{file}?mode=ro&uri=true")
    archive = Archive(locked)
    assert archive.count("pages") == 1
    with pytest.raises(StoreError, match=r"read-?only.*permissions"):
        keep(archive, "two")
    locked.close()
    database = Database.open(f"sqlite:///{file}")
    keep(Archive(database), "two")
    assert verify_database(database).problems == []
    database.close()


def test_a_postgres_session_that_may_only_read_is_told(postgres_url: str) -> None:
    """As above, with the server's own words."""
    Database.open(postgres_url).close()
    locked = Database.open(f"{postgres_url}&options=-c%20default_transaction_read_only%3Don")
    archive = Archive(locked)
    assert archive.count("pages") == 0
    with pytest.raises(StoreError, match=r"read-only.*permissions"):
        keep(archive, "two")
    locked.close()


def test_both_ways_to_a_postgres_server_are_forgotten_together(postgres_url: str) -> None:
    """The writing connection is found dead, and asking needs no failure of its own."""
    database = Database.open(postgres_url)
    book = JobBook(database)
    assert book.ask(JobKind.CRAWL, ["a"]) == 1
    assert book.open(JobKind.CRAWL) == 1
    with psycopg.connect(postgres_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                      " AND pid <> pg_backend_pid()")  # fmt: skip
    with pytest.raises(StoreError, match="connection lost"):
        book.ask(JobKind.CRAWL, ["b"])
    assert book.open(JobKind.CRAWL) == 1
    assert book.ask(JobKind.CRAWL, ["b"]) == 1
    database.close()
