"""What is to be seen at two clauses side by side, whatever is asked about them."""

from __future__ import annotations

import re

from crawler.read.habits import Seen
from crawler.read.joins import joint, shares_object
from crawler.read.words import STRONG_VERBS, VERB

Sight = dict[str, float | bool]
"""Things seen, by name, before the absent ones are left out."""
_COUNTED = re.compile(
    r"\d|百分之|[一二两三四五六七八九十百千万半]+(?:个|支|处|座|次|场|名|人|家|台|艘|套|公里|小时|分钟|日|天|周|月|年|刻钟|成|倍|遍|轮)|按[月季周年]|每[年季月周半日]"
)
_QUOTED = re.compile("“[^”]*”")
_ADVERBS = re.compile(
    "^(?:进一步|持续|全面|深入|扎实|切实|大力|着力|全力|积极|加快|坚决|严格|有力|有效|精准|科学|依法|统筹|不断|认真|从严|稳步|稳妥|"
    "有序|常态化?|分类|分级|逐步|严厉|严肃|系统|主动|及时|定期|同步|广泛|要|将|继续|推动|推进(?=[^，]{2,}完))+"
)
_LEADING = re.compile(STRONG_VERBS)
_FIELD = re.compile(
    "(?:体系|机制|能力|水平|工作|建设|管理|整治|治理|制度|责任|监管|防控|准备|保障|力量|基础|规范化|培训|演练|安全)$"
)


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


def side_by_side(said: str, words: str) -> Sight:
    """Two clauses: whether they hang together, count, begin with verbs of doing, and with which."""
    verb, verb_after = leading_verb(said), leading_verb(words)
    seen: Sight = {
        "bias": True,
        f"joint={joint(said, words).value}": True,
        "shares": shares_object(said, words),
        "counted": is_counted(said),
        "counted after": is_counted(words),
        "verb": bool(verb),
        "verb after": bool(verb_after),
        "verb inside after": bool(VERB.search(words)),
        "list": "、" in said,
        "length": len(said) / 10,
    }
    if verb:
        seen[f"says={verb}"] = True
    if verb_after:
        seen[f"goes on={verb_after}"] = True
    return seen


def present(seen: Sight) -> Seen:
    """What is there, as numbers; absent is 0."""
    return {name: float(value) for name, value in seen.items() if value}
