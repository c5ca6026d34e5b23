"""Visits that leave nothing behind: a crawl child that keeps into a folder which is thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from schema.announcements import Check, Page, Source, SourceKind
from schema.errors import UsageError
from store.archive import KeptAnnouncement, KeptReading
from workflow.collecting import read_kept
from workflow.crawl_child import DEFAULT_DELAY
from workflow.crawling import CrawlSummary, CrawlTask, run_crawl
from workflow.house import House, open_house
from workflow.say import Voice
from workflow.settings import Settings


@dataclass(frozen=True, slots=True)
class Manners:
    """How a visit behaves: seconds between two requests to one host (None: the usual), and how far back it pages."""

    delay: float | None = None
    since: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit to some sources brought, read, with nothing kept."""

    crawl: CrawlSummary
    checks: tuple[Check, ...]
    readings: dict[str, KeptReading]
    """By address."""
    announcements: tuple[KeptAnnouncement, ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """Single pages by slug, and what came of every visit."""

    checks: tuple[Check, ...]
    pages: dict[str, list[Page]]


def pause(settings: Settings, sources: Sequence[Source], delay: float | None) -> float | None:
    """``delay`` if it may be used. Raises UsageError for less than the usual towards a host that is not our own."""
    strangers = {host for source in sources for host in source.hosts} - set(settings.private_hosts)
    if delay is not None and delay < DEFAULT_DELAY and strangers:
        host = min(strangers)
        raise UsageError(
            f"--delay {delay:g}: {host} 不是自己的主机，间隔不得小于 {DEFAULT_DELAY:g} 秒 "
            f"not one of CHENGNUO_PRIVATE_HOSTS, at least {DEFAULT_DELAY:g} seconds"
        )
    return delay


def visit(settings: Settings, sources: Sequence[Source], voice: Voice, manners: Manners) -> Visit:
    """Crawl and read in a folder that is thrown away. Raises CrawlFailed."""
    with _scratch(settings) as house:
        crawled = _crawl(house, settings, sources, voice, manners)
        read_kept(house, sources)
        return Visit(
            crawl=crawled,
            checks=tuple(house.archive.latest_checks()),
            readings={reading.url: reading for reading in house.archive.latest_readings()},
            announcements=tuple(house.archive.announcements()),
        )


def fetch(
    settings: Settings, wanted: Mapping[str, Sequence[str]], sources: Sequence[Source], voice: Voice, manners: Manners
) -> Fetched:
    """Exactly the ``wanted`` pages of each slug, following nothing. Raises CrawlFailed."""
    singles = [replace(s, kind=SourceKind.ARTICLE, urls=tuple(wanted[s.slug])) for s in sources if wanted.get(s.slug)]
    if not singles:
        return Fetched((), {})
    with _scratch(settings) as house:
        _crawl(house, settings, singles, voice, manners)
        checks = tuple(house.archive.latest_checks())
        pages: dict[str, list[Page]] = {source.slug: [] for source in singles}
        for check in checks:
            page = house.archive.latest_page(check.url) if check.page_sha256 else None
            if page is not None:
                pages[check.source].append(page)
        return Fetched(checks, pages)


def _crawl(house: House, settings: Settings, sources: Sequence[Source], voice: Voice, manners: Manners) -> CrawlSummary:
    task = CrawlTask(
        database_url=house.settings.database_url,
        sources=tuple(sources),
        memory_mb=settings.crawl_memory_mb,
        contact=settings.contact,
        private_hosts=settings.private_hosts,
        delay=pause(settings, sources, manners.delay),
        since=manners.since,
    )
    with voice.progress("访问来源", "visiting sources") as step:
        return run_crawl(task, settings, lambda _source, _url, _outcome: step.advance())


@contextmanager
def _scratch(settings: Settings) -> Iterator[House]:
    with TemporaryDirectory(prefix="chengnuo-") as folder:
        data = Path(folder)
        url = f"sqlite:///{data / 'chengnuo.sqlite3'}"
        with open_house(replace(settings, data=data, database_url=url, subscriptions=None)) as house:
            yield house
