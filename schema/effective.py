"""What a yearly diff says after the analysts: kinds replaced, wordings matched anew, non-commitments set aside."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from schema.changes import ALERT_KINDS, Change, Confidence, Kind, Structure, Unit, YearlyDiff
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

    @property
    def kind(self) -> Kind | None:
        """What it counts as: the analyst's kind, else the machine's; None for what is not a commitment."""
        return self.change.kind if self.counts else None

    @property
    def asks(self) -> bool:
        """The machine says something that people are told; what another change's verdict remade was decided there."""
        return self.machine is not None and self.machine.kind in ALERT_KINDS and not self.taken

    @property
    def waits(self) -> bool:
        """It asks for a decision and has none in force."""
        return self.asks and self.review.verdict is None

    @property
    def taken(self) -> bool:
        """The verdict on another change gave it its wordings, or took them."""
        return self.regrouped_by not in ("", self.change.key)


@dataclass(frozen=True, slots=True)
class EffectiveKinds:
    """A diff's changes counted by the kind they count as, and how many wait for a decision."""

    counts: Counter[Kind]
    waiting: int


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


def effective_of(diff: YearlyDiff, verdicts: Mapping[str, Sequence[Verdict]], key: str) -> Effective:
    """The machine's change with this key as it counts: not at all when other verdicts took every wording of it.

    Raises StopIteration for a key the diff does not have.
    """
    found = effective_changes(diff, verdicts)
    known = next((one for one in found if one.change.key == key), None)
    if known is not None:
        return known
    machine = next(change for change in diff.changes if change.key == key)
    old, new = {*machine.old}, {*machine.new}
    heir = next(one for one in found if old & {*one.change.old} or new & {*one.change.new})
    by = heir.regrouped_by or heir.change.key
    return Effective(machine, machine, review_of(verdicts.get(key, ())), by, counts=False)


def effective_kinds(kinds: Mapping[Kind, int], judged: Iterable[tuple[Kind, Sequence[Verdict]]]) -> EffectiveKinds:
    """``effective_changes`` counted, without the changes, where no verdict in force matched wordings anew.

    ``kinds``: the machine's counts; ``judged``: its kind and the verdicts, oldest first, of every change with any.
    Raises ValueError where a verdict in force did match anew: then the changes themselves are needed.
    """
    counts = Counter(kinds)
    waiting = sum(count for kind, count in counts.items() if kind in ALERT_KINDS)
    for machine, history in judged:
        verdict = review_of(history).verdict
        if verdict is None:
            continue
        if verdict.decision in REGROUPING:
            raise ValueError(f"{verdict.change_key} was matched anew")
        waiting -= machine in ALERT_KINDS
        counts[machine] -= 1
        if verdict.decision is not Decision.NOT_A_COMMITMENT:
            counts[_said(verdict) or machine] += 1
    return EffectiveKinds(+counts, waiting)


def regrouped(histories: Iterable[Sequence[Verdict]]) -> bool:
    """Whether a verdict in force matched wordings anew, so that counting needs the changes themselves."""
    found = (review_of(history).verdict for history in histories)
    return any(verdict is not None and verdict.decision in REGROUPING for verdict in found)


def kinds_of(changes: Iterable[Effective]) -> EffectiveKinds:
    """The same of changes at hand."""
    found = tuple(changes)
    counts = Counter(one.kind for one in found if one.kind is not None)
    return EffectiveKinds(counts, sum(one.waits for one in found))


def _said(verdict: Verdict | None) -> Kind | None:
    """The kind a verdict in force gives where the wordings stay together; a confirmed kind outlives relabelling."""
    if verdict is None:
        return None
    if verdict.decision is Decision.CONFIRM:
        return verdict.kind or verdict.machine_kind
    return verdict.kind if verdict.decision is Decision.RECLASSIFY else None


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
        kind = group.kind or _said(verdict) or machine.kind
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
