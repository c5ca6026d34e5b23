"""KeepPages: every answer, error and challenge goes to the archive as a check, with its page, before it is read.

Scrapy runs item pipelines after the spider's callback has read a page. Ours is therefore called by the spider
itself, as the first thing it does with an answer (docs/decisions); the spider goes on when the answer is kept.
"""

from __future__ import annotations

import re
from urllib.parse import urldefrag, urlencode

from scrapy import Request
from scrapy.http import Response
from scrapy.utils.python import to_unicode

from crawler.errands import Errand, Role, Run
from crawler.lists.text import page_text
from crawler.outcomes import failure_outcome, status_outcome
from crawler.read.outcome import DEEPEST, before_decoding, of_markup, of_size
from crawler.resolver import refused_address
from crawler.together import Together
from schema.announcements import Check, CheckOutcome, Outcome, Page

_SHORT = 16_384
"""Bytes below which a page is looked through for what is not an article."""
_FEW_LINKS = 5
_SCRIPTS = re.compile(r"<(script|style|title)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(r"<[^>]*>")
_OF_READING = {
    Outcome.BLOCKED: CheckOutcome.BLOCKED,
    Outcome.SOFT_404: CheckOutcome.SOFT_404,
    Outcome.LOGIN: CheckOutcome.LOGIN,
    Outcome.EMPTY: CheckOutcome.EMPTY,
    Outcome.TOO_LARGE: CheckOutcome.TOO_LARGE,
}


class KeepPages:
    """Hands visits to the archive and counts them."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._together = Together(run.keep)

    async def answer(self, response: Response, errand: Errand) -> tuple[Page | None, CheckOutcome]:
        """Keep an answer; the page is None for 304 and for an answer without a body to keep."""
        page = self._page(response, errand)
        outcome = status_outcome(response.status) or judge_page(page, errand.role)
        if outcome is CheckOutcome.BLOCKED:  # from this answer on, not only once it is kept
            self._run.resting.setdefault(errand.source.slug, "网站拦截，本轮不再问 it shows a challenge")
        kept = None if outcome is CheckOutcome.UNCHANGED else page
        seconds = response.meta.get("download_latency")
        check = Check(
            source=errand.source.slug,
            url=page.url,
            at=page.fetched_at,
            outcome=outcome,
            status=response.status,
            page_sha256=kept.sha256 if kept else None,
            seconds=seconds,
        )
        return kept, await self._keep(kept, check, errand)

    async def failure(self, request: Request, error: BaseException, errand: Errand) -> CheckOutcome:
        """Keep a visit that got no answer."""
        outcome = failure_outcome(error)
        refused = refused_address(request.url) if outcome is CheckOutcome.DNS_ERROR else None
        detail = f"{type(error).__name__}: {error}"
        if refused is not None:
            outcome, detail = CheckOutcome.REFUSED, f"the name means {refused}, which is not a global address"
        at = self._run.options.clock()
        check = Check(source=errand.source.slug, url=request.url, at=at, outcome=outcome, detail=detail[:500])
        return await self._keep(None, check, errand)

    async def _keep(self, page: Page | None, check: Check, errand: Errand) -> CheckOutcome:
        outcome = check.outcome if self._run.options.dry_run else await self._together.keep((page, check))
        report = self._run.of(errand.source)
        report.outcomes[outcome] += 1
        report.seconds += check.seconds or 0.0
        if page is not None:
            report.pages += 1
            report.bytes += len(page.body)
        return outcome

    def _page(self, response: Response, errand: Errand) -> Page:
        headers = tuple(
            (to_unicode(name, "latin-1"), to_unicode(value, "latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        url = _identity(response.url, errand)
        chain = (*response.meta.get("redirect_urls", ()), url)
        return Page(
            url=url,
            source=errand.source.slug,
            status=response.status,
            body=response.body,
            fetched_at=self._run.options.clock(),
            headers=headers,
            url_chain=chain,
        )


def _identity(url: str, errand: Errand) -> str:
    """What is posted is part of an address: without it the pages of a list would replace one another at every visit."""
    return f"{urldefrag(url).url}#{urlencode(errand.form)}" if errand.form else url


def judge_page(page: Page, role: Role) -> CheckOutcome:
    """What a body says it is; NEW until the archive knows better.

    Marks of challenges, missing pages and login forms count on short pages only: a challenge has no more to say.
    """
    cookies = " ".join(value for name, value in page.headers if name.lower() == "set-cookie")
    told = before_decoding(page.status, page.body, cookies)
    if told is None and len(page.body) < _SHORT and not (role is Role.LIST and _has_rows(page.body)):
        html = page_text(page.body)
        told = of_markup(html, " ".join(_TAGS.sub(" ", _SCRIPTS.sub(" ", html)).split()))
    if told is None and len(page.body) > DEEPEST:
        told = of_size(page_text(page.body))
    return _OF_READING.get(told[0], CheckOutcome.NEW) if told else CheckOutcome.NEW


def _has_rows(body: bytes) -> bool:
    """A list, or the JSON and XML that lists come in: its titles may speak of missing pages."""
    return body.count(b"<a ") > _FEW_LINKS or body.lstrip()[:1] == b"{" or b"<record" in body
