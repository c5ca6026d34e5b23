"""Incidents, derived from what is kept: run it twice, or kill it between two lines, and the answer is the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from review.labels import OUTCOMES
from schema.announcements import Check, CheckOutcome, Outcome, QuarantineReason, Source
from schema.incidents import Incident, IncidentKind
from store.archive import KeptAnnouncement, KeptReading
from workflow.columns import column_troubles, is_article
from workflow.files import import_source
from workflow.house import House
from workflow.layout import field_troubles
from workflow.overdue import marked_year, overdue
from workflow.trouble import Trouble

FROM_CHECK = {
    CheckOutcome.BLOCKED: IncidentKind.BLOCKED,
    CheckOutcome.LOGIN: IncidentKind.BLOCKED,
    CheckOutcome.SOFT_404: IncidentKind.UNREADABLE,
    CheckOutcome.EMPTY: IncidentKind.UNREADABLE,
    CheckOutcome.NOT_HTML: IncidentKind.UNREADABLE,
    CheckOutcome.UNDECODABLE: IncidentKind.UNREADABLE,
    CheckOutcome.TOO_LARGE: IncidentKind.UNREADABLE,
    CheckOutcome.TLS_ERROR: IncidentKind.TLS,
    CheckOutcome.HTTP_ERROR: IncidentKind.UNREACHABLE,
    CheckOutcome.TIMEOUT: IncidentKind.UNREACHABLE,
    CheckOutcome.DNS_ERROR: IncidentKind.UNREACHABLE,
    CheckOutcome.CONNECTION_ERROR: IncidentKind.UNREACHABLE,
    CheckOutcome.GONE: IncidentKind.WITHDRAWN,
}
FROM_READING = {
    Outcome.BLOCKED: IncidentKind.BLOCKED,
    Outcome.LOGIN: IncidentKind.BLOCKED,
    Outcome.SOFT_404: IncidentKind.UNREADABLE,
    Outcome.EMPTY: IncidentKind.UNREADABLE,
    Outcome.UNDECODABLE: IncidentKind.UNREADABLE,
    Outcome.TOO_LARGE: IncidentKind.UNREADABLE,
    Outcome.NOT_HTML: IncidentKind.UNREADABLE,
}
FROM_QUARANTINE = {
    QuarantineReason.STALE_TEXT: IncidentKind.STALE_TEXT,
    QuarantineReason.POISONED: IncidentKind.POISONED,
}
_HIDES = frozenset(
    {IncidentKind.BLOCKED, IncidentKind.UNREADABLE, IncidentKind.UNREACHABLE, IncidentKind.TLS, IncidentKind.WITHDRAWN}
)
"""With these a page may be there and we do not see it: nobody is called late."""
_SITEWIDE = frozenset({IncidentKind.BLOCKED, IncidentKind.TLS, IncidentKind.UNREACHABLE})
_OF_ABSENCE = frozenset({IncidentKind.OVERDUE, IncidentKind.SILENT, IncidentKind.LAYOUT_CHANGED})
IMPORTED = import_source().slug
"""Files that people brought are nobody's site: what is held back of them is watched, and nothing else."""
WATCHED = frozenset({*FROM_CHECK.values(), *FROM_READING.values(), *FROM_QUARANTINE.values()}) | _OF_ABSENCE
"""Kinds this file opens and closes; the others have their own watchers."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What changed since the last look."""

    opened: tuple[Incident, ...]
    closed: tuple[Incident, ...]


def watch(house: House, sources: Sequence[Source], today: datetime | None = None) -> Watch:
    """Open incidents for what is wrong now, close those that are over. ``today``: the clock, or the story's day."""
    moment = today or house.clock()
    kept = house.archive.announcements(full=False)
    now = _once(troubles(house, sources, kept, moment))
    seen = {trouble.key for trouble in now}
    opened = [
        house.incidents.observe(
            trouble.kind,
            trouble.source,
            trouble.detail,
            url=trouble.url,
            province=trouble.province,
            seen_at=trouble.seen_at,
        )
        for trouble in now
    ]
    watched = {source.slug for source in sources} | {IMPORTED}
    over = [
        incident
        for incident in house.incidents.open()
        if incident.kind in WATCHED
        and incident.source in watched
        and (incident.kind, incident.source, incident.url or "") not in seen
    ]
    come = {(a.announcement.province, a.announcement.plan_year) for a in kept}
    closed = [house.incidents.recover(i.kind, i.source, _closing(i, come), url=i.url or "") for i in over]
    return Watch(tuple(i for i in opened if i), tuple(i for i in closed if i))


def _once(found: Iterable[Trouble]) -> list[Trouble]:
    """Every trouble once, as it was seen last."""
    latest: dict[tuple[IncidentKind, str, str], Trouble] = {}
    for trouble in found:
        known = latest.get(trouble.key)
        if known is None or trouble.seen_at > known.seen_at:
            latest[trouble.key] = trouble
    return list(latest.values())


def _closing(incident: Incident, come: Collection[tuple[str | None, int | None]]) -> str:
    """Why an incident is over."""
    if incident.kind is not IncidentKind.OVERDUE:
        return "恢复正常 back to normal"
    if (incident.province, marked_year(incident.url or "")) in come:
        return "通报已到 it has come"
    return "年度已过，没有等到 the year went by without it"


def troubles(
    house: House, watched: Sequence[Source], kept: Sequence[KeptAnnouncement], today: datetime
) -> Iterable[Trouble]:
    """Everything that is wrong with what was seen last at every address of the sources, and what is not there."""
    found = list(_seen(house, {source.slug: source for source in watched}, kept))
    yield from found
    unseen = {trouble.source for trouble in found if trouble.kind in _HIDES}
    yield from column_troubles(house.archive, watched, house.archive.latest_checks())
    yield from field_troubles(house.archive, watched)
    yield from overdue(watched, kept, unseen, today)


def _seen(house: House, sources: dict[str, Source], kept: Sequence[KeptAnnouncement]) -> Iterable[Trouble]:
    checks = [check for check in house.archive.latest_checks() if check.source in sources]
    readings = {reading.url: reading for reading in house.archive.latest_readings()}
    known = {a.url: a for a in kept}
    entered = _entered(checks, sources)
    for check in checks:
        source = sources[check.source]
        province = source.province
        reading = readings.get(check.url) if is_article(check.url, source) else None
        trouble = _of_check(check, province, known) or _of_reading(check, reading, province)
        over = check.url not in source.urls and check.at < entered.get(check.source, check.at)
        if trouble is not None and not (trouble.kind in _SITEWIDE and over):
            yield _of_the_site(trouble, source)
    latest = {check.url: check.at for check in checks}
    for announcement in (a for a in kept if a.source in sources or a.source == IMPORTED):
        yield from _of_quarantine(announcement, latest.get(announcement.url, announcement.known_at))


def _entered(checks: Iterable[Check], sources: dict[str, Source]) -> dict[str, datetime]:
    """By source when its front page last answered: an article found closed before, and not asked again, is no news."""
    open_doors = [
        check
        for check in checks
        if check.url in sources[check.source].urls and FROM_CHECK.get(check.outcome) not in _SITEWIDE
    ]
    return {check.source: check.at for check in sorted(open_doors, key=lambda check: check.at)}


def _of_the_site(trouble: Trouble, source: Source) -> Trouble:
    """A closed door is one trouble of the site, however many of its pages were asked for."""
    if trouble.kind not in _SITEWIDE or not source.urls:
        return trouble
    detail = trouble.detail if trouble.url == source.urls[0] else f"{trouble.detail} {trouble.url}"
    return replace(trouble, url=source.urls[0], detail=detail)


def _of_check(check: Check, province: str | None, known: dict[str, KeptAnnouncement]) -> Trouble | None:
    kind = FROM_CHECK.get(check.outcome)
    if kind is None or (kind is IncidentKind.WITHDRAWN and check.url not in known):
        return None
    answer = f"HTTP {check.status}" if check.status else ""
    detail = " ".join(part for part in (*OUTCOMES[check.outcome.value], answer, check.detail) if part)
    return Trouble(kind, check.source, check.url, province, detail, check.at)


def _of_reading(check: Check, reading: KeptReading | None, province: str | None) -> Trouble | None:
    if reading is None or reading.outcome not in FROM_READING:
        return None
    detail = " ".join(part for part in (*OUTCOMES[reading.outcome.value], reading.detail) if part)
    return Trouble(FROM_READING[reading.outcome], check.source, check.url, province, detail, check.at)


def _of_quarantine(announcement: KeptAnnouncement, seen_at: datetime) -> Iterable[Trouble]:
    held_back = announcement.announcement.quarantine
    if held_back is None or held_back.reason not in FROM_QUARANTINE:
        return
    evidence = "、".join(held_back.evidence[:4])
    kind = FROM_QUARANTINE[held_back.reason]
    said = f"像是 {held_back.period} 年的文字 reads like {held_back.period}" if held_back.period else held_back.detail
    detail = f"{said}：{evidence}"
    yield Trouble(kind, announcement.source, announcement.url, announcement.announcement.province, detail, seen_at)
