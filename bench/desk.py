"""How quick the desk is on a full archive: pages and search at five requests in parallel, a year's export."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx2

from bench.desk_data import fill
from schema.provinces import PROVINCES
from store.database import Database
from tests.conftest import postgres_running

PARALLEL, REQUESTS = 5, 60
PLACES = [f"/province/{PROVINCES[n % 31].slug}/{2026 - n % 14}" for n in range(REQUESTS)]
WORDS = (
    "煤矿",
    "森林防火",
    "煤矿 示范点",
    "闭环管理机制",
    "不少于40处",
    "矿",
    "应急物资第",
    "压实责任",
    "地震预警",
    "消防 通道",
)
PATHS = {
    "matrix": [f"/year/{2026 - n % 14}" for n in range(REQUESTS)],
    "province": PLACES,
    "search": [f"/search?q={quote(WORDS[n % len(WORDS)])}" for n in range(REQUESTS)],
    "search_api": [f"/api/v1/search?q={quote(WORDS[n % len(WORDS)])}" for n in range(REQUESTS)],
}


def measure() -> dict[str, float]:
    """The 95th percentile of each page in seconds, and the seconds of a year's exports, on both databases."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="chengnuo-bench-") as folder:
        figures |= _on(f"sqlite:///{Path(folder) / 'a.sqlite3'}", "sqlite")
    with postgres_running() as server:
        figures |= _on(server.fresh(), "postgresql")
    return figures


def _on(url: str, name: str) -> dict[str, float]:
    database = Database.open(url)
    fill(database)
    _analyze(database)
    database.close()
    with _serving(url) as base:
        found = {f"{name}_{page}_p95_seconds": _p95(base, paths) for page, paths in PATHS.items()}
        for form in ("xlsx", "csv", "json"):
            found[f"{name}_export_{form}_seconds"] = _once(base, f"/export/2026.{form}")
    return found


def _analyze(database: Database) -> None:
    with database.engine().begin() as connection:
        connection.exec_driver_sql("ANALYZE")


@contextmanager
def _serving(url: str) -> Iterator[str]:
    command = [sys.executable, "-m", "bench.desk_serving", url]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.communicate()


def _p95(base: str, paths: list[str]) -> float:
    with httpx2.Client(base_url=base, timeout=60) as client, ThreadPoolExecutor(PARALLEL) as pool:

        def ask(path: str) -> float:
            start = time.perf_counter()
            client.get(path).raise_for_status()
            return time.perf_counter() - start

        for path in paths[:3]:
            ask(path)
        taken = sorted(pool.map(ask, paths))
    return taken[int(0.95 * len(taken))]


def _once(base: str, path: str) -> float:
    start = time.perf_counter()
    httpx2.get(base + path, timeout=120).raise_for_status()
    return time.perf_counter() - start
