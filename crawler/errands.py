"""What one request is for, and the run it belongs to; carried by Scrapy, known to nothing outside this room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from crawler.options import CrawlOptions, CrawlReport, Keep, SourceReport
from schema.addresses import is_global, is_local_name, parse_address
from schema.announcements import Source
from schema.errors import ChengnuoError


class Role(StrEnum):
    """What is expected at an address."""

    LIST = "list"
    DIGEST = "digest"
    ARTICLE = "article"
    FILE = "file"
    """A PDF or DOCX that an article page names as its announcement."""


@dataclass(frozen=True, slots=True)
class Errand:
    """Why an address is asked for. ``number`` counts the pages of a list from 1."""

    source: Source
    role: Role
    number: int = 1
    form: tuple[tuple[str, str], ...] = ()
    """What is posted; empty for GET."""


@dataclass(slots=True)
class Run:
    """One crawl: what it was told and what it has come to so far."""

    sources: Sequence[Source]
    keep: Keep
    options: CrawlOptions
    report: CrawlReport = field(default_factory=CrawlReport)
    resting: dict[str, str] = field(default_factory=dict)
    """Sources that are left alone for the rest of the run, and why."""
    fatal: ChengnuoError | None = None
    """Why the archive cannot take any more; ends the crawl and is raised again outside."""

    def of(self, source: Source) -> SourceReport:
        """The report of one source."""
        return self.report.sources.setdefault(source.slug, SourceReport())

    @property
    def visited(self) -> tuple[Source, ...]:
        """The sources whose start addresses are asked for."""
        only = self.options.only
        return tuple(source for source in self.sources if only is None or source.slug in only)

    @property
    def private_hosts(self) -> frozenset[str]:
        """Host names that may resolve to addresses that are not global."""
        hosts = set(self.options.private_hosts)
        if self.options.allow_loopback:
            hosts.update(host for source in self.sources for host in source.hosts if _is_loopback(host))
        return frozenset(hosts)

    def owner(self, url: str) -> Source | None:
        """The department's source an article address belongs to, or None when no source allows its host."""
        parts = urlsplit(url)
        owners = [s for s in self.sources if parts.hostname in s.hosts]
        for source in owners:
            if source.article_pattern and re.search(source.article_pattern, parts.path):
                return source
        unpatterned = [source for source in owners if not source.article_pattern]
        return unpatterned[0] if unpatterned else None


def _is_loopback(host: str) -> bool:
    address = parse_address(host)
    return is_local_name(host) or (address is not None and address.is_loopback)


def address_refusal(url: str, hosts: Sequence[str], private: frozenset[str]) -> str | None:
    """Why an address is never asked for, or None. Judges the spelling; the resolver judges what a name means."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        return f"not an address: {error}"
    if parts.scheme not in {"http", "https"}:
        return f"scheme {parts.scheme or 'missing'} is not http or https"
    if not host or parts.username is not None:
        return "no host, or a name and password before it"
    if host not in hosts:
        return f"host {host} is not in the registry for this source"
    return None if host in private else _host_refusal(host)


def _host_refusal(host: str) -> str | None:
    address = parse_address(host)
    if is_local_name(host) or (address is not None and not is_global(address)):
        return f"address {host} is not global"
    return None
