"""From the fields of a form, a program or a workbook to a verdict; says what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from review.guard import Refused
from schema.changes import Change, Kind, Unit, YearlyDiff
from schema.verdicts import OVERRIDING, Decision, Verdict, review_of

REASONED = OVERRIDING | {Decision.COMMENT}
"""Overrides and comments need a reason."""
PAIRED = (Kind.STRENGTHENED, Kind.WEAKENED, Kind.MIXED, Kind.REWORDED, Kind.UNCHANGED)
"""What a change with two wordings can be called; one with a single wording stays new or dropped."""
LONGEST_REASON = 2000
LONGEST_NAME = 64


def verdict_of(
    fields: Mapping[str, str],
    change: Change,
    *,
    by: str,
    at: datetime,
    diff: YearlyDiff | None = None,
    history: Sequence[Verdict] = (),
) -> Verdict:
    """The decision some fields hold. Raises Refused 422 with what is missing.

    ``decision`` and ``reason``; ``kind`` to reclassify, re-match or merge; ``units`` to re-match: ids of the other
    side's units, separated by blanks; ``with`` to merge: the other change's key; ``assignee`` to assign. ``diff`` is
    needed to re-match and merge, ``history`` to undo.
    """
    decision = next((one for one in Decision if one.value == fields.get("decision")), None)
    if decision is None:
        raise Refused(422, "no_decision")
    reason = fields.get("reason", "").strip()
    if decision in REASONED and not reason:
        raise Refused(422, "no_reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(422, "long_reason")
    if decision is Decision.UNDO and history and review_of(history).own(by) is None:
        raise Refused(422, "not_your_verdict")
    wanted_old, wanted_new = _wanted(decision, fields, change, diff)
    return Verdict(
        change_key=change.key,
        decision=decision,
        by=by,
        at=at,
        machine_kind=change.kind,
        kind=_kind(decision, fields, change),
        reason=reason,
        old_units=change.old,
        new_units=change.new,
        old_text=change.old_text,
        new_text=change.new_text,
        wanted_old=wanted_old,
        wanted_new=wanted_new,
        assignee=_assignee(fields) if decision is Decision.ASSIGN else "",
    )


def _kind(decision: Decision, fields: Mapping[str, str], change: Change) -> Kind | None:
    if decision is Decision.CONFIRM:
        return change.kind
    if decision is Decision.RECLASSIFY:
        choices = tuple(one for one in PAIRED if one is not change.kind) if change.old and change.new else ()
    elif decision in (Decision.REMATCH, Decision.MERGE):
        choices = PAIRED
    else:
        return None
    kind = next((one for one in choices if one.value == fields.get("kind")), None)
    if kind is None:
        raise Refused(422, "no_kind")
    return kind


def _wanted(
    decision: Decision, fields: Mapping[str, str], change: Change, diff: YearlyDiff | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The wordings that belong together, by year; empty where nothing is regrouped."""
    if decision is Decision.SPLIT and len(change.old) + len(change.new) < 2:
        raise Refused(422, "nothing_to_split")
    if decision not in (Decision.REMATCH, Decision.MERGE) or diff is None:
        if decision in (Decision.REMATCH, Decision.MERGE):
            raise Refused(422, "no_counterpart")
        return (), ()
    old, new = _rematched(fields, change, diff) if decision is Decision.REMATCH else _merged(fields, change, diff)
    if not old or not new:
        raise Refused(422, "no_counterpart")
    if len(old) > 1 and len(new) > 1:
        raise Refused(422, "many_to_many")
    if (old, new) == (change.old, change.new):
        raise Refused(422, "same_counterpart")
    return _texts(diff.old_units, old), _texts(diff.new_units, new)


def _rematched(fields: Mapping[str, str], change: Change, diff: YearlyDiff) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The change's own side stays; the chosen units are of the later year, or of the earlier for a new commitment."""
    chosen = tuple(dict.fromkeys(fields.get("units", "").split()))
    known = {unit.id for unit in (diff.new_units if change.old else diff.old_units)}
    if not set(chosen) <= known:
        raise Refused(422, "no_counterpart")
    return (change.old, chosen) if change.old else (chosen, change.new)


def _merged(fields: Mapping[str, str], change: Change, diff: YearlyDiff) -> tuple[tuple[str, ...], tuple[str, ...]]:
    other = next((one for one in diff.changes if one.key == fields.get("with") and one.key != change.key), None)
    if other is None:
        raise Refused(422, "no_counterpart")
    return (*change.old, *other.old), (*change.new, *other.new)


def _texts(units: Sequence[Unit], chosen: Sequence[str]) -> tuple[str, ...]:
    by_id = {unit.id: unit.text for unit in units}
    return tuple(by_id[one] for one in chosen)


def _assignee(fields: Mapping[str, str]) -> str:
    name = fields.get("assignee", "").strip()
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise Refused(422, "no_assignee")
    return name
