"""Single texts whose commitments are marked in place, ⟦…⟧: what the decision at commas is fitted on."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

GOLD = Path(__file__).parent / "gold"
MARKED = ("commas_a", "commas_b", "commas_c", "commas_d")
YEAR = 2025
_MARK = re.compile("[⟦⟧]")
_HEAD = re.compile(r"^=== (\S+)\n", re.MULTILINE)


@cache
def marked_texts(name: str) -> list[tuple[str, str, int, list[tuple[int, int]]]]:
    """Name, body, plan year and the spans of the commitments of each text of one file."""
    pieces = _HEAD.split((GOLD / f"{name}.txt").read_text(encoding="utf-8"))[1:]
    return [(label, *_unmarked(text.strip("\n"))) for label, text in zip(pieces[::2], pieces[1::2], strict=True)]


def _unmarked(text: str) -> tuple[str, int, list[tuple[int, int]]]:
    body, spans, at = "", [], 0
    for mark in _MARK.finditer(text):
        body += text[at : mark.start()]
        at = mark.end()
        if mark.group() == "⟦":
            spans.append((len(body), len(body)))
        else:
            spans[-1] = (spans[-1][0], len(body))
    years = [int(year) for year in re.findall(r"20\d\d(?=年)", text)]
    return body + text[at:], max(years, default=YEAR), spans
