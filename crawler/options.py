"""What a crawl is told and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Protocol

from crawler.candidates import refusal
from crawler.entries import Entry
from schema.announcements import CheckOutcome, Page, RefusedCandidate, Source, Visit

Keep = Callable[[Sequence[Visit]], Sequence[CheckOutcome]]
"""Keeps visits before anything is read; answers with their outcomes as the archive sees them (new or unchanged)."""


class Validators(Protocol):
    """What the archive remembers of an address: the headers a conditional request needs."""

    @property
    def etag(self) -> str | None:
        """The last ETag, quotes included."""

    @property
    def last_modified(self) -> str | None:
        """The last Last-Modified, as received."""


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def nothing_known(_url: str) -> Validators | None:
    """The validators of an archive that has seen nothing."""
    return None


def nothing_kept(_url: str) -> Page | None:
    """The pages of an archive that has seen nothing."""
    return None


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How one crawl behaves. Times in seconds, sizes in bytes."""

    contact: str = ""
    """Mail address or URL that stands in the User-Agent."""
    delay: float = 2.0
    """Least time between two requests to one host."""
    timeout: float = 60.0
    render_seconds: float = 120.0
    """The longest a page's scripts may take, the pauses between their requests included."""
    max_bytes: int = 8 * 1024 * 1024
    """Largest body, before and after decompression."""
    redirects: int = 5
    retries: int = 2
    """Further attempts for one address after a fault that may pass."""
    retry_budget: int = 20
    """Further attempts for one source in one run."""
    budget: int = 5000
    """Requests of the whole run, robots.txt included."""
    list_pages: int = 40
    """List pages of one column."""
    since: int | None = None
    """Oldest plan year wanted; None: last year."""
    only: frozenset[str] | None = None
    """Slugs of the sources to visit; the others only own the addresses a digest names. None: visit all."""
    dry_run: bool = False
    """Fetch list pages only, keep nothing, report what would be fetched."""
    allow_loopback: bool = False
    """Only for the sample web and tests: hosts of the registry may be 127.0.0.1."""
    private_hosts: tuple[str, ...] = ()
    """Intranet host names that may resolve to addresses that are not global."""
    revisit: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By source the addresses of kept announcements, asked again whether or not a list still names them."""
    validators: Callable[[str], Validators | None] = nothing_known
    kept: Callable[[str], Page | None] = nothing_kept
    """The newest capture of an address: an article that answers 304 still names its files."""
    candidate: Callable[[Entry, Source], str | None] = refusal
    """Why an entry is not fetched, or None."""
    clock: Callable[[], datetime] = utc_now
    log_level: str = "WARNING"

    def earliest(self) -> date:
        """Nothing published before this day is wanted: December before the oldest plan year."""
        year = self.since if self.since is not None else self.clock().year - 1
        return date(year - 1, 12, 1)


@dataclass(slots=True)
class SourceReport:
    """What came of one source. ``pages`` counts bodies handed to the archive; ``bytes`` their sizes."""

    outcomes: Counter[CheckOutcome] = field(default_factory=Counter)
    pages: int = 0
    bytes: int = 0
    seconds: float = 0.0
    """Time spent waiting for answers."""
    retries: int = 0
    left_alone: int = 0
    """Requests that were not made: a quiet window, a challenge, or the site asked us to wait."""
    entries: int = 0
    """Lines found on list pages."""


@dataclass(slots=True)
class CrawlReport:
    """What came of a crawl. ``errors`` counts errors logged by our own code or Scrapy: 0 when all went well."""

    sources: dict[str, SourceReport] = field(default_factory=dict)
    refused: list[RefusedCandidate] = field(default_factory=list)
    left_alone: dict[str, str] = field(default_factory=dict)
    """Sources that were not asked, or not to the end, and why."""
    planned: list[Entry] = field(default_factory=list)
    """With ``dry_run``: what would have been fetched."""
    errors: int = 0
    requests: int = 0
    seconds: float = 0.0
    finished: str = ""
    """Scrapy's reason: finished, shutdown, budget …"""

    @property
    def outcomes(self) -> Counter[CheckOutcome]:
        """Checks of all sources by outcome."""
        return sum((report.outcomes for report in self.sources.values()), Counter[CheckOutcome]())

    @property
    def pages(self) -> int:
        """Bodies handed to the archive."""
        return sum(report.pages for report in self.sources.values())
