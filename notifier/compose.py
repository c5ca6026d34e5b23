"""From a diff to what each subscription is told; pure. One message a subscription and diff, never a second time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from notifier.labels import province_name, say
from notifier.letter import Letter, Place, changes_letter, note_letter
from notifier.timing import not_before
from schema.alerts import Alert, AlertKind, Subscription
from schema.changes import ALERT_KINDS, Change, DiffOutcome, Kind, YearlyDiff
from schema.incidents import Incident
from schema.provinces import find_province
from schema.words import KINDS, SURENESS

SUSPICIOUS_SHARE = 0.5
"""More than this share of an edition dropped looks like our mistake: held for review instead of sent."""
SUSPICIOUS_LEAST = 6
_ORDER = tuple(KINDS)


@dataclass(frozen=True, slots=True)
class Context:
    """What a diff does not know: the moment, where the proof is, and what each subscription was told already."""

    now: datetime
    place: Place
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)


def compose_alerts(diff: YearlyDiff, subscriptions: Sequence[Subscription], *, context: Context) -> tuple[Alert, ...]:
    """The alerts of one diff. Nothing for outcomes in which nothing may be claimed."""
    found = (_alert(diff, one, context) for one in subscriptions if one.enabled and _wants_place(one, diff.province))
    return tuple(alert for alert in found if alert is not None)


def incident_alerts(
    incidents: Iterable[Incident], subscriptions: Sequence[Subscription], now: datetime
) -> tuple[tuple[Alert, Subscription], ...]:
    """An alert for every opened (or, with ``closed_at``, closed) incident and subscription that asked for incidents."""
    return tuple(
        (_incident(incident, one, now), one)
        for incident in incidents
        for one in subscriptions
        if one.enabled and one.incidents and _wants_place(one, incident.province)
    )


def is_suspicious(diff: YearlyDiff) -> bool:
    """Whether an unusual share of the older edition would be called dropped."""
    dropped = sum(change.kind is Kind.DROPPED for change in diff.changes)
    return len(diff.old_units) >= SUSPICIOUS_LEAST and dropped > SUSPICIOUS_SHARE * len(diff.old_units)


def chosen(diff: YearlyDiff, subscription: Subscription, told: frozenset[str] = frozenset()) -> tuple[Change, ...]:
    """The changes a subscription wants and was not told, strengthened and dropped first, targets before the rest."""
    wanted = [change for change in diff.changes if change.key not in told and _wants(subscription, change)]
    hard = {change.key: any(finding.hard for finding in change.findings) for change in wanted}
    return tuple(sorted(wanted, key=lambda one: (_ORDER.index(one.kind), not hard[one.key], -SURENESS[one.confidence])))


def _alert(diff: YearlyDiff, subscription: Subscription, context: Context) -> Alert | None:
    if diff.outcome is DiffOutcome.BASELINE:
        return _made(diff, subscription, context, AlertKind.BASELINE, _baseline(diff, subscription.language))
    if diff.outcome not in (DiffOutcome.OK, DiffOutcome.REVISION):
        return None
    changes = chosen(diff, subscription, context.told.get(subscription.name, frozenset()))
    if not changes:
        return None
    kind = AlertKind.REVISION if diff.outcome is DiffOutcome.REVISION else AlertKind.CHANGES
    letter = changes_letter(diff, changes, context.place, subscription.language)
    return _made(diff, subscription, context, kind, letter, changes)


def _made(  # noqa: PLR0917 - the parts of one alert
    diff: YearlyDiff,
    subscription: Subscription,
    context: Context,
    kind: AlertKind,
    letter: Letter,
    changes: Sequence[Change] = (),
) -> Alert:
    keys = tuple(change.key for change in changes)
    name = "\n".join([kind.value, diff.province, str(diff.year_old), str(diff.year_new), *sorted(keys)])
    return Alert(
        key=hashlib.sha256(name.encode()).hexdigest()[:32],
        subscription=subscription.name,
        kind=kind,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        data=letter.data,
        province=diff.province,
        plan_year=diff.year_new,
        change_keys=keys,
        not_before=not_before(subscription, context.now),
        held=subscription.after_review or is_suspicious(diff),
    )


def _baseline(diff: YearlyDiff, language: str) -> Letter:
    name, number = province_name(language, diff.province), len(diff.new_units)
    subject = say(
        language, (f"【承诺】{name} {diff.year_new}：首个版本", f"[chengnuo] {name} {diff.year_new}: first edition")
    )
    line = say(
        language,
        (f"已建立基线，共 {number} 条承诺；没有上一年可比。", f"Baseline of {number} commitments; no earlier year."),
    )
    data = {"type": "chengnuo.baseline", "province": diff.province, "year_new": diff.year_new, "commitments": number}
    return note_letter(subject, [line], data)


def _wants(subscription: Subscription, change: Change) -> bool:
    text = change.old_text + change.new_text
    dimensions = {finding.dimension for finding in change.findings}
    return (
        change.kind in ALERT_KINDS
        and change.kind in subscription.kinds
        and SURENESS[change.confidence] >= SURENESS[subscription.minimum_confidence]
        and (not subscription.dimensions or bool(dimensions & set(subscription.dimensions)))
        and (not subscription.topics or any(topic in text for topic in subscription.topics))
    )


def _wants_place(subscription: Subscription, slug: str | None) -> bool:
    if not subscription.provinces and not subscription.regions:
        return True
    return slug is not None and (
        slug in subscription.provinces or find_province(slug).region.value in subscription.regions
    )


def _incident(incident: Incident, subscription: Subscription, now: datetime) -> Alert:
    over = incident.closed_at is not None
    language = subscription.language
    what = say(language, ("恢复", "recovered") if over else ("故障", "incident"))
    subject = say(language, ("【承诺】", "[chengnuo] ")) + f"{what} {incident.kind.value} {incident.source}"
    lines = [incident.url or "", incident.closing_detail if over else incident.detail]
    data = {
        "type": f"chengnuo.{'recovery' if over else 'incident'}",
        "incident": incident.id,
        "kind": incident.kind.value,
        "source": incident.source,
        "url": incident.url,
        "detail": lines[1],
    }
    letter = note_letter(subject, [line for line in lines if line], data)
    return Alert(
        key=f"{'recovery' if over else 'incident'}-{incident.id}",
        subscription=subscription.name,
        kind=AlertKind.RECOVERY if over else AlertKind.INCIDENT,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        data=letter.data,
        province=incident.province,
        not_before=not_before(subscription, now),
    )
