"""指标台账: every quantified target, and how it went over the years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from review.topics import on_topic
from store.target_book import KeptLink, KeptTarget

_Node = tuple[str, int, str]
"""Province, plan year, the commitment's number."""
WIDTH, HEIGHT, EDGE = 112.0, 27.0, 4.0
"""Of a sparkline, in its own units."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One target, with the same target's values in all years, oldest first."""

    kept: KeptTarget
    series: tuple[tuple[int, float], ...]

    @property
    def earlier(self) -> float | None:
        """The value of the last year before this one."""
        before = [value for year, value in self.series if year < self.kept.plan_year]
        return before[-1] if before else None


def entries(targets: Sequence[KeptTarget], links: Sequence[KeptLink]) -> list[Entry]:
    """Every target with its series. Two targets are the same when their commitments were aligned and their unit is one.

    Of several numbers with one unit in a commitment, the one in the same place.
    """
    root = _chains(links)
    series: dict[tuple[_Node, str, str], dict[int, float]] = defaultdict(dict)
    places: dict[int, tuple[_Node, str, str]] = {}
    for n, one in enumerate(targets):
        node = (one.province, one.plan_year, one.commitment)
        siblings = [s.target.object for s in targets[max(0, n - 8) : n] if _beside(s, one)]
        key = (_find(root, node), one.target.unit, f"{len(siblings)}" if siblings else "")
        places[n] = key
        series[key].setdefault(one.plan_year, one.target.value)
    return [Entry(one, tuple(sorted(series[places[n]].items()))) for n, one in enumerate(targets)]


def _beside(other: KeptTarget, one: KeptTarget) -> bool:
    return (other.province, other.plan_year, other.commitment, other.target.unit) == (
        one.province,
        one.plan_year,
        one.commitment,
        one.target.unit,
    )


def _chains(links: Sequence[KeptLink]) -> dict[_Node, _Node]:
    root: dict[_Node, _Node] = {}
    for link in links:
        nodes = [(link.province, link.year_old, one) for one in link.old]
        nodes += [(link.province, link.year_new, one) for one in link.new]
        first = _find(root, nodes[0])
        for node in nodes[1:]:
            root[_find(root, node)] = first
    return root


def _find(root: dict[_Node, _Node], node: _Node) -> _Node:
    while (above := root.get(node, node)) != node:
        node = above
    return node


ORDERS = {
    "province": lambda entry: (entry.kept.province, -entry.kept.plan_year),
    "year": lambda entry: (-entry.kept.plan_year, entry.kept.province),
    "value": lambda entry: -entry.kept.target.value,
    "unit": lambda entry: (entry.kept.target.unit, -entry.kept.target.value),
    "object": lambda entry: (entry.kept.target.object, -entry.kept.target.value),
    "trend": lambda entry: (-len(entry.series), entry.kept.province, -entry.kept.plan_year),
}
"""How the ledger can be sorted."""


def chosen(found: Sequence[Entry], *, year: int, q: str, topic: str, order: str, slugs: Sequence[str]) -> list[Entry]:
    """The entries asked for. ``year`` 0, ``q`` and ``topic`` empty: all; ``slugs`` gives the provinces' order."""
    taken = [
        entry
        for entry in found
        if year in (0, entry.kept.plan_year)
        and q in f"{entry.kept.sentence}{entry.kept.directive}"
        and (not topic or on_topic(entry.kept.sentence, topic))
    ]
    place = {slug: n for n, slug in enumerate(slugs)}
    taken.sort(key=lambda entry: (place.get(entry.kept.province, 99), -entry.kept.plan_year))
    return sorted(taken, key=ORDERS[order]) if order in ORDERS and order != "province" else taken


def spark(series: Sequence[tuple[int, float]]) -> tuple[str, list[tuple[float, float]]]:
    """An SVG path through the values and the points themselves; years keep their distances."""
    years, values = [year for year, _ in series], [value for _, value in series]
    low, high = min(values), max(values)
    wide, tall = max(years) - min(years) or 1, high - low or 1
    points = [
        (
            round(EDGE + (WIDTH - 2 * EDGE) * (year - min(years)) / wide, 1),
            round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * ((value - low) / tall if high > low else 0.5), 1),
        )
        for year, value in series
    ]
    return "M" + " L".join(f"{x} {y}" for x, y in points), points
