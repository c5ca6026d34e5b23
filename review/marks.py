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


def blocks(text: str, spans: Iterable[tuple[int, int]]) -> list[list[Piece]]:
    """The pieces of a group's sentences, one list a sentence: a split or merged change has several, a newline apart."""
    found: list[list[Piece]] = [[]]
    for piece in pieces(text, spans):
        first, *others = piece.text.split("\n")
        found[-1].append(Piece(first, piece.marked))
        found += [[Piece(part, piece.marked)] for part in others]
    return [[piece for piece in block if piece.text] for block in found]
