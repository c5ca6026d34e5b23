"""Who asks, and whether they may. Every route declares its role; one that declares none is refused."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request, Response

from schema.accounts import LOCAL, Person, Role
from store.accounts import AccountBook
from store.api_tokens import TokenBook
from store.database import Database
from store.sessions import LONGEST, SessionBook

SESSION_COOKIE = "chengnuo_session"
FORM_COOKIE = "chengnuo_form"
MACHINES = ("/api/", "/feeds/")
"""Where bearer tokens count and answers are for programs."""
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class Refused(Exception):
    """A request that is not accepted: the HTTP status, and a key of words.REFUSALS that says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Stranger(Exception):
    """Nobody has proved who they are, and the route is not for everybody."""


@dataclass(frozen=True, slots=True)
class Access:
    """How people reach the desk; made from the settings."""

    single_user: bool = False
    """No sign-in for requests from this machine, as long as there is no account. Only for a server on loopback."""
    base_url: str = "http://127.0.0.1:8765"
    """The public address, as people type it."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Signs form tokens; the same in every process that serves the desk."""
    proxy_header: str = ""
    """Header in which a trusted proxy names the person; empty: nobody is believed."""
    proxies: tuple[str, ...] = ()
    """Networks of trusted proxies."""


class Gate:
    """Proves who asks: bearer token, trusted proxy, session cookie, or the one person at this machine."""

    def __init__(self, database: Database, access: Access, now: Callable[[], datetime]) -> None:
        self.access = access
        self.accounts, self.sessions = AccountBook(database, now), SessionBook(database, now)
        self.tokens = TokenBook(database, now)
        self._proxies = tuple(ipaddress.ip_network(network) for network in access.proxies)
        self._peopled = False

    def person(self, request: Request) -> Person | None:
        """Who asks; None for a stranger."""
        if request.url.path.startswith(MACHINES):
            secret = _bearer(request)
            if secret is not None:
                return self.tokens.person(secret)
        if self.access.proxy_header and self._from_proxy(request) and self.access.proxy_header in request.headers:
            return self._named(request.headers[self.access.proxy_header])
        cookie = request.cookies.get(SESSION_COOKIE)
        if cookie:
            found = self.sessions.person(cookie)
            if found is not None:
                return found
        return Person(LOCAL, Role.ADMIN) if self.is_single(request) else None

    def is_single(self, request: Request) -> bool:
        """True for this machine's one person: no account yet, no proxy, no rebound name, no other machine."""
        return self.access.single_user and _at_home(request) and not self.peopled()

    def peopled(self) -> bool:
        """True once there are accounts; they are never deleted."""
        self._peopled = self._peopled or self.accounts.any()
        return self._peopled

    def address(self, request: Request) -> str:
        """Where a request comes from: the peer, or what a trusted proxy says it is."""
        peer = request.client.host if request.client else ""
        told = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return told[:64] if told and self._from_proxy(request) else peer

    def _from_proxy(self, request: Request) -> bool:
        try:
            peer = ipaddress.ip_address(request.client.host if request.client else "")
        except ValueError:
            return False
        return any(peer in network for network in self._proxies)

    def _named(self, name: str) -> Person | None:
        found = self.accounts.by_name(name)
        return Person(found[0].name, found[0].role, found[0].id) if found and found[0].enabled else None

    def ticket(self, request: Request) -> tuple[str, str]:
        """The form cookie's value (the request's own, or a new one) and the token that belongs to it and the session.

        The value is empty when the token belongs to a session: its own cookie is there already.
        """
        session = request.cookies.get(SESSION_COOKIE, "")
        person = getattr(request.state, "person", None)
        if session and person is not None and person.session is not None:
            return "", self._sign(f"session {session}")
        value = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)
        return value, self._sign(f"form {value}")

    def check_form(self, request: Request, token: str) -> None:
        """Raises Refused 403 unless the request came from our own page in the person's own browser."""
        person = getattr(request.state, "person", None)
        if person is not None and person.token is not None:
            return  # a bearer token is never sent by a browser on its own
        base = urlsplit(self.access.base_url)
        here = f"{request.url.scheme}://{request.headers.get('host', '')}"
        if request.headers.get("origin") not in (here, f"{base.scheme}://{base.netloc}"):
            raise Refused(403, "other_site")
        value, wanted = self.ticket(request)
        if value and value != request.cookies.get(FORM_COOKIE):
            raise Refused(403, "old_page")
        if not hmac.compare_digest(wanted.encode(), token.encode()):
            raise Refused(403, "old_page")

    def set_session(self, response: Response, secret: str) -> None:
        """Give the browser its session; empty: take it away."""
        secure = self.access.base_url.startswith("https:")
        if secret:
            age = int(LONGEST.total_seconds())
            response.set_cookie(SESSION_COOKIE, secret, max_age=age, httponly=True, samesite="lax", secure=secure)
        else:
            response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=secure)

    def set_form(self, response: Response, value: str) -> None:
        """Give the browser its form cookie: unreadable to scripts, never sent from another site."""
        secure = self.access.base_url.startswith("https:")
        response.set_cookie(FORM_COOKIE, value, httponly=True, samesite="strict", secure=secure)

    def _sign(self, value: str) -> str:
        return hmac.new(self.access.secret, value.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Need:
    """What a route demands; ``role`` None: nothing, it is for everybody."""

    role: Role | None

    def __call__(self, request: Request) -> None:
        """Puts the person into ``request.state.person``. Raises Stranger, or Refused 403 for a too-low role."""
        person = request.app.state.gate.person(request)
        request.state.person = person
        if self.role is None:
            return
        if person is None:
            raise Stranger
        if not person.role.covers(self.role):
            raise Refused(403, "not_yours")


def require(role: Role) -> Any:
    """For ``dependencies=[require(Role.VIEWER)]``: the route is for people of this role and above."""
    return Depends(Need(role))


def public() -> Any:
    """For ``dependencies=[public()]``: the route is for everybody. Say why beside it."""
    return Depends(Need(None))


def declared(route: object) -> Need | None:
    """What a route demands; None when it forgot to say."""
    found = (getattr(one, "dependency", None) for one in getattr(route, "dependencies", ()))
    return next((need for need in found if isinstance(need, Need)), None)


async def refuse_undeclared(request: Request) -> None:
    """The app's own dependency: a route that declares nothing is refused to everybody.

    It waits for nothing; async, so that no thread is asked for it.
    """
    if declared(request.scope.get("route")) is None:
        raise Refused(403, "undeclared")


def guard(app: FastAPI, gate: Gate) -> None:
    """Put the gate where routes find it."""
    app.state.gate = gate


def _bearer(request: Request) -> str | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme:
        return secret.strip() if scheme.lower() == "bearer" else ""
    in_address = request.query_params.get("token") if request.url.path.startswith("/feeds/") else None
    return in_address or None


def _at_home(request: Request) -> bool:
    host = request.client.host if request.client else ""
    try:
        name = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        return False
    return is_loopback(host) and is_loopback(name) and not any(header in request.headers for header in FORWARDED)


def is_loopback(host: str) -> bool:
    """True for an address or name that only this machine can reach."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
