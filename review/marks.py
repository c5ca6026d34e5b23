"""Text with its changed stretches marked, as pieces a template escapes one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; ``marked`` where it changed."""

    text: str
    marked: bool


def pieces(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """The whole text, cut at the ends of the marked spans (half-open, in order)."""
    found, at = [], 0
    for start, end in spans:
        if start > at:
            found.append(Piece(text[at:start], marked=False))
        found.append(Piece(text[start:end], marked=True))
        at = end
    if at < len(text):
        found.append(Piece(text[at:], marked=False))
    return found
