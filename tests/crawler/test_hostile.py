"""Servers that mean harm cost their own source a check, and nobody else anything."""

import socket
import threading
from collections.abc import Iterator

import pytest

from sample.server import SampleWeb
from schema.announcements import CheckOutcome, Rank, Source, SourceKind
from tests.crawler.hostile import Hostile, serve, servers

pytestmark = pytest.mark.full
GOOD = ("hubei", "gansu", "chongqing")
MEMORY_MB = 400


@pytest.fixture(scope="module")
def canary() -> Iterator[socket.socket]:
    """A loopback port that nobody may ask."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        yield listener


@pytest.fixture(scope="module")
def harm(canary: socket.socket) -> Iterator[list[Hostile]]:
    """All of them, listening."""
    found, listeners = servers(canary.getsockname()[1]), []
    for server in found:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=serve, args=(server, listener), daemon=True).start()
        server.port = listener.getsockname()[1]
    yield found
    for listener in listeners:
        listener.close()


def as_source(number: int, server: Hostile) -> Source:
    scheme = "https" if server.tls or server.path == "https" else "http"
    url = f"{scheme}://127.0.0.1:{server.port}/"
    return Source(f"hostile-{number}", server.name, SourceKind.COLUMN, Rank.OFFICIAL, urls=(url,), hosts=("127.0.0.1",))


def was_asked(canary: socket.socket) -> bool:
    try:
        canary.accept()
    except TimeoutError:
        return False
    return True


def test_fifty_hostile_servers_and_three_good_ones(crawl_now, options_for, harm, canary) -> None:
    """Each has its outcome, memory stays small, the good sources are crawled as if they were alone."""
    assert len(harm) >= 40
    with SampleWeb(season=2025) as web:
        good = tuple(source for source in web.sources() if source.slug in GOOD)
        alone = crawl_now(good, options_for(2025))
        bad = tuple(as_source(number, server) for number, server in enumerate(harm))
        crawled = crawl_now((*bad, *good), options_for(2025, timeout=5.0, list_pages=5, retries=1), seconds=400)
    came = {check.source: check.outcome.value for _, check in crawled.visits if check.source.startswith("hostile")}
    wrong = {
        server.name: (came.get(f"hostile-{number}"), server.outcomes)
        for number, server in enumerate(harm)
        if came.get(f"hostile-{number}") not in server.outcomes
    }
    assert wrong == {}
    there = {check.url for _, check in crawled.visits if check.source in GOOD and check.outcome is CheckOutcome.NEW}
    assert there == set(alone.urls(CheckOutcome.NEW))
    assert crawled.report.errors == 0, crawled.log[-2000:]
    assert not was_asked(canary)
    assert crawled.peak_mb < MEMORY_MB
    asked = {server.name: server.asked for server in harm}
    assert len(asked["429"]) == 1, "a site that says when to come back is not asked again"
    assert len(asked["infinite pagination"]) <= 5 * 2
