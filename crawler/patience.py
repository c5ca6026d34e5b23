"""When a site is left alone for the rest of a run: it said so, it takes us for a machine, or it has failed enough."""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from crawler.errands import Errand, Run
from crawler.windows import quiet_now

_ASKED_TO_WAIT = frozenset({429, 503})


class LeftAlone(IgnoreRequest):
    """The source is not asked now; nothing was sent, so there is nothing to keep."""


def why_left_alone(run: Run, errand: Errand) -> str | None:
    """Why an errand's source is not asked now, or None."""
    window = quiet_now(errand.source.quiet, run.options.clock())
    if window is not None:
        return f"quiet window {window}"
    return run.resting.get(errand.source.slug)


class Patience(RetryMiddleware):
    """Scrapy's second attempts, within a budget for every source; a site that says when to come back is not retried."""

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:  # noqa: ARG002
        """A new attempt, or the answer as it is."""
        errand: Errand | None = request.meta.get("errand")
        if errand is not None and response.status in _ASKED_TO_WAIT and "Retry-After" in response.headers:
            wait = (response.headers["Retry-After"] or b"").decode("latin-1")[:40]
            self._run.resting.setdefault(errand.source.slug, f"HTTP {response.status}, Retry-After {wait}")
            return response
        return super().process_response(request, response)

    def _retry(self, request: Request, reason: Any) -> Request | None:
        errand: Errand | None = request.meta.get("errand")
        if errand is None:
            return super()._retry(request, reason)
        report = self._run.of(errand.source)
        if report.retries >= self._run.options.retry_budget:
            return None
        again = super()._retry(request, reason)
        report.retries += again is not None
        return again

    @property
    def _run(self) -> Run:
        run = getattr(self.crawler.spider, "run", None)
        assert isinstance(run, Run)
        return run
