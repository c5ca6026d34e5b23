"""D8: money, staff, equipment, teams that are named (Re1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from differ.rules.target import pair_up
from differ.rules.wording import DOWN, UP, Judged, Verdict, Wording, highest, span_of
from schema.changes import Confidence, Dimension

RESOURCES = Dimension.RESOURCES
_BUDGET, _MONEY, _VAGUE = 3, 2, 1
_STAFF = re.compile(r"专兼职|专职|兼职")
_STEPS = {"兼职": 0, "专兼职": 1, "专职": 2}
_WHOLE = re.compile(r"所有|全部|每个|每家|各[乡镇村县]")
"""A set that is all named is not counted any more, or not yet."""
_LISTED = re.compile(r"(?:列入|纳入)[^，；。]{0,8}(?:预算|财政)|财政[^，；。]{0,4}(?:列支|安排|保障|承担|负担|兜底)")
"""A subsidy that is now, or was, written into a budget."""
_ENTERED = re.compile(r"(?:列入|纳入)[^，；。]{0,8}预算")
"""县级财政统筹保障 promises less than 纳入县级财政预算."""
_MEANS = re.compile(r"队|人员|员$|车|艇|机|泵|装备|设备|物资|终端|器|库|经费|资金|补助")


def judge(judged: Judged) -> Iterator[Verdict]:
    """Money first, then posts, then counted means (an amount is also a target)."""
    yield from _money(judged)
    old, new = _STAFF.search(judged.old.bare), _STAFF.search(judged.new.bare)
    if old and new and old.group() != new.group():
        rises = _STEPS[new.group()] > _STEPS[old.group()]
        yield Verdict("resources.posts", RESOURCES, UP if rises else DOWN, old.span(), new.span())
    yield from _counted(judged)


def _money(judged: Judged) -> Iterator[Verdict]:
    old_cues, new_cues = judged.cues("resources")
    old, new = highest(old_cues), highest(new_cues)
    vague = [cue for cue in new_cues if cue.level == _VAGUE], [cue for cue in old_cues if cue.level == _VAGUE]
    entered = _ENTERED.search(judged.old.bare), _ENTERED.search(judged.new.bare)
    if (
        old
        and old.level == _BUDGET
        and vague[0]
        and (not new or new.level < _BUDGET or (entered[0] and not entered[1]))
    ):
        yield Verdict("resources.budget_lost", RESOURCES, DOWN, span_of(old), span_of(vague[0][0]))
    elif (
        new
        and new.level == _BUDGET
        and vague[1]
        and (not old or old.level < _BUDGET or (entered[1] and not entered[0]))
    ):
        yield Verdict("resources.budget_gained", RESOURCES, UP, span_of(vague[1][0]), span_of(new))
    elif _sum_named(judged.old) and _sum_named(judged.new):
        return
    elif new and new.level == _BUDGET and old and old.level == _MONEY and _LISTED.search(judged.new.bare):
        yield Verdict("resources.budget_gained", RESOURCES, UP, span_of(old), span_of(new), Confidence.MEDIUM)
    elif old and old.level == _BUDGET and new and new.level == _MONEY and _LISTED.search(judged.old.bare):
        yield Verdict("resources.budget_lost", RESOURCES, DOWN, span_of(old), span_of(new), Confidence.MEDIUM)
    elif new and new.level >= _MONEY and not old:
        yield Verdict("resources.money_added", RESOURCES, UP, None, span_of(new), Confidence.MEDIUM)
    elif old and old.level >= _MONEY and not new:
        yield Verdict("resources.money_removed", RESOURCES, DOWN, span_of(old), None, Confidence.MEDIUM)


def _sum_named(side: Wording) -> bool:
    """A sum is money, whether 资金 says so or not."""
    return any(one.base == "yuan" for one in side.quantities)


def _counted(judged: Judged) -> Iterator[Verdict]:
    old = [q for q in judged.old.quantities if q.binds and q.base in ("person", "piece")]
    new = [q for q in judged.new.quantities if q.binds and q.base in ("person", "piece")]
    for before, after in pair_up(judged, old, new):
        side, one = (judged.new, after) if after else (judged.old, before)
        if one is None or (before and after) or not _MEANS.search(side.clause(one.start)):
            continue
        if _WHOLE.search((judged.old if after else judged.new).bare):
            continue
        direction = UP if after else DOWN
        yield Verdict("resources.counted", RESOURCES, direction, span_of(before), span_of(after), Confidence.MEDIUM)
