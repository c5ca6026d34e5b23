"""One POST to a checked address: resolved once, refused unless global, connected as checked, never redirected."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from notifier import connections
from schema.errors import SendFailed

LONGEST = 65_536
"""Bytes read of an answer."""
_PASSING = frozenset({408, 425, 429})
_SERVER = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. Header names are lower case."""

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)


def post(url: str, body: bytes, headers: dict[str, str], allowed: Sequence[str], *, again: bool = False) -> Answer:
    """Post once. SendFailed for a forbidden address (for good), and for a network that fails (for now).

    With ``again`` a connection to the same host is used again; when the server has just ended it, the message goes out
    on a new one. Only for a receiver that counts a repeat once: what it read before it hung up is not known.
    """
    place, path = _place(url, allowed)
    try:
        if again and (kept := connections.kept(place)) is not None:
            try:
                return _posted(kept, place, (path, body, headers))
            except (http.client.BadStatusLine, ConnectionError):
                kept.close()
        connection = connections.connect(place)
        return _posted(connection, place if again else None, (path, body, headers))
    except (http.client.InvalidURL, UnicodeError) as error:
        raise SendFailed("the address holds characters that no address may hold", permanent=True) from error
    except http.client.HTTPException as error:  # its words may hold the address, and the address a token
        raise SendFailed(type(error).__name__) from error
    except OSError as error:
        raise SendFailed(f"{type(error).__name__}: {error}", unreachable="address") from error


def _place(url: str, allowed: Sequence[str]) -> tuple[connections.Place, str]:
    """Where to connect, and what to ask for there."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise SendFailed("the address is malformed", permanent=True) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SendFailed("the address must begin with http:// or https://", permanent=True)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return (parts.scheme, parts.hostname, port, tuple(allowed)), path


def _posted(
    connection: http.client.HTTPConnection, place: connections.Place | None, message: tuple[str, bytes, dict[str, str]]
) -> Answer:
    """One message and its answer; kept for ``place`` when the answer was read to its end, else closed."""
    usable = False
    try:
        connection.request("POST", *message)
        reply = connection.getresponse()
        text = reply.read(LONGEST).decode("utf-8", "replace")
        usable = place is not None and reply.isclosed() and not reply.will_close
    finally:
        if usable and place is not None:
            connections.keep(place, connection)
        else:
            connection.close()
    return Answer(reply.status, text, {name.lower(): value for name, value in reply.getheaders()})


def http_failure(answer: Answer, now: datetime) -> SendFailed:
    """What a status other than 2xx means: 4xx is for good, except 408, 425 and 429; Retry-After is honoured."""
    permanent = answer.status < _SERVER and answer.status not in _PASSING
    wait = _seconds(answer, now)
    return SendFailed(f"HTTP {answer.status}", permanent=permanent, retry_after=wait, code=str(answer.status))


def _seconds(answer: Answer, now: datetime) -> float | None:
    """Retry-After in seconds or as a date."""
    given = answer.headers.get("retry-after", "")
    if given.isdecimal():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given).astimezone(UTC) - now).total_seconds()) if given else None
    except ValueError:
        return None
