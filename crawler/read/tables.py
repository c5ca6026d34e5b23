"""Tasks in a table (序号 任务 目标 责任单位): each row is a directive with one commitment.

A row stands on one line, its cells parted by an ideographic space, a tab or a bar.
"""

from __future__ import annotations

import re
from typing import NamedTuple

GAP = "　"
_GAPS = re.compile(r"[ \t]*[　\t|｜]+[ \t]*|(?<=\S) {2,}(?=\S)")
_HEADER_CELL = re.compile(
    r"^(?:序号|编号|[\u4e00-\u9fff]{0,4}(?:任务|目标|措施|事项|内容|名称|项目|重点|指标|时限|期限|进度|分工)|完成|责任|牵头|配合|负责|主责|备注|单位)"
)
_OWNER = re.compile(r"责任|牵头|配合|单位|部门|备注|序号|编号")
_LEAST_HEADERS = 3
_LONGEST_NAME = 10
"""Characters of a column's name."""
_NUMBER = re.compile(r"^\d{1,3}$|^[一二三四五六七八九十]{1,3}$")


class Row(NamedTuple):
    """A row's line and, in it, its first cell with words and all that binds; half-open offsets of the text.

    A header's ``unit`` is empty.
    """

    line: tuple[int, int]
    number: str
    heading: tuple[int, int]
    unit: tuple[int, int]


def is_header(cells: list[str]) -> bool:
    """True for a row of column names."""
    named = [cell for cell in cells if _HEADER_CELL.match(cell.strip()) and len(cell.strip()) <= _LONGEST_NAME]
    return len(named) >= _LEAST_HEADERS and len(named) * 2 > len(cells)


def rows(text: str) -> tuple[Row, ...]:
    """The rows of every task table in a text, headers included, in order; none where no line is a header."""
    found: list[Row] = []
    header: list[str] | None = None
    start = 0
    for line in text.split("\n"):
        cells = _cells(line)
        words = [line[a:b] for a, b in cells]
        if is_header(words):
            header = words
            found.append(Row((start, start + len(line)), "", (start, start), (start, start)))
        elif header is not None and len(cells) < 2:
            header = None
        elif header is not None and (row := _row(header, cells, words, start, len(line))):
            found.append(row)
        start += len(line) + 1
    return tuple(found)


def _cells(line: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for gap in _GAPS.finditer(line):
        spans.append((at, gap.start()))
        at = gap.end()
    spans.append((at, len(line.rstrip())))
    return [(a, b) for a, b in spans if b > a]


def _row(header: list[str], cells: list[tuple[int, int]], words: list[str], start: int, length: int) -> Row | None:
    number = words[0] if _NUMBER.match(words[0]) else ""
    told = [
        cell
        for place, cell in enumerate(cells)
        if not (place == 0 and number) and not (len(cells) == len(header) and _OWNER.search(header[place]))
    ]
    if not told:
        return None
    unit = (start + told[0][0], start + told[-1][1])
    return Row((start, start + length), number, (start + told[0][0], start + told[0][1]), unit)
