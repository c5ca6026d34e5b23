"""Readings and announcement versions: records to column values, and rows to records.

What is appended in bulk is given as its columns' values (store/appending.py), numbers left to the caller.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any

from schema.announcements import (
    Announcement,
    Commitment,
    Directive,
    Edition,
    Link,
    Quarantine,
    QuarantineReason,
    Rank,
    Reading,
    Source,
    Target,
)
from store import tables as t
from store.appending import Values

VOLATILE = frozenset({"url", "links"})
"""Where an announcement was fetched is no part of what it says."""


def content_hash(announcement: Announcement) -> str:
    """Identity of what an announcement says: everything but where and when it was fetched."""
    known = {name: getattr(announcement, name) for name in _names(Announcement) if name not in VOLATILE}
    told = json.dumps(known, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(told.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: getattr(value, name) for name in _names(type(value))}
    return str(value)


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def reading_values(reading: Reading, page_id: int, normaliser: str, read_at: datetime) -> Values:
    """A reading to keep, without its announcements."""
    return {
        "page_id": page_id,
        "normaliser": normaliser,
        "outcome": reading.outcome.value,
        "title": reading.title,
        "published": reading.published,
        "source_name": reading.source_name,
        "cms": reading.cms,
        "refused": reading.refused,
        "detail": reading.detail,
        "origins": {name: [origin.method, origin.confidence] for name, origin in reading.origins.items()},
        "read_at": read_at,
    }


def announcement_values(announcement: Announcement, url: str, source: Source, reading: Values) -> Values:
    """One version to keep, without its directives; ``url`` is its page's."""
    held_back = announcement.quarantine
    return {
        "reading_id": reading["id"],
        "page_id": reading["page_id"],
        "province": announcement.province,
        "plan_year": announcement.plan_year,
        "rank": int(source.rank),
        "source": source.slug,
        "url": announcement.url or url,
        "title": announcement.title,
        "body": announcement.body,
        "year_evidence": announcement.year_evidence,
        "held_on": announcement.held_on,
        "city": announcement.city,
        "published": announcement.published,
        "source_name": announcement.source_name,
        "links": [[link.text, link.url] for link in announcement.links],
        "flags": list(announcement.flags),
        "quarantine": held_back.reason.value if held_back else None,
        "quarantine_evidence": list(held_back.evidence) if held_back else [],
        "quarantine_period": held_back.period if held_back else None,
        "quarantine_detail": held_back.detail if held_back else "",
        "content_hash": content_hash(announcement),
        "normaliser": reading["normaliser"],
        "technical": False,
        "known_at": reading["read_at"],
    }


def directive_values(directive: Directive, announcement_id: int) -> Values:
    """One directive to keep, without its commitments."""
    return {
        "announcement_id": announcement_id,
        "no": directive.no,
        "marker": directive.marker,
        "heading": directive.heading,
    }


def commitment_values(commitment: Commitment, directive: Values) -> Values:
    """One commitment to keep, without its targets."""
    return {
        "directive_id": directive["id"],
        "announcement_id": directive["announcement_id"],
        "label": commitment.id,
        "text": commitment.text,
        "start": commitment.start,
        "end": commitment.end,
        "boundary": commitment.boundary,
    }


def target_values(target: Target, commitment_id: int) -> Values:
    """One target to keep."""
    return {"commitment_id": commitment_id, **{name: getattr(target, name) for name in _names(Target)}}


def target_record(row: t.TargetRow) -> Target:
    """A kept target."""
    return Target(row.quote, row.comparator, row.value, row.unit, row.object, row.deadline, row.start, row.end)


def announcement_record(row: t.AnnouncementRow, directives: Iterable[Directive]) -> Announcement:
    """A kept version with its directives."""
    held_back = None
    if row.quarantine:
        reason, evidence = QuarantineReason(row.quarantine), tuple(row.quarantine_evidence)
        held_back = Quarantine(reason, evidence, row.quarantine_period, row.quarantine_detail)
    return Announcement(
        province=row.province,
        plan_year=row.plan_year,
        year_evidence=row.year_evidence,
        title=row.title,
        body=row.body,
        directives=tuple(directives),
        held_on=row.held_on,
        city=row.city,
        published=row.published,
        source_name=row.source_name,
        url=row.url,
        links=tuple(Link(text, url) for text, url in row.links),
        quarantine=held_back,
        flags=tuple(row.flags),
    )


def edition_record(row: t.AnnouncementRow, sha256: str, announcement: Announcement) -> Edition:
    """A kept version as a standing text."""
    assert row.province is not None
    assert row.plan_year is not None
    return Edition(
        province=row.province,
        plan_year=row.plan_year,
        announcement=announcement,
        announcement_id=row.id,
        rank=Rank(row.rank),
        source=row.source,
        page_sha256=sha256,
        url=row.url,
        known_at=row.known_at,
        normaliser=row.normaliser,
        technical=row.technical,
    )
