"""Rows to records and back: the only place that knows both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from schema.alerts import Alert, AlertKind, Delivery
from schema.announcements import (
    Announcement,
    Check,
    CheckOutcome,
    Commitment,
    Directive,
    Edition,
    Link,
    Page,
    Quarantine,
    QuarantineReason,
    Rank,
    Reading,
    Source,
    Target,
)
from schema.changes import (
    Candidate,
    Change,
    Confidence,
    DiffOutcome,
    Dimension,
    Direction,
    Finding,
    Kind,
    Structure,
    Unit,
    YearlyDiff,
)
from schema.incidents import Incident, IncidentKind
from store import tables as t


def content_hash(announcement: Announcement) -> str:
    """Identity of what an announcement says: everything but where and when it was fetched."""
    known = asdict(announcement)
    for volatile in ("url", "links"):
        known.pop(volatile)
    return hashlib.sha256(json.dumps(known, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def page_record(row: t.PageRow, body: bytes) -> Page:
    """A kept capture as it was received."""
    headers = tuple((str(name), str(value)) for name, value in row.headers)
    return Page(row.url, row.source, row.status, body, row.fetched_at, headers, tuple(row.url_chain))


def page_row(page: Page) -> t.PageRow:
    """A capture to keep."""
    return t.PageRow(
        sha256=page.sha256,
        url=page.url,
        source=page.source,
        status=page.status,
        headers=[list(pair) for pair in page.headers],
        url_chain=list(page.url_chain),
        fetched_at=page.fetched_at,
    )


def check_row(check: Check, outcome: CheckOutcome) -> t.CheckRow:
    """A visit to keep."""
    return t.CheckRow(
        source=check.source,
        url=check.url,
        at=check.at,
        outcome=outcome.value,
        status=check.status,
        page_sha256=check.page_sha256,
        detail=check.detail,
        seconds=check.seconds,
    )


def check_record(row: t.CheckRow) -> Check:
    """A kept visit."""
    outcome = CheckOutcome(row.outcome)
    return Check(row.source, row.url, row.at, outcome, row.status, row.page_sha256, row.detail, row.seconds)


def reading_row(reading: Reading, page_id: int, normaliser: str, read_at: datetime) -> t.ReadingRow:
    """A reading to keep, without its announcements."""
    return t.ReadingRow(
        page_id=page_id,
        normaliser=normaliser,
        outcome=reading.outcome.value,
        title=reading.title,
        published=reading.published,
        source_name=reading.source_name,
        cms=reading.cms,
        refused=reading.refused,
        detail=reading.detail,
        origins={name: [origin.method, origin.confidence] for name, origin in reading.origins.items()},
        read_at=read_at,
    )


def announcement_row(
    announcement: Announcement, page: t.PageRow, source: Source, reading: t.ReadingRow
) -> t.AnnouncementRow:
    """One version to keep, without its directives."""
    held_back = announcement.quarantine
    return t.AnnouncementRow(
        reading_id=reading.id,
        page_id=page.id,
        province=announcement.province,
        plan_year=announcement.plan_year,
        rank=int(source.rank),
        source=source.slug,
        url=announcement.url or page.url,
        title=announcement.title,
        body=announcement.body,
        year_evidence=announcement.year_evidence,
        held_on=announcement.held_on,
        city=announcement.city,
        published=announcement.published,
        source_name=announcement.source_name,
        links=[[link.text, link.url] for link in announcement.links],
        flags=list(announcement.flags),
        quarantine=held_back.reason.value if held_back else None,
        quarantine_evidence=list(held_back.evidence) if held_back else [],
        quarantine_period=held_back.period if held_back else None,
        quarantine_detail=held_back.detail if held_back else "",
        content_hash=content_hash(announcement),
        normaliser=reading.normaliser,
        technical=False,
        known_at=reading.read_at,
    )


def commitment_row(commitment: Commitment, directive: t.DirectiveRow) -> t.CommitmentRow:
    """One commitment to keep, without its targets."""
    return t.CommitmentRow(
        directive_id=directive.id,
        announcement_id=directive.announcement_id,
        label=commitment.id,
        text=commitment.text,
        start=commitment.start,
        end=commitment.end,
        boundary=commitment.boundary,
    )


def target_row(target: Target, commitment_id: int) -> t.TargetRow:
    """One target to keep."""
    return t.TargetRow(commitment_id=commitment_id, **asdict(target))


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


def diff_row(diff: YearlyDiff, earlier_id: int, later_id: int, instrument: str, made_at: datetime) -> t.DiffRow:
    """A comparison to keep, without its changes."""
    return t.DiffRow(
        province=diff.province,
        year_old=diff.year_old,
        year_new=diff.year_new,
        outcome=diff.outcome.value,
        earlier_id=earlier_id,
        later_id=later_id,
        instrument=instrument,
        old_units=[list(_unit_values(unit)) for unit in diff.old_units],
        new_units=[list(_unit_values(unit)) for unit in diff.new_units],
        evidence_period=diff.evidence_period,
        rewritten=diff.rewritten,
        gap=diff.gap,
        detail=diff.detail,
        provenance=dict(diff.provenance),
        technical=False,
        made_at=made_at,
    )


def _unit_values(unit: Unit) -> tuple[Any, ...]:
    return unit.id, unit.text, unit.start, unit.end, unit.directive, unit.directive_no


def change_row(change: Change, diff_id: int) -> t.ChangeRow:
    """One change to keep, without its findings."""
    return t.ChangeRow(
        diff_id=diff_id,
        key=change.key,
        kind=change.kind.value,
        old=list(change.old),
        new=list(change.new),
        old_text=change.old_text,
        new_text=change.new_text,
        structure=[s.value for s in change.structure],
        confidence=change.confidence.value,
        score=change.score,
        margin=change.margin,
        old_highlights=[list(span) for span in change.old_highlights],
        new_highlights=[list(span) for span in change.new_highlights],
        runner_up=[change.runner_up.unit, change.runner_up.score] if change.runner_up else [],
        notes=list(change.notes),
    )


def finding_row(finding: Finding, change_id: int) -> t.FindingRow:
    """One finding to keep."""
    return t.FindingRow(
        change_id=change_id,
        rule=finding.rule,
        dimension=finding.dimension.value,
        direction=finding.direction.value,
        old_quote=finding.old_quote,
        new_quote=finding.new_quote,
        note=finding.note,
        hard=finding.hard,
        confidence=finding.confidence.value,
        spans=[list(finding.old_span or ()), list(finding.new_span or ())],
    )


def finding_record(row: t.FindingRow) -> Finding:
    """A kept finding."""
    old, new = (tuple(span) or None for span in row.spans)
    return Finding(
        rule=row.rule,
        dimension=Dimension(row.dimension),
        direction=Direction(row.direction),
        old_quote=row.old_quote,
        new_quote=row.new_quote,
        note=row.note,
        hard=row.hard,
        confidence=Confidence(row.confidence),
        old_span=old,
        new_span=new,
    )


def change_record(row: t.ChangeRow, findings: Iterable[Finding]) -> Change:
    """A kept change with its findings."""
    return Change(
        key=row.key,
        kind=Kind(row.kind),
        old=tuple(row.old),
        new=tuple(row.new),
        old_text=row.old_text,
        new_text=row.new_text,
        structure=tuple(Structure(s) for s in row.structure),
        confidence=Confidence(row.confidence),
        score=row.score,
        margin=row.margin,
        findings=tuple(findings),
        old_highlights=tuple((a, b) for a, b in row.old_highlights),
        new_highlights=tuple((a, b) for a, b in row.new_highlights),
        runner_up=Candidate(*row.runner_up) if row.runner_up else None,
        notes=tuple(row.notes),
    )


def diff_record(row: t.DiffRow, changes: Iterable[Change]) -> YearlyDiff:
    """A kept comparison with its changes."""
    return YearlyDiff(
        province=row.province,
        year_old=row.year_old,
        year_new=row.year_new,
        outcome=DiffOutcome(row.outcome),
        old_units=tuple(Unit(*values) for values in row.old_units),
        new_units=tuple(Unit(*values) for values in row.new_units),
        changes=tuple(changes),
        evidence_period=row.evidence_period,
        rewritten=row.rewritten,
        gap=row.gap,
        detail=row.detail,
        provenance=dict(row.provenance),
    )


def alert_row(alert: Alert, made_at: datetime) -> t.AlertRow:
    """An alert to keep."""
    return t.AlertRow(
        key=alert.key,
        subscription=alert.subscription,
        kind=alert.kind.value,
        subject=alert.subject,
        text=alert.text,
        html=alert.html,
        data=alert.data,
        province=alert.province,
        plan_year=alert.plan_year,
        change_keys=list(alert.change_keys),
        not_before=alert.not_before,
        made_at=made_at,
    )


def delivery_record(row: t.DeliveryRow, alert: t.AlertRow) -> Delivery:
    """A kept delivery with its alert."""
    told = Alert(
        key=alert.key,
        subscription=alert.subscription,
        kind=AlertKind(alert.kind),
        subject=alert.subject,
        text=alert.text,
        html=alert.html,
        data=alert.data,
        province=alert.province,
        plan_year=alert.plan_year,
        change_keys=tuple(alert.change_keys),
        not_before=alert.not_before,
    )
    return Delivery(
        id=row.id,
        alert=told,
        channel=row.channel,
        address=row.address,
        attempt=row.attempt,
        idempotency_key=row.idempotency_key,
        lease_until=row.lease_until,
        repeated=row.repeated,
        secret=row.secret,
    )


def incident_record(row: t.IncidentRow) -> Incident:
    """A kept incident."""
    return Incident(
        id=row.id,
        kind=IncidentKind(row.kind),
        source=row.source,
        province=row.province,
        url=row.url or None,
        opened_at=row.opened_at,
        last_seen_at=row.last_seen_at,
        checks=row.checks,
        detail=row.detail,
        closed_at=row.closed_at,
        closing_detail=row.closing_detail,
    )
