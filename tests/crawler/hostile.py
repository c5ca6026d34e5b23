"""Servers that mean harm, each on a loopback port of its own: a name, what it sends, and the outcomes that fit."""

import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import brotli
import trustme
import zstandard

Send = Callable[[socket.socket, str, int], None]
"""Answers one request: the connection, the path asked, the server's own port."""
TROUBLE = {"connection_error", "timeout"}


@dataclass
class Hostile:
    """One server. ``outcomes``: any of these is right for its start address."""

    name: str
    send: Send
    outcomes: set[str]
    tls: ssl.SSLContext | None = None
    path: str = "/"
    asked: list[str] = field(default_factory=list)
    port: int = 0


def reply(body: bytes = b"", status: str = "200 OK", *headers: str, length: int | None = None) -> Send:
    """A whole answer."""
    head = "".join(f"{line}\r\n" for line in ("Content-Type: text/html", *headers))
    size = len(body) if length is None else length
    raw = f"HTTP/1.1 {status}\r\n{head}Content-Length: {size}\r\nConnection: close\r\n\r\n".encode() + body
    return lambda connection, _path, _port: connection.sendall(raw)


def raw(data: bytes) -> Send:
    """These bytes and nothing else."""
    return lambda connection, _path, _port: connection.sendall(data)


def endless(head: bytes, piece: bytes, pause: float = 0.0) -> Send:
    """A head, then the same piece until the other side has had enough, or a minute has gone."""

    def send(connection: socket.socket, _path: str, _port: int) -> None:
        connection.sendall(head)
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            connection.sendall(piece)
            time.sleep(pause)

    return send


def redirect(target: Callable[[str, int], str]) -> Send:
    """302 to what the path and port say."""

    def send(connection: socket.socket, path: str, port: int) -> None:
        reply(b"", "302 Found", f"Location: {target(path, port)}")(connection, path, port)

    return send


def reset(connection: socket.socket, _path: str, _port: int) -> None:
    """Half a page, then RST."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"x" * 1000)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def further(connection: socket.socket, path: str, port: int) -> None:
    """A list whose next page always is another one."""
    number = int(path.strip("/p") or 0) + 1
    rows = "".join(
        f"<li><a href='/a{number}-{n}.html'>科普活动进校园进社区侧记之{number}</a>2026-01-20</li>" for n in range(5)
    )
    reply(f"<ul>{rows}</ul><a href='/p{number}'>下一页</a>".encode())(connection, path, port)


def bomb(pack: Callable[[bytes], bytes]) -> bytes:
    """A hundred megabytes of nothing."""
    return pack(b"\0" * 100_000_000)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PAGE = "<html><body><p>示例文本，没有列表。</p></body></html>".encode()
SELF = (
    "<ul>"
    + "<li><a href='/'>全省应急管理工作会议召开部署重点任务</a>2026-01-15</li>" * 9
    + "<a href='/'>下一页</a></ul>"
)


def servers(canary: int) -> list[Hostile]:
    """Every scenario. ``canary``: a loopback port that must never be asked."""
    authority = trustme.CA()
    yesterday = datetime.now(UTC) - timedelta(days=1)
    expired = context(authority.issue_cert("127.0.0.1", not_after=yesterday))
    unknown, other = context(authority.issue_cert("127.0.0.1")), context(authority.issue_cert("example.org"))
    packed = {
        "gzip": bomb(lambda data: gzip.compress(data, 9)),
        "deflate": bomb(zlib.compress),
        "br": bomb(lambda data: brotli.compress(data, quality=1)),
        "zstd": bomb(zstandard.compress),
    }
    bombs = [
        Hostile(f"{name} bomb", reply(body, "200 OK", f"Content-Encoding: {name}"), {"too_large"})
        for name, body in packed.items()
    ]
    twice = gzip.compress(packed["gzip"])
    loopback = "127.0.0.1"
    large, fine = {"too_large"}, {"new", "unchanged", "empty"}
    return [
        *bombs,
        Hostile("bomb in a bomb", reply(twice, "200 OK", "Content-Encoding: gzip, gzip"), large),
        Hostile("broken gzip", reply(b"\x1f\x8bnonsense", "200 OK", "Content-Encoding: gzip"), {"undecodable"}),
        Hostile("endless body", endless(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n"), large | TROUBLE),
        Hostile("endless body without length", endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), large | TROUBLE),
        Hostile("byte drip", endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x", 0.2), {"timeout"}),
        Hostile("header drip", endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", 0.2), {"timeout"}),
        Hostile("header flood", endless(b"HTTP/1.1 200 OK\r\n", b"X-Flood: " + b"a" * 900 + b"\r\n"), TROUBLE),
        Hostile("one endless header", endless(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 65536), TROUBLE),
        Hostile("interim flood", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), TROUBLE),
        Hostile("never answers", lambda *_: time.sleep(30), TROUBLE),
        Hostile("closes at once", raw(b""), TROUBLE),
        Hostile("not http", raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"), TROUBLE),
        Hostile("http 0.9", raw(PAGE), TROUBLE),
        Hostile("50 MB page", reply(b"x" * 50_000_000), large),
        Hostile("says 50 MB", reply(PAGE, length=50_000_000), large | TROUBLE),
        Hostile("length too long", reply(PAGE, length=len(PAGE) + 500), TROUBLE),
        Hostile("length too short", reply(PAGE, length=20), fine),
        Hostile("negative length", raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + PAGE), TROUBLE | fine),
        Hostile("two lengths", reply(PAGE, "200 OK", "Content-Length: 5"), TROUBLE | fine),
        Hostile("mid-body reset", reset, TROUBLE),
        Hostile("bad chunks", raw(CHUNKED + b"zz\r\nabc\r\n"), TROUBLE),
        Hostile("huge chunk", raw(CHUNKED + b"FFFFFFFFFFFFFFF\r\nabc"), TROUBLE | large),
        Hostile("redirect to itself", redirect(lambda path, _port: path), {"refused"}),
        Hostile("redirect in a circle", redirect(lambda path, _port: "/b" if path == "/" else "/"), {"refused"}),
        Hostile("redirects for ever", redirect(lambda path, _port: path + "x"), {"refused"}),
        Hostile("redirect to a canary", redirect(lambda _path, _port: f"http://localhost:{canary}/"), {"refused"}),
        Hostile("redirect to a mapped canary", redirect(lambda *_: f"http://[::ffff:7f00:1]:{canary}/"), {"refused"}),
        Hostile("redirect with a name", redirect(lambda _p, port: f"http://u:p@{loopback}:{port}/"), {"refused"}),
        Hostile("redirect to a file", redirect(lambda *_: "file:///etc/passwd"), {"refused", "http_error"}),
        Hostile("redirect to nonsense", redirect(lambda *_: "http://[::1"), {"refused", "http_error", *TROUBLE}),
        Hostile(
            "meta refresh", reply(f"<meta http-equiv=refresh content='0;http://localhost:{canary}'>".encode()), fine
        ),
        Hostile(
            "521 loop", reply(b"<script>location.reload()</script>", "521 x", "Set-Cookie: __jsluid=1"), {"blocked"}
        ),
        Hostile("412", reply(b"", "412 Precondition Failed"), {"blocked"}),
        Hostile("429", reply(b"", "429 Too Many Requests", "Retry-After: 3600"), {"http_error"}),
        Hostile("status 999", reply(b"", "999 Request denied"), {"http_error"}),
        Hostile(
            "cookie flood", reply(PAGE, "200 OK", *[f"Set-Cookie: c{n}={'x' * 4000}" for n in range(200)]), TROUBLE
        ),
        Hostile("null bytes", reply(b"\0" * 100_000), fine | {"undecodable", "not_html"}),
        Hostile("bogus charset", reply(PAGE, "200 OK", "Content-Type: text/html; charset=klingon"), fine),
        Hostile("empty", reply(b""), {"empty"}),
        Hostile("nest of tags", reply(b"<div>" * 200_000), large),
        Hostile("a page of links", reply(("<p>" + "<a href='/x'>应急管理工作会议召开</a>" * 60_000).encode()), fine),
        Hostile("billion laughs", reply(b"<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;'>]><a>&c;</a>"), fine),
        Hostile("infinite pagination", further, fine),
        Hostile("list linking to itself", reply(SELF.encode()), fine),
        Hostile("plain http on https", reply(PAGE), {"tls_error", *TROUBLE}, path="https"),
        Hostile("expired certificate", reply(PAGE), {"tls_error"}, tls=expired),
        Hostile("unknown authority", reply(PAGE), {"tls_error"}, tls=unknown),
        Hostile("another's certificate", reply(PAGE), {"tls_error"}, tls=other),
    ]


def context(leaf: trustme.LeafCert) -> ssl.SSLContext:
    """TLS with this certificate."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf.configure_cert(made)
    return made


def serve(server: Hostile, listener: socket.socket) -> None:
    """Answer until the listener closes; robots.txt is always a plain 404."""
    server.port = listener.getsockname()[1]
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_answer, args=(server, connection), daemon=True).start()


def _answer(server: Hostile, connection: socket.socket) -> None:
    with suppress(OSError), connection:
        connection.settimeout(20)
        secure = server.tls.wrap_socket(connection, server_side=True) if server.tls else connection
        with secure:
            for path in _paths(secure):
                if path == "/robots.txt":
                    reply(b"", "404 Not Found")(secure, path, server.port)
                else:
                    server.asked.append(path)
                    server.send(secure, path, server.port)
                return


def _paths(connection: socket.socket) -> Iterator[str]:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return
        data += piece
    yield data.split(b" ", 2)[1].decode("latin-1")
