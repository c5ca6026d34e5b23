"""From what a subscription gathered to one message, and what a verdict does to what was held; pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from notifier.choosing import names_target, rank
from notifier.compose import When, change_alerts
from notifier.letter import Note
from notifier.section import Item, Section, section_data, section_from, section_of
from schema.alerts import Alert, AlertKind, Delivery, Subscription
from schema.changes import ALERT_KINDS, Change, DiffOutcome, Kind, YearlyDiff
from schema.effective import Effective
from schema.provinces import PROVINCES
from schema.verdicts import REGROUPING, Decision, Verdict

_CODES = {province.slug: number for number, province in enumerate(PROVINCES)}
Doubt = Callable[[str], str]
"""Change key → the address at which its reader objects."""
TOLD_AS_CHANGES = frozenset({AlertKind.CHANGES, AlertKind.REVISION})


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a held part: the section to tell, or why there is nothing to tell."""

    section: Section | None
    reason: str = ""

    @property
    def data(self) -> str:
        """The section as a part's JSON."""
        assert self.section is not None
        return json.dumps(section_data(self.section), ensure_ascii=False)


def merged(parts: Sequence[Delivery], subscription: Subscription) -> tuple[Alert, ...]:
    """One message (or as many as the channel's limit needs) that tells all parts, grouped by province.

    Its key is made from the parts' keys: merging the same parts twice gives the same alerts.
    """
    sections = gathered([section_from(json.loads(p.alert.data)) for p in parts if p.alert.kind in TOLD_AS_CHANGES])
    notes = [_note(part.alert) for part in parts if part.alert.kind not in TOLD_AS_CHANGES]
    name = "\n".join(["digest", *sorted(part.alert.key for part in parts)])
    return tuple(change_alerts(sections, subscription, When(), name, notes))


def gathered(sections: Sequence[Section]) -> list[Section]:
    """Parts of one comparison joined; provinces with the most strengthened or dropped targets first."""
    joined: dict[tuple[str, int, int, bool], Section] = {}
    for section in sections:
        key = (section.province, section.year_old, section.year_new, section.revision)
        known = joined.get(key)
        items = {item.key: item for item in (*(known.items if known else ()), *section.items)}
        joined[key] = replace(section, items=tuple(sorted(items.values(), key=rank)))
    leading = Counter[str]()
    for section in joined.values():
        leading[section.province] += sum(_leads(item) for item in section.items)
    return sorted(
        joined.values(), key=lambda one: (-leading[one.province], _CODES[one.province], one.year_new, one.revision)
    )


def judge(section: Section, verdict: Verdict, subscription: Subscription) -> Judged:
    """A held part of one change after the verdict in force: told with the analyst's kind, or not at all."""
    (item,) = section.items
    kind = verdict.kind or (item.kind if verdict.decision is Decision.CONFIRM else None)
    said = f"{verdict.decision.value} by {verdict.by}" + (f": {verdict.reason}" if verdict.reason else "")
    if verdict.decision is Decision.NOT_A_COMMITMENT or kind is None or kind not in ALERT_KINDS:
        return Judged(None, f"{said} ({kind.value})" if kind else said)
    findings = item.findings if kind is item.kind or kind is Kind.MIXED else ()
    item = replace(item, kind=kind, judged=True, findings=findings)
    if kind not in subscription.kinds:
        return Judged(None, f"{said} ({kind.value}, not asked for)")
    return Judged(replace(section, items=(item,)))


def rematch(
    section: Section, diff: YearlyDiff, matched: Sequence[Effective], subscription: Subscription, doubt: Doubt
) -> Judged:
    """A held part whose wordings a person matched anew: told as what they are now, or not at all."""
    now = [one for one in matched if one.counts and one.change.kind in ALERT_KINDS]
    asked = [one.change for one in now if one.change.kind in subscription.kinds]
    if not asked:
        kinds = "、".join(dict.fromkeys(one.change.kind.value for one in matched)) or "told with another change"
        return Judged(None, f"matched anew ({kinds}{', not asked for' if now else ''})")
    told = section_of(diff, sorted(asked, key=rank), section.place, doubt)
    return Judged(replace(told, items=tuple(replace(item, judged=True) for item in told.items)))


def matched_anew(key: str, verdict: Verdict | None, found: Sequence[Effective]) -> tuple[Effective, ...] | None:
    """What a change's wordings became by a person's matching, its own or another's; None: nobody matched them.

    Empty: all of them are told with the other change. Wordings that a verdict set free are told with the verdict's own.
    """
    own = [one for one in found if one.change.key == key]
    moved = verdict is not None and verdict.decision in REGROUPING
    if own and not moved and not own[0].regrouped_by:
        return None
    return tuple(own + [one for one in found if one.machine is None and one.regrouped_by == key])


def diff_of(section: Section) -> YearlyDiff:
    """The comparison a part tells of, as far as finding its verdicts needs it."""
    changes = tuple(
        Change(item.key, item.kind, (), (), item.old_text, item.new_text, confidence=item.confidence)
        for item in section.items
    )
    outcome = DiffOutcome.REVISION if section.revision else DiffOutcome.OK
    return YearlyDiff(section.province, section.year_old, section.year_new, outcome, changes=changes)


def _leads(item: Item) -> bool:
    return item.kind in (Kind.STRENGTHENED, Kind.DROPPED) and names_target(item)


def _note(alert: Alert) -> Note:
    data = json.loads(alert.data)
    return Note(data.get("subject", alert.subject), tuple(data.get("lines", ())), data)
