"""Pages that need their scripts are read through a browser that reaches no network of its own."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from crawler.browser import RENDERED, require_browser
from crawler.read.page import read_page
from sample.scripted import DATA, PATH, scripted_replies
from sample.server import SampleWeb
from sample.web import Web
from schema.announcements import CheckOutcome, Rank, Source, SourceKind
from schema.errors import ConfigurationError

OURS = "127.0.0.9"
"""The one loopback name that the crawl may ask; the canary listens on all others."""


def source(base: str, *, browser: bool = True) -> Source:
    host = urlsplit(base).hostname or ""
    kind, rank = SourceKind.ARTICLE, Rank.OFFICIAL
    return Source("gansu", "gansu", kind, rank, "gansu", urls=(base + PATH,), hosts=(host,), browser=browser)


@contextmanager
def serving(forbidden: str) -> Iterator[tuple[str, list[str]]]:
    """The sample's scripted page with a script that tries every way out, and what its server was asked."""
    replies = scripted_replies(Web("http://x.invalid", 2026, date(2026, 2, 28), edited=False).scripted(), forbidden)
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            reply = replies.get(self.path)
            body = reply.body if reply else b""
            self.send_response(200 if reply else 404)
            self.send_header("Content-Type", reply.content_type if reply else "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer((OURS, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{OURS}:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_a_page_that_needs_its_script_is_read(crawl_now, options_for) -> None:
    """Without a browser the shell says nothing; with one the announcement is read, kept as rendered, asked politely."""
    with SampleWeb(season=2026) as web:
        plain = crawl_now((source(web.base_url, browser=False),), options_for(2026))
        web.asked.clear()
        rendered = crawl_now((source(web.base_url),), options_for(2026, contact="team@example.org"))
        asked = list(web.asked)
    [(shell, _)], [(page, check)] = plain.visits, rendered.visits
    assert shell is not None
    assert read_page(shell, source(web.base_url)).announcements == ()
    assert page is not None
    assert (check.outcome, page.header(RENDERED) is not None) == (CheckOutcome.NEW, True)
    [told] = read_page(page, source(web.base_url)).announcements
    assert (told.province, told.plan_year, len(told.commitments) > 3) == ("gansu", 2026, True)
    assert [one.path for one in asked if not one.path.startswith("/robots")] == [PATH, DATA]
    assert all("team@example.org" in (one.header("User-Agent") or "") for one in asked)
    assert not [one for one in asked if one.header("Cookie")]


@pytest.mark.browser
@pytest.mark.parametrize("spelled", ["127.0.0.2", "localhost", "0x7f.1", "[::1]", "2130706433"])
def test_a_page_reaches_nothing_but_its_own_hosts(crawl_now, options_for, spelled: str) -> None:
    """Script, picture, frame, fetch, beacon, socket, window, worker, navigation: the canary hears of none."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    with socket.create_server(("", 0), family=family, dualstack_ipv6=family is socket.AF_INET6) as canary:
        canary.settimeout(0.2)
        with serving(f"http://{spelled}:{canary.getsockname()[1]}/canary") as (base, asked):
            crawled = crawl_now((source(base),), options_for(2026))
        with pytest.raises(TimeoutError):
            canary.accept()
    assert set(asked) == {"/robots.txt", PATH, DATA}
    assert [check.outcome for _, check in crawled.visits] == [CheckOutcome.NEW]


@pytest.mark.browser
def test_scripts_that_never_end_are_a_timeout(crawl_now, options_for) -> None:
    """A page whose script blocks for ever costs its source a check."""
    with serving("http://x.invalid/") as (base, _asked):
        crawled = crawl_now((source(base),), options_for(2026, render_seconds=0.01))
    assert [check.outcome for _, check in crawled.visits] == [CheckOutcome.TIMEOUT]
    assert "scripts" in crawled.visits[0][1].detail


def test_without_the_extra_or_the_program_one_line_says_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """File, key, and what to install; a registry without such sources asks for neither."""
    wanting = source("http://127.0.0.1")
    require_browser([source("http://127.0.0.1", browser=False)])
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ConfigurationError, match=r"gansu\.toml: browser: .*apt-get install chromium"):
        require_browser([wanting])
    monkeypatch.setitem(sys.modules, "playwright", None)
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(ConfigurationError, match=r"pip install 'chengnuo\[browser\]'"):
        require_browser([wanting])
