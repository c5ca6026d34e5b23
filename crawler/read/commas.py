"""What is to be seen at a comma that may part two commitments (codebook U2): clauses around it, and its place."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from crawler.read.fields import fields
from crawler.read.joins import joint, shares_object
from crawler.read.words import STRONG_VERBS, VERB

LONGEST = 60
"""Characters of a clause that are looked at."""
_COUNTED = re.compile(
    r"\d|百分之|[一二两三四五六七八九十百千万半]+(?:个|支|处|座|次|场|名|人|家|台|艘|套|公里|小时|分钟|日|天|周|月|年|刻钟|成|倍|遍|轮)|按[月季周年]|每[年季月周半日]"
)
_QUOTED = re.compile("“[^”]*”")
_ADVERBS = re.compile(
    "^(?:进一步|持续|全面|深入|扎实|切实|大力|着力|全力|积极|加快|坚决|严格|有力|有效|精准|科学|依法|统筹|不断|认真|从严|稳步|稳妥|"
    "有序|常态化?|分类|分级|逐步|严厉|严肃|系统|主动|及时|定期|同步|广泛|要|将|继续|推动|推进(?=[^，]{2,}完))+"
)
_LEADING = re.compile(STRONG_VERBS)
_TIMED = re.compile("^[^，]{0,12}?(?:前|年内|期间|期|时|后|底|每[年月季半周日][度年]?)")
_FIELD = re.compile(
    "(?:体系|机制|能力|水平|工作|建设|管理|整治|治理|制度|责任|监管|防控|准备|保障|力量|基础|规范化|培训|演练|安全)$"
)
_TURNED = "对为在把将向以由从"
_SHORT, _SHORT_LEAD, _FAR = 7, 9, 6


class Place(NamedTuple):
    """Where a segment stands: whether commas are the only marks inside its item (U6), whether a ； ends it."""

    only: bool
    semicolon: bool


class Comma(NamedTuple):
    """One comma: the clauses of its segment, and which of them follows it."""

    clauses: tuple[str, ...]
    number: int
    place: Place


def is_counted(clause: str) -> bool:
    """True for a clause with a figure or a frequency that is no name."""
    return bool(_COUNTED.search(_QUOTED.sub("", clause)))


def is_field(clause: str) -> bool:
    """True for a clause that ends with a field of work and counts nothing."""
    return bool(_FIELD.search(clause)) and not _COUNTED.search(clause)


def leading_verb(clause: str) -> str:
    """The verb of doing a clause begins with, after its adverbs; "" where it begins otherwise."""
    found = _LEADING.match(_ADVERBS.sub("", clause))
    return found.group() if found else ""


def features(comma: Comma) -> dict[str, float]:
    """What is to be seen at a comma, by name; absent is 0. The clauses around it, and where they stand."""
    place, count = comma.number, len(comma.clauses)
    said, words = comma.clauses[place - 1][-LONGEST:], comma.clauses[place][:LONGEST]
    verb, verb_after = leading_verb(said), leading_verb(words)
    counted, counted_after = is_counted(said), is_counted(words)
    general, general_after = is_field(said), is_field(words)
    seen: dict[str, float | bool] = {
        "bias": True,
        f"joint={joint(said, words).value}": True,
        f"before={joint('', said).value}": True,
        "shares": shares_object(said, words),
        "counted": counted,
        "counted after": counted_after,
        "counted both": counted and counted_after,
        "counted only after": counted_after and not counted,
        "verb": bool(verb),
        "verb after": bool(verb_after),
        "verb both": bool(verb and verb_after),
        "verb only before": bool(verb and not verb_after),
        "verb only after": bool(verb_after and not verb),
        "verb inside after": bool(VERB.search(words)),
        "general": general,
        "general after": general_after,
        "general both": general and general_after,
        "general only before": general and not general_after,
        "general only after": general_after and not general,
        "length": len(said) / 10,
        "length after": len(words) / 10,
        "short": len(said) <= _SHORT_LEAD,
        "short after": len(words) <= _SHORT,
        "first": place == 1,
        "place": min(place - 1, _FAR) / 3,
        "two clauses": count == 2,
        "clauses": math.log(count),
        "semicolon": comma.place.semicolon,
        "only commas": comma.place.only,
        "timed after": bool(_TIMED.match(words)),
        "list": "、" in said,
        "list after": "、" in words,
        "turned": said[:1] in _TURNED,
        "turned after": words[:1] in _TURNED,
        f"opens={said[:1]}": True,
        f"opens={said[:2]}": True,
        f"begins={words[:1]}": True,
        f"begins={words[:2]}": True,
        f"ends={said[-1:]}": True,
        f"ends after={words[-1:]}": True,
        **_of_fields("", said, words),
        f"ends={said[-2:]}": True,
        f"ends after={words[-2:]}": True,
    }
    if verb:
        seen[f"says={verb}"] = True
    if verb_after:
        seen[f"goes on={verb_after}"] = True
    if place > 1:
        seen |= _around("earlier", comma.clauses[place - 2][-LONGEST:], said)
    if place + 1 < count:
        seen |= _around("later", words, comma.clauses[place + 1][:LONGEST])
    return {name: float(value) for name, value in seen.items() if value}


def _of_fields(where: str, said: str, words: str) -> dict[str, float | bool]:
    """Whether two clauses speak of one field of work, of two, or one of them of none."""
    one, other = fields(said), fields(words)
    return {
        f"{where}same field": bool(one & other),
        f"{where}all of the same field": bool(one & other) and not (other - one),
        f"{where}other field": bool(one and other and not one & other),
        f"{where}field only before": bool(one and not other),
        f"{where}field only after": bool(other and not one),
    }


def _around(where: str, said: str, words: str) -> dict[str, float | bool]:
    """The neighbouring pair of clauses, in brief."""
    other = said if where == "earlier" else words
    return {
        where: True,
        f"{where} joint={joint(said, words).value}": True,
        f"{where} shares": shares_object(said, words),
        f"{where} counted": is_counted(other),
        f"{where} general": is_field(said) and not is_field(words),
        **_of_fields(f"{where} ", said, words),
    }
