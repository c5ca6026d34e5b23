"""Signed words for links in messages: made with the house's key, good until a day, of no use for anything else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime

SHORTEST_KEY = 32
"""Bytes; a key that can be guessed signs nothing."""


class BadToken(Exception):
    """A token that is malformed, not ours, for another purpose, or expired."""


def sign(key: bytes, purpose: str, words: tuple[str, ...], until: datetime) -> str:
    """A URL-safe token over ``words``; only :func:`read` with the same key and purpose gives them back."""
    if len(key) < SHORTEST_KEY:
        raise ValueError(f"a signing key needs at least {SHORTEST_KEY} bytes")
    body = json.dumps([int(until.timestamp()), *words], ensure_ascii=False, separators=(",", ":")).encode()
    return f"{_text(body)}.{_text(_mac(key, purpose, body))}"


def read(key: bytes, purpose: str, token: str, now: datetime) -> tuple[str, ...]:
    """The words of a token. Raises BadToken; the comparison takes the same time for every wrong signature."""
    body_text, _, mac_text = token.partition(".")
    try:
        body, mac = _bytes(body_text), _bytes(mac_text)
    except (ValueError, binascii.Error) as error:
        raise BadToken("malformed") from error
    if not hmac.compare_digest(mac, _mac(key, purpose, body)):
        raise BadToken("not signed by this house")
    until, *words = json.loads(body)
    if now.timestamp() > until:
        raise BadToken("expired")
    return tuple(words)


def _mac(key: bytes, purpose: str, body: bytes) -> bytes:
    return hmac.new(key, purpose.encode() + b"\0" + body, hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    if not text.isascii():
        raise ValueError("not ASCII")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
