"""How quick the desk is on a full archive: pages and search at five requests in parallel, a year's export."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Self
from urllib.parse import quote

import httpx2

from bench.desk_data import fill, judge
from schema.provinces import PROVINCES
from store.database import Database
from tests.conftest import postgres_running

PARALLEL, REQUESTS, FIRST = 5, 60, 3
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
    "targets": [f"/targets?year={2026 - n % 14}" for n in range(REQUESTS)],
    "stream": [f"/changes?year={2026 - n % 14}" for n in range(REQUESTS)],
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
    database = Database.open(url, every_commit_on_disk=False)
    fill(database)
    _analyze(database)
    try:
        with Served(url) as served:
            return {f"{name}_{figure}": value for figure, value in served.figures(partial(judge, database)).items()}
    finally:
        database.close()


def _analyze(database: Database) -> None:
    with database.engine().begin() as connection:
        connection.exec_driver_sql("ANALYZE")


class Served:
    """The desk in a process of its own."""

    def __init__(self, url: str) -> None:
        command = [sys.executable, "-m", "bench.desk_serving", url]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._base = f"http://127.0.0.1:{self._told()}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def figures(self, move: Callable[[], None]) -> dict[str, float]:
        """The pages' 95th percentile and processor time a request, the exports' seconds.

        ``first``: the archive has just moved, and hardly a page was asked for since; then the same addresses again.
        """
        found: dict[str, float] = {}
        for page, paths in PATHS.items():
            move()
            for asked in ("first_", ""):
                before = self._processor()
                found[f"{page}_{asked}p95_seconds"] = self._p95(paths)
                found[f"{page}_{asked}processor_seconds"] = (self._processor() - before) / (len(paths) + FIRST)
        for form in ("xlsx", "docx", "csv", "json"):
            found[f"export_{form}_seconds"] = self._once(f"/export/2026.{form}")
        return found

    def _p95(self, paths: list[str]) -> float:
        with httpx2.Client(base_url=self._base, timeout=60) as client, ThreadPoolExecutor(PARALLEL) as pool:

            def ask(path: str) -> float:
                start = time.perf_counter()
                client.get(path).raise_for_status()
                return time.perf_counter() - start

            for path in paths[:FIRST]:
                ask(path)
            taken = sorted(pool.map(ask, paths))
        return taken[int(0.95 * len(taken))]

    def _once(self, path: str) -> float:
        start = time.perf_counter()
        httpx2.get(self._base + path, timeout=120).raise_for_status()
        return time.perf_counter() - start

    def _processor(self) -> float:
        """Seconds of processor time the serving process has used."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._told())

    def _told(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()
