"""How well the rules judge a matched pair: phrases of our own, beside the labelled year pairs."""

from __future__ import annotations

from pathlib import Path

from differ.combine import combine
from differ.lexicon import load_lexicon
from differ.pair import Pair
from differ.rules import judge
from schema.changes import Unit

GOLD = Path(__file__).parent / "gold"
FILES = {
    "accuracy": "strength",
    "fresh_dev": "strength_fresh_dev",
    "fresh_check": "strength_fresh_check",
    "fresh2": "strength_fresh2",
    "fresh3": "strength_fresh3",
    "fresh4": "strength_fresh4",
}
"""Figure -> file. Those up to fresh3 name the codebook's clause in a fourth column; fresh_check is only measured."""
YEARS = (2025, 2026)


def _judged(file: str) -> list[tuple[str, str, str, str]]:
    """(wanted kind, kind said, old wording, new wording)."""
    found = []
    for line in (GOLD / f"{file}.tsv").read_text(encoding="utf-8").splitlines():
        kind, old, new, *_ = line.split("\t")
        pair = Pair((Unit("o", old, 0, len(old)),), (Unit("n", new, 0, len(new)),), *YEARS)
        found.append((kind, combine(judge(pair, load_lexicon())).value, old, new))
    return found


def measure() -> dict[str, float]:
    """Share of pairs with the right kind, a figure a file."""
    judged = {name: _judged(file) for name, file in FILES.items()}
    return {name: sum(wanted == said for wanted, said, *_ in rows) / len(rows) for name, rows in judged.items()}


def report() -> str:
    """The pairs that are judged wrong; of the kept-apart file only how many."""
    lines = []
    for name, file in FILES.items():
        wrong = [row for row in _judged(file) if row[0] != row[1]]
        if name == "fresh_check":
            lines.append(f"{file}: {len(wrong)} wrong")
        else:
            lines += [f"{wanted} -> {said}: {old} → {new}" for wanted, said, old, new in wrong]
    return "\n".join(lines)
