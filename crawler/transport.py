"""Downloads over TLS that is verified, except for hosts whose source file records why not."""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.errands import Run


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


class GuardedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https with our certificate policy."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        run = getattr(crawler.spider, "run", None)
        assert isinstance(run, Run)
        exceptions = {host for source in run.sources if not source.verify_tls for host in source.hosts}
        self._contextFactory = VerifyExcept(frozenset(exceptions))  # type: ignore[assignment]
