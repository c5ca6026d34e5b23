"""How well numbers that bind are told from names, years, statistics and triggers (phrases of our own)."""

from __future__ import annotations

from pathlib import Path

from language.quantities import quantities

LABELLED = Path(__file__).parent / "gold" / "numbers.tsv"


def _labelled() -> list[tuple[str, list[str]]]:
    """(phrase, the numbers that bind in it)."""
    rows = (line.split("\t") for line in LABELLED.read_text(encoding="utf-8").splitlines())
    return [(phrase, [] if numbers == "-" else numbers.split(" ")) for phrase, numbers in rows]


def _told(phrase: str, wanted: list[str]) -> tuple[int, int, int]:
    """Hits, false alarms and misses."""
    said = [one.quote for one in quantities(phrase) if one.binds]
    hits = [want for want in wanted if any(want in quote or quote in want for quote in said)]
    false = [quote for quote in said if not any(want in quote or quote in want for want in wanted)]
    return len(hits), len(false), len(wanted) - len(hits)


def measure() -> dict[str, float]:
    """F1 over all numbers."""
    hits, false, missed = (sum(column) for column in zip(*(_told(*row) for row in _labelled()), strict=True))
    return {"f1": 2 * hits / (2 * hits + false + missed)}


def report() -> str:
    """The phrases that are told wrong."""
    return "\n".join(f"{phrase}: {wanted}" for phrase, wanted in _labelled() if any(_told(phrase, wanted)[1:]))
