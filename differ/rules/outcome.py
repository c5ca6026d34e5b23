"""D3: what is promised about accidents and losses (O1–O3), and how wide a class of them (Sc5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from differ.lexicon import Cue
from differ.rules.wording import DOWN, UP, Judged, Verdict, Wording, highest, span_of
from schema.changes import Confidence, Dimension

_HARM = re.compile(r"事故|伤亡|死亡|亡人|火灾|灾害|险情|损失|中毒|爆炸|死伤|风险|溺水|坍塌|火$")
_RISK = 7
_SIZED = re.compile(
    r"(?P<size>特别重大|重特大|重大及?以上|重大|较大及?以上|较大|亡人|群死群伤)(?P<kind>[^，；。、\n]{1,10}?)(?P<end>事故|火灾|灾害|险情)"
)
"""重大道路交通事故: the size stands before the kind of accident."""


def judge(judged: Judged) -> Iterator[Verdict]:
    """The verb about the accident, and the accident's class; only where both years have one."""
    before, after = _verb(judged, judged.old), _verb(judged, judged.new)
    if not before or not after:
        return
    spans = span_of(before), span_of(after)
    if before.level != after.level:
        alone = {before.group, after.group} == {"contain", "resolutely"}
        sure = Confidence.LOW if alone else Confidence.HIGH
        yield Verdict("outcome.ladder", Dimension.OUTCOME, UP if after.level > before.level else DOWN, *spans, sure)
    yield from _classes(judged, rises=after.level > before.level)


def _verb(judged: Judged, side: Wording) -> Cue | None:
    """The strongest verb whose clause names harm."""
    found = judged.lexicon["outcome"].find(side.bare)
    return highest([cue for cue in found if _HARM.search(side.clause(cue.start)[0:])])


def _accidents(judged: Judged, side: Wording) -> list[Cue]:
    """The classes named; a size before another noun than its own counts as that class."""
    found = judged.lexicon["accidents"]
    cues = list(found.find(side.bare))
    for sized in _SIZED.finditer(side.bare):
        level, group = found.groups.get(sized["size"] + "事故") or found.groups.get(sized["size"]) or (_RISK, "")
        cues = [cue for cue in cues if cue.end <= sized.start() or cue.start >= sized.end()]
        cues.append(Cue(*sized.span(), sized.group(), level, group))
    return cues


def _classes(judged: Judged, *, rises: bool) -> Iterator[Verdict]:
    old, new = _accidents(judged, judged.old), _accidents(judged, judged.new)
    if not old or not new:
        return
    before, after = min(old, key=lambda cue: cue.level), min(new, key=lambda cue: cue.level)
    generic = _RISK in (before.level, after.level)
    if before.level == after.level or (generic and not rises and after.level > before.level):
        return
    sure = Confidence.MEDIUM
    direction = UP if after.level > before.level else DOWN
    yield Verdict("scope.accident_class", Dimension.SCOPE, direction, span_of(before), span_of(after), sure)
