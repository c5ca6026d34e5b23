"""How well numbers that bind are told from names, years, statistics and triggers (phrases of our own)."""

from __future__ import annotations

from pathlib import Path

from language.quantities import quantities

LABELLED = Path(__file__).parent / "gold" / "numbers.tsv"
FRESH = Path(__file__).parent / "gold" / "numbers_fresh.tsv"
"""Thirty that bind and thirty that do not, written before the reader saw them; nothing is ever tuned on them."""


def _labelled(file: Path) -> list[tuple[str, list[str]]]:
    """(phrase, the numbers that bind in it)."""
    rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return [(phrase, [] if numbers == "-" else numbers.split(" ")) for phrase, numbers in rows]


def _told(phrase: str, wanted: list[str]) -> tuple[int, int, int]:
    """Hits, false alarms and misses."""
    said = [one.quote for one in quantities(phrase) if one.binds]
    hits = [want for want in wanted if any(want in quote or quote in want for quote in said)]
    false = [quote for quote in said if not any(want in quote or quote in want for want in wanted)]
    return len(hits), len(false), len(wanted) - len(hits)


def _f1(file: Path) -> float:
    hits, false, missed = (sum(column) for column in zip(*(_told(*row) for row in _labelled(file)), strict=True))
    return 2 * hits / (2 * hits + false + missed)


def measure() -> dict[str, float]:
    """F1 over all numbers: of the set the rules grew on, and of the one kept apart."""
    return {"f1": _f1(LABELLED), "fresh_f1": _f1(FRESH)}


def report() -> str:
    """The phrases that are told wrong; those kept apart are only counted, lest somebody tune on them."""
    return "\n".join(f"{phrase}: {wanted}" for phrase, wanted in _labelled(LABELLED) if any(_told(phrase, wanted)[1:]))
