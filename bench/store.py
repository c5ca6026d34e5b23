"""How fast the archive keeps and finds, and how large it grows: SQLite and PostgreSQL, small by default.

``python -m bench.store --full`` measures a million commitments, as docs/scale.md records; ``make bench`` a smaller one.
"""

from __future__ import annotations

import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Column

from bench import made
from schema.announcements import Check, CheckOutcome, Outcome, Page, Rank, Reading, Source, SourceKind, Visit
from schema.provinces import PROVINCES
from store.archive import Archive
from store.database import Database
from store.tables import Base
from store.verifying import verify_database
from tests.conftest import postgres_running

NOW = datetime(2026, 3, 1, tzinfo=UTC)
COMMITMENTS = 25
"""Of one announcement; what the sample's and the published ones have."""
SMALL, WHOLE, COPIES = 400, 31 * 37, 35
"""Announcements of the small run; one for every province of 37 years, and how often the full run holds each: a million
commitments."""
COPIED = ("blobs", "pages", "readings", "announcements", "directives", "commitments", "targets")
GROUP, DIRECTIVES = 100, 5
"""Pages kept in one transaction, as a crawl and read-again do; directives of one announcement."""
SENTENCE = "推动各县（市、区）建成不少于{number}支专职救援队伍，第{serial}项任务在年底前完成并开展联合演练。"


def reading(province: str, year: int, serial: int) -> Reading:
    """An announcement of usual size."""
    texts = [SENTENCE.format(number=n + 2, serial=f"{serial}-{n}") for n in range(COMMITMENTS)]
    told = made.announcement(province, year, texts, DIRECTIVES)
    return Reading(Outcome.ARTICLE, title=told.title, body=told.body, announcements=(told,))


def visits(serials: Iterable[int], chosen: random.Random) -> list[Visit]:
    """New pages of 7.5 KB that do not compress."""
    found = []
    for serial in serials:
        slug, at = PROVINCES[serial % 31].slug, NOW + timedelta(seconds=serial)
        page = Page(f"http://{slug}.gov/{serial}.html", slug, 200, chosen.randbytes(7500), at)
        found.append((page, Check(slug, page.url, at, CheckOutcome.NEW, 200, page.sha256)))
    return found


def fill(database: Database, count: int) -> dict[str, float]:
    """Keep and read so many pages; pages kept a second, readings kept a second."""
    archive, chosen = Archive(database, clock=lambda: NOW), random.Random(1)
    keeping = reading_ = 0.0
    for start in range(0, count, GROUP):
        brought = visits(range(start, min(start + GROUP, count)), chosen)
        began = time.perf_counter()
        archive.keep_visits(brought)
        keeping += time.perf_counter() - began
        read = [(kept, *_read(kept.page)) for kept in archive.unread("1", GROUP)]
        began = time.perf_counter()
        archive.readings.keep(read, "1")
        reading_ += time.perf_counter() - began
    return {"pages_kept_per_second": count / keeping, "readings_kept_per_second": count / reading_}


def _read(page: Page) -> tuple[Reading, Source]:
    serial = int(page.url.rpartition("/")[2].removesuffix(".html"))
    year = 1990 + serial // 31 % 37
    return reading(page.source, year, serial), Source(page.source, page.source, SourceKind.COLUMN, Rank.OFFICIAL)


def multiply(database: Database, copies: int) -> None:
    """Let the database copy everything read so that each is there ``copies`` times, at addresses of its own.

    Server-side and without seals: to search and load from, not to verify.
    """
    series = f"(WITH RECURSIVE n(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < {copies - 1}) SELECT k FROM n)"
    with database.engine().connect() as connection:
        counts = {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one() for name in COPIED}
        for name in COPIED:
            columns = Base.metadata.tables[name].columns
            quoted = ", ".join(f'"{column.name}"' for column in columns)
            values = ", ".join(_copied(column, counts) for column in columns)
            connection.exec_driver_sql(
                f"INSERT INTO {name} ({quoted}) SELECT {values} FROM {name} AS r CROSS JOIN {series} AS c"
            )
        connection.commit()


def _copied(column: Column[Any], counts: dict[str, int]) -> str:
    """A column's value in copy number c.k: numbers moved past those before, hashes and addresses marked."""
    of = next((key.column.table.name for key in column.foreign_keys), column.table.name)
    if column.name in ("sha256", "url"):
        return f"r.{column.name} || '-' || c.k"
    if column.primary_key or column.foreign_keys:
        return f"r.{column.name} + c.k * {counts[of]}"
    return f'r."{column.name}"'


def lookup_p95(database: Database, lookups: int = 300) -> float:
    """Milliseconds within which 95 of 100 editions are found and loaded."""
    archive, chosen = Archive(database), random.Random(2)
    keys = archive.editions()
    times = []
    for province, year in chosen.choices(keys, k=lookups):
        start = time.perf_counter()
        edition = archive.edition(province, year)
        times.append((time.perf_counter() - start) * 1000)
        assert edition is not None
        assert len(edition.announcement.commitments) == COMMITMENTS
    return statistics.quantiles(times, n=20)[-1]


def size_of(database: Database, folder: Path) -> int:
    """Bytes on disk."""
    if database.dialect == "sqlite":
        return sum(file.stat().st_size for file in folder.iterdir() if file.name.startswith("a.sqlite3"))
    with database.engine().connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())


@contextlib.contextmanager
def databases() -> Iterator[dict[str, tuple[str, Path]]]:
    """An address of each kind."""
    with tempfile.TemporaryDirectory(prefix="chengnuo-bench-") as folder, postgres_running() as server:
        yield {"sqlite": (f"sqlite:///{folder}/a.sqlite3", Path(folder)), "postgresql": (server.fresh(), Path(folder))}


def measure(count: int = SMALL, copies: int = 1) -> dict[str, float]:
    """Rates, lookup times and size on both databases."""
    figures: dict[str, float] = {}
    with databases() as places:
        for kind, (url, folder) in places.items():
            database = Database.open(url)
            empty = size_of(database, folder)
            figures |= {f"{kind}_{name}": value for name, value in fill(database, count).items()}
            figures[f"{kind}_page_mb"] = (size_of(database, folder) - empty) / count / 1e6
            if copies > 1:
                multiply(database, copies)
            if database.dialect == "postgresql":
                with database.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.exec_driver_sql("VACUUM ANALYZE")
            figures[f"{kind}_lookup_p95_seconds"] = lookup_p95(database) / 1000
            if copies == 1:
                start = time.perf_counter()
                found = verify_database(database)
                assert found.problems == []
                figures[f"{kind}_rows_verified_per_second"] = found.rows / (time.perf_counter() - start)
            database.close()
    return figures


if __name__ == "__main__":
    for name, value in (measure(WHOLE, COPIES) if "--full" in sys.argv else measure()).items():
        print(f"{name:<45} {value:12.4f}")
