"""`chengnuo sources check`: visits every source twice, reads both visits, says what it would store; keeps nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from schema.announcements import Announcement, Check, CheckOutcome, Outcome, Quarantine, Source, SourceKind
from store.archive import KeptAnnouncement
from workflow.columns import is_article
from workflow.proposing import Suggestion, suggest_columns
from workflow.say import Voice
from workflow.scratch import Manners, Visit, visit
from workflow.settings import Settings


class Verdict(StrEnum):
    """What a check came to."""

    OK = "ok"
    """Fetched and read twice, the same both times, with something to store."""
    NOTHING_TO_STORE = "nothing_to_store"
    """Fetched and read; no page of a yearly conference stands there for the years asked."""
    NO_LIST = "no_list"
    """The column came, but shows no list of articles: a wrong address or a changed layout."""
    DIFFERS = "differs"
    """The two visits were read differently."""
    FAILED = "failed"
    """No start address could be had; ``troubles`` say why."""


SOUND = frozenset({Verdict.OK, Verdict.NOTHING_TO_STORE})
_HAD = frozenset({CheckOutcome.NEW, CheckOutcome.UNCHANGED})
_MOVED = frozenset({Verdict.NO_LIST, Verdict.FAILED})
_NO_WAY_IN = frozenset({CheckOutcome.BLOCKED, CheckOutcome.ROBOTS_DENIED, CheckOutcome.REFUSED})


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer for one source."""

    source: Source
    verdict: Verdict
    outcomes: Counter[str]
    """Visits of the first round by outcome."""
    entries: int
    would_store: tuple[KeptAnnouncement, ...]
    refused: tuple[tuple[str, str], ...]
    """Addresses that were left out or read as something else, with the reason."""
    troubles: tuple[Check, ...]
    differences: tuple[str, ...] = ()
    """Addresses that were read differently the second time."""
    suggestions: list[Suggestion] = field(default_factory=list)


def check_sources(settings: Settings, sources: Sequence[Source], voice: Voice, manners: Manners) -> list[Checked]:
    """Visit twice, compare, and look for a new column where the known one gives no list. Raises CrawlFailed."""
    first = visit(settings, sources, voice, manners)
    second = visit(settings, sources, voice, manners)
    checked = [_judge(source, first, second) for source in sources]
    lost = [one for one in checked if one.source.kind is SourceKind.COLUMN and _may_have_moved(one)]
    found = suggest_columns(settings, [one.source for one in lost], voice, manners) if lost else {}
    for one in lost:
        one.suggestions.extend(found.get(one.source.slug, ()))
    return checked


def _may_have_moved(checked: Checked) -> bool:
    turned_away = any(check.outcome in _NO_WAY_IN for check in checked.troubles)
    return checked.verdict in _MOVED and not turned_away


def _judge(source: Source, first: Visit, second: Visit) -> Checked:
    checks = [check for check in first.checks if check.source == source.slug]
    stored = tuple(kept for kept in first.announcements if kept.source == source.slug)
    differences = _differences(source, first, second)
    return Checked(
        source=source,
        verdict=_verdict(source, checks, first.crawl.entries[source.slug], stored, differences),
        outcomes=first.crawl.by_source.get(source.slug, Counter()),
        entries=first.crawl.entries[source.slug],
        would_store=stored,
        refused=_left_out(source, first),
        troubles=tuple(check for check in checks if check.outcome not in _HAD),
        differences=differences,
    )


def _verdict(
    source: Source,
    checks: list[Check],
    entries: int,
    stored: tuple[KeptAnnouncement, ...],
    differences: tuple[str, ...],
) -> Verdict:
    if not any(check.outcome in _HAD for check in checks):
        return Verdict.FAILED
    if source.kind is SourceKind.COLUMN and not entries:
        return Verdict.NO_LIST
    if differences:
        return Verdict.DIFFERS
    return Verdict.OK if stored else Verdict.NOTHING_TO_STORE


def _left_out(source: Source, seen: Visit) -> tuple[tuple[str, str], ...]:
    lines = [(url, reason) for slug, url, reason in seen.crawl.refused if slug == source.slug]
    if source.slug in seen.crawl.left_alone:
        lines.append((" ".join(source.urls), f"left_alone: {seen.crawl.left_alone[source.slug]}"))
    own = [r for r in seen.readings.values() if r.source == source.slug and is_article(r.url, source)]
    refused = [(r.url, r.refused) for r in own if r.refused]
    other = [(r.url, f"{r.outcome.value} {r.detail}".strip()) for r in own if r.outcome is not Outcome.ARTICLE]
    return (*lines, *refused, *other)


Said = tuple[object, ...]


def _differences(source: Source, first: Visit, second: Visit) -> tuple[str, ...]:
    """Addresses whose visit or reading was not the same both times."""
    one, two = _said(source, first), _said(source, second)
    return tuple(sorted(url for url in one.keys() | two.keys() if one.get(url) != two.get(url)))


def _said(source: Source, seen: Visit) -> dict[str, Said]:
    by_url: dict[str, list[Said]] = {}
    for kept in seen.announcements:
        by_url.setdefault(kept.url, []).append(_content(kept.announcement))
    said: dict[str, Said] = {}
    for check in (check for check in seen.checks if check.source == source.slug):
        reading = seen.readings.get(check.url)
        read = (reading.outcome, reading.title, reading.refused) if reading else ()
        said[check.url] = (check.outcome in _HAD, read, sorted(by_url.get(check.url, []), key=repr))
    return said


def _content(announcement: Announcement) -> Said:
    quarantine: Quarantine | None = announcement.quarantine
    held_back = quarantine.reason if quarantine else None
    told = (announcement.province, announcement.plan_year, announcement.title, announcement.published)
    return (*told, announcement.body, announcement.directives, held_back)
