"""The front door: two sides in, one yearly (or revision) diff out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from differ.change import Comparison, change_key, matched, unmatched
from differ.combine import lowest
from differ.lexicon import Lexicon
from differ.matching.align import CANDIDATE, CONFIRMED, TooManyUnits, align
from differ.matching.scorer import NgramScorer, Scorer
from differ.moves import moved
from schema.announcements import OCR_FLAG, Announcement, Edition, QuarantineReason
from schema.changes import Change, Confidence, DiffOutcome, Kind, Side, Unit, YearlyDiff

REWRITTEN_SHARE = 0.2
"""Below this share of confirmed links in the shorter side, the two years cannot be aligned by their wording."""
REWRITTEN_LEAST = 6
"""Shorter texts are too short to say so."""


def compare(old: Side, new: Side, lexicon: Lexicon, scorer: Scorer | None = None) -> YearlyDiff:
    """What changed from ``old`` to ``new``. Pure; every unit is in exactly one change unless nothing is claimed."""
    nothing = _nothing_to_claim(old, new)
    if nothing is not None:
        return nothing
    scorer = scorer or NgramScorer()
    try:
        alignment = align(old.units, new.units, scorer)
    except TooManyUnits as problem:
        return _empty(old, new, DiffOutcome.UNREADABLE, str(problem))
    comparison = Comparison(old, new, alignment, lexicon)
    places = moved(alignment.links, (old.units, new.units))
    changes = [matched(comparison, link, moved=n in places) for n, link in enumerate(alignment.links)]
    changes += [unmatched(comparison, i, Kind.DROPPED) for i in alignment.old_unlinked]
    changes += [unmatched(comparison, j, Kind.NEW) for j in alignment.new_unlinked]
    confirmed = sum(link.score >= CONFIRMED for link in alignment.links)
    rewritten = _is_rewritten(confirmed, min(len(old.units), len(new.units)))
    if rewritten:
        changes = [_doubted(change, "match.rewritten") for change in changes]
    if old.recognised or new.recognised:
        changes = [_doubted(change, "match.recognised") for change in changes]
    revision = old.plan_year == new.plan_year and old.plan_year != 0
    return YearlyDiff(
        province=new.province,
        year_old=old.plan_year,
        year_new=new.plan_year,
        outcome=DiffOutcome.REVISION if revision else DiffOutcome.OK,
        old_units=old.units,
        new_units=new.units,
        changes=_keyed(_in_reading_order(changes, old, new), old, new),
        rewritten=rewritten,
        gap=_is_gap(old, new),
        provenance=_provenance(scorer, lexicon),
    )


def compare_editions(earlier: Edition, later: Edition, lexicon: Lexicon, scorer: Scorer | None = None) -> YearlyDiff:
    """``compare`` for two kept editions of one province."""
    return compare(side_of(earlier.announcement), side_of(later.announcement), lexicon, scorer)


def side_of(announcement: Announcement) -> Side:
    """An announcement as one side of a comparison."""
    units = tuple(
        Unit(c.id, c.text, c.start, c.end, directive.heading, directive.no)
        for directive in announcement.directives
        for c in directive.commitments
    )
    held = announcement.quarantine
    stale = held.period or "unknown" if held and held.reason is QuarantineReason.STALE_TEXT else None
    province, year = announcement.province or "", announcement.plan_year or 0
    seen = OCR_FLAG in announcement.flags
    return Side(province, year, announcement.body, units, stale_period=stale, recognised=seen)


def _nothing_to_claim(old: Side, new: Side) -> YearlyDiff | None:
    """Outcomes in which no commitment may be called new or dropped."""
    for name, side in (("old", old), ("new", new)):
        problem = side.unreadable or ("" if side.text.strip() or side.units else "the text is empty")
        if problem:
            return _empty(old, new, DiffOutcome.UNREADABLE, f"{name} side: {problem}")
    for side in (new, old):
        if side.stale_period is not None:
            diff = _empty(old, new, DiffOutcome.STALE_TEXT, f"text of {side.stale_period}")
            return replace(diff, evidence_period=side.stale_period)
    for name, side in (("new", new), ("old", old)):
        if not side.units:
            return _empty(old, new, DiffOutcome.NO_DIRECTIVES, f"{name} side: no commitment was found")
    return None


def _empty(old: Side, new: Side, outcome: DiffOutcome, detail: str) -> YearlyDiff:
    return YearlyDiff(new.province, old.plan_year, new.plan_year, outcome, gap=_is_gap(old, new), detail=detail)


def _is_gap(old: Side, new: Side) -> bool:
    return bool(old.plan_year and new.plan_year) and abs(new.plan_year - old.plan_year) > 1


def _is_rewritten(confirmed: int, shorter: int) -> bool:
    return shorter >= REWRITTEN_LEAST and confirmed < REWRITTEN_SHARE * shorter


def _doubted(change: Change, why: str) -> Change:
    if change.kind is Kind.UNCHANGED:
        return change
    notes = (*change.notes, why)
    return replace(change, confidence=lowest([change.confidence, Confidence.LOW]), notes=notes)


def _in_reading_order(changes: Sequence[Change], old: Side, new: Side) -> list[Change]:
    """The new text's order; a dropped commitment stands after the one it followed."""
    place_old = {unit.id: n for n, unit in enumerate(old.units)}
    place_new = {unit.id: n for n, unit in enumerate(new.units)}
    follows = {place_old[i]: place_new[c.new[-1]] for c in changes if c.new for i in c.old}

    def place(change: Change) -> tuple[int, int, int]:
        if change.new:
            return place_new[change.new[0]], 0, 0
        at = place_old[change.old[0]]
        before = [n for n in follows if n < at]
        return (follows[max(before)] if before else -1), 1, at

    return sorted(changes, key=place)


def _keyed(changes: Sequence[Change], old: Side, new: Side) -> tuple[Change, ...]:
    """Keys are unique: a wording that comes twice gets a counted key the second time."""
    seen: dict[str, int] = {}
    keyed = []
    for change in changes:
        key = change_key(change, old, new)
        seen[key] = seen.get(key, 0) + 1
        keyed.append(replace(change, key=key if seen[key] == 1 else f"{key}-{seen[key]}"))
    return tuple(keyed)


def _provenance(scorer: Scorer, lexicon: Lexicon) -> dict[str, str]:
    return {
        "scorer": scorer.name,
        "scorer_version": scorer.version,
        "confirmed": str(CONFIRMED),
        "candidate": str(CANDIDATE),
        "lexicon": str(lexicon.version),
    }
