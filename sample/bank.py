"""Announcements for provinces without a text file of their own, composed from sentences written for this project.

The same province and year always give the same text: every choice is a checksum, none a random number.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from schema.provinces import Province

_BANK = Path(__file__).parent / "texts" / "bank.txt"
_FIRST_YEAR = 2024
_TOPICS = 5
_SLOT = re.compile(r"\{([^}]*)\}")
_NUMERALS = "一二三四五六七八九十"

Plan = Sequence[tuple[str, Sequence[str]]]
"""Headings with their sentences."""


@dataclass(frozen=True, slots=True)
class _Topic:
    heading: str
    sentences: tuple[str, ...]


def banked_text(province: Province, year: int) -> str | None:
    """The announcement of a province and plan year in the text files' form; None before the first plan year."""
    if year < _FIRST_YEAR:
        return None
    plan, day = _plan(province, year), 12 + _pick(province.slug, year, "day") % 14
    shape = _SHAPES[_shape(province, year)]
    office = "应急管理局" if province.level_word == "全市" else "应急管理厅"
    published = f"{year}-01-{day + 1:02d} 09:{day:02d}"
    head = f"title: {_title(province, year)}\npublished: {published}\nsource: {province.name}{office}\n"
    body = [
        _opening(province, year, day),
        _results(province, year),
        *shape(plan, year),
        "会议以视频形式召开，各地设分会场。",
    ]
    return head + "\n" + "\n".join(body) + "\n"


def _pick(*of: object) -> int:
    """A number that always is the same for the same words."""
    return zlib.crc32("/".join(map(str, of)).encode())


@cache
def _topics() -> tuple[_Topic, ...]:
    parts = [part.strip().splitlines() for part in _BANK.read_text(encoding="utf-8").split("# ")[1:]]
    return tuple(_Topic(lines[0], tuple(lines[1:])) for lines in parts)


def _plan(province: Province, year: int) -> Plan:
    """The province's topics in its own order, and of each the sentences that stand in this year's plan."""
    ordered = sorted(_topics(), key=lambda topic: _pick(province.slug, topic.heading))[:_TOPICS]
    return [(topic.heading, _sentences(province, year, topic)) for topic in ordered]


def _sentences(province: Province, year: int, topic: _Topic) -> list[str]:
    told = [s for s in topic.sentences if _stands(province, year, s)] or [topic.sentences[0], topic.sentences[1]]
    return [_worded(province, s, _level(province, year, s)) for s in told]


def _stands(province: Province, year: int, sentence: str) -> bool:
    """Two of three sentences to begin with; every year one of nine comes or goes."""
    stands = _pick(province.slug, sentence) % 3 != 0
    turns = sum(_pick(province.slug, sentence, "turn", y) % 9 == 0 for y in range(_FIRST_YEAR + 1, year + 1))
    return stands ^ bool(turns % 2)


def _level(province: Province, year: int, sentence: str) -> int:
    """0 as first said, 1 stronger, 2 weaker; three of ten change from one year to the next."""
    level = 0
    for y in range(_FIRST_YEAR + 1, year + 1):
        if _pick(province.slug, sentence, "level", y) % 10 < 3:
            level = (level + 1 + _pick(province.slug, sentence, y) % 2) % 3
    return level


def _worded(province: Province, sentence: str, level: int) -> str:
    worded = _SLOT.sub(lambda slot: slot.group(1).split("|")[level], sentence)
    return worded.replace("[首府]", province.capital)


def _title(province: Province, year: int) -> str:
    level = province.level_word
    titles = (
        f"{level}应急管理工作会议在{province.capital}召开",
        f"{province.name}召开{level}应急管理工作会议",
        f"{year}年{level}应急管理工作会议召开",
        f"{level}应急管理和地震工作会议召开",
        f"{province.short}：{level}应急管理工作会议部署{year}年重点任务",
    )
    return titles[_pick(province.slug, year, "title") % len(titles)]


def _opening(province: Province, year: int, day: int) -> str:
    return (
        f"1月{day}日，{province.level_word}应急管理工作会议在{province.capital}召开。会议贯彻落实全国应急管理工作会议部署，"
        f"总结{year - 1}年工作，部署{year}年重点任务。"
    )


def _results(province: Province, year: int) -> str:
    fall, moved = 4 + _pick(province.slug, year, "fall") % 90 / 10, 2 + _pick(province.slug, year, "moved") % 300 / 10
    return (
        f"会议指出，{year - 1}年{province.level_word}生产安全事故起数、死亡人数"
        f"同比分别下降{fall:.1f}%、{fall + 1.3:.1f}%，"
        f"紧急转移避险群众{moved:.1f}万人次。"
    )


def _shape(province: Province, year: int) -> int:
    """How the text is laid out; a third of the provinces write another way from 2026 on."""
    moved = year >= _FIRST_YEAR + 2 and _pick(province.slug, "moved") % 3 == 0
    return (_pick(province.slug, "shape") + moved) % len(_SHAPES)


def _headed(plan: Plan, year: int) -> list[str]:
    lines = [f"会议要求，{year}年要重点抓好以下工作。"]
    for number, (heading, sentences) in enumerate(plan):
        lines += [f"（{_NUMERALS[number]}）{heading}", "。".join(sentences) + "。"]
    return lines


def _inline(plan: Plan, year: int) -> list[str]:
    lines = [f"会议强调，做好{year}年工作，要突出抓好以下重点任务。"]
    return lines + [f"（{_NUMERALS[n]}）{h}。{'。'.join(told)}。" for n, (h, told) in enumerate(plan)]


def _listed(plan: Plan, year: int) -> list[str]:
    items = [f"{_NUMERALS[n]}是{h}。{'；'.join(told)}。" for n, (h, told) in enumerate(plan)]
    return [f"会议要求，{year}年要抓好以下重点工作：{items[0]}", *items[1:]]


def _chained(plan: Plan, year: int) -> list[str]:
    lines = [f"会议明确，{year}年是承上启下的一年，各级要把握重点、精准发力。"]
    return lines + [f"会议要求，要{h}，{'；'.join(told)}。" for h, told in plan]


def _must(plan: Plan, year: int) -> list[str]:
    items = [f"{_NUMERALS[n]}要{h}。{'；'.join(told)}。" for n, (h, told) in enumerate(plan)]
    return [f"会议部署了{year}年重点任务。", *items]


def _dashed(plan: Plan, year: int) -> list[str]:
    return [f"会议要求，{year}年要抓好以下重点工作。", *(f"——{h}。{'。'.join(told)}。" for h, told in plan)]


def _sectioned(plan: Plan, year: int) -> list[str]:
    lines = [f"会议要求，{year}年要重点做好以下工作。"]
    for number, (heading, sentences) in enumerate(plan):
        lines += [f"{_NUMERALS[number]}、{heading}", "。".join(sentences) + "。"]
    return lines


def _numbered(plan: Plan, year: int) -> list[str]:
    lines = [f"会议要求抓好{year}年以下重点任务："]
    return lines + [f"{n}.{h}。{'。'.join(told)}。" for n, (h, told) in enumerate(plan, 1)]


_SHAPES: tuple[Callable[[Plan, int], list[str]], ...] = (
    _headed,
    _inline,
    _listed,
    _chained,
    _must,
    _dashed,
    _sectioned,
    _numbered,
)
