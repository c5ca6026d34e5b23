"""How well commitments are found in every form of announcement (texts of our own, marked before they were read)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from crawler.read.announcements import read_body

GOLD = Path(__file__).parent / "gold"
FILES = {"": "forms.txt", "more_": "forms_more.txt"}
"""Head of a figure -> file. The second holds rarer forms, on which rules were tried out."""
MARKED = ("forms", "forms_more", *(f"commas_{letter}" for letter in "abcdefghjk"))
"""Files of marked texts; those that follow the forms were written for deciding at commas."""
_MARKS = re.compile("[⟦⟧]")
_ALIKE = 0.5
"""Overlap (intersection over union of characters) from which a found commitment is the marked one."""

Span = tuple[int, int]


class Form(NamedTuple):
    """One text and where its commitments stand."""

    name: str
    text: str
    wanted: tuple[Span, ...]


@cache
def forms(file: str = FILES[""]) -> tuple[Form, ...]:
    """The texts of one file, without their marks."""
    parts = re.split(r"^=== (\S+)\n", (GOLD / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return tuple(_form(name, text.strip()) for name, text in zip(parts[1::2], parts[2::2], strict=True))


def _form(name: str, marked: str) -> Form:
    edges = [found.start() - number for number, found in enumerate(_MARKS.finditer(marked))]
    return Form(name, _MARKS.sub("", marked), tuple(zip(edges[::2], edges[1::2], strict=True)))


def found_in(form: Form) -> list[Span]:
    """What the reader finds."""
    return [(one.start, one.end) for one in read_body(form.text, None, 2026).commitments]


def told(form: Form) -> tuple[list[Span], list[Span], list[Span]]:
    """Marked and found, found but not marked, marked but not found."""
    found, hits = found_in(form), []
    missed = list(form.wanted)
    for one in found:
        match = max(missed, key=lambda want: _overlap(one, want), default=None)
        if match is not None and _overlap(one, match) >= _ALIKE:
            missed.remove(match)
            hits.append(one)
    return hits, [one for one in found if one not in hits], missed


def _overlap(one: Span, other: Span) -> float:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return max(shared, 0) / (max(one[1], other[1]) - min(one[0], other[0]))


def measure() -> dict[str, float]:
    """F1 over all commitments of a file, and precision alone: what is no task must never be compared."""
    figures: dict[str, float] = {}
    for head, file in FILES.items():
        hits, false, missed = (sum(map(len, column)) for column in zip(*map(told, forms(file)), strict=True))
        figures |= {f"{head}f1": 2 * hits / (2 * hits + false + missed), f"{head}precision": hits / (hits + false)}
    return figures


def report() -> str:
    """What is told wrong, text by text."""
    lines = []
    for form in (form for file in FILES.values() for form in forms(file)):
        _, false, missed = told(form)
        lines += [f"{form.name} + {form.text[a:b]}" for a, b in false]
        lines += [f"{form.name} - {form.text[a:b]}" for a, b in missed]
    return "\n".join(lines)
