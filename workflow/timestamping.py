"""Asks the configured time-stamp authority (RFC 3161 over HTTP)."""

from __future__ import annotations

import http.client
import urllib.request
from functools import partial

from schema.errors import StoreError, UnreadableInput, UsageError
from store.stamping import Stamper
from workflow.settings import Settings

SECONDS = 30.0
LONGEST = 1 << 20
"""Bytes read of a reply; real ones have a few thousand."""


def stamper_of(settings: Settings) -> Stamper:
    """The stamper of this house. Raises UsageError when it is not configured, UnreadableInput for the certificates."""
    if not settings.timestamp_url or settings.timestamp_ca is None:
        raise UsageError(
            "--timestamp: 设置 set CHENGNUO_TIMESTAMP_URL (the authority) and CHENGNUO_TIMESTAMP_CA (its certificates)"
        )
    try:
        authority = settings.timestamp_ca.read_bytes()
    except OSError as error:
        raise UnreadableInput(settings.timestamp_ca, f"读不了 cannot be read: {error.strerror}") from error
    return Stamper(authority, partial(ask, settings.timestamp_url))


def ask(url: str, query: bytes) -> bytes:
    """Send one query; the reply's bytes. Raises StoreError."""
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    request = urllib.request.Request(url, data=query, headers=headers)  # noqa: S310 - the setting takes http(s) only
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:  # noqa: S310 - as above
            found: bytes = reply.read(LONGEST)
    except (OSError, http.client.HTTPException) as error:
        raise StoreError(
            f"时间戳机构没有答复 the time-stamp authority does not answer: {error}; try again, or leave --timestamp out"
        ) from error
    return found
