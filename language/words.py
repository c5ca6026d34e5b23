"""Where words begin and end in Chinese prose; the one file that knows rjieba."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from rjieba import Jieba

_NUMBER = re.compile(
    r"[0-9０-９]+(?:[.．][0-9０-９]+|[,，][0-9０-９]{3}(?![0-9０-９]))*[%％‰]?|[〇零一二三四五六七八九十百千万亿两]{2,}"
)


@cache
def _jieba() -> Jieba:
    jieba = Jieba()
    lines = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            jieba.add_word(line, None, None)
    return jieba


def words(text: str) -> tuple[tuple[int, int], ...]:
    """Half-open offsets of the words, gapless and in order; a number with its percent sign is one word."""
    spans: list[tuple[int, int]] = []
    at = 0
    for number in _NUMBER.finditer(text):
        spans += _cut(text, at, number.start())
        spans.append(number.span())
        at = number.end()
    return tuple(spans + _cut(text, at, len(text)))


def _cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for word in _jieba().cut(text[start:end]) if end > start else ():
        spans.append((start, start + len(word)))
        start += len(word)
    return spans
