"""Which matched commitments changed place. Renumbering and reordered directives are not moves."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence

from differ.matching.groups import Link
from schema.changes import Unit

Heads = tuple[Sequence[Unit], Sequence[Unit]]


def moved(links: Sequence[Link], units: Heads) -> frozenset[int]:
    """Positions in ``links`` of the moved ones.

    A directive's counterpart is the one it shares most score with, seen from either side; a link elsewhere is moved.
    In a flat list (one commitment an item, or no items at all) order is the only structure: there the links off the
    longest run that kept its order are moved.
    """
    if any(len(units[side]) == 0 for side in (0, 1)):
        return frozenset()
    if _flat(units[0]) and _flat(units[1]):
        return _off_the_run(links)
    return _off_the_map(links, units)


def _flat(units: Sequence[Unit]) -> bool:
    sizes = Counter((unit.directive_no, unit.directive) for unit in units)
    return len(sizes) == 1 or max(sizes.values()) == 1


def _off_the_map(links: Sequence[Link], units: Heads) -> frozenset[int]:
    shared: Counter[tuple[tuple[int, str], tuple[int, str]]] = Counter()
    for link in links:
        for pair in _heads(link, units):
            shared[pair] += link.score  # type: ignore[assignment]
    best_new: dict[tuple[int, str], tuple[int, str]] = {}
    best_old: dict[tuple[int, str], tuple[int, str]] = {}
    for (old, new), _ in sorted(shared.items(), key=lambda item: (-round(item[1], 6), item[0])):
        best_new.setdefault(old, new)
        best_old.setdefault(new, old)
    return frozenset(
        n
        for n, link in enumerate(links)
        if all(best_new[old] != new and best_old[new] != old for old, new in _heads(link, units))
    )


def _heads(link: Link, units: Heads) -> list[tuple[tuple[int, str], tuple[int, str]]]:
    return [
        ((units[0][i].directive_no, units[0][i].directive), (units[1][j].directive_no, units[1][j].directive))
        for i in link.old
        for j in link.new
    ]


def _off_the_run(links: Sequence[Link]) -> frozenset[int]:
    """Links outside the longest run that ascends on both sides."""
    order = sorted(range(len(links)), key=lambda n: links[n].old)
    tails: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = defaultdict(lambda: None)
    for n in order:
        place = bisect_left(tails, links[n].new[0])
        before[n] = ends[place - 1] if place else None
        tails[place:] = [links[n].new[0], *tails[place + 1 :]]
        ends[place:] = [n, *ends[place + 1 :]]
    kept: set[int] = set()
    last: int | None = ends[-1] if ends else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return frozenset(set(range(len(links))) - kept)
