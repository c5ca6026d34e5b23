"""D6: how deep, how wide, who is named (Sc1–Sc5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from differ.lexicon import Cue
from differ.rules.lists import listed
from differ.rules.wording import DOWN, UP, Judged, Verdict, Wording, highest, span_of
from language.quantities import Quantity
from schema.changes import Confidence, Dimension

SCOPE = Dimension.SCOPE
_ALL, _KEY = 4, 2
_RUNGS = ("全覆盖", "全面覆盖")
"""Alone they are a stage (9.1); beside 重点 or a set of places they are a scope."""
_REACHED = re.compile(r"(?:到|至|向|覆盖|延伸|下沉|贯通|直达|进|入|接)[^，；。、]{0,5}$")
_EVERY = re.compile(r"(?:各|所有|全部|每个|每座|每|逐|为|叫醒每名)$")
_WHOLE_AREA = re.compile(r"全省|全市|全区(?!域)|全域|各市州|各地市|各市|全自治区")
_AREA_OF = re.compile(r"(?<=对)(?:全省|全市|全区|各地|全自治区)|全程|全线|全流域")
"""对全省加油站: the whole set, though no 所有 says so."""
_SOME_PLACES = re.compile(r"在[^，；。]{2,14}?(?:、[^，；。]{2,6})?(?=开展|推行|推进|试点|建设|实施|探索|组织)")
_FROM_TO = re.compile(
    r"[从由](?P<from>[^，；。]{2,14}?)(?:进一步)?(?:延伸|扩展|扩大|拓展|推广|覆盖|推|扩)(?:到|至|向)(?P<to>[^，；。]{2,14})"
)
_ONLY_SOME = re.compile(
    r"(?P<some>特大型|大型|规模以上|多灾易灾|中高风险|高风险|主城区|中心城区)的?(?P<what>[\u4e00-\u9fff]{2,8}?)"
    r"(?=开展|进行|实施|实行|推行|推进|落实|安装|配备|配置|储备|建立|建设|的|[^\u4e00-\u9fff]|$)"
)
"""A qualifier before the name of a thing, which ends where a verb begins."""
_TIERS = re.compile(r"(?P<levels>[省市州盟县区旗乡镇街村组户](?:、[省市州盟县区旗乡镇街村组户])+)[两三四五六]级")
_SEASONS = re.compile(r"春秋两季|春季|夏季|秋季|冬季|全年")


def judge(judged: Judged) -> Iterator[Verdict]:
    """Coverage, depth, lists, thresholds, seasons."""
    yield from _coverage(judged)
    yield from _tiers(judged) or _depth(judged)
    yield from listed(judged)
    yield from _thresholds(judged)
    yield from _seasons(judged)
    yield from _qualified(judged)


def _coverage(judged: Judged) -> Iterator[Verdict]:
    """每 alone distributes what is asked; it names no wider set."""
    old, new = (
        highest(_real(side, cues)) for side, cues in zip((judged.old, judged.new), judged.cues("coverage"), strict=True)
    )
    places, area = _SOME_PLACES.search(judged.old.bare), _WHOLE_AREA.search(judged.new.bare)
    if places and area and not _WHOLE_AREA.search(judged.old.bare):
        yield Verdict("scope.whole_area", SCOPE, UP, places.span(), area.span())
        return
    area_old = _AREA_OF.search(judged.old.bare)
    if area_old and not old and not area and new and new.level <= _KEY:
        yield Verdict("scope.coverage", SCOPE, DOWN, area_old.span(), span_of(new))
        return
    if old and new and old.level != new.level:
        yield Verdict("scope.coverage", SCOPE, UP if new.level > old.level else DOWN, span_of(old), span_of(new))
    elif new and not old and new.level == _ALL and new.term not in _RUNGS and not _is_spread(new):
        yield Verdict("scope.all_added", SCOPE, UP, None, span_of(new), Confidence.MEDIUM)
    elif old and not new and old.level == _ALL and old.term not in _RUNGS and not _is_spread(old):
        yield Verdict("scope.all_removed", SCOPE, DOWN, span_of(old), None, Confidence.MEDIUM)
    elif new and not old and new.level < _KEY:
        yield Verdict("scope.narrowed", SCOPE, DOWN, None, span_of(new), Confidence.MEDIUM)


def _is_spread(cue: Cue) -> bool:
    """每 and 逐一 tell how the work is gone about; only beside 重点 or 部分 do they name the whole set."""
    return cue.term.startswith("每") or cue.term == "逐一"


def _real(side: Wording, cues: Sequence[Cue]) -> list[Cue]:
    """A word of coverage that governs a target's qualifier (全部完成) is the target's; 全覆盖 with a share too."""
    shares = [q for q in side.quantities if q.base == "percent"]
    kept = [cue for cue in cues if not re.match(r"完成|清零|建成投", side.bare[cue.end : cue.end + 3])]
    return [cue for cue in kept if not (shares and cue.term in _RUNGS)]


def _tiers(judged: Judged) -> list[Verdict]:
    """省、市、县三级 → 省、市两级: how many levels take part."""
    old, new = _TIERS.search(judged.old.bare), _TIERS.search(judged.new.bare)
    if not old or not new:
        return []
    before, after = (set(one["levels"].split("、")) for one in (old, new))
    if before < after or after < before:
        return [Verdict("scope.levels", SCOPE, UP if before < after else DOWN, old.span(), new.span())]
    return []


def _depth(judged: Judged) -> Iterator[Verdict]:
    old_cues, new_cues = judged.cues("geography")
    old, new = _reached(judged.old, old_cues), _reached(judged.new, new_cues)
    reach = judged.lexicon["widening"].find(judged.new.bare)
    levels_old, levels_new = ({cue.level for cue in cues} for cues in (old_cues, new_cues))
    chains = _chain(judged.old, old_cues), _chain(judged.new, new_cues)
    if chains[1] and levels_old and levels_old < {cue.level for cue in chains[1]}:
        yield Verdict("scope.levels", SCOPE, UP, _all(old_cues), _all(chains[1]))
    elif chains[0] and levels_new and levels_new < {cue.level for cue in chains[0]}:
        yield Verdict("scope.levels", SCOPE, DOWN, _all(chains[0]), _all(new_cues))
    elif old and new:
        deepest, deeper = max(old, key=lambda cue: cue.level), max(new, key=lambda cue: cue.level)
        same_end = 0 if len(old) == len(new) == 1 else _same_end(deepest, deeper)
        if deeper.level != deepest.level and abs(deeper.level - deepest.level) > same_end:
            direction = UP if deeper.level > deepest.level else DOWN
            yield Verdict("scope.depth", SCOPE, direction, span_of(deepest), span_of(deeper), Confidence.MEDIUM)
    elif new and reach:
        yield Verdict("scope.extended", SCOPE, UP, None, (reach[0].start, new[-1].end), Confidence.MEDIUM)
    else:
        yield from _widened(judged)


def _widened(judged: Judged) -> Iterator[Verdict]:
    """从罐区延伸到装卸栈台, where the old wording knew the first of the two."""
    for this, other, direction in ((judged.old, judged.new, DOWN), (judged.new, judged.old, UP)):
        found = _FROM_TO.search(this.bare)
        if found and found["from"][-2:] in other.bare and found["to"][:2] not in other.bare:
            gone, come = (None, found.span()) if direction is UP else (found.span(), None)
            yield Verdict("scope.widened", SCOPE, direction, gone, come, Confidence.MEDIUM)


def _same_end(one: Cue, other: Cue) -> int:
    """到村到户 and 到村社: the last mile has several names."""
    return 2 if min(one.level, other.level) >= 6 else 0


def _all(cues: Sequence[Cue]) -> tuple[int, int]:
    return cues[0].start, cues[-1].end


def _reached(side: Wording, cues: Sequence[Cue]) -> list[Cue]:
    """Levels that are reached, or enumerated as a chain; not the one that supervises or pays."""
    chain = _chain(side, cues)
    return [cue for cue in cues if cue in chain or _is_reached(side, cue)]


def _is_reached(side: Wording, cue: Cue) -> bool:
    """到村, 每村, and 村村: a level said twice is every one of it."""
    before = side.bare[max(0, cue.start - 8) : cue.start]
    return cue.term[0] in ("到", cue.term[-1]) or bool(_REACHED.search(before) or _EVERY.search(before[-4:]))


def _chain(side: Wording, cues: Sequence[Cue]) -> list[Cue]:
    return [cue for n, cue in enumerate(cues) if _chained(side, cues, n)]


def _chained(side: Wording, cues: Sequence[Cue], n: int) -> bool:
    near = [cues[m] for m in (n - 1, n + 1) if 0 <= m < len(cues)]
    return any(side.bare[min(a.end, cues[n].end) : max(a.start, cues[n].start)] in ("、", "") for a in near)


def _qualified(judged: Judged) -> Iterator[Verdict]:
    """新建储能电站 → 新建大型储能电站: the same things, and only some of them."""
    narrowed, unqualified = _only_some(judged.new, judged.old), _only_some(judged.old, judged.new)
    if narrowed:
        some, whole = narrowed
        yield Verdict("scope.narrowed", SCOPE, DOWN, whole, some, Confidence.MEDIUM)
    if unqualified:
        some, whole = unqualified
        yield Verdict("scope.unqualified", SCOPE, UP, some, whole, Confidence.MEDIUM)


def _only_some(this: Wording, other: Wording) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Where this wording names some of the things that the other names without the qualifier, in both."""
    for found in _ONLY_SOME.finditer(this.bare):
        if found["what"] in other.bare and found["some"] not in other.bare:
            place = other.bare.find(found["what"])
            return found.span(), (place, place + len(found["what"]))
    return None


def _thresholds(judged: Judged) -> Iterator[Verdict]:
    """T7: for N以上 a lower number widens, for N以下 it narrows."""
    old = [q for q in judged.old.quantities if q.threshold]
    new = [q for q in judged.new.quantities if q.threshold]
    for before in old:
        for after in (q for q in new if (q.base, q.threshold) == (before.base, before.threshold)):
            yield from _threshold(before, after)


def _threshold(before: Quantity, after: Quantity) -> Iterator[Verdict]:
    if before.value != after.value:
        wider = (after.value < before.value) == (before.threshold == ">=")
        yield Verdict("scope.threshold", SCOPE, UP if wider else DOWN, span_of(before), span_of(after))


def _seasons(judged: Judged) -> Iterator[Verdict]:
    old, new = _SEASONS.search(judged.old.bare), _SEASONS.search(judged.new.bare)
    if old and new and "春秋两季" in (old.group(), new.group()) and old.group() != new.group():
        direction = DOWN if old.group() == "春秋两季" and new.group() != "全年" else UP
        yield Verdict("scope.season", SCOPE, direction, old.span(), new.span())
