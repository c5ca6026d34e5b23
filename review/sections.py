"""省份对照 as it is read: this year's directives in order, each with its counterpart of the year before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from review.lines import Line
from schema.changes import YearlyDiff

Heading = tuple[int, str]
"""A directive's number and its text."""


@dataclass(frozen=True, slots=True)
class Section:
    """One directive. ``new`` None: only the year before had it; ``old`` None: only this year has it."""

    old: Heading | None
    new: Heading | None
    lines: tuple[Line, ...]


def sections(diff: YearlyDiff, lines: Sequence[Line]) -> list[Section]:
    """Lines under this year's directives in order; dropped ones where their old directive's counterpart is."""
    old = {unit.id: (unit.directive_no, unit.directive) for unit in diff.old_units}
    new = {unit.id: (unit.directive_no, unit.directive) for unit in diff.new_units}
    partner = _counterparts(diff, old, new)
    place_old, place_new = ({u.id: n for n, u in enumerate(units)} for units in (diff.old_units, diff.new_units))
    grouped: dict[Heading | None, dict[Heading | None, list[Line]]] = {None: defaultdict(list)}
    for line in lines:
        change = line.change
        if change.new:
            under = new.get(change.new[0])
            grouped.setdefault(under, defaultdict(list))[None].append(line)
        else:
            was = old.get(change.old[0]) if change.old else None
            under = partner.get(was) if was else None
            grouped.setdefault(under, defaultdict(list))[was].append(line)
    return _ordered(grouped, partner, (place_old, place_new))


def _counterparts(diff: YearlyDiff, old: dict[str, Heading], new: dict[str, Heading]) -> dict[Heading, Heading]:
    """Old directive → the new one it shares most commitments with."""
    shared: Counter[tuple[Heading, Heading]] = Counter(
        (old[a], new[b]) for change in diff.changes for a in change.old for b in change.new if a in old and b in new
    )
    found: dict[Heading, Heading] = {}
    for (before, after), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        found.setdefault(before, after)
    return found


def _ordered(
    grouped: dict[Heading | None, dict[Heading | None, list[Line]]],
    partner: dict[Heading, Heading],
    places: tuple[dict[str, int], dict[str, int]],
) -> list[Section]:
    was = {after: before for before, after in sorted(partner.items(), reverse=True)}
    made = []
    for under in sorted(one for one in grouped if one is not None):
        inside = [line for group in grouped[under].values() for line in group]
        made.append(Section(was.get(under), under, tuple(sorted(inside, key=lambda line: _place(line, places)))))
    alone = grouped[None]
    made += [Section(before, None, tuple(alone[before])) for before in sorted(alone, key=lambda one: one or (0, ""))]
    return made


def _place(line: Line, places: tuple[dict[str, int], dict[str, int]]) -> tuple[int, int]:
    """This year's order; a dropped one stands after everything this year says under the directive."""
    old, new = places
    return (new.get(line.change.new[0], 0), 0) if line.change.new else (len(new), old.get(line.change.old[0], 0))
