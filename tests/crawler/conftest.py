"""Crawls run in a child process: a reactor starts once."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from crawler.options import CrawlOptions, CrawlReport
from schema.announcements import Check, CheckOutcome, Page, Source

ROOT = Path(__file__).parents[2]


@dataclass
class Crawled:
    """What one crawl handed over."""

    visits: list[tuple[Page | None, Check]]
    report: CrawlReport
    log: str
    peak_mb: float
    """The most memory the crawling process held."""

    def urls(self, outcome: CheckOutcome | None = None) -> list[str]:
        """Checked addresses, of one outcome or all."""
        return [check.url for _, check in self.visits if outcome in {None, check.outcome}]

    def pages(self) -> dict[str, Page]:
        """Kept pages by address."""
        return {page.url: page for page, _ in self.visits if page is not None}


def now_in(season: int) -> datetime:
    """The clock of a season's visit."""
    return datetime(season, 2, 28, tzinfo=UTC)


def season_options(season: int = 2025, **changes: object) -> CrawlOptions:
    """Options for a server on loopback: no delay, no second attempt."""
    given: dict[str, object] = {"delay": 0.0, "retries": 0, "allow_loopback": True, "timeout": 10.0}
    return CrawlOptions(**{**given, "clock": partial(now_in, season), **changes})  # type: ignore[arg-type]


def run_crawl(
    sources: tuple[Source, ...], options: CrawlOptions, known: dict | None = None, seconds: float = 120
) -> Crawled:
    command = [sys.executable, str(Path(__file__).parent / "crawl_once.py")]
    message = pickle.dumps((sources, options, known or {}))
    environment = {"PYTHONPATH": f"{ROOT}:{Path(__file__).parent}", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, input=message, capture_output=True, check=False, timeout=seconds, env=environment)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    visits, report, peak_mb = pickle.loads(done.stdout)
    return Crawled(visits, report, done.stderr.decode(), peak_mb)


@pytest.fixture(scope="session")
def crawl_now() -> Callable[..., Crawled]:
    """``crawl_now(sources, options, known)``: one crawl in a child."""
    return run_crawl


@pytest.fixture(scope="session")
def options_for() -> Callable[..., CrawlOptions]:
    """``options_for(season, **changes)``."""
    return season_options
