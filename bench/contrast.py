"""Same commitment or not: pairs of our own in which the frame misleads, ten beside each other as in an announcement.

``contrast.tsv``: "other", one frame around two objects (codebook M1), or "same", one object in other words, places and
stages. They were written before the matcher saw them.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from differ.matching.align import align
from schema.changes import Unit

PAIRS = Path(__file__).parent / "gold" / "contrast.tsv"
SIZE = 10
Row = tuple[str, str, str]


def rows() -> list[Row]:
    """(same or other, old wording, new wording), the two sorts by turns."""
    lines = [line.split("\t") for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    found = [(kind, old, new) for kind, old, new in lines]
    sorts = [[row for row in found if row[0] == kind] for kind in ("other", "same")]
    return [row for both in itertools.zip_longest(*sorts) for row in both if row]


def told(every: list[Row]) -> list[tuple[Row, bool]]:
    """Each pair, and whether it was linked."""
    found = []
    for group in (every[at : at + SIZE] for at in range(0, len(every), SIZE)):
        old = [Unit(f"o{n}", row[1], 0, len(row[1])) for n, row in enumerate(group)]
        new = [Unit(f"n{n}", row[2], 0, len(row[2])) for n, row in enumerate(group)]
        links = {(i, j) for link in align(old, new).links for i in link.old for j in link.new}
        found += [(row, (n, n) in links) for n, row in enumerate(group)]
    return found


def measure() -> dict[str, float]:
    """Share of each sort that is told right."""
    every = told(rows())
    shares = {}
    for kind in ("other", "same"):
        right = [linked == (kind == "same") for (sort, _, _), linked in every if sort == kind]
        shares[kind] = sum(right) / len(right)
    return shares


def report() -> str:
    """The pairs told wrong."""
    return "\n".join("\t".join(row) for row, linked in told(rows()) if linked != (row[0] == "same"))
