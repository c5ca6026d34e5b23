"""SampleWeb: the sample sites on a loopback port, with a log of everything they were asked."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from sample.replies import Reply
from sample.sources import sample_sources
from sample.web import Web
from schema.announcements import Source


@dataclass(frozen=True, slots=True)
class Asked:
    """One request the sample web saw. Times are seconds of a monotonic clock."""

    method: str
    path: str
    began: float
    ended: float
    status: int
    sent: int
    """Bytes of body sent."""
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        """A request header's value, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


def visit_day(season: int) -> date:
    """The day of a season's visit: what is published later is not there yet."""
    return date(season, 2, 28)


class SampleWeb:
    """The sample sites at ``base_url``, as they stand on the last day of February of ``season``.

    A context manager; ``advance`` moves to the next year. Two crawls of one season see the same bytes, unless
    ``edited`` is set in between: then the page that is edited quietly has changed already.
    """

    def __init__(self, port: int = 0, season: int = 2025, *, edited: bool = False) -> None:
        self._season, self._edited = season, edited
        self._lock = threading.Lock()
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._web = self._build()

    @property
    def base_url(self) -> str:
        """``http://127.0.0.1:PORT`` without a slash."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def season(self) -> int:
        """The plan year whose announcements are the newest."""
        return self._season

    @season.setter
    def season(self, year: int) -> None:
        self._season = year
        self._web = self._build()

    @property
    def edited(self) -> bool:
        """Whether the quiet edit has already happened in its own season."""
        return self._edited

    @edited.setter
    def edited(self, value: bool) -> None:
        self._edited = value
        self._web = self._build()

    def advance(self) -> int:
        """One year on; returns the new season."""
        self.season = self._season + 1
        return self._season

    def sources(self) -> tuple[Source, ...]:
        """The registry's records for these sites, as of the season."""
        return sample_sources(self.base_url, self._season)

    def start(self) -> Self:
        """Serve until ``stop``."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exc: object) -> None:
        self.stop()

    def answer(self, path: str, form: str) -> Reply:
        """What the sites say at this moment."""
        return self._web.reply(path, form)

    def note(self, asked: Asked) -> None:
        """Write one line of the log."""
        with self._lock:
            self.asked.append(asked)

    def _build(self) -> Web:
        return Web(self.base_url, self._season, visit_day(self._season), edited=self._edited)


def _handler(web: SampleWeb) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "sample"
        sys_version = ""
        wbufsize = -1  # head and body in one packet, or the client waits for a delayed acknowledgement

        def do_GET(self) -> None:
            self._serve("")

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self._serve(self.rfile.read(length).decode("utf-8", "replace"))

        def _serve(self, form: str) -> None:
            began = time.monotonic()
            reply = web.answer(self.path, form)
            time.sleep(reply.seconds)
            status, body = (304, b"") if self._is_known(reply) else (reply.status, reply.body)
            self.send_response(status)
            for name, value in _headers(reply, body):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            headers = tuple(self.headers.items())
            web.note(Asked(self.command, self.path, began, time.monotonic(), status, len(body), headers))

        def _is_known(self, reply: Reply) -> bool:
            if reply.status != 200 or reply.modified is None:
                return False
            given = self.headers.get("If-None-Match")
            return given == reply.etag if given else self.headers.get("If-Modified-Since") == reply.last_modified

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """The log is ``SampleWeb.asked``."""

    return Handler


def _headers(reply: Reply, body: bytes) -> list[tuple[str, str]]:
    headers = [("Content-Type", reply.content_type), ("Content-Length", str(len(body)))]
    if reply.modified is not None and reply.last_modified is not None:
        headers += [("ETag", reply.etag), ("Last-Modified", reply.last_modified)]
    if reply.location is not None:
        headers.append(("Location", reply.location))
    if reply.cookie is not None:
        headers.append(("Set-Cookie", reply.cookie))
    return headers
