"""Texts that must not become editions though nobody tampered with them: stale, or without a single task."""

from __future__ import annotations

from crawler.read.dating import PlanYear
from crawler.read.periods import Dated, dated_terms, plausible_years
from schema.announcements import Quarantine, QuarantineReason

_ENOUGH = 2
_ENOUGH_AGAINST_A_STATED_YEAR = 4
"""A mirror may re-date an old text: then its own year is not believed against this many dated terms."""


def held_back(text: str, plan_year: int | None, stated: PlanYear, *, deploys: bool) -> Quarantine | None:
    """Why an evened-out text that is no poisoned copy is kept from becoming an edition, or None.

    Age outweighs an empty deployment: the first that holds is named.
    """
    found = stale(text, plan_year, stated)
    if found is None and not deploys:
        return Quarantine(QuarantineReason.RESULTS_ONLY, detail="no task for the year ahead in this text")
    return found


def stale(text: str, plan_year: int | None, stated: PlanYear) -> Quarantine | None:
    """A text whose dated terms, or whose own plan year, lie before the year it is filed under."""
    if plan_year is None:
        return None
    if stated.planned and stated.year is not None and stated.year < plan_year and f"{plan_year}年" not in text:
        return Quarantine(
            QuarantineReason.STALE_TEXT, (stated.evidence,), str(stated.year), "the text plans an earlier year"
        )
    hits = dated_terms(text)
    past = tuple(hit for hit in hits if hit.last < plan_year - 1)
    if len(past) < _needed(stated, plan_year) or _has_younger(hits, past):
        return None
    first, last = plausible_years(hits)
    period = str(first) if first == last else f"{first}–{last}"
    return Quarantine(
        QuarantineReason.STALE_TEXT, tuple(hit.words for hit in past), period, "speaks of these as current"
    )


def _needed(stated: PlanYear, plan_year: int) -> int:
    return _ENOUGH_AGAINST_A_STATED_YEAR if stated.year == plan_year and stated.stated else _ENOUGH


def _has_younger(hits: tuple[Dated, ...], past: tuple[Dated, ...]) -> bool:
    """True when the text also speaks of something that came only after the past terms had gone."""
    return any(hit.first > max(old.last for old in past) for hit in hits)
