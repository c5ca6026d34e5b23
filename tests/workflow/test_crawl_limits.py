"""A crawl that runs out of time or memory says so, and everything it told of is kept."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from schema.announcements import Rank, Source, SourceKind
from store.archive import Archive
from store.database import Database
from workflow.crawling import CrawlFailed, CrawlTask, run_crawl
from workflow.settings import Settings, load_settings

FEW, MANY = 60, 3000


@contextmanager
def serving(pages: int, size: int, seconds: float) -> Iterator[tuple[Source, ...]]:
    """Hosts enough for many answers at once; every page is of its own and takes its time."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"" if self.path == "/robots.txt" else os.urandom(size)
            time.sleep(seconds if body else 0)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return  # a crawl that is ended hangs up

    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(12)]
    for server in servers:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
    urls = [f"http://127.0.0.1:{servers[n % 12].server_address[1]}/{n}" for n in range(pages)]
    yield (Source("many", "many", SourceKind.ARTICLE, Rank.OFFICIAL, urls=tuple(urls), hosts=("127.0.0.1",)),)
    for server in servers:
        server.shutdown()
        server.server_close()


def crawl(settings: Settings, sources: tuple[Source, ...], told: list[str]):
    task = CrawlTask(settings.database_url, sources, settings.crawl_memory_mb, allow_loopback=True, delay=0.0)
    return run_crawl(task, settings, lambda _source, url, _outcome: told.append(url))


def kept(settings: Settings) -> set[str]:
    database = Database.open(settings.database_url)
    checks = Archive(database).checks(limit=1000)
    database.close()
    return {check.url for check in checks}


@pytest.mark.full
def test_the_wall_clock_ends_a_crawl_with_everything_so_far_kept(tmp_path: Path) -> None:
    """Minutes of pages, and half a minute for all: a clean end, a name for it, and nothing told is missing."""
    settings = replace(load_settings({}, data=tmp_path), crawl_seconds=30)
    told: list[str] = []
    with serving(MANY, 1000, 2.0) as sources:
        summary = crawl(settings, sources, told)
    assert (summary.complete, summary.out_of_time) == (True, True)
    assert 0 < len(told) < MANY
    assert kept(settings) == set(told)


@pytest.mark.full
def test_a_crawl_over_its_memory_says_so_and_keeps_what_it_told(tmp_path: Path) -> None:
    """Twelve hosts with pages of 7 MB, 128 MB for all: named in the failure or in the checks, nothing lost silently."""
    settings = replace(load_settings({}, data=tmp_path), crawl_memory_mb=128)
    told: list[str] = []
    with serving(FEW, 7 << 20, 0.0) as sources:
        try:
            summary = crawl(settings, sources, told)
        except CrawlFailed as error:
            assert "CHENGNUO_CRAWL_MEMORY_MB" in str(error)  # noqa: PT017 - either way must be named
        else:
            assert summary.outcomes["connection_error"] + summary.errors > 0
            assert len(told) == FEW
    assert kept(settings) >= set(told)
