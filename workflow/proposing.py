"""Looks for the news column of a source whose known address shows no list: from the home page, without selectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crawler.propose import Proposal, propose
from schema.announcements import Page, Source, SourceKind
from workflow.say import Voice
from workflow.scratch import Manners, fetch
from workflow.settings import Settings

_MOST_COLUMNS = 5
"""Columns tried of one site: what is wanted stands among the first, and every try is a request to a stranger."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A column that shows a list of articles; a person decides."""

    source: str
    url: str
    proposal: Proposal


def suggest_columns(
    settings: Settings, sources: Sequence[Source], voice: Voice, manners: Manners
) -> dict[str, list[Suggestion]]:
    """For every source the columns its home page leads to, those with most conferences first. Raises CrawlFailed."""
    homes = fetch(settings, {source.slug: _homes(source) for source in sources}, sources, voice, manners)
    columns = {slug: _columns(pages) for slug, pages in homes.pages.items()}
    tried = fetch(settings, columns, sources, voice, manners)
    return {slug: _ranked(slug, [*pages, *tried.pages.get(slug, [])]) for slug, pages in homes.pages.items()}


def _homes(source: Source) -> tuple[str, ...]:
    """The host's home page, and the first folder of the known address: some sites are a folder of a bigger one."""
    known = source.urls or tuple(f"https://{host}/" for host in source.hosts)
    homes = []
    for url in known:
        scheme, _, host, *path = url.split("/")
        homes += [f"{scheme}//{host}/", *(f"{scheme}//{host}/{folder}/" for folder in path[:-1][:1])]
    return tuple(dict.fromkeys(homes))


def _columns(pages: Sequence[Page]) -> tuple[str, ...]:
    found = [url for page in pages for url in propose(page).columns]
    return tuple(dict.fromkeys(found))[:_MOST_COLUMNS]


def _ranked(slug: str, pages: Sequence[Page]) -> list[Suggestion]:
    """Columns among the pages that came, most conferences and then longest list first."""
    found = [Suggestion(slug, page.url, propose(page)) for page in pages]
    lists = [one for one in found if one.proposal.kind is SourceKind.COLUMN]
    return sorted(lists, key=lambda one: (-one.proposal.conferences, -len(one.proposal.entries), one.url))
