"""Connections to checked addresses, kept open for a moment so that a row of messages to one host shakes hands once."""

from __future__ import annotations

import atexit
import http.client
import ipaddress
import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from functools import cache

from schema.addresses import is_global
from schema.errors import SendFailed

TIMEOUT = 20.0
IDLE = 5.0
"""Seconds a connection is kept; servers close theirs a little later, and a name may have moved by then."""
Place = tuple[str, str, int, tuple[str, ...]]
"""Scheme, host, port, allowed networks."""
_KEPT: dict[tuple[int, Place], tuple[http.client.HTTPConnection, float]] = {}
"""By process, too: a connection never crosses a fork."""
_LOCK = threading.Lock()


def connect(place: Place) -> http.client.HTTPConnection:
    """A new connection: resolved once, refused unless global, connected as checked. SendFailed, OSError."""
    scheme, host, port, allowed = place
    return _connection(scheme, host, port, _checked(host, port, allowed))


def kept(place: Place) -> http.client.HTTPConnection | None:
    """The connection kept to that place, now the caller's alone, unless it is old or the server has ended it."""
    with _LOCK:
        found = _KEPT.pop((os.getpid(), place), None)
    if found is None:
        return None
    connection, until = found
    if until > time.monotonic() and connection.sock and not _ended(connection.sock):
        return connection
    connection.close()
    return None


def keep(place: Place, connection: http.client.HTTPConnection) -> None:
    """For the next message to that place; one a place."""
    now = time.monotonic()
    with _LOCK:
        over = [key for key, (_, until) in _KEPT.items() if until < now or key == (os.getpid(), place)]
        old = [_KEPT.pop(key)[0] for key in over]
        _KEPT[os.getpid(), place] = (connection, now + IDLE)
    for one in old:
        one.close()


@atexit.register
def let_go() -> None:
    """Close what is kept."""
    with _LOCK:
        for connection, _until in _KEPT.values():
            connection.close()
        _KEPT.clear()


def _ended(sock: socket.socket) -> bool:
    """Whether there is something to read where nothing was asked: an end, or words that belong to no answer."""
    return bool(select.select([sock], [], [], 0)[0])


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
    raw.setsockopt(
        socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    )  # head and body leave apart: no wait for the first's receipt
    if scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT)
        connection.sock = _trust().wrap_socket(raw, server_hostname=host)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
        connection.sock = raw
    connection.auto_open = 0  # it would connect again without asking which address
    return connection


@cache
def _trust() -> ssl.SSLContext:
    """Reading the machine's certificates costs more than a message."""
    return ssl.create_default_context()
