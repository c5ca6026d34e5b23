"""D5: earlier or later, added or removed, slips and rollovers (De1–De4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from differ.rules.wording import DOWN, UP, Judged, Verdict, span_of
from language.deadlines import Deadline
from schema.changes import Confidence, Dimension

DEADLINE = Dimension.DEADLINE
_ONE_OFF = re.compile(
    r"建成|建设|改造|投用|投入|竣工|完工|上线|出台|印发|启用|搬迁|普查|清零|接入|施行|修复|修缮|恢复重建|关闭|封闭|封堵|拆除|迁建|退出|淘汰|新建"
)
_RECURRING = re.compile(r"排查|检查|巡查|培训|轮训|演练|计划|年度|春运|评估|宣传|巡护|汛前|防汛准备|值班")
_MONTHS = 12
_SLIGHT = 0.35
"""Months; 供热前 and 10月 are the same time of the year."""


def judge(judged: Judged) -> Iterator[Verdict]:
    """Dates and lead times compared; a date that only rolled on with the year is none."""
    yield from _leads(judged)
    old, new = _dates(judged.old.deadlines), _dates(judged.new.deadlines)
    if old and new:
        before, after = min(old, key=lambda d: d.month), min(new, key=lambda d: d.month)
        yield from _moved(judged, before, after)
    elif new:
        yield from _alone(judged, new[0], added=True)
    elif old:
        yield from _alone(judged, old[0], added=False)


def _dates(found: Sequence[Deadline]) -> list[Deadline]:
    return [one for one in found if one.lead is None]


def _leads(judged: Judged) -> Iterator[Verdict]:
    old = [one for one in judged.old.deadlines if one.lead is not None]
    new = [one for one in judged.new.deadlines if one.lead is not None]
    if old and new:
        before, after = old[0].lead or 0.0, new[0].lead or 0.0
        if before != after:
            yield Verdict("deadline.lead", DEADLINE, UP if after > before else DOWN, span_of(old[0]), span_of(new[0]))
    elif new:
        yield Verdict("deadline.lead_added", DEADLINE, UP, None, span_of(new[0]))
    elif old:
        yield Verdict("deadline.lead_removed", DEADLINE, DOWN, span_of(old[0]), None)


def _place(one: Deadline, plan_year: int) -> float:
    """Months from the start of the plan year."""
    return one.month + (_MONTHS * (one.year - plan_year) if one.year and plan_year else 0)


def _moved(judged: Judged, before: Deadline, after: Deadline) -> Iterator[Verdict]:
    years = judged.pair.year_old, judged.pair.year_new
    if not all(years):
        years = (before.year or 0, after.year or before.year or 0) if before.year else (0, 0)
    old, new = _place(before, years[0]), _place(after, years[1])
    spans = span_of(before), span_of(after)
    later = bool(before.year and after.year and after.year > before.year)
    if later and new < old and _is_one_off(judged) and _same_amounts(judged):
        yield Verdict("deadline.slipped", DEADLINE, DOWN, *spans, Confidence.MEDIUM)
    elif abs(new - old) > _SLIGHT:
        yield Verdict("deadline.moved", DEADLINE, UP if new < old else DOWN, *spans)
    elif later and _is_one_off(judged):
        yield Verdict("deadline.slipped", DEADLINE, DOWN, *spans, Confidence.MEDIUM)


def _same_amounts(judged: Judged) -> bool:
    """The very same thing, by its numbers: a year's new share would have a number of its own."""
    old, new = ([(q.value, q.unit) for q in side.quantities] for side in (judged.old, judged.new))
    return old == new


def _is_one_off(judged: Judged) -> bool:
    """A thing delivered once, not a round of work that comes every year (De2, De3)."""
    texts = judged.old.bare, judged.new.bare
    return any(map(_ONE_OFF.search, texts)) and not any(map(_RECURRING.search, texts))


def _alone(judged: Judged, one: Deadline, *, added: bool) -> Iterator[Verdict]:
    side = judged.new if added else judged.old
    if one.default_horizon and not (one.completes and not side.quantities):
        return
    sure = Confidence.MEDIUM if one.default_horizon else Confidence.HIGH
    if added:
        yield Verdict("deadline.added", DEADLINE, UP, None, span_of(one), sure)
    else:
        yield Verdict("deadline.removed", DEADLINE, DOWN, span_of(one), None, sure)
