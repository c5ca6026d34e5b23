"""Which changes a subscription is told, and which of them at once; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from notifier.section import Item
from schema.alerts import Subscription, UrgentRule
from schema.changes import ALERT_KINDS, HARD_DIMENSIONS, Change, Finding, Kind, YearlyDiff
from schema.provinces import find_province
from schema.words import KINDS, SURENESS

SUSPICIOUS_SHARE = 0.5
"""More than this share of an edition dropped looks like our mistake: held for review instead of sent."""
SUSPICIOUS_LEAST = 6
_ORDER = tuple(KINDS)


def is_suspicious(diff: YearlyDiff) -> bool:
    """Whether an unusual share of the older edition would be called dropped."""
    dropped = sum(change.kind is Kind.DROPPED for change in diff.changes)
    return len(diff.old_units) >= SUSPICIOUS_LEAST and dropped > SUSPICIOUS_SHARE * len(diff.old_units)


def chosen(diff: YearlyDiff, subscription: Subscription, told: frozenset[str] = frozenset()) -> tuple[Change, ...]:
    """The changes a subscription wants and was not told, the most telling first."""
    wanted = [change for change in diff.changes if change.key not in told and wants(subscription, change)]
    return tuple(sorted(wanted, key=rank))


def rank(change: Change | Item) -> tuple[bool, int, bool, int]:
    """Strengthened and dropped targets first, then by kind, hard evidence before soft, the surest first."""
    leading = change.kind in (Kind.STRENGTHENED, Kind.DROPPED) and names_target(change)
    hard = any(finding.dimension in HARD_DIMENSIONS for finding in change.findings)
    return not leading, _ORDER.index(change.kind), not hard, -SURENESS[change.confidence]


def names_target(change: Change | Item) -> bool:
    """Whether a target moved, or a commitment with a number in it went."""
    if change.kind is Kind.DROPPED:
        return any(char.isnumeric() for char in change.old_text)
    return any(finding.dimension.value == "target" for finding in change.findings)


def wants(subscription: Subscription, change: Change | Item) -> bool:
    """Kind, confidence, dimension and topic; unchanged and reworded alert nobody."""
    return (
        change.kind in ALERT_KINDS
        and change.kind in subscription.kinds
        and SURENESS[change.confidence] >= SURENESS[subscription.minimum_confidence]
        and _touches(subscription.dimensions, change.findings)
        and _speaks_of(subscription.topics, change)
    )


def is_urgent(subscription: Subscription, change: Change) -> bool:
    """Whether one of a digest's rules sends this out at once."""
    return any(_matches(rule, change) for rule in subscription.urgent)


def wants_place(subscription: Subscription, slug: str | None) -> bool:
    """Whether a province (None: no province at all) is one of those asked for."""
    if not subscription.provinces and not subscription.regions:
        return True
    return slug is not None and (
        slug in subscription.provinces or find_province(slug).region.value in subscription.regions
    )


def _matches(rule: UrgentRule, change: Change) -> bool:
    return (
        (not rule.kinds or change.kind in rule.kinds)
        and SURENESS[change.confidence] >= SURENESS[rule.minimum_confidence]
        and _touches(rule.dimensions, change.findings)
        and _speaks_of(rule.topics, change)
    )


def _touches(dimensions: Sequence[str], findings: Iterable[Finding]) -> bool:
    return not dimensions or any(finding.dimension in dimensions for finding in findings)


def _speaks_of(topics: Sequence[str], change: Change | Item) -> bool:
    text = change.old_text + change.new_text
    return not topics or any(topic in text for topic in topics)
