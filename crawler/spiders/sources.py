"""Takes columns and digests to announcement pages. Every answer is kept before it is read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit

from scrapy import FormRequest, Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.entries import Entry
from crawler.errands import Errand, Role, Run
from crawler.lists import ListPage, read_list
from crawler.lists.anchors import outside_links
from crawler.middlewares import BudgetSpent
from crawler.patience import LeftAlone
from crawler.pipelines import KeepPages
from crawler.read.attachments import attachments
from schema.announcements import CheckOutcome, Page, RefusedCandidate, Source, SourceKind
from schema.errors import ChengnuoError, StoreError

_ROLES = {
    SourceKind.COLUMN: Role.LIST,
    SourceKind.DIGEST: Role.DIGEST,
    SourceKind.ARTICLE: Role.ARTICLE,
    SourceKind.NATIONAL: Role.LIST,
}
_READABLE = frozenset({CheckOutcome.NEW, CheckOutcome.UNCHANGED})


class SourceSpider(Spider):
    """One run over all sources."""

    name = "sources"

    def __init__(self, run: Run, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.run = run
        self._pages = KeepPages(run)

    async def start(self) -> AsyncIterator[Request]:
        """The start addresses of every source, then the announcements kept before: edited or withdrawn pages show."""
        for source in self.run.visited:
            role = _ROLES.get(source.kind)
            for url in source.urls if role else ():
                assert role is not None
                yield self._request(url, Errand(source, role))
        for source in self.run.visited if not self.run.options.dry_run else ():
            for url in self.run.options.revisit.get(source.slug, ()):
                yield self._request(url, Errand(source, Role.ARTICLE))

    async def answered(self, response: Response, errand: Errand) -> AsyncIterator[Request]:
        """Keep, then follow."""
        try:
            page, outcome = await self._pages.answer(response, errand)
        except (ChengnuoError, MemoryError) as error:
            raise self._stop(error) from error
        page = page or self._known(response, outcome, errand)
        if page is not None and outcome in _READABLE:
            for request in self._follow(page, errand):
                yield request

    def _known(self, response: Response, outcome: CheckOutcome, errand: Errand) -> Page | None:
        """An unchanged article as it was kept: its file may have changed, or may not have been had the last time."""
        is_known = outcome is CheckOutcome.UNCHANGED and errand.role is Role.ARTICLE
        return self.run.options.kept(response.url) if is_known else None

    async def failed(self, failure: Failure) -> None:
        """Keep what a request without an answer came to."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if isinstance(failure.value, BudgetSpent):
            return
        if isinstance(failure.value, LeftAlone):
            self._leave_alone(request, failure.value)
            return
        assert failure.value is not None
        try:
            await self._pages.failure(request, failure.value, request.cb_kwargs["errand"])
        except (ChengnuoError, MemoryError) as error:
            raise self._stop(error) from error

    def _leave_alone(self, request: Request, why: LeftAlone) -> None:
        """Nothing was asked: no check, but the run says so once a source."""
        errand: Errand = request.cb_kwargs["errand"]
        self.run.of(errand.source).left_alone += 1
        self.run.report.left_alone.setdefault(errand.source.slug, str(why))

    def _stop(self, error: ChengnuoError | MemoryError) -> CloseSpider:
        if isinstance(error, MemoryError):
            error = StoreError("内存用完 out of memory; raise CHENGNUO_CRAWL_MEMORY_MB")
        self.run.fatal = self.run.fatal or error
        return CloseSpider("archive")

    def _follow(self, page: Page, errand: Errand) -> Iterator[Request]:
        if errand.role is Role.LIST:
            yield from self._follow_list(page, errand)
        elif errand.role is Role.DIGEST:
            yield from self._follow_digest(page, errand)
        elif errand.role is Role.ARTICLE:
            yield from self._follow_files(page, errand)

    def _follow_list(self, page: Page, errand: Errand) -> Iterator[Request]:
        listing = read_list(page, errand.source, errand.number, errand.form)
        self.run.of(errand.source).entries += len(listing.entries)
        for entry in listing.entries:
            yield from self._follow_entry(entry, errand.source)
        if self._wants_more(listing, errand):
            assert listing.next is not None
            later = Errand(errand.source, Role.LIST, errand.number + 1, listing.next.form)
            yield self._request(listing.next.url, later)

    def _wants_more(self, listing: ListPage, errand: Errand) -> bool:
        """Further list pages, as long as something on this one is recent enough, or nothing on it is dated."""
        options = self.run.options
        if listing.next is None or not listing.entries or errand.number >= options.list_pages:
            return False
        dates = [entry.published for entry in listing.entries if entry.published is not None]
        return not dates or max(dates) >= options.earliest()

    def _follow_entry(self, entry: Entry, source: Source) -> Iterator[Request]:
        options = self.run.options
        if entry.published is not None and entry.published < options.earliest():
            return
        if urlsplit(entry.url).hostname not in source.hosts:
            reason: str | None = "host_not_in_registry"
        else:
            reason = options.candidate(entry, source)
        if reason is not None:
            self._refuse(entry, source, reason)
            return
        yield from self._article(entry, source)

    def _follow_digest(self, page: Page, errand: Errand) -> Iterator[Request]:
        """The originals a digest names, where the registry allows their host."""
        for entry in outside_links(page):
            owner = self.run.owner(entry.url)
            if owner is None:
                self._refuse(entry, errand.source, "host_not_in_registry")
            elif owner.slug != errand.source.slug:
                yield from self._article(entry, owner)

    def _follow_files(self, page: Page, errand: Errand) -> Iterator[Request]:
        """The files an announcement lives in, each a page of its own, where the registry allows their host."""
        for link in attachments(page, errand.source):
            entry = Entry(link.url, link.text)
            if urlsplit(link.url).hostname in errand.source.hosts:
                yield self._request(link.url, Errand(errand.source, Role.FILE))
            else:
                self._refuse(entry, errand.source, "host_not_in_registry")

    def _article(self, entry: Entry, source: Source) -> Iterator[Request]:
        if self.run.options.dry_run:
            self.run.report.planned.append(entry)
        else:
            yield self._request(entry.url, Errand(source, Role.ARTICLE))

    def _refuse(self, entry: Entry, source: Source, reason: str) -> None:
        seen_at = self.run.options.clock()
        refused = RefusedCandidate(source.slug, entry.url, entry.title, reason, seen_at, entry.published)
        self.run.report.refused.append(refused)

    def _request(self, url: str, errand: Errand) -> Request:
        common: dict[str, Any] = {
            "callback": self.answered,
            "errback": self.failed,
            "cb_kwargs": {"errand": errand},
            "meta": {"errand": errand, "download_slot": urlsplit(url).netloc},
            "priority": 0 if errand.role in {Role.ARTICLE, Role.FILE} else 10,
        }
        return FormRequest(url, formdata=list(errand.form), **common) if errand.form else Request(url, **common)
