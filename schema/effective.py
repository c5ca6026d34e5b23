"""What a yearly diff says after the analysts: kinds replaced, wordings matched anew, non-commitments set aside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from schema.changes import Change, Confidence, Kind, Structure, Unit, YearlyDiff
from schema.verdicts import REGROUPING, Decision, Review, Verdict, plain, review_of


@dataclass(frozen=True, slots=True)
class Effective:
    """A change as it counts. ``change`` has the kind and the wordings in force.

    ``machine``: the machine's own change, its label untouched; None for one that a person made by matching anew.
    """

    change: Change
    machine: Change | None
    review: Review
    regrouped_by: str = ""
    """Key of the change whose verdict gave this one its wordings."""
    counts: bool = True
    """False: no commitment, an analyst says."""
    lost: bool = False
    """A verdict matched it to wordings that the texts no longer have; it is shown as the machine has it."""


@dataclass(slots=True)
class _Group:
    old: list[str]
    new: list[str]
    machine: Change | None
    key: str
    kind: Kind | None = None
    by: str = ""
    lost: bool = False

    def holds(self, change: Change) -> bool:
        return tuple(self.old) == change.old and tuple(self.new) == change.new


@dataclass(slots=True)
class _Table:
    """The units of both years in their groups, while verdicts move them about."""

    groups: list[_Group]
    old_units: dict[str, Unit]
    new_units: dict[str, Unit]

    def take(self, side: str, units: Iterable[str]) -> None:
        """Out of whatever group they are in."""
        gone = set(units)
        for group in self.groups:
            kept = [unit for unit in getattr(group, side) if unit not in gone]
            setattr(group, side, kept)

    def alone(self, side: str, units: Iterable[str], by: str, at: int) -> None:
        """Each unit a group of its own."""
        for unit in units:
            old, new = ([unit], []) if side == "old" else ([], [unit])
            self.groups.insert(at, _Group(old, new, None, _derived(by, side, unit), by=by))
            at += 1


def effective_changes(diff: YearlyDiff, verdicts: Mapping[str, Sequence[Verdict]]) -> tuple[Effective, ...]:
    """The changes of a diff with the verdicts in force applied. Pure; every unit is still in exactly one change.

    ``verdicts``: change key → its verdicts, oldest first. Where two verdicts claim one wording, the later one has it.
    """
    reviews = {change.key: review_of(verdicts.get(change.key, ())) for change in diff.changes}
    table = _Table(
        [_Group(list(change.old), list(change.new), change, change.key) for change in diff.changes],
        {unit.id: unit for unit in diff.old_units},
        {unit.id: unit for unit in diff.new_units},
    )
    moving = [r.verdict for r in reviews.values() if r.verdict is not None and r.verdict.decision in REGROUPING]
    keys = {id(review.verdict): key for key, review in reviews.items() if review.verdict is not None}
    for verdict in sorted(moving, key=lambda one: one.id or 0):
        _regroup(table, keys[id(verdict)], verdict)
    left = [group for group in table.groups if group.old or group.new]
    return tuple(_effective(group, table, reviews.get(group.key, Review())) for group in left)


def _regroup(table: _Table, key: str, verdict: Verdict) -> None:
    at = next(n for n, group in enumerate(table.groups) if group.key == key)
    group = table.groups[at]
    if verdict.decision is Decision.SPLIT:
        old, new = group.old[1:], group.new if group.old else group.new[1:]
        table.take("old", old)
        table.take("new", new)
        group.by = key
        table.alone("old", old, key, at + 1)
        table.alone("new", new, key, at + 1 + len(old))
        return
    old_ids = _found(verdict.wanted_old, group.old, table.old_units)
    new_ids = _found(verdict.wanted_new, group.new, table.new_units)
    if old_ids is None or new_ids is None:
        group.lost = True
        return
    spare_old = [unit for unit in group.old if unit not in old_ids]
    spare_new = [unit for unit in group.new if unit not in new_ids]
    table.take("old", (*old_ids, *spare_old))
    table.take("new", (*new_ids, *spare_new))
    group.old, group.new, group.kind, group.by = list(old_ids), list(new_ids), verdict.kind, key
    table.alone("old", spare_old, key, at + 1)
    table.alone("new", spare_new, key, at + 1)


def _found(texts: Sequence[str], own: Sequence[str], units: Mapping[str, Unit]) -> tuple[str, ...] | None:
    """Ids of the units with these texts, the group's own first; None when one is not there any more."""
    found: list[str] = []
    for text in texts:
        wanted = plain(text)
        same = [unit for unit in units if plain(units[unit].text) == wanted and unit not in found]
        if not same:
            return None
        found.append(next((unit for unit in same if unit in own), same[0]))
    return tuple(found)


def _effective(group: _Group, table: _Table, review: Review) -> Effective:
    verdict, machine = review.verdict, group.machine
    counts = verdict is None or verdict.decision is not Decision.NOT_A_COMMITMENT
    if machine is not None and group.holds(machine):
        said = verdict.kind if verdict is not None and verdict.decision is Decision.RECLASSIFY else None
        kind = group.kind or said or machine.kind
        return Effective(replace(machine, kind=kind), machine, review, group.by, counts, group.lost)
    return Effective(_remade(group, table), machine, review, group.by or _thief(group, table), counts)


def _remade(group: _Group, table: _Table) -> Change:
    """A change the machine did not make: a person's matching is certain, its findings are not known."""
    old, new = tuple(group.old), tuple(group.new)
    structure = ((Structure.SPLIT,) if len(new) > 1 else ()) + ((Structure.MERGED,) if len(old) > 1 else ())
    return Change(
        key=group.key,
        kind=_kind(group),
        old=old,
        new=new,
        old_text="\n".join(table.old_units[unit].text for unit in old),
        new_text="\n".join(table.new_units[unit].text for unit in new),
        structure=structure if old and new else (),
        confidence=Confidence.HIGH,
        notes=("matched by a person",),
    )


def _kind(group: _Group) -> Kind:
    if not group.new:
        return Kind.DROPPED
    if not group.old:
        return Kind.NEW
    machine = group.machine.kind if group.machine else None
    return group.kind or (machine if machine not in (None, Kind.NEW, Kind.DROPPED) else None) or Kind.REWORDED


def _thief(group: _Group, table: _Table) -> str:
    """Whose verdict took wordings out of this group."""
    machine = group.machine
    assert machine is not None  # groups without one know who made them
    gone = ({*machine.old} - {*group.old}) | ({*machine.new} - {*group.new})
    return next((one.by for one in table.groups if one.by and gone & {*one.old, *one.new}), "")


def _derived(by: str, side: str, unit: str) -> str:
    return hashlib.sha256(f"{by}\n{side}\n{unit}".encode()).hexdigest()[:16]
