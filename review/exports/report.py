"""年度对照报告: what the Word document and the page to print both say, worked out once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from review.gathered import Gathered, by_province
from review.lines import Line
from review.matrix import Cell, State, totals
from schema.announcements import Edition
from schema.changes import ALERT_KINDS, Kind
from schema.provinces import Region
from schema.words import KINDS


@dataclass(frozen=True, slots=True)
class Chapter:
    """One province: its cell, the lines that tell something, and the two versions they rest on."""

    cell: Cell
    lines: tuple[Line, ...]
    earlier: Edition | None
    later: Edition | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, stacked of kinds: where each piece begins and how long it is, of ``whole``."""

    label: str
    pieces: tuple[tuple[Kind, int, int], ...]
    whole: int


@dataclass(frozen=True, slots=True)
class Report:
    """The report's parts in order."""

    gathered: Gathered
    counts: tuple[tuple[Kind, int], ...]
    compared: int
    baselines: int
    without: tuple[Cell, ...]
    """Provinces that have nothing to compare, each with its reason."""
    reviewed: int
    waiting: int
    chapters: tuple[Chapter, ...]
    regions: tuple[Bar, ...]
    topmost: tuple[Bar, ...]
    """Provinces by how much they changed, most first."""


def report_of(gathered: Gathered) -> Report:
    """Everything the report says. Only what tells something is listed; the counts are of all."""
    lines = by_province(gathered.lines)
    chapters = tuple(_chapter(gathered, cell, lines[cell.province.slug]) for cell in gathered.cells
                     if cell.state is State.COMPARED and cell.province.slug in lines)  # fmt: skip
    return Report(
        gathered=gathered,
        counts=tuple(totals(gathered.cells)),
        compared=sum(cell.state is State.COMPARED for cell in gathered.cells),
        baselines=sum(cell.state is State.BASELINE for cell in gathered.cells),
        without=tuple(cell for cell in gathered.cells if cell.state not in (State.COMPARED, State.BASELINE)),
        reviewed=sum(line.asks and not line.waits for line in gathered.lines),
        waiting=sum(line.waits for line in gathered.lines),
        chapters=chapters,
        regions=_regions(gathered),
        topmost=_topmost(gathered),
    )


def _chapter(gathered: Gathered, cell: Cell, lines: Sequence[Line]) -> Chapter:
    telling = [line for line in lines if line.kind in ALERT_KINDS]
    order = list(KINDS)
    telling.sort(key=lambda line: order.index(line.change.kind))
    return Chapter(cell, tuple(telling), gathered.earlier(lines[0]), gathered.later(lines[0]))


def _regions(gathered: Gathered) -> tuple[Bar, ...]:
    cells: dict[Region, Counter[Kind]] = {}
    for cell in gathered.cells:
        cells.setdefault(cell.province.region, Counter()).update(dict(cell.counts))
    return _bars([(region.value, counts) for region, counts in cells.items()])


def _topmost(gathered: Gathered) -> tuple[Bar, ...]:
    found = [(cell.province.slug, Counter(dict(cell.counts))) for cell in gathered.cells if cell.counts]
    return _bars(sorted(found, key=lambda one: -sum(n for kind, n in one[1].items() if kind in ALERT_KINDS)))


def _bars(rows: Sequence[tuple[str, Counter[Kind]]]) -> tuple[Bar, ...]:
    told = [kind for kind in KINDS if kind in ALERT_KINDS]
    whole = max((sum(counts[kind] for kind in told) for _, counts in rows), default=0)
    bars = []
    for label, counts in rows:
        at, found = 0, []
        for kind in told:
            if counts[kind]:
                found.append((kind, at, counts[kind]))
                at += counts[kind]
        bars.append(Bar(label, tuple(found), max(whole, 1)))
    return tuple(bars)
