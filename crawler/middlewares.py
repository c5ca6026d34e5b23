"""What stands between the spider and the network: the guard, robots.txt, conditional requests, limits."""

from __future__ import annotations

import logging
import zlib
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from crawler.errands import Errand, Role, Run, address_refusal
from crawler.patience import LeftAlone, why_left_alone


class Refused(IgnoreRequest):
    """An address, scheme or redirect that is never followed."""


class RobotsDenied(IgnoreRequest):
    """robots.txt asks us to stay away."""


class TooLarge(IgnoreRequest):
    """More bytes than a page may have, before or after decompression."""


class Garbled(IgnoreRequest):
    """A body that does not decompress."""


class BudgetSpent(IgnoreRequest):
    """The run may make no further request."""


class _Ours:
    """Knows the run through the spider."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    @property
    def run(self) -> Run:
        run = getattr(self._crawler.spider, "run", None)
        assert isinstance(run, Run)
        return run


class GuardAddresses(_Ours):
    """Refuses what is not in the registry, at every hop; keeps one queue a host and port; counts the budget."""

    _private: frozenset[str] | None = None

    def process_request(self, request: Request) -> None:
        """Raise Refused, LeftAlone or BudgetSpent, or let the request pass."""
        run = self.run
        errand: Errand | None = request.meta.get("errand")
        hosts = errand.source.hosts if errand else [host for source in run.sources for host in source.hosts]
        reason = address_refusal(request.url, hosts, self._private_hosts(run))
        if reason is not None:
            raise Refused(reason)
        alone = why_left_alone(run, errand) if errand else None
        if alone is not None:
            raise LeftAlone(alone)
        if run.report.requests >= run.options.budget:
            run.report.finished = "budget"
            raise BudgetSpent(f"the run's {run.options.budget} requests are spent")
        run.report.requests += 1
        request.meta["download_slot"] = urlsplit(request.url).netloc

    def _private_hosts(self, run: Run) -> frozenset[str]:
        if self._private is None:
            self._private = run.private_hosts
        return self._private


class AskWhatChanged(_Ours):
    """Makes a request for a kept article conditional, on our own memory of its validators, at every hop."""

    def process_request(self, request: Request) -> None:
        """Set the headers for the very address asked now."""
        request.headers.pop("If-None-Match", None)
        request.headers.pop("If-Modified-Since", None)
        errand: Errand | None = request.meta.get("errand")
        if errand is None or errand.role not in {Role.ARTICLE, Role.FILE} or errand.source.browser:
            return  # a page that its scripts fill is the same shell whatever it says
        known = self.run.options.validators(request.url)
        if known is not None and known.etag:
            request.headers["If-None-Match"] = known.etag
        if known is not None and known.last_modified:
            request.headers["If-Modified-Since"] = known.last_modified


_FAULTS = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    ConnectError,
    ConnectionDone,
    ConnectionLost,
    OSError,
)


def _not_a_fault(record: logging.LogRecord) -> bool:
    """A robots.txt that cannot be had is no error of ours; the page's own request tells the same story."""
    return not (record.exc_info and isinstance(record.exc_info[1], _FAULTS))


class ObeyRobots(RobotsTxtMiddleware):
    """Scrapy's robots.txt, with an exception of its own, and the same answer for everybody who waited for it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        logging.getLogger(RobotsTxtMiddleware.__module__).addFilter(_not_a_fault)

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The host's rules, once they are known.

        Of several requests that wait for one robots.txt, Scrapy 2.19 hands the rules to the first and None to the
        others, which then go where they may not: look again.
        """
        told = await super().robot_parser(request)
        settled = self._parsers[urlsplit(request.url).netloc]
        return told if isinstance(settled, Deferred) else settled

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raise RobotsDenied, or let the request pass."""
        agent = self._default_useragent
        if rp is not None and not rp.allowed(request.url, agent):
            raise RobotsDenied("robots.txt asks us to stay away")


class Redirects(RedirectMiddleware):
    """Scrapy's redirects, with an exception of its own past the limit."""

    def handle_referer(self, request: Request, response: Response) -> None:  # noqa: ARG002 - Scrapy's shape
        """We never say where we come from."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Scrapy would look for its referer middleware here, and miss it."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        if request.meta.get("redirect_times", 0) >= self.max_redirect_times:
            raise Refused(f"more than {self.max_redirect_times} redirects")
        if redirected.url in (*request.meta.get("redirect_urls", ()), request.url):
            raise Refused(f"redirected in a circle, to {redirected.url}")
        followed = super()._redirect(redirected, request, reason)
        followed.dont_filter = True  # seen before or not: this errand has an outcome of its own
        return followed


class Decompress(HttpCompressionMiddleware):
    """Scrapy's decompression, telling a bomb from a broken body."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:  # noqa: ARG002
        """Raise TooLarge or Garbled, or pass the decompressed answer on."""
        try:
            return super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooLarge(f"more than {self._max_size} bytes after decompression") from error
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise Garbled(f"{response.headers.get('Content-Encoding')!r} body does not decompress") from error
