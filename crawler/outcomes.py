"""What came of a visit, from the answer or from the failure. Every visit has exactly one outcome."""

from __future__ import annotations

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadTimeoutError,
    UnsupportedURLSchemeError,
)
from service_identity.exceptions import VerificationError
from twisted.web.client import ResponseFailed

from crawler.middlewares import Garbled, Refused, RobotsDenied, TooLarge
from schema.announcements import CheckOutcome

_GONE = frozenset({404, 410})
_CHALLENGES = frozenset({412, 521})

_BY_EXCEPTION: tuple[tuple[type[BaseException], CheckOutcome], ...] = (
    (RobotsDenied, CheckOutcome.ROBOTS_DENIED),
    (Refused, CheckOutcome.REFUSED),
    (UnsupportedURLSchemeError, CheckOutcome.REFUSED),
    (TooLarge, CheckOutcome.TOO_LARGE),
    (DownloadCancelledError, CheckOutcome.TOO_LARGE),
    (Garbled, CheckOutcome.UNDECODABLE),
    (DownloadTimeoutError, CheckOutcome.TIMEOUT),
    (CannotResolveHostError, CheckOutcome.DNS_ERROR),
)


def status_outcome(status: int) -> CheckOutcome | None:
    """What a status says by itself, or None when the body must say."""
    if status in _GONE:
        return CheckOutcome.GONE
    if status in _CHALLENGES:
        return CheckOutcome.BLOCKED
    if status == 304:
        return CheckOutcome.UNCHANGED
    return None if 200 <= status < 300 else CheckOutcome.HTTP_ERROR


def failure_outcome(error: BaseException) -> CheckOutcome:
    """What a request without an answer came to."""
    for kind, outcome in _BY_EXCEPTION:
        if isinstance(error, kind):
            return outcome
    return CheckOutcome.TLS_ERROR if _is_tls(error) else CheckOutcome.CONNECTION_ERROR


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, SSL.Error | VerificationError):
            return True
        if isinstance(error, ResponseFailed):
            return any(_is_tls(reason.value) for reason in error.reasons)
        error = error.__cause__
    return False
