"""One POST to a checked address: resolved once, refused unless global, connected as checked, never redirected."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from schema.addresses import is_global
from schema.errors import SendFailed

TIMEOUT = 20.0
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


def post(url: str, body: bytes, headers: dict[str, str], allowed: Sequence[str]) -> Answer:
    """Post once. SendFailed for a forbidden address (for good), and for a network that fails (for now)."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise SendFailed("the address is malformed", permanent=True) from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SendFailed("the address must begin with http:// or https://", permanent=True)
    try:
        address = _checked(parts.hostname, port, allowed)
        connection = _connection(parts.scheme, parts.hostname, port, address)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request("POST", path, body, headers)
            reply = connection.getresponse()
            text = reply.read(LONGEST).decode("utf-8", "replace")
        finally:
            connection.close()
    except (http.client.InvalidURL, UnicodeError) as error:
        raise SendFailed("the address holds characters that no address may hold", permanent=True) from error
    except http.client.HTTPException as error:  # its words may hold the address, and the address a token
        raise SendFailed(type(error).__name__) from error
    except OSError as error:
        raise SendFailed(f"{type(error).__name__}: {error}", unreachable="address") from error
    return Answer(reply.status, text, {name.lower(): value for name, value in reply.getheaders()})


def _checked(host: str, port: int, allowed: Sequence[str]) -> str:
    """The address to connect to. One bad address among a name's several refuses the name."""
    found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    networks = [ipaddress.ip_network(network) for network in allowed]
    for text in found:
        address = ipaddress.ip_address(text.split("%", 1)[0])
        if not is_global(address) and not any(address in network for network in networks):
            raise SendFailed(f"{host} is not a public address; CHENGNUO_ALLOW_NETWORKS can allow it", permanent=True)
    return min(found)


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    """A connection that speaks to ``host`` but goes to ``address``."""
    connection: http.client.HTTPConnection
    raw = socket.create_connection((address, port), timeout=TIMEOUT)
    if scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT)
        connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        connection.sock = raw
    return connection


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
