"""Enumerators of every form: 一、 （一） 1. （1） ① 一是 一要 第一， —— • 首先 任务一：."""

from __future__ import annotations

import re
from typing import NamedTuple

_DIGITS = "一二三四五六七八九十"
_FORMS = re.compile(
    rf"(?<![^\n。！？；：，])(?:"
    rf"(?P<paren>（[{_DIGITS}]{{1,3}}）)(?:[是要](?![求点闻害务领]))?"
    rf"|(?P<ordinal>第?[{_DIGITS}]{{1,3}}(?:[是要](?![{_DIGITS}求点闻害务领]))|第[{_DIGITS}]{{1,2}}[，、])"
    rf"|(?P<section>[{_DIGITS}]{{1,3}}、(?![{_DIGITS}]))"
    r"|(?P<numparen>（?\d{1,2}）)"
    r"|(?P<decimal>\d{1,2}\.\d{1,2}[.、]?(?=[\u4e00-\u9fff“]{4})(?![万亿倍米吨度级元个公千]))"
    r"|(?P<number>\d{1,2}[.、](?:(?!\d)|(?=20\d\d年)))"
    r"|(?P<circle>[①-⑳❶-❿㈠-㈩])"
    rf"|(?P<named>(?:任务|行动|举措|措施|工程|重点)[{_DIGITS}\d]{{1,2}}[：、]|第(?:[{_DIGITS}]{{1,2}}|\d{{1,2}})(?:[项个件](?:任务|工作|行动|大?事)?|个?方面|层意思)[：，是、])"
    r"|(?P<dash>——?)"
    r"|(?P<bullet>[·●◆■▪◇□○▶►※★☆△▲✓➢*-])"
    r"|(?P<sequence>(?:首先|其次|再次)(?:是|要|，要?)|(?:同时|此外|另外|最后)要(?=[^，。；：]{3,24}：))"
    r")"
)
_VALUES = {char: index + 1 for index, char in enumerate(_DIGITS)}
_CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
UNORDERED = ("dash", "bullet", "sequence")
"""How the kinds without numbers begin; a bullet's kind holds its glyph, so that ▶ may stand over ✓."""


class Marker(NamedTuple):
    """One enumerator. ``value`` is its number, 0 where it has none; ``printed``: where its mark proper ends, without 是 or 要."""  # noqa: E501

    start: int
    end: int
    kind: str
    value: int
    printed: int


def _value(printed: str) -> int:
    digits = "".join(char for char in printed if char.isdigit() and char.isascii())
    if digits:
        return int(digits)
    if printed in _CIRCLES:
        return _CIRCLES.index(printed) + 1
    numerals = [char for char in printed if char in _VALUES]
    if not numerals:
        return 0
    return _chinese(numerals)


def _chinese(numerals: list[str]) -> int:
    if numerals[0] == "十":
        return 10 + (_VALUES[numerals[1]] if len(numerals) > 1 else 0)
    if len(numerals) > 1 and numerals[1] == "十":
        return _VALUES[numerals[0]] * 10 + (_VALUES[numerals[2]] if len(numerals) > 2 else 0)
    return _VALUES[numerals[0]]


def markers(text: str) -> tuple[Marker, ...]:
    """The enumerators of an evened-out text, in order.

    At the start of a line any enumerator counts; inside a line only one that begins or continues a count, so that
    一、二级重大危险源 or 其次 in mid-speech is not taken for a new item.
    """
    found: list[Marker] = []
    last: dict[str, int] = {}
    for match in _FORMS.finditer(text):
        kind = str(match.lastgroup)
        printed = match.end(kind) if kind == "paren" else match.end()
        sort = kind + match.group() if kind == "bullet" else kind
        marker = Marker(match.start(), match.end(), sort, _value(match.group()), printed)
        before = text[marker.start - 1] if marker.start else "\n"
        if not _counts(marker, before, last.get(kind, 0)) or _is_sheltered(text, marker):
            continue
        last[kind] = marker.value
        found.append(marker)
    return tuple(found)


def _counts(marker: Marker, before: str, last: int) -> bool:
    if before == "\n":
        return True
    if marker.kind.startswith("bullet"):
        return False
    if marker.kind == "decimal":
        return False
    if marker.kind in {"dash", "sequence"}:
        return before in "。！？；：" if marker.kind == "sequence" else before in "。！？：" or before == "；"
    if before == "，" and marker.kind not in {"ordinal", "circle"}:
        return False
    return marker.value == 1 or marker.value == last + 1


def _is_sheltered(text: str, marker: Marker) -> bool:
    """True inside a quotation that opened shortly before on the same line: “一是……二是……”."""
    line = text.rfind("\n", max(0, marker.start - 120), marker.start)
    before = text[max(line + 1, marker.start - 120) : marker.start]
    return before.count("“") > before.count("”") and before.rfind("“") > before.rfind("”")
