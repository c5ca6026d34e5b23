"""Downloads over TLS that is verified, except for hosts whose source file records why not; headers have an end.

A host's pause is counted from the end of an answer: counted from the question, a slow way would shorten what it sees.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers import http11
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.web._newclient import ParseError
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.errands import Run
from crawler.patience import LeftAlone, why_left_alone

MOST_HEADER_BYTES = 256 * 1024
"""Of one answer, interim answers included. Twisted bounds a line, not their number: a flood would fill memory."""


class BoundedParser(http11._LenientHTTPClientParser):  # noqa: SLF001 - the only door Scrapy leaves
    """Scrapy's parser of answers, which gives up on headers that do not end."""

    _seen = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        """Count, then parse."""
        self._seen += len(line) + 1
        if self._seen > MOST_HEADER_BYTES:
            raise ParseError(f"more than {MOST_HEADER_BYTES} bytes of headers", line[:80])  # type: ignore[no-untyped-call]
        super().lineReceived(line)


# Scrapy's client protocol looks its parser up by this name for every answer
http11._LenientHTTPClientParser = BoundedParser  # type: ignore[misc]  # noqa: SLF001


@implementer(IPolicyForHTTPS)
class VerifyExcept:
    """Chooses by host name whether certificates are verified."""

    def __init__(self, exceptions: frozenset[str]) -> None:
        self._exceptions = exceptions
        self._strict = _ScrapyClientContextFactory(verify_certificates=True)
        self._lax = _ScrapyClientContextFactory(verify_certificates=False)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802 - Twisted's name
        """Twisted's question: how to speak TLS with this host."""
        lax = hostname.decode("ascii") in self._exceptions
        return (self._lax if lax else self._strict).creatorForNetloc(hostname, port)


class GuardedDownloadHandler(http11.HTTP11DownloadHandler):
    """Scrapy's handler for http and https with our certificate policy and our pauses."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        run = getattr(crawler.spider, "run", None)
        assert isinstance(run, Run)
        exceptions = {host for source in run.sources if not source.verify_tls for host in source.hosts}
        self._run = run
        self._contextFactory = VerifyExcept(frozenset(exceptions))  # type: ignore[assignment]

    async def download_request(self, request: Request) -> Response:
        """The answer, or the error Scrapy raises; either way the host rests from now.

        Raises LeftAlone when the source asked for rest, or took us for a machine, while the request stood in the
        host's queue: it is not sent.
        """
        errand = request.meta.get("errand")
        alone = why_left_alone(self._run, errand) if errand is not None else None
        if alone is not None:
            raise LeftAlone(alone)
        try:
            return await super().download_request(request)
        finally:
            rest_from_now(self._crawler, request)


def rest_from_now(crawler: Crawler, request: Request) -> None:
    """Count the pause of the request's host from this moment. Without a pause there is nothing to count.

    Scrapy's own AutoThrottle reaches the slots the same way.
    """
    slots = crawler.engine.downloader.slots if crawler.engine is not None else {}
    slot = slots.get(request.meta.get("download_slot", ""))
    if slot is not None and crawler.settings.getbool("AUTOTHROTTLE_ENABLED"):
        slot.lastseen = monotonic()
