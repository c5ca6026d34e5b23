"""However this machine is spelled, it is not asked: as a start address, behind a redirect, or as a digest's link."""

import re
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from schema.announcements import CheckOutcome, Rank, Source, SourceKind

OURS = "127.0.0.9"
"""The one loopback name that the crawl may ask; the canary listens on all others."""
SPELLINGS = (
    *("127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0x0.0x0.0x1", "0177.0.0.1", "0177.1", "017700000001"),
    *("127.1", "127.0.1", "127.000.000.001", "127.0.0.1.", "127.0.0.2", "0", "0.0.0.0", "localhost", "LOCALHOST"),
    *("localhost.", "LOCALHOST.", "a.localhost", "ip6-localhost", "[::1]", "[0:0:0:0:0:0:0:1]", "[::]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
    *("１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost", "%31%32%37.0.0.1", "127.0.0.1%00"),
    *("100.64.0.1", "10.0.0.1", "169.254.169.254"),
)


def host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@pytest.fixture(scope="module")
def canary() -> Iterator[socket.socket]:
    """Listens on every address of this machine."""
    family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    with socket.create_server(("", 0), family=family, dualstack_ipv6=family is socket.AF_INET6) as listener:
        listener.settimeout(0.2)
        yield listener


@pytest.fixture(scope="module")
def pointer(canary: socket.socket) -> Iterator[str]:
    """A site of ours that redirects to every spelling, and a digest that links to them."""
    port = canary.getsockname()[1]

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = re.fullmatch(r"/to/(\d+)", self.path)
            self.send_response(302 if found else 200)
            if found:
                target = f"http://{SPELLINGS[int(found[1])]}:{port}/"
                self.send_header("Location", target.encode().decode("latin-1"))
            self.send_header("Content-Type", "text/html; charset=utf-8")
            links = "".join(
                f"<p><a href='http://{spelled}:{port}/2026/{n}00000.html'>全省应急管理工作会议召开</a></p>"
                for n, spelled in enumerate(SPELLINGS, 1)
            )
            body = b"" if found else f"<html><body>{links}</body></html>".encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer((OURS, 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{OURS}:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def source(slug: str, url: str, kind: SourceKind, *hosts: str) -> Source:
    return Source(slug, slug, kind, Rank.OFFICIAL, urls=(url,), hosts=(OURS, *hosts))


def test_no_spelling_of_this_machine_is_asked(crawl_now, options_for, canary, pointer) -> None:
    """The registry itself names the spelled hosts, so that the address guard alone stands in the way."""
    assert len(SPELLINGS) >= 30
    port = canary.getsockname()[1]
    starts, redirects = [], []
    for number, spelled in enumerate(SPELLINGS):
        url = f"http://{spelled}:{port}/"
        starts.append(source(f"start-{number}", url, SourceKind.ARTICLE, host_of(url), spelled, spelled.lower()))
        way = f"{pointer}/to/{number}"
        redirects.append(source(f"redirect-{number}", way, SourceKind.ARTICLE, host_of(url), spelled, spelled.lower()))
    digest = source("digest", f"{pointer}/digest.html", SourceKind.DIGEST)
    options = options_for(2026, allow_loopback=False, private_hosts=(OURS,), timeout=5.0)
    crawled = crawl_now((*starts, *redirects, digest), options, seconds=300)
    had = {CheckOutcome.NEW, CheckOutcome.UNCHANGED}
    answered = [check for _, check in crawled.visits if check.outcome in had and check.source != "digest"]
    assert answered == []
    seen = {check.source for _, check in crawled.visits}
    same = {f"start-{SPELLINGS.index(spelled)}" for spelled in ("LOCALHOST", "LOCALHOST.")}  # asked once as lower case
    assert {one.slug for one in (*starts, *redirects)} - seen <= same
    refused = [c for _, c in crawled.visits if c.outcome is CheckOutcome.REFUSED and c.source.startswith("start")]
    assert len(refused) >= 30
    assert crawled.urls(CheckOutcome.NEW) == [f"{pointer}/digest.html"]
    with pytest.raises(TimeoutError):
        canary.accept()
