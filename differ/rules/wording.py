"""One side of a pair as the rules see it: names, titles and negated failings hidden, every offset kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from differ.lexicon import Cue, Lexicon
from differ.pair import Pair
from language.deadlines import Deadline, deadlines
from language.names import HIDDEN, without_names
from language.quantities import Quantity, quantities
from schema.changes import HARD_DIMENSIONS, Confidence, Dimension, Direction, Finding
from schema.words import reason

Span = tuple[int, int]
_STOPS = re.compile(r"[，；。！\n]")
_NEGATED = re.compile(
    r"(?:不搞|防止|避免|严防|纠正|不增加|切忌)[^，；。\n]{0,12}(?:弱化|流于形式|走过场|留痕|比拼|负担|一刀切|加码|反弹|形式主义|重复检查|多头)"
)
UP, DOWN = Direction.UP, Direction.DOWN


@dataclass(frozen=True, slots=True)
class Wording:
    """``text`` as printed; ``bare`` is as long, with what carries no evidence written as □."""

    text: str
    bare: str
    quantities: tuple[Quantity, ...]
    deadlines: tuple[Deadline, ...]

    def clause(self, at: int) -> str:
        """The comma clause around an offset, from ``bare``."""
        start, end = self.clause_span(at)
        return self.bare[start:end]

    def clause_span(self, at: int) -> Span:
        """Its half-open offsets."""
        before = [stop.end() for stop in _STOPS.finditer(self.bare, 0, at)]
        after = _STOPS.search(self.bare, at)
        return (before[-1] if before else 0), (after.start() if after else len(self.bare))


@lru_cache(maxsize=4096)
def wording(text: str, lexicon: Lexicon) -> Wording:
    """A unit's text (or a group's) ready for the rules."""
    bare = _NEGATED.sub(lambda found: HIDDEN * len(found.group()), without_names(text))
    for cue in lexicon["negation"].find(bare):
        bare = bare[: cue.start] + HIDDEN * (cue.end - cue.start) + bare[cue.end :]
    return Wording(text, bare, quantities(text), deadlines(text))


@dataclass(frozen=True, slots=True)
class Judged:
    """What every rule is given: both wordings, the pair they come from, the lexicon."""

    pair: Pair
    lexicon: Lexicon
    old: Wording
    new: Wording

    def cues(self, section: str) -> tuple[tuple[Cue, ...], tuple[Cue, ...]]:
        """The section's terms on the old and on the new side."""
        found = self.lexicon[section]
        return found.find(self.old.bare), found.find(self.new.bare)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a rule speaks: its id, dimension and direction, with what it found on each side (None for ∅)."""

    rule: str
    dimension: Dimension
    direction: Direction
    old: Span | None
    new: Span | None
    confidence: Confidence = Confidence.HIGH
    note: str = ""


def as_finding(judged: Judged, verdict: Verdict) -> Finding:
    """A verdict with its quotes cut out of the texts and placed in the sides."""
    old = judged.old.text[slice(*verdict.old)] if verdict.old else ""
    new = judged.new.text[slice(*verdict.new)] if verdict.new else ""
    return Finding(
        verdict.rule,
        verdict.dimension,
        verdict.direction,
        old,
        new,
        note=verdict.note or reason(verdict.rule, verdict.direction, (old, new)),
        hard=verdict.dimension in HARD_DIMENSIONS,
        confidence=verdict.confidence,
        old_span=judged.pair.old_span(old, verdict.old[0]) if verdict.old else None,
        new_span=judged.pair.new_span(new, verdict.new[0]) if verdict.new else None,
    )


def span_of(cue: Cue | Quantity | Deadline | None) -> Span | None:
    """The half-open offsets of anything that has them."""
    return (cue.start, cue.end) if cue else None


def highest(cues: Sequence[Cue]) -> Cue | None:
    """The cue of the highest level; the first of several."""
    return max(cues, key=lambda cue: cue.level, default=None)
