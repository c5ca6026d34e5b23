"""D7: how an undertaking is followed up (Ac1–Ac4), and who supervises (9.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from differ.lexicon import Cue
from differ.rules.wording import DOWN, UP, Judged, Verdict, Wording, highest, span_of
from language.numerals import DIGITS, numeral
from schema.changes import Confidence, Dimension

ACCOUNTABILITY = Dimension.ACCOUNTABILITY
_LEVELS = (
    (re.compile(r"国务院|国家"), 5),
    (re.compile(r"省级|省安委|省委|省政府|省厅|省对|自治区"), 4),
    (re.compile(r"市级|设区市|市安委|市委|市政府|盟市|市州安委|州安委"), 3),
    (re.compile(r"县级|区级|区县|旗县|县安委|县（市、区）安委"), 2),
)
_WEIGHT = re.compile(r"(?:提高|加大|增加|调高|降低|减少|下调)(?:[^，；。]{0,4})(?:扣分标准|扣分|权重|分值|比重)")
_POINTS = re.compile(rf"扣减?(?P<points>{DIGITS}|[一二两三四五六七八九十]+)分")
_STOPS = re.compile(r"停产|停业|停工|停止作业|停运|停航|停用|关闭|吊|查封|取缔|撤")
"""A sanction that ends or suspends the business stands above a fine."""
_HEAVIER = re.compile(r"从重|顶格")
_SUPERVISE, _EVALUATE, _SANCTION = 2, 3, 4


def judge(judged: Judged) -> Iterator[Verdict]:
    """The class of follow-up, then steps inside a class; relief from it."""
    yield from _relief(judged)
    old, new = judged.cues("accountability")
    before, after = highest(old), highest(new)
    if (before.level if before else 0) != (after.level if after else 0):
        if not _strikes(judged, before, after):
            yield from _class(before, after)
        return
    if before and after:
        yield from _inside(judged, old, new)


def _relief(judged: Judged) -> Iterator[Verdict]:
    """容错, 首违不罚: de-escalation that came or went."""
    old, new = judged.cues("relief")
    if new and not old:
        yield Verdict("accountability.relief_added", ACCOUNTABILITY, DOWN, None, span_of(new[0]), Confidence.MEDIUM)
    elif old and not new:
        yield Verdict("accountability.relief_removed", ACCOUNTABILITY, UP, span_of(old[0]), None, Confidence.MEDIUM)


def _strikes(judged: Judged, before: Cue | None, after: Cue | None) -> bool:
    """打击 beside 查处: the same act of enforcement under two names."""
    term, other = (after, judged.old) if not before else (before, judged.new)
    return not (before and after) and term is not None and "查处" in term.term and "打击" in other.bare


def _class(before: Cue | None, after: Cue | None) -> Iterator[Verdict]:
    rises = (after.level if after else 0) > (before.level if before else 0)
    name = (
        "raised" if before and after and rises else "added" if rises else "lowered" if before and after else "removed"
    )
    sure = Confidence.HIGH if max(c.level for c in (before, after) if c) >= _SUPERVISE else Confidence.MEDIUM
    yield Verdict(
        f"accountability.{name}", ACCOUNTABILITY, UP if rises else DOWN, span_of(before), span_of(after), sure
    )


def _inside(judged: Judged, old: Sequence[Cue], new: Sequence[Cue]) -> Iterator[Verdict]:
    before, after = _agent(judged.old, old), _agent(judged.new, new)
    if before and after and before[0] != after[0]:
        direction = UP if after[0] > before[0] else DOWN
        yield Verdict("accountability.higher_authority", ACCOUNTABILITY, direction, before[1], after[1])
        yield Verdict("actor.supervisor", Dimension.ACTOR, direction, before[1], after[1])
    heavier = _WEIGHT.search(judged.old.bare), _WEIGHT.search(judged.new.bare)
    if bool(heavier[0]) != bool(heavier[1]):
        lighter = any(found and found.group()[0] in "降减下" for found in heavier)
        spans = heavier[0].span() if heavier[0] else None, heavier[1].span() if heavier[1] else None
        yield Verdict("accountability.weight", ACCOUNTABILITY, UP if bool(heavier[1]) != lighter else DOWN, *spans)
    yield from _points(judged)
    yield from _measures(old, new)


def _points(judged: Judged) -> Iterator[Verdict]:
    """扣3分 after 扣1分."""
    old, new = _POINTS.search(judged.old.bare), _POINTS.search(judged.new.bare)
    if old and new and numeral(old["points"]) != numeral(new["points"]):
        direction = UP if numeral(new["points"]) > numeral(old["points"]) else DOWN
        yield Verdict("accountability.weight", ACCOUNTABILITY, direction, old.span(), new.span())


def _agent(side: Wording, cues: Sequence[Cue]) -> tuple[int, tuple[int, int]] | None:
    """The administrative level named before the supervising act in its clause, and where."""
    for cue in sorted(cues, key=lambda one: -one.level):
        start = side.clause_span(cue.start)[0]
        found = [(level, where) for pattern, level in _LEVELS for where in pattern.finditer(side.bare, start, cue.end)]
        if found and cue.level >= _SUPERVISE:
            level, where = max(found, key=lambda one: one[0])
            return level, (where.start(), cue.end)
    return None


def _measures(old: Sequence[Cue], new: Sequence[Cue]) -> Iterator[Verdict]:
    """A second measure of the top class, or a closing duty added to a list."""
    top = max(cue.level for cue in new)
    old_terms, new_terms = ({c.term for c in side if c.level == top} for side in (old, new))
    come = [c for c in new if c.level == top and not any(c.term in t or t in c.term for t in old_terms)]
    gone = [c for c in old if c.level == top and not any(c.term in t or t in c.term for t in new_terms)]
    if top == _SANCTION and come and gone:
        grave = any(_STOPS.search(c.term) for c in gone), any(_STOPS.search(c.term) for c in come)
        if grave[0] != grave[1]:
            rises = grave[1]
            name, direction = ("accountability.raised", UP) if rises else ("accountability.lowered", DOWN)
            yield Verdict(name, ACCOUNTABILITY, direction, span_of(gone[0]), span_of(come[0]), Confidence.MEDIUM)
    if top == _SANCTION and come and gone:
        heavy = [any(_HEAVIER.match(c.term) for c in side) for side in (gone, come)]
        if heavy[0] and not heavy[1] and any(c.term.startswith("依法") for c in come):
            yield Verdict("accountability.lowered", ACCOUNTABILITY, DOWN, span_of(gone[0]), span_of(come[0]))
    if come and not gone and (top == _SANCTION or "销号" in come[0].term):
        yield Verdict("accountability.measure_added", ACCOUNTABILITY, UP, None, span_of(come[0]), Confidence.MEDIUM)
    if gone and not come and (top == _SANCTION or "销号" in gone[0].term):
        yield Verdict("accountability.measure_removed", ACCOUNTABILITY, DOWN, span_of(gone[0]), None, Confidence.MEDIUM)
