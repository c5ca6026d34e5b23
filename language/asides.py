"""Numbers that bind nobody (codebook T5): statistics, baselines, sizes of what is regulated, triggers, lead times."""

from __future__ import annotations

import re

_LEAD = re.compile(r"(?:提前量?(?:达到?|不少于)?|早|前)(?:不少于|至少|不低于)?$")
_AFTER_LEAD = re.compile(r"^前")
_ADJUNCT = re.compile(
    r"(?:^|[，；。\n])(?:在[^，。；]*?基础上|针对|围绕|聚焦|紧盯|对照|按照(?![^，。；]{0,3}(?:不少于|不低于|至少|每))|结合|瞄准|汲取|统筹[^，。；]*?经验)[^，。；]*"
)
_REGULATED = re.compile(r"(?:^|[，；。\n])(?:组织|要|将|继续|坚持)?对[^，。；]{0,16}$")
_DISTRICT = re.compile(r"(?:辖区内?|境内|全省|全市|全区|全州|全县)的?$")
_TRIGGER = re.compile(r"(?:连续|累计(?=[两二三四五六七八九十\d]+次)|(?:发生|出现)(?!后|以后|之后))[^，。；后]{0,6}$")
_CONDITION = re.compile(r"^(?:及?以[上下])?(?:的|未|仍|不达标|不合格|排名|落后)")
_FROM = re.compile(r"(?:由|从)[^，。；到至]{0,6}$")
_TO = re.compile(r"^[^，。；]{0,8}?(?:到|至|为|成)")
"""由每季一轮调整为每月一轮, 从70%提高到96%: the first number is where it stands."""
_WINDOW = re.compile(r"前后$")
_PARTED = re.compile(r"(?:分|分成|分为|划分为|会同|联合|协同|商请?)$")
_ABSTRACT = re.compile(r"^(?:关键|重要|主要|根本|基本|突出)*(?:环节|方面|层面|维度|着力点|突破口|阶段|抓手|关口|导向)")
_ALWAYS = ("365天", "365日")


def is_base(even: str, start: int, end: int) -> bool:
    """Where a number stands today, before the one it is to become."""
    return bool(_FROM.search(even[max(0, start - 8) : start]) and _TO.match(even[end : end + 12]))


def is_aside(even: str, found: re.Match[str], base: str, comparator: str) -> bool:
    """Whether a number in an evened-out text binds nobody; ``base`` and ``comparator`` are its quantity's."""
    start, end = found.span()
    before, after = even[max(0, start - 24) : start], even[end : end + 12]
    clause_before = re.split(r"[，；。\n]", even[:start])[-1]
    lead = even[max(0, start - 24) : start + len(found["pre"] or "")]
    if base == "minute" and (_LEAD.search(lead) or _AFTER_LEAD.match(after) or _WINDOW.search(before)):
        return True
    elsewhere = (
        is_base(even, start, end)
        or found.group() in _ALWAYS
        or (not found["pre"] and (_PARTED.search(before) or _ABSTRACT.match(after)))
    )
    if elsewhere or any(aside.start() <= start < aside.end() for aside in _ADJUNCT.finditer(even)):
        return True
    regulated = bool(_DISTRICT.search(clause_before)) and found["unit"] in tuple("座家处个户所条") and comparator == "="
    if regulated or (
        re.search(r"(?<!为)依托$|在$", clause_before) and found["unit"] in ("个", "家") and not found["pre"]
    ):
        return True
    if _TRIGGER.search(before) or (base in ("event", "piece") and _CONDITION.match(after) and not found["pre"]):
        return True
    if re.search(r"(?:去年|上年|前[两三]年|此前|已有|已建成?|已经|20\d\d年通报|现有)[^，。；]{0,14}$", clause_before):
        return True
    return (
        bool(_REGULATED.search(even[: start + 1][:-1]) and found["unit"] in tuple("座家处个户所条"))
        and "不少于" not in found.group()
    )
