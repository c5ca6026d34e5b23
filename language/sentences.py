"""Sentences and clauses of official Chinese prose; quotes and brackets are kept whole."""

from __future__ import annotations

import re
from typing import NamedTuple

from language.width import aligned

SENTENCE_STOPS = frozenset("。！？\n")
SEGMENT_STOPS = SENTENCE_STOPS | {"；"}
CLAUSE_STOPS = SEGMENT_STOPS | {"，"}
_MARKS = re.compile("[。！？；，：\n“”‘’（）《》【】]")
_PAIRS = {"”": "“", "’": "‘", "）": "（", "》": "《", "】": "【"}
_OPENERS = frozenset(_PAIRS.values())
_LONGEST_WHOLE = 160
"""A quotation longer than this is running speech (or a lost mark): its stops count again."""


class Span(NamedTuple):
    """A half-open stretch of text and the mark that ended it ("" at the end of the text)."""

    start: int
    end: int
    stop: str


def shelters(even: str) -> list[tuple[int, int]]:
    """The outermost quoted or bracketed stretches of an aligned text, in order; lines never share one."""
    found: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for mark in _MARKS.finditer(even):
        char, at = mark.group(), mark.start()
        if char == "\n":
            stack.clear()
        elif char in _OPENERS:
            stack.append((char, at))
        elif char in _PAIRS:
            _close(stack, found, _PAIRS[char], at)
    return found


def _close(stack: list[tuple[str, int]], found: list[tuple[int, int]], opener: str, at: int) -> None:
    for depth in range(len(stack) - 1, max(len(stack) - 9, -1), -1):
        if stack[depth][0] == opener:
            start = stack[depth][1]
            del stack[depth:]
            if at - start <= _LONGEST_WHOLE:
                while found and found[-1][0] > start:
                    found.pop()
                found.append((start, at))
            return


def pieces(text: str, stops: frozenset[str]) -> tuple[Span, ...]:
    """The non-empty stretches of ``text`` between ``stops`` that stand outside quotes and brackets.

    A closing quote that directly follows a sentence stop ends the sentence too: “……。”
    """
    return tuple(cut(aligned(text), stops))


def cut(even: str, stops: frozenset[str]) -> list[Span]:
    """The same of a text that is evened out already."""
    spans: list[Span] = []
    closed = shelters(even)
    start, shelter = 0, 0
    for mark in _MARKS.finditer(even):
        char, at = mark.group(), mark.start()
        while shelter < len(closed) and closed[shelter][1] < at:
            shelter += 1
        inside = shelter < len(closed) and closed[shelter][0] <= at <= closed[shelter][1]
        if inside and not _ends_speech(even, closed[shelter], at):
            continue
        if char in stops or inside:
            _add(spans, even, (start, at + 1 if inside else at, char if char in stops else "。"))
            start = at + 1
    _add(spans, even, (start, len(even), ""))
    return spans


def _ends_speech(even: str, shelter: tuple[int, int], at: int) -> bool:
    after = even[at + 1 : at + 2]
    return at == shelter[1] and even[at] == "”" and even[at - 1] in "。！？" and after not in ("，", "。", "；", "、")


def _add(spans: list[Span], even: str, span: tuple[int, int, str]) -> None:
    start, end, stop = span
    while start < end and even[start] in " \n":
        start += 1
    while end > start and even[end - 1] in " \n":
        end -= 1
    if start < end:
        spans.append(Span(start, end, stop))


def sentences(text: str) -> tuple[Span, ...]:
    """Spans between 。！？； and line ends, without the mark."""
    return pieces(text, SEGMENT_STOPS)


def clauses(text: str) -> tuple[Span, ...]:
    """Spans between commas and everything that ends a sentence, without the mark."""
    return pieces(text, CLAUSE_STOPS)
