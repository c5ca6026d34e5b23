"""Who may write: a person at this machine, from our own page. Everyone else only reads."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request, Response

COOKIE = "chengnuo_form"
LARGEST = 64 * 1024
"""Bytes of a form."""


class Refused(Exception):
    """A form that is not accepted: the HTTP status, and a key of words.REFUSALS that says why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class Guard:
    """CSRF tokens of one process: an HttpOnly cookie, and its signature in every form."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def may_write(self, request: Request) -> bool:
        """True on loopback and under a loopback name: no proxy, no rebound name, no other machine."""
        host = request.client.host if request.client else ""
        return _loopback(host) and _loopback(urlsplit(f"//{request.headers.get('host', '')}").hostname or "")

    def ticket(self, request: Request) -> tuple[str, str]:
        """The cookie's value (the request's own, or a new one) and the token that belongs to it."""
        value = request.cookies.get(COOKIE) or secrets.token_urlsafe(24)
        return value, self._sign(value)

    def check(self, request: Request, token: str) -> None:
        """Raises Refused 403 unless the form came from our own page on this machine."""
        if not self.may_write(request):
            raise Refused(403, "not_here")
        origin = request.headers.get("origin")
        if origin != f"{request.url.scheme}://{request.headers['host']}":
            raise Refused(403, "other_site")
        value = request.cookies.get(COOKIE, "")
        if not value or not hmac.compare_digest(self._sign(value).encode(), token.encode()):
            raise Refused(403, "old_page")

    def _sign(self, value: str) -> str:
        return hmac.new(self._secret, value.encode(), hashlib.sha256).hexdigest()


def set_cookie(response: Response, value: str) -> None:
    """The form cookie: unreadable to scripts, never sent from another site."""
    response.set_cookie(COOKIE, value, httponly=True, samesite="strict")
    response.headers["Cache-Control"] = "private, no-store"


async def form(request: Request) -> dict[str, str]:
    """The fields of a urlencoded form; of a repeated field the last. Raises Refused 415, 413 or 400."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise Refused(415, "no_form")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise Refused(413, "too_large")
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=50))
    except ValueError as error:
        raise Refused(400, "no_form") from error


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
