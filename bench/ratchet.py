"""Floors that rise and never fall: what was measured once must be reached again.

``floors.json`` holds one object a bench: measured name -> floor. A name that ends in ``_seconds`` or ``_mb`` is a
ceiling. Lowering a floor needs its full name ("differ.links_f1") on the command line.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

FLOORS = Path(__file__).parent / "floors.json"
MARGIN = 0.005
SLACK = 1.5
"""Ceilings on time and memory leave room for a slower machine."""

Figures = dict[str, dict[str, float]]


def is_ceiling(name: str) -> bool:
    """True where less is better."""
    return name.endswith(("_seconds", "_mb"))


@dataclass(frozen=True, slots=True)
class Row:
    """One figure beside its floor. ``measured`` None: the bench no longer measures it; ``floor`` None: new."""

    bench: str
    name: str
    measured: float | None
    floor: float | None

    @property
    def is_absent(self) -> bool:
        """True when what would be measured is not here (NaN): neither right nor wrong."""
        return self.measured is not None and math.isnan(self.measured)

    @property
    def holds(self) -> bool:
        """False below the floor, above the ceiling, or when a floored figure is missing."""
        if self.floor is None or self.is_absent:
            return True
        if self.measured is None:
            return False
        return self.measured <= self.floor if is_ceiling(self.name) else self.measured >= self.floor


def load_floors(path: Path = FLOORS) -> Figures:
    """The floors kept; empty when there are none yet."""
    if not path.exists():
        return {}
    floors: Figures = json.loads(path.read_text(encoding="utf-8"))
    return floors


def compare(figures: Figures, floors: Figures) -> list[Row]:
    """Every measured figure and every floor of the measured benches, in a fixed order."""
    rows = []
    for bench, measured in sorted(figures.items()):
        kept = floors.get(bench, {})
        rows += [Row(bench, name, measured.get(name), kept.get(name)) for name in sorted({*measured, *kept})]
    return rows


def raised(rows: list[Row], floors: Figures, lower: frozenset[str] = frozenset()) -> Figures:
    """New floors: measured values less a margin where that is stricter, or where the name is in ``lower``."""
    result: Figures = {bench: dict(kept) for bench, kept in floors.items()}
    for row in rows:
        if f"{row.bench}.{row.name}" in lower and row.measured is None:
            result[row.bench].pop(row.name, None)
        if row.measured is None or row.is_absent:
            continue
        wanted = _floor_for(row.name, row.measured)
        stricter = row.floor is None or (wanted < row.floor if is_ceiling(row.name) else wanted > row.floor)
        if stricter or f"{row.bench}.{row.name}" in lower:
            result.setdefault(row.bench, {})[row.name] = wanted
    return result


def _floor_for(name: str, measured: float) -> float:
    return round(measured * SLACK, 3) if is_ceiling(name) else round(max(measured - MARGIN, 0.0), 3)


def save_floors(floors: Figures, path: Path = FLOORS) -> None:
    """Write the floors sorted, so that a change is one line in review."""
    ordered = {bench: dict(sorted(kept.items())) for bench, kept in sorted(floors.items())}
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
