"""From a diff to what each subscription is told; pure. Every change is told to a subscription once, or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from notifier.choosing import chosen, is_suspicious, is_urgent, wants_place
from notifier.letter import Letter, Note
from notifier.notes import baseline_note, incident_note
from notifier.paging import pages
from notifier.section import Place, Section, section_of
from notifier.timing import not_before
from schema.alerts import Alert, AlertKind, Subscription, Urgency
from schema.changes import Change, DiffOutcome, YearlyDiff
from schema.incidents import Incident


@dataclass(frozen=True, slots=True)
class Context:
    """What a diff does not know: the moment, where the proof is, what each subscription was told already."""

    now: datetime
    place: Place
    told: Mapping[str, frozenset[str]] = field(default_factory=dict)
    doubt: Callable[[str, str], str] = lambda _subscription, _key: ""
    """(subscription, change key) → the signed address at which its reader says "this is wrong"."""


@dataclass(frozen=True, slots=True)
class When:
    """How an alert is to leave: held for review, gathered for a digest, not before a moment."""

    held: bool = False
    gathered: bool = False
    not_before: datetime | None = None


def compose_alerts(diff: YearlyDiff, subscriptions: Sequence[Subscription], *, context: Context) -> tuple[Alert, ...]:
    """The alerts of one diff. Nothing for outcomes in which nothing may be claimed."""
    wanted = (one for one in subscriptions if one.enabled and wants_place(one, diff.province))
    return tuple(alert for one in wanted for alert in _alerts(diff, one, context))


def incident_alerts(
    incidents: Iterable[Incident], subscriptions: Sequence[Subscription], now: datetime
) -> tuple[tuple[Alert, Subscription], ...]:
    """An alert for every opened (or, with ``closed_at``, closed) incident and subscription that asked for incidents."""
    return tuple(
        (note_alert(incident_note(incident, one.language), one, now, incident.province), one)
        for incident in incidents
        for one in subscriptions
        if one.enabled and one.incidents and wants_place(one, incident.province)
    )


def note_alert(
    note: tuple[str, AlertKind, Letter], subscription: Subscription, now: datetime, province: str | None
) -> Alert:
    """A note (key, kind, words) as an alert; a digest subscription is told it inside its digest."""
    (key, kind, letter), later = note, not_before(subscription, now)
    return Alert(
        key=key,
        subscription=subscription.name,
        kind=kind,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        data=letter.data,
        province=province,
        not_before=later,
        gathered=later is not None,
    )


def change_alerts(
    sections: Sequence[Section], subscription: Subscription, when: When, name: str = "", notes: Sequence[Note] = ()
) -> Iterator[Alert]:
    """Alerts that tell sections and notes: one, or as many as the channel's limit needs. ``name`` makes the key."""
    alone = sections[0] if len(sections) == 1 and not notes else None
    kind = (AlertKind.REVISION if alone.revision else AlertKind.CHANGES) if alone else AlertKind.DIGEST
    for number, letter, told in pages(sections, notes, subscription, whole=when.held or when.gathered):
        keys = tuple(item.key for section in told for item in section.items)
        years = [alone.province, str(alone.year_old), str(alone.year_new)] if alone else []
        parts = [name, str(number)] if name else [kind.value, *years, *sorted(keys)]
        yield Alert(
            key=hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32],
            subscription=subscription.name,
            kind=kind,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            data=letter.data,
            province=alone.province if alone else None,
            plan_year=alone.year_new if alone else None,
            change_keys=keys,
            not_before=when.not_before,
            held=when.held,
            gathered=when.gathered,
        )


def _alerts(diff: YearlyDiff, subscription: Subscription, context: Context) -> Iterator[Alert]:
    if diff.outcome is DiffOutcome.BASELINE:
        alert = note_alert(
            baseline_note(diff, subscription.language, context.place), subscription, context.now, diff.province
        )
        yield replace(alert, plan_year=diff.year_new)
        return
    if diff.outcome not in (DiffOutcome.OK, DiffOutcome.REVISION):
        return
    changes = chosen(diff, subscription, context.told.get(subscription.name, frozenset()))
    for group, when in _groups(diff, changes, subscription, context.now):
        section = section_of(diff, group, context.place, partial(context.doubt, subscription.name))
        yield from change_alerts([section], subscription, when)


def _groups(
    diff: YearlyDiff, changes: Sequence[Change], subscription: Subscription, now: datetime
) -> Iterator[tuple[Sequence[Change], When]]:
    """Which changes leave together, and how. What waits for a verdict waits alone: it is judged alone."""
    if subscription.after_review or is_suspicious(diff):
        yield from (((change,), When(held=True)) for change in changes)
        return
    digest = subscription.urgency is not Urgency.INSTANT
    at_once = [change for change in changes if not digest or is_urgent(subscription, change)]
    later = [change for change in changes if change not in at_once]
    if at_once:
        moment = not_before(replace(subscription, urgency=Urgency.INSTANT), now)
        yield at_once, When(gathered=moment is not None, not_before=moment)
    if later:
        yield later, When(gathered=True, not_before=not_before(subscription, now) or now)
