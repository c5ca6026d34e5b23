"""Incidents, derived from what is kept: run it twice, or kill it between two lines, and the answer is the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from schema.announcements import Check, CheckOutcome, Outcome, QuarantineReason, Source, SourceKind
from schema.incidents import Incident, IncidentKind
from store.archive import KeptAnnouncement, KeptReading
from workflow.house import House

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
WATCHED = frozenset({*FROM_CHECK.values(), *FROM_READING.values(), *FROM_QUARANTINE.values()})
"""Kinds this file opens and closes; the others have their own watchers."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong now."""

    kind: IncidentKind
    source: str
    url: str
    province: str | None
    detail: str
    seen_at: datetime

    @property
    def key(self) -> tuple[IncidentKind, str, str]:
        """What makes two sightings the same trouble."""
        return self.kind, self.source, self.url


@dataclass(frozen=True, slots=True)
class Watch:
    """What changed since the last look."""

    opened: tuple[Incident, ...]
    closed: tuple[Incident, ...]


def watch(house: House, sources: Sequence[Source]) -> Watch:
    """Open incidents for what is wrong now, close those that are over."""
    now = list(troubles(house, {source.slug: source for source in sources}))
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
    over = [
        incident
        for incident in house.incidents.open()
        if incident.kind in WATCHED and (incident.kind, incident.source, incident.url or "") not in seen
    ]
    closed = [house.incidents.recover(i.kind, i.source, "恢复正常 back to normal", url=i.url or "") for i in over]
    return Watch(tuple(i for i in opened if i), tuple(i for i in closed if i))


def troubles(house: House, sources: dict[str, Source]) -> Iterable[Trouble]:
    """Everything that is wrong with what was seen last at every address."""
    checks = house.archive.latest_checks()
    readings = {reading.url: reading for reading in house.archive.latest_readings()}
    known = {a.url: a for a in house.archive.announcements()}
    for check in checks:
        source = sources.get(check.source)
        province = source.province if source else None
        reading = readings.get(check.url) if is_article(check.url, source) else None
        trouble = _of_check(check, province, known) or _of_reading(check, reading, province)
        if trouble is not None:
            yield trouble
    latest = {check.url: check.at for check in checks}
    for announcement in known.values():
        yield from _of_quarantine(announcement, latest.get(announcement.url, announcement.known_at))


def is_article(url: str, source: Source | None) -> bool:
    """A list page, or a record feed, is no article and need not read as one."""
    if source is None or source.kind is not SourceKind.COLUMN:
        return True
    return url not in source.urls and bool(re.search(source.article_pattern or "", urlsplit(url).path))


def _of_check(check: Check, province: str | None, known: dict[str, KeptAnnouncement]) -> Trouble | None:
    kind = FROM_CHECK.get(check.outcome)
    if kind is None or (kind is IncidentKind.WITHDRAWN and check.url not in known):
        return None
    detail = f"{check.outcome.value} {check.status or ''} {check.detail}".strip()
    return Trouble(kind, check.source, check.url, province, detail, check.at)


def _of_reading(check: Check, reading: KeptReading | None, province: str | None) -> Trouble | None:
    if reading is None or reading.outcome not in FROM_READING:
        return None
    detail = f"{reading.outcome.value} {reading.detail}".strip()
    return Trouble(FROM_READING[reading.outcome], check.source, check.url, province, detail, check.at)


def _of_quarantine(announcement: KeptAnnouncement, seen_at: datetime) -> Iterable[Trouble]:
    held_back = announcement.announcement.quarantine
    if held_back is None or held_back.reason not in FROM_QUARANTINE:
        return
    evidence = "、".join(held_back.evidence[:4])
    detail = f"{held_back.reason.value} {held_back.period or ''} {evidence}".strip()
    kind = FROM_QUARANTINE[held_back.reason]
    yield Trouble(kind, announcement.source, announcement.url, announcement.announcement.province, detail, seen_at)
