"""Before anything is sent: verdicts release or cancel what is held, and what is ripe becomes one message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from notifier.digest import TOLD_AS_CHANGES, Judged, diff_of, judge, matched_anew, merged, rematch
from notifier.section import Section, section_data, section_from
from notifier.timing import not_before
from schema.alerts import Delivery, Subscription
from schema.effective import effective_changes
from schema.verdicts import Decision, Verdict, standing
from workflow.house import House

GONE = "订阅已停用 the subscription is not in force any more"


@dataclass(slots=True)
class Settled:
    """What one look came to, in parts; ``messages`` are what ripe parts became."""

    released: int = 0
    cancelled: int = 0
    messages: int = 0


def settle(house: House) -> Settled:
    """Look once. Killed anywhere and run again, it comes to the same."""
    held, ripe = house.gathering.held(), house.gathering.ripe()
    done = Settled()
    if not held and not ripe:
        return done
    known = {one.name: one for one in house.subscriptions() if one.enabled}
    judged = _Judgements(house)
    for part in held:
        _judge(house, part, known.get(part.alert.subscription), judged, done)
    for name, parts in house.gathering.ripe().items() if done.released else ripe.items():
        _merge(house, parts, known.get(name), judged, done)
    return done


def _judge(house: House, part: Delivery, subscription: Subscription | None, judged: _Judgements, done: Settled) -> None:
    if subscription is None:
        done.cancelled += house.gathering.cancel([part.id], GONE)
        return
    section = section_from(json.loads(part.alert.data))
    key = section.items[0].key
    verdict = judged.of(section, key)
    outcome = judged.anew(section, key, verdict, subscription)
    if outcome is None and verdict is not None:
        outcome = judge(section, verdict, subscription)
    if outcome is None:
        return
    if outcome.section is None:
        done.cancelled += house.gathering.cancel([part.id], outcome.reason)
        return
    moment = not_before(subscription, house.clock()) or house.clock()
    done.released += house.gathering.release(part.id, outcome.data, moment)


def _merge(
    house: House, parts: Sequence[Delivery], subscription: Subscription | None, judged: _Judgements, done: Settled
) -> None:
    if subscription is None:
        done.cancelled += house.gathering.cancel([part.id for part in parts], GONE)
        return
    standing_parts = [judged.without_refused(part) for part in parts]
    kept = [part for part in standing_parts if part is not None]
    refused = [part.id for part, left in zip(parts, standing_parts, strict=True) if left is None]
    if refused:
        done.cancelled += house.gathering.cancel(refused, "分析员：不是承诺 an analyst said: not a commitment")
    if kept:
        alerts = merged(kept, subscription)
        done.messages += len(alerts) * house.gathering.merge([part.id for part in kept], alerts, subscription)


class _Judgements:
    """Verdicts in force, found by key or by wording."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._rearranged = cache(house.verdicts.rearranged)
        """Asked once a look: most comparisons have nothing matched anew, and none of them is loaded for it."""

    def of(self, section: Section, key: str) -> Verdict | None:
        """The verdict in force about one change."""
        return self._all(section).get(key)

    def anew(self, section: Section, key: str, verdict: Verdict | None, subscription: Subscription) -> Judged | None:
        """What to tell of a change whose wordings a person matched, split or merged; None: nobody did."""
        if (section.province, section.year_new) not in self._rearranged():
            return None
        found = self._house.comparisons.change(key)
        if found is None:
            return None
        diff = found[0].diff
        matched = matched_anew(key, verdict, effective_changes(diff, self._house.verdicts.of_diff(diff)))
        if matched is None:
            return None
        return rematch(section, diff, matched, subscription, partial(self._house.links().doubt, subscription.name))

    def without_refused(self, part: Delivery) -> Delivery | None:
        """A gathered part without what an analyst meanwhile called no commitment; None when nothing is left."""
        if part.alert.kind not in TOLD_AS_CHANGES:
            return part
        section = section_from(json.loads(part.alert.data))
        refused = {key for key, verdict in self._all(section).items() if verdict.decision is Decision.NOT_A_COMMITMENT}
        if not refused:
            return part
        items = tuple(item for item in section.items if item.key not in refused)
        data = json.dumps(section_data(replace(section, items=items)), ensure_ascii=False)
        return replace(part, alert=replace(part.alert, data=data)) if items else None

    def _all(self, section: Section) -> dict[str, Verdict]:
        """Change key → verdict in force, for the changes of a section."""
        found = self._house.verdicts.of_diff(diff_of(section))
        decided = {key: standing(history) for key, history in found.items()}
        return {key: verdict for key, verdict in decided.items() if verdict is not None}
