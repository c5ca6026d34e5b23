"""D2: how far along a thing is (St1–St5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from differ.lexicon import Cue
from differ.rules.wording import DOWN, UP, Judged, Verdict, Wording, span_of
from schema.changes import Confidence, Dimension

STAGE = Dimension.STAGE
_STUDY, _PILOT, _PUSH, _FULL, _COMPLETE, _MAINTAIN = 1, 2, 3, 4, 5, 9
_CALENDAR = re.compile(r"[一二两三四五六\d]年(?:攻坚)?行动|攻坚行动|专项(?:整治)?行动|规划|20\d\d[—-]20\d\d|百日行动")
_PUSHED = re.compile(r"推[进动]|加[快强大]|促进|开展|继续|持续|强化|建设|抓好|做好|统筹|组织|实施|深化|着手")
_NOT_YET = re.compile(r"完成[^，；。]{0,14}?(?:前期工作|前期论证|论证|可研|选址|勘察|设计|立项|试点|起草)")
_BUILDING = re.compile(
    r"建设|新建|修建|兴建|打造|建成|建立|布设|架设|组建|实现|清零|构建|布局|搭建|推进|推广|筹建|完成|升级|安装|全覆盖|全面覆盖"
)
_ADVERBS = re.compile(r"^(?:要|将|深入|加强|开展|组织|积极|加快|抓紧|推动|推进|着手|认真|\s)*$")
_DRAFT = re.compile(r"制定|起草|草拟|拟订|研拟|编制|修编|研究制定|拟定|研究出台|修订|研究")
_ISSUE = re.compile(r"出台|印发|发布|施行|颁布|公布")
_CARRY_OUT = re.compile(r"落实|执行|实施|贯彻")
_CARRIED_OUT = re.compile(
    r"(?:办法|意见|细则|条例|规定|标准|协议|规程|方案|制度|措施|清单|规划)(?:的)?(?:全面|正式|抓好|推动|严格|加快|贯彻|得到|有效|全省|全区)?"
    r"(?P<verb>落地|落实|执行|实施|施行|生效)"
)
"""The verb behind the instrument: 方案落地执行."""
_AGREED = re.compile(r"签订|签署|达成")
_WRITTEN = re.compile(
    r"办法|意见|细则|条例|规定|标准|协议|规程|(?:作业|操作|技术|服务|工作|建设|管理)规范|方案|制度|措施|清单|预案"
)
_MOVE_OUT = re.compile(r"走出试点|结束试点|试点基础上|由点到面")
_REVIEWED = re.compile(r"(?:总结|评估|评价|梳理)[^，；。]{0,24}试点")
_WITHOUT_VERB = ("前期工作", "前期研究", "前期论证", "论证")
_USED = re.compile(r"发挥[^，。；\n]{1,16}?(?:作用|效能|效益|实效|功能|优势)")
_NO_END = re.compile(r"机|[^，。；\n]{0,12}?(?:全覆盖|全面覆盖|全域覆盖|普及)")
"""实现机械化 is cut wrongly; 实现全覆盖 stands as high as 全覆盖."""
_PUSHED_COVER = re.compile(r"(?P<verb>推进|推动|加快|扩大)[^，；。]{2,30}?全覆盖")
_REACHED_COVER = re.compile(r"(?P<verb>实现|达到|做到)[^，；。]{0,30}?全覆盖")
_TALL = 2


def judge(judged: Judged) -> Iterator[Verdict]:
    """One step of the ladder, or the succession of building and using. A programme's calendar is neither (St4)."""
    if all(map(_CALENDAR.search, (judged.old.text, judged.new.text))) or any(
        map(_REVIEWED.search, (judged.old.text, judged.new.text))
    ):
        return
    instrument = list(_instrument(judged))
    if instrument:
        yield from instrument
        return
    yield from _covering(judged)
    old, new = judged.cues("stage")
    before, after = _level(judged.old, old), _level(judged.new, new)
    if after[0] == _MAINTAIN or before[0] == _MAINTAIN:
        yield from _succession(judged, before, after)
        return
    if before[0] == after[0] or _only_counts(judged, before, after):
        return
    if all(any(cue.level == _FULL for cue in side) for side in (old, new)) and {before[0], after[0]} == {
        _FULL,
        _COMPLETE,
    }:
        return  # 全覆盖 on both sides: 完成 beside it is how it is said
    sure = Confidence.HIGH if before[1] and after[1] else Confidence.MEDIUM
    yield Verdict("stage.ladder", STAGE, UP if after[0] > before[0] else DOWN, _span(before), _span(after), sure)


def _covering(judged: Judged) -> Iterator[Verdict]:
    """推进…全覆盖 → 实现…全覆盖: pushed, then there; and back."""
    for this, other, direction in ((judged.old, judged.new, UP), (judged.new, judged.old, DOWN)):
        pushed, there = _PUSHED_COVER.search(this.bare), _REACHED_COVER.search(other.bare)
        if pushed and there and not _REACHED_COVER.search(this.bare) and not _PUSHED_COVER.search(other.bare):
            spans = (pushed.span("verb"), there.span("verb"))
            yield Verdict(
                "stage.ladder", STAGE, direction, *(spans if direction is UP else spans[::-1]), Confidence.MEDIUM
            )


def _span(level: tuple[int, Cue | None]) -> tuple[int, int] | None:
    return span_of(level[1])


def _level(side: Wording, cues: Sequence[Cue]) -> tuple[int, Cue | None]:
    """The rung a wording stands on, and the word that says so; without one it is being pushed."""
    cues = [cue for cue in cues if _counts(side, cue)]
    unfinished = _NOT_YET.search(side.bare)
    used = _USED.search(side.bare)
    if used and not _BUILDING.search(side.bare):
        return _MAINTAIN, Cue(*used.span(), used.group(), _MAINTAIN, "maintain")
    kept_up = [cue for cue in cues if cue.level == _MAINTAIN and _heads(side, cue)]
    if kept_up:
        return _MAINTAIN, kept_up[0]
    for rung in (_COMPLETE, _FULL, _PILOT, _STUDY, _PUSH, _MAINTAIN):
        for cue in cues:
            if cue.level == rung and not (
                rung == _COMPLETE and unfinished and unfinished.start() <= cue.start < unfinished.end()
            ):
                return rung, cue
    return _PUSH, None


def _counts(side: Wording, cue: Cue) -> bool:
    """研究 and 探索 only as the verb of a clause; a pilot that is over is none; 实施 and 发布 are plain verbs."""
    if cue.level == _STUDY:
        return cue.term in _WITHOUT_VERB or _heads(side, cue)
    if cue.level == _PILOT and cue.term in ("试点", "试行"):
        return not _MOVE_OUT.search(side.bare)
    after = side.bare[cue.end : cue.end + 16]
    return cue.term not in ("实施", "发布", "推行") and not (cue.term == "实现" and _NO_END.match(after))


def _heads(side: Wording, cue: Cue) -> bool:
    """Only manner words stand before it in its clause."""
    return bool(_ADVERBS.match(side.bare[side.clause_span(cue.start)[0] : cue.start]))


def _only_counts(judged: Judged, before: tuple[int, Cue | None], after: tuple[int, Cue | None]) -> bool:
    """完成 beside a plain verb says nothing where both count what is done, or where a result tail is all there is."""
    if {before[0], after[0]} != {_PUSH, _COMPLETE}:
        return False
    counted = (
        [q for q in judged.old.quantities if q.base != "percent"],
        [q for q in judged.new.quantities if q.base != "percent"],
    )
    if all(counted) and [q.value for q in counted[0]][:1] != [q.value for q in counted[1]][:1]:
        return True
    cue, side = (after[1], judged.new) if after[1] and after[0] == _COMPLETE else (before[1], judged.old)
    if cue is None:
        return True
    fallen = not after[1] and side is judged.old
    if fallen and cue.term in ("完成", "实现") and not _PUSHED.search(judged.new.bare):
        return True
    other = judged.old if side is judged.new else judged.new
    tail = cue.term == "实现" and side.clause_span(cue.start)[0] > 0
    whole = side.bare[max(0, cue.start - 2) : cue.start] in ("全面", "全部", "如期")
    routine = (
        not whole
        and cue.term in ("完成", "收尾")
        and not re.search(r"建设|改造|工程|项目|升级|搬迁|对接|接入|平台|基地|中心|库|站", side.text + other.text)
    )
    return tail or routine


def _instrument(judged: Judged) -> Iterator[Verdict]:
    """Drafted, issued, carried out (St2); 制定 and 修订 are one step."""
    if not all(map(_WRITTEN.search, (judged.old.bare, judged.new.bare))):
        return
    old, new = _paper(judged.old.bare), _paper(judged.new.bare)
    if old and new and old[0] != new[0]:
        direction = UP if new[0] > old[0] else DOWN
        yield Verdict("stage.instrument", STAGE, direction, old[1], new[1], Confidence.MEDIUM)


def _paper(bare: str) -> tuple[int, tuple[int, int]] | None:
    """How far a written instrument has come: 1 drafted, 2 issued or signed, 3 carried out; by its first verb."""
    steps = [(issue, 2) for issue in (_ISSUE.search(bare), _AGREED.search(bare)) if issue]
    carried = _CARRIED_OUT.search(bare)
    if carried and not steps:
        return 3, carried.span("verb")
    draft, carry = _DRAFT.search(bare), _CARRY_OUT.search(bare)
    if steps:
        return 2, steps[0][0].span()
    if (
        draft
        and (not carry or draft.start() < carry.start())
        and not re.search(r"研究(?!制定|出台|拟定)", draft.group() + "制定")
    ):
        return 1, draft.span()
    return (3, carry.span()) if carry and carry.start() <= _TALL else None


def _succession(judged: Judged, before: tuple[int, Cue | None], after: tuple[int, Cue | None]) -> Iterator[Verdict]:
    """Built, then kept up: a later stage, a smaller task (St3). Instruments only grow up (St2)."""
    things = [cue.group for side in judged.cues("things") for cue in side]
    finished = before[1] is not None and before[1].group in ("complete", "full")
    built = "built" in things or finished or "written" not in things
    build = _BUILDING.search(judged.old.bare)
    if after[0] != _MAINTAIN or before[0] == _MAINTAIN or not built or not build:
        return
    rising = before[1] is None and _BUILDING.search(judged.new.bare[: (after[1].start if after[1] else 0)])
    if rising and not re.search(r"成果|成效", judged.new.bare):
        return
    start = _span(before) or build.span()
    yield Verdict("stage.succession", STAGE, UP, start, _span(after), Confidence.MEDIUM)
    yield Verdict("stage.succession", STAGE, DOWN, start, _span(after), Confidence.MEDIUM)
