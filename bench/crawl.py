"""Crawling speed: ``collect`` against bare Scrapy on the same 2,000 loopback pages, delays off, both in one run.

``share_of_bare`` is pages a second of the one over pages a second of the other: what keeping every page before it is
read, robots.txt, the guards and the checks cost together. Both take turns, and the middle ratio of three pairs counts,
since the machine has other guests.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

from schema.announcements import Rank, Source, SourceKind
from workflow.crawling import CrawlTask, run_crawl
from workflow.settings import load_settings

PAGES = 2_000
TURNS = 3
_RATES: dict[str, float] = {}
_ROOT = Path(__file__).parents[1]


def measure() -> dict[str, float]:
    """The ratio; the rates themselves belong to the machine and have no floor (``--report`` prints them)."""
    with _ports() as ports:
        urls = [f"http://127.0.0.1:{ports[n % len(ports)]}/article/{n}.html" for n in range(PAGES)]
        pairs = [(_bare(urls), _collect(urls)) for _ in range(TURNS)]
    _RATES.update(bare=median(bare for bare, _ in pairs), collect=median(ours for _, ours in pairs))
    return {"share_of_bare": median(ours / bare for bare, ours in pairs)}


def report() -> str:
    """Pages a second of the last measurement, the middle of its turns."""
    return "  ".join(f"{name} {rate:.0f} pages/s" for name, rate in _RATES.items())


@contextmanager
def _ports() -> Iterator[list[int]]:
    command = [sys.executable, "-m", "bench.crawl_server"]
    server = subprocess.Popen(command, cwd=_ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert server.stdout is not None
        yield [int(port) for port in server.stdout.readline().split()]
    finally:
        server.kill()
        server.wait()


def _bare(urls: Sequence[str]) -> float:
    command = [sys.executable, "-m", "bench.crawl_bare"]
    done = subprocess.run(command, cwd=_ROOT, input=json.dumps(urls), capture_output=True, text=True, check=True)
    return float(done.stdout)


def _collect(urls: Sequence[str]) -> float:
    """The child that ``chengnuo collect`` starts, on a fresh archive."""
    source = Source("bench", "bench", SourceKind.ARTICLE, Rank.OFFICIAL, urls=tuple(urls), hosts=("127.0.0.1",))
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(load_settings({}, data=Path(folder)), crawl_memory_mb=2048)
        task = CrawlTask(
            settings.database_url, (source,), memory_mb=settings.crawl_memory_mb, allow_loopback=True, delay=0.0
        )
        crawled = run_crawl(task, settings, lambda *_: None)
    assert crawled.outcomes["new"] == len(urls), crawled.outcomes
    return len(urls) / crawled.seconds
