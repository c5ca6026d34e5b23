"""How well tampered texts are told from honest ones that look odd (texts of our own)."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from crawler.read.poison import poisoned
from language.width import comparison_copy

LABELLED = Path(__file__).parent / "gold" / "poison.jsonl"


class Sample(NamedTuple):
    """A text and whether somebody tampered with it."""

    text: str
    poisoned: bool


@cache
def samples() -> tuple[Sample, ...]:
    """All of them; characters that cannot be seen are escaped in the file."""
    rows = map(json.loads, LABELLED.read_text(encoding="utf-8").splitlines())
    return tuple(Sample(row["text"], row["poisoned"]) for row in rows)


def is_told(text: str) -> bool:
    """Whether the reader holds the text for tampered with."""
    return poisoned(comparison_copy(text).text, text) is not None


def measure() -> dict[str, float]:
    """Precision (an honest text must never be held back) and recall."""
    told = [(is_told(one.text), one.poisoned) for one in samples()]
    hits = told.count((True, True))
    return {"precision": hits / max(1, hits + told.count((True, False))), "recall": hits / sum(one for _, one in told)}


def report() -> str:
    """What is told wrong."""
    return "\n".join(f"{one.poisoned}: {one.text}" for one in samples() if is_told(one.text) is not one.poisoned)
