"""D1: how binding a wording is (Mo1–Mo5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from differ.lexicon import Cue
from differ.rules.wording import DOWN, UP, Judged, Verdict, Wording, span_of
from schema.changes import Confidence, Dimension

MODALITY = Dimension.MODALITY
_DUTY = 4
_LEADS = re.compile(
    r"^(?:要|将|并|同时|积极|大力|继续|持续|加大|进一步|也|还|可|市县|各地|各级|主动|着力|全力|省级|多渠道|切实|分类|\s)*$"
)
_MAY = re.compile(
    r"(?<![许认不尽])可(?=以|视|结合|自|适|按|参照|参考|酌|根据|采|先|由|在|依|建|设|组|配|开|引|聘|购|委|给|申)(?!以说)"
)


def judge(judged: Judged) -> Iterator[Verdict]:
    """Encouragement against duty, then hedges."""
    old, new = judged.cues("modality")
    yield from _duty(_binding(judged.old, old), _binding(judged.new, new))
    yield from _hedged(judged)


def _binding(side: Wording, cues: Sequence[Cue]) -> tuple[Cue | None, Cue | None]:
    """The first encouragement at the head of a clause, and the first duty or prohibition."""
    encouraged = [cue for cue in cues if cue.level < _DUTY and _is_head(side, cue)]
    bound = [cue for cue in cues if cue.level == _DUTY]
    return (encouraged[0] if encouraged else None), (bound[0] if bound else None)


def _is_head(side: Wording, cue: Cue) -> bool:
    start, end = side.clause_span(cue.start)
    return bool(_LEADS.match(side.bare[start : cue.start])) and cue.end < end - 1


def _duty(old: tuple[Cue | None, Cue | None], new: tuple[Cue | None, Cue | None]) -> Iterator[Verdict]:
    (old_soft, old_hard), (new_soft, new_hard) = old, new
    if old_soft and not new_soft:
        yield Verdict("modality.encouragement_ended", MODALITY, UP, span_of(old_soft), span_of(new_hard))
    elif new_soft and not old_soft:
        yield Verdict("modality.encouragement", MODALITY, DOWN, span_of(old_hard), span_of(new_soft))
    elif new_hard and not old_hard:
        yield Verdict("modality.duty_added", MODALITY, UP, span_of(old_soft), span_of(new_hard), Confidence.MEDIUM)
    elif old_hard and not new_hard:
        yield Verdict("modality.duty_removed", MODALITY, DOWN, span_of(old_hard), span_of(new_soft), Confidence.MEDIUM)


def _hedged(judged: Judged) -> Iterator[Verdict]:
    old, new = judged.cues("hedges")
    old_span, new_span = _first(judged.old, old), _first(judged.new, new)
    if old_span and not new_span:
        yield Verdict("modality.hedge_removed", MODALITY, UP, old_span, None, Confidence.MEDIUM)
    elif new_span and not old_span:
        yield Verdict("modality.hedge_added", MODALITY, DOWN, None, new_span, Confidence.MEDIUM)


def _first(side: Wording, cues: Sequence[Cue]) -> tuple[int, int] | None:
    """The first hedge, or a 可 that permits."""
    may = _MAY.search(side.bare)
    return span_of(cues[0]) if cues else may.span() if may else None
