"""What a rule judges: one old commitment beside its new wording, or the groups of a split or a merger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schema.changes import Unit

Span = tuple[int, int]


def join_texts(units: Sequence[Unit]) -> str:
    """The units' texts in order, one a line; the form every quote and highlight points into."""
    return "\n".join(unit.text for unit in units)


def span_in_side(units: Sequence[Unit], span: Span) -> Span | None:
    """Offsets in the joined texts turned into offsets in the side's text; None where a span leaves its unit."""
    start, end = span
    begin = 0
    for unit in units:
        if begin <= start <= end <= begin + len(unit.text):
            return unit.start + start - begin, unit.start + end - begin
        begin += len(unit.text) + 1
    return None


@dataclass(frozen=True, slots=True)
class Pair:
    """Old and new units of one change, at least one a side. Years are plan years, 0 where unknown."""

    old: tuple[Unit, ...]
    new: tuple[Unit, ...]
    year_old: int = 0
    year_new: int = 0

    @property
    def old_text(self) -> str:
        """The old units' texts joined by newline."""
        return join_texts(self.old)

    @property
    def new_text(self) -> str:
        """The new units' texts joined by newline."""
        return join_texts(self.new)

    def old_span(self, quote: str, start: int | None = None) -> Span | None:
        """Where ``quote`` stands in the old side's text; None for an empty or foreign quote.

        ``start`` is its offset in ``old_text`` when known, else the first occurrence counts.
        """
        return _locate(self.old, self.old_text, quote, start)

    def new_span(self, quote: str, start: int | None = None) -> Span | None:
        """As ``old_span``, on the new side."""
        return _locate(self.new, self.new_text, quote, start)


def _locate(units: Sequence[Unit], text: str, quote: str, start: int | None) -> Span | None:
    found = text.find(quote) if start is None else start
    if not quote or found < 0 or text[found : found + len(quote)] != quote:
        return None
    return span_in_side(units, (found, found + len(quote)))
