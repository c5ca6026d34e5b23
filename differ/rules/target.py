"""D4: numbers, rates, frequencies, service levels (T1–T9)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from differ.rules.wording import DOWN, UP, Judged, Verdict, Wording, span_of
from language.quantities import Quantity
from schema.changes import Confidence, Dimension

TARGET = Dimension.TARGET
_SAME = 1e-6
_MONTH, _CALENDAR_SLACK = 28 * 1440.0, 0.03
"""Minutes; months, years and days of the same length differ by the calendar: 60天 and 两个月, 18个月 and 一年半."""
_LESSONS_A_DAY = 8
_WHOLE = re.compile(r"全部|全覆盖|全面覆盖|所有|清零|应[\u4e00-\u9fff]尽[\u4e00-\u9fff]|(?<!安)全员")
_ALWAYS = re.compile(r"全天候|昼夜|全时|不间断|24小时|二十四小时")
_YEARLY = re.compile(r"年度|每年|逐年|按年|全年|年检|年审|一年")
_NEARLY = re.compile(r"基本(?=完成|实现|建成|覆盖|消除|普及|到位|达到|建立|清零)")
_SOFT = re.compile(r"左右|上下|大约|约|近")
_WITHOUT_WORDS = re.compile(r"[^\u4e00-\u9fff]")
_NEIGHBOURHOOD = 10

Pairs = list[tuple[Quantity | None, Quantity | None]]


def judge(judged: Judged) -> Iterator[Verdict]:
    """Numbers raised, lowered, added, removed or softened."""
    old, new = _binding(judged.old), _binding(judged.new)
    for before, after in pair_up(judged, old, new):
        if before and after:
            yield from _changed(before, after)
        elif after and not (_known_otherwise(judged.old, after) or _named(judged.old, after)):
            yield from _added(judged, after)
        elif before and not (_known_otherwise(judged.new, before) or _named(judged.new, before)):
            yield from _removed(judged, before)
    yield from _whole_and_nearly(judged)


def _named(side: Wording, quantity: Quantity) -> bool:
    """The same number of the same things, said as whom it is about (覆盖8个市州, 对8个市州)."""
    bare = re.sub(r"^[^\d一二两三四五六七八九十百千万]+", "", quantity.quote)
    if len(bare) < 2 or quantity.base not in ("piece", "household", "person"):
        return False
    return bool(re.search(rf"(?<![\d.一二两三四五六七八九十百千万]){re.escape(bare)}", side.bare))  # 8个, not 18个


def _binding(side: Wording) -> list[Quantity]:
    """What binds; a lead time before an event is a deadline (De4)."""
    leads = [one for one in side.deadlines if one.lead is not None]
    return [q for q in side.quantities if q.binds and not any(d.start < q.end and q.start < d.end for d in leads)]


def pair_up(judged: Judged, old: Sequence[Quantity], new: Sequence[Quantity]) -> Pairs:
    """Which number became which: one kind of number, the likeliest neighbourhood first; None for none."""
    possible = [
        (_likeness(judged, a, b), -abs(i - j), i, j)
        for i, a in enumerate(old)
        for j, b in enumerate(new)
        if _comparable(a, b)
    ]
    lone = len(old) == 1 or len(new) == 1 or _one_each(old, new)
    pairs: Pairs = []
    used_old: set[int] = set()
    used_new: set[int] = set()
    for likeness, _, i, j in sorted(possible, reverse=True):
        if i not in used_old and j not in used_new and (likeness > 0 or lone):
            pairs.append((old[i], new[j]))
            used_old.add(i)
            used_new.add(j)
    pairs += [(q, None) for i, q in enumerate(old) if i not in used_old]
    pairs += [(None, q) for j, q in enumerate(new) if j not in used_new]
    return pairs


def _one_each(old: Sequence[Quantity], new: Sequence[Quantity]) -> bool:
    bases = [q.base for q in old] + [q.base for q in new]
    return all(bases.count(base) <= 2 for base in bases)


def _comparable(a: Quantity, b: Quantity) -> bool:
    times = {"minute", "lesson"}
    alike = a.base == b.base or {a.base, b.base} == times or _of_the_year(a, b) or _of_the_year(b, a)
    return alike and a.delta == b.delta


def _of_the_year(a: Quantity, b: Quantity) -> bool:
    """不少于6轮 in a year's plan, and 全年不少于六轮."""
    return a.base == "event" and b.base == "a year" and b.quote.startswith("全年")


def _likeness(judged: Judged, a: Quantity, b: Quantity) -> float:
    near_old, near_new = _near(judged.old, a), _near(judged.new, b)
    shared = len(near_old & near_new) / (min(len(near_old), len(near_new)) or 1)
    return shared + (0.3 if a.unit == b.unit else 0) + (0.2 if abs(a.value - b.value) < _SAME else 0)


def _near(side: Wording, quantity: Quantity) -> frozenset[str]:
    start, end = side.clause_span(quantity.start)
    start, end = max(start, quantity.start - _NEIGHBOURHOOD), min(max(end, quantity.end), quantity.end + _NEIGHBOURHOOD)
    around = side.bare[start : quantity.start] + "，" + side.bare[quantity.end : end]
    chars = [_WITHOUT_WORDS.sub("", part) for part in around.split("，")]
    return frozenset(part[i : i + 2] for part in chars for i in range(len(part) - 1))


def _values(a: Quantity, b: Quantity) -> tuple[float, float]:
    """In one base: a day of lessons has eight hours."""
    if a.base == b.base:
        return a.value, b.value
    return tuple(q.value if q.base == "lesson" else q.value / 1440 * _LESSONS_A_DAY * 60 for q in (a, b))  # type: ignore[return-value]


def _changed(before: Quantity, after: Quantity) -> Iterator[Verdict]:
    old, new = _values(before, after)
    spans = span_of(before), span_of(after)
    if before.stock != after.stock and abs(old - new) > _SAME * old:
        return
    if abs(old - new) > _slack(before, after) * max(old, new):
        falls = before.smaller_is_stronger or after.smaller_is_stronger
        capped = before.base == "a year" and before.comparator == "<="
        yield Verdict(
            f"target.{'raised' if new > old else 'lowered'}{'_limit' if falls else ''}",
            TARGET,
            UP if (new > old) != falls else DOWN,
            *spans,
            Confidence.MEDIUM if capped else Confidence.HIGH,
        )
    if (before.comparator == "~") != (after.comparator == "~"):
        yield Verdict("target.qualifier", TARGET, DOWN if after.comparator == "~" else UP, *spans)


def _slack(before: Quantity, after: Quantity) -> float:
    long = before.base == "minute" and min(before.value, after.value) >= _MONTH
    return _CALENDAR_SLACK if long and before.unit != after.unit else _SAME


def _is_whole(side: Wording) -> re.Match[str] | None:
    return _WHOLE.search(side.bare)


def _known_otherwise(side: Wording, quantity: Quantity) -> bool:
    """100 % beside 全覆盖 is the same promise in other words, once a year beside 年度 too; a lower share is judged with
    the word.
    """
    if quantity.base == "day and night" and _ALWAYS.search(side.text):
        return True
    if quantity.base == "a year" and quantity.value == 1 and _YEARLY.search(side.bare):
        return True
    return quantity.base == "percent" and not quantity.delta and _is_whole(side) is not None


def _added(judged: Judged, after: Quantity) -> Iterator[Verdict]:
    if after.comparator == "<=" and after.base == "a year":
        yield Verdict("target.cap_added", TARGET, UP, None, span_of(after), Confidence.MEDIUM)
        return
    vague = re.search(r"配齐|到位|足额|配足|扩充|充实", judged.old.bare)
    yield Verdict("target.added", TARGET, UP, vague.span() if vague else None, span_of(after))


def _removed(judged: Judged, before: Quantity) -> Iterator[Verdict]:
    whole = _is_whole(judged.new) if before.base in ("piece", "household", "person") else None
    if whole and not _is_whole(judged.old):
        return
    vague = re.search(r"定期|按年|不定期|常态化|配齐|到位|足额|配足|扩充|充实", judged.new.bare)
    yield Verdict("target.removed", TARGET, DOWN, span_of(before), vague.span() if vague else None)


def _whole_and_nearly(judged: Judged) -> Iterator[Verdict]:
    """A share beside 全部 or 全覆盖 (fractions), and 全部 beside 基本 (T3)."""
    for this, other, direction in ((judged.old, judged.new, UP), (judged.new, judged.old, DOWN)):
        whole = _is_whole(other)
        partial = [q for q in this.quantities if q.base == "percent" and q.binds and not q.delta and q.value < 100]
        matched = any(q.base == "percent" for q in other.quantities)
        if whole and partial and not matched:
            spans = (span_of(partial[0]), whole.span())
            yield Verdict("target.whole", TARGET, direction, *(spans if direction is UP else spans[::-1]))
    old_nearly, new_nearly = _NEARLY.search(judged.old.bare), _NEARLY.search(judged.new.bare)
    old_whole, new_whole = _is_whole(judged.old), _is_whole(judged.new)
    if old_whole and new_nearly and not new_whole:
        yield Verdict("target.nearly", TARGET, DOWN, old_whole.span(), new_nearly.span())
    elif old_nearly and new_whole and not old_whole:
        yield Verdict("target.nearly", TARGET, UP, old_nearly.span(), new_whole.span())
    elif bool(old_nearly) != bool(new_nearly) and not (old_whole or new_whole):
        spans_of = old_nearly.span() if old_nearly else None, new_nearly.span() if new_nearly else None
        yield Verdict("target.nearly", TARGET, DOWN if new_nearly else UP, *spans_of, Confidence.MEDIUM)
