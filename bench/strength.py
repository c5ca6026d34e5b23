"""How well the rules judge a matched pair: phrases of our own, beside the labelled year pairs."""

from __future__ import annotations

from pathlib import Path

from differ.combine import combine
from differ.lexicon import load_lexicon
from differ.pair import Pair
from differ.rules import judge
from schema.changes import Unit

LABELLED = Path(__file__).parent / "gold" / "strength.tsv"
YEARS = (2025, 2026)


def _judged() -> list[tuple[str, str, str, str]]:
    """(wanted kind, kind said, old wording, new wording)."""
    found = []
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        kind, old, new = line.split("\t")
        pair = Pair((Unit("o", old, 0, len(old)),), (Unit("n", new, 0, len(new)),), *YEARS)
        found.append((kind, combine(judge(pair, load_lexicon())).value, old, new))
    return found


def measure() -> dict[str, float]:
    """Share of pairs with the right kind."""
    judged = _judged()
    return {"accuracy": sum(wanted == said for wanted, said, *_ in judged) / len(judged)}


def report() -> str:
    """The pairs that are judged wrong."""
    return "\n".join(f"{wanted} -> {said}: {old} → {new}" for wanted, said, old, new in _judged() if wanted != said)
