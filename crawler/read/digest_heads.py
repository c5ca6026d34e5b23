"""Which lines of a digest head a province's entry: 一、河南省, 【湖北】, 湖北：…召开, 1　湖北　…, 湖北召开…会议."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from crawler.read.conference import CONFERENCE
from schema.provinces import PROVINCES, find_province

_NAMES = "|".join(sorted((re.escape(n) for p in PROVINCES for n in (p.name, p.short)), key=len, reverse=True))
_OTHERS = (
    "(?:新疆生产建设)?兵团|香港(?:特别行政区)?|澳门(?:特别行政区)?|台湾省?|(?:深圳|宁波|青岛|大连|厦门)市?|应急管理部"
)
"""What has entries of its own in digests and is none of the 31: its text is nobody's."""
_COUNT = "[一二三四五六七八九十]{1,3}"
_MARK = (
    rf"(?:{_COUNT} *[、.]|第{_COUNT}[、，]|（(?:{_COUNT}|\d{{1,2}})）|\d{{1,2}}(?: *[.、）)]| +)"
    r"|[①-⑳]|(?:NO|No)\.?\d{1,2}|[^\w\s（），。；：、“”《》]+)?"
)
_SAID = r"(?:省|市|自治区)?(?:应急管理[厅局]|应急[厅局]|应急管理|应急)?(?:篇|卷|站)?"
_CLOSED = r" *[】”]?"
_END = r" *[：]? *(?:[^\w\s（），。；：、“”《》]+)?(?: *[—（].{0,16})?$"
_BARE = re.compile(rf"^ *{_MARK} *[“]?(?P<name>{_NAMES}|{_OTHERS}){_SAID}{_CLOSED}{_END}")
"""A line that says a province and nothing else."""
_LED = re.compile(
    rf"^ *{_MARK} *[“]?(?P<name>{_NAMES}|{_OTHERS}){_SAID}(?:[】”] *[：]?| *[：|]| +(?=\S{{8}})) *(?P<rest>\S.*)$"
)
"""A province, then its text on the same line."""
_TITLED = re.compile(rf"^ *{_MARK} *(?P<rest>(?P<name>{_NAMES}|{_OTHERS})[^。；：]{{4,40}})$")
"""A title that begins with the province: 湖北省召开2026年全省应急管理工作会议."""
_NEAR = re.compile("|".join(sorted({p.short[:2] for p in PROVINCES})))
_START = 16
_LEAST_BODY = 24
"""Characters under a head that shares its line with text, or is a title, from which it has an entry."""
_MOSTLY = 0.8
_STOP = re.compile("[。；]")
_ABOUT = re.compile(r"应急|会议|安全|防灾|救援")


class Line(NamedTuple):
    """A line that is not blank: its place in the text, and its words evened out."""

    start: int
    end: int
    even: str


@dataclass(frozen=True, slots=True)
class Head:
    """A line that heads an entry whose text begins with ``rest``. No ``province``: it is none of the 31's."""

    line: int
    province: str
    rest: str = ""


def heads_of(lines: Sequence[Line], *, has_originals: bool) -> list[Head]:
    """The heads of a digest in order, none where the text is no digest.

    Provinces that stand alone on their lines are enough by themselves: two, or one with 原文链接 under it. Those that
    share a line with text must be several, and nearly all must have a text of some length about the field.
    """
    if sum(map(_names_one, lines)) < 1 + (not has_originals):
        return []
    bare = [head for number, line in enumerate(lines) if (head := _bare(number, line))]
    if _provinces(bare) >= 2 or (has_originals and _provinces(bare) == 1):
        return bare
    for pattern in (_LED, _TITLED):
        found = sorted((*bare, *_sharing(lines, pattern)), key=lambda head: head.line)
        if _provinces(found) >= 2 and _are_told(found, lines):
            return found
    return []


def _provinces(heads: Sequence[Head]) -> int:
    return len({head.province for head in heads if head.province})


def may_head(even: str) -> bool:
    """Whether an evened-out text names a province at all."""
    return _NEAR.search(even) is not None


def _names_one(line: Line) -> bool:
    """Whether a line has a province's name near its start: most texts have none, and are told so quickly."""
    return _NEAR.search(line.even, 0, _START) is not None


def _bare(number: int, line: Line) -> Head | None:
    found = _BARE.match(line.even)
    return Head(number, _slug(found["name"])) if found else None


def _sharing(lines: Sequence[Line], pattern: re.Pattern[str]) -> Iterator[Head]:
    for number, line in enumerate(lines):
        found = pattern.match(line.even)
        if found and not _BARE.match(line.even) and (pattern is _LED or CONFERENCE.search(found["rest"])):
            yield Head(number, _slug(found["name"]), found["rest"])


def _slug(name: str) -> str:
    return "" if re.fullmatch(_OTHERS, name) else find_province(name).slug


def _are_told(heads: Sequence[Head], lines: Sequence[Line]) -> bool:
    """Whether nearly every head has a text of its own about the field: no list of links, no table of figures."""
    edges = [head.line for head in heads[1:]] + [len(lines)]
    told = 0
    for head, end in zip(heads, edges, strict=True):
        below = sum(len(line.even) for line in lines[head.line + 1 : end])
        words = head.rest + "".join(line.even for line in lines[head.line + 1 : end])
        has_text = below >= _LEAST_BODY or (len(head.rest) >= _LEAST_BODY and _STOP.search(head.rest))
        told += bool(has_text and _ABOUT.search(words))
    return told >= _MOSTLY * len(heads)
