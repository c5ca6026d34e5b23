"""Compares what has not been compared yet and queues the alerts in the same transaction."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from differ.compare import compare_editions, side_of
from differ.lexicon import Lexicon, load_lexicon
from notifier.compose import compose_alerts
from schema.alerts import Alert, Subscription
from schema.changes import DiffOutcome, YearlyDiff
from store.comparisons import Comparison
from workflow.house import House
from workflow.logs import event, trail
from workflow.watchdog import look_at_diffs

DIFFER = "1"
"""Version of the comparing code; raising it makes every diff pending again, technically."""


@dataclass(slots=True)
class CompareSummary:
    """The diffs made in one run, and how many alerts they queued."""

    diffs: list[YearlyDiff] = field(default_factory=list)
    technical: int = 0
    queued: int = 0


def compare_pending(house: House, provinces: Iterable[str] | None = None, year: int | None = None) -> CompareSummary:
    """Make every comparison that is due. A technical one alerts nobody."""
    lexicon = load_lexicon()
    instrument = f"{DIFFER}/{lexicon.version}"
    subscriptions = house.subscriptions()
    summary = CompareSummary()
    for comparison in house.comparisons.each_pending(instrument, provinces):
        if year is not None and comparison.later.plan_year != year:
            continue
        began = time.monotonic()
        diff = diff_of(comparison, lexicon)
        alerts = _alerts(house, comparison, diff, subscriptions)
        kept = house.comparisons.keep(comparison, diff, instrument, alerts, subscriptions)
        if kept.new:
            summary.diffs.append(diff)
            summary.queued += kept.queued
            summary.technical += comparison.technical
            _log(comparison, diff, kept.queued, time.monotonic() - began)
    look_at_diffs(house)
    return summary


def _log(comparison: Comparison, diff: YearlyDiff, queued: int, seconds: float) -> None:
    earlier, later = comparison.earlier, comparison.later
    before = {"before": trail(earlier.page_sha256)["trail"]} if earlier else {}
    told = {"outcome": diff.outcome.value, "changes": len(diff.changes), "queued": queued, "seconds": round(seconds, 3)}
    event("compared", **trail(later.page_sha256), **before, province=later.province, year=later.plan_year, **told)


def _alerts(
    house: House, comparison: Comparison, diff: YearlyDiff, subscriptions: tuple[Subscription, ...]
) -> tuple[Alert, ...]:
    """What the diff tells; nothing when only our own code changed."""
    if comparison.technical:
        return ()
    return compose_alerts(diff, subscriptions, context=house.alert_context(comparison))


def diff_of(comparison: Comparison, lexicon: Lexicon) -> YearlyDiff:
    """The diff of two editions, or the baseline of a first one."""
    later = comparison.later
    if comparison.earlier is None:
        return YearlyDiff(
            province=later.province,
            year_old=0,
            year_new=later.plan_year,
            outcome=DiffOutcome.BASELINE,
            new_units=side_of(later.announcement).units,
            provenance={"lexicon": lexicon.version},
        )
    return compare_editions(comparison.earlier, later, lexicon)
