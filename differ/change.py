"""Makes one change out of a link, or out of a commitment without a counterpart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from differ.combine import combine, confidence_of, lowest
from differ.lexicon import Lexicon
from differ.matching.align import CONFIRMED, Alignment
from differ.matching.groups import Link
from differ.matching.objects import nearest
from differ.normal import normal_wording, without_year
from differ.pair import Pair
from differ.rules import judge
from differ.wording import highlight
from schema.changes import Candidate, Change, Confidence, Kind, Side, Structure

NEAR_TIE = 0.1
"""A counterpart that leads by less is not sure."""
UNLIKE = 0.05
"""Below this best probability a commitment without counterpart is surely alone."""
NEAR = 0.6
"""From this share of its object in one commitment of the other year, it is not surely alone."""
DOUBTFUL = 0.12
"""Up to this, it is alone with medium confidence; above, a paraphrase cannot be excluded."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The two sides, their alignment, and the lexicon all findings come from."""

    old: Side
    new: Side
    alignment: Alignment
    lexicon: Lexicon

    def runner_up(self, link: Link) -> tuple[Candidate | None, float | None]:
        """The best other pairing of the link's units, and how far it lies behind."""
        scores, best, rival = self.alignment.scores, -1.0, ""
        for i in link.old:
            for j in range(scores.shape[1]):
                if j not in link.new and scores[i, j] > best:
                    best, rival = float(scores[i, j]), self.new.units[j].id
        for j in link.new:
            for i in range(scores.shape[0]):
                if i not in link.old and scores[i, j] > best:
                    best, rival = float(scores[i, j]), self.old.units[i].id
        return (Candidate(rival, round(best, 4)), round(link.score - best, 4)) if rival else (None, None)


def matched(comparison: Comparison, link: Link, *, moved: bool) -> Change:
    """The change of one link: unchanged, or the kind its findings add up to."""
    old, new = comparison.old, comparison.new
    pair = Pair(
        tuple(old.units[i] for i in link.old), tuple(new.units[j] for j in link.new), old.plan_year, new.plan_year
    )
    rival, margin = comparison.runner_up(link)
    same = normal_wording(pair.old_text) == normal_wording(pair.new_text)
    findings = () if same else judge(pair, comparison.lexicon)
    unchanged = same or (not findings and _rolled_over(pair))
    kind = Kind.UNCHANGED if unchanged else combine(findings)
    sure, notes = (Confidence.HIGH, ()) if unchanged else _sureness(link, margin)
    marks = ((), ()) if same else highlight(pair.old_text, pair.new_text)
    return Change(
        key="",
        kind=kind,
        old=tuple(unit.id for unit in pair.old),
        new=tuple(unit.id for unit in pair.new),
        old_text=pair.old_text,
        new_text=pair.new_text,
        structure=_structure(link, moved=moved),
        confidence=lowest([sure, confidence_of(findings)]),
        score=round(link.score, 4),
        margin=margin,
        findings=tuple(findings),
        old_highlights=marks[0],
        new_highlights=marks[1],
        runner_up=rival,
        notes=notes,
    )


def unmatched(comparison: Comparison, position: int, kind: Kind) -> Change:
    """A dropped old or a new commitment; its confidence falls with its nearest possible counterpart, and to low when
    the other year's text has the very wording outside its commitments.
    """
    dropped = kind is Kind.DROPPED
    side, others = (comparison.old, comparison.new) if dropped else (comparison.new, comparison.old)
    scores = comparison.alignment.scores[position] if dropped else comparison.alignment.scores[:, position]
    unit, best = side.units[position], float(scores.max(initial=0.0))
    nearest_one = Candidate(others.units[int(scores.argmax())].id, round(best, 4)) if others.units else None
    sure = Confidence.HIGH if best < UNLIKE else Confidence.MEDIUM if best < DOUBTFUL else Confidence.LOW
    if sure is Confidence.HIGH:
        place, share = nearest(unit.text, [other.text for other in others.units])
        if share >= NEAR:
            sure, nearest_one = Confidence.MEDIUM, Candidate(others.units[place].id, round(float(scores[place]), 4))
    notes = () if sure is Confidence.HIGH else ("match.possible_counterpart",)
    if normal_wording(unit.text) in normal_wording(others.text):
        sure, notes = Confidence.LOW, ("match.still_in_text",)
    span = ((0, len(unit.text)),)
    return Change(
        key="",
        kind=kind,
        old=(unit.id,) if dropped else (),
        new=() if dropped else (unit.id,),
        old_text=unit.text if dropped else "",
        new_text="" if dropped else unit.text,
        confidence=sure,
        old_highlights=span if dropped else (),
        new_highlights=() if dropped else span,
        runner_up=nearest_one,
        notes=notes,
    )


def change_key(change: Change, old: Side, new: Side) -> str:
    """Sixteen hex digits out of provinces, years, kind and normalised wordings: the same change, the same key."""
    parts = [
        new.province,
        str(old.plan_year),
        str(new.plan_year),
        change.kind.value,
        *map(normal_wording, change.old_text.split("\n")),
        "→",
        *map(normal_wording, change.new_text.split("\n")),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _rolled_over(pair: Pair) -> bool:
    """The same wording once each plan year is read as "this year" (De2)."""
    old, new = without_year(pair.old_text, pair.year_old), without_year(pair.new_text, pair.year_new)
    return pair.year_old != pair.year_new and old == new


def _sureness(link: Link, margin: float | None) -> tuple[Confidence, tuple[str, ...]]:
    if link.score < CONFIRMED:
        return Confidence.LOW, ("match.candidate",)
    if margin is not None and margin < NEAR_TIE:
        return Confidence.MEDIUM, ("match.near_tie",)
    return Confidence.HIGH, ()


def _structure(link: Link, *, moved: bool) -> tuple[Structure, ...]:
    flags: Sequence[tuple[bool, Structure]] = (
        (moved, Structure.MOVED),
        (len(link.new) > 1, Structure.SPLIT),
        (len(link.old) > 1, Structure.MERGED),
    )
    return tuple(flag for holds, flag in flags if holds)
