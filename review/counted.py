"""What counts: kept diffs with the verdicts in force applied, one province or a whole year at a time."""

from __future__ import annotations

from review.matrix import Desk
from schema.effective import Effective, effective_changes
from schema.provinces import PROVINCES
from store.comparisons import KeptYearlyDiff


def counted(desk: Desk, kept: KeptYearlyDiff) -> tuple[Effective, ...]:
    """The changes of one diff as they count."""
    return effective_changes(kept.diff, desk.verdicts.of_diff(kept.diff))


def counted_year(desk: Desk, year: int) -> list[tuple[KeptYearlyDiff, tuple[Effective, ...]]]:
    """Every province's diff of a year with its changes as they count, by slug; a handful of queries."""
    found = ((p.slug, desk.comparisons.diff(p.slug, year)) for p in PROVINCES)
    kept = {slug: one for slug, one in found if one is not None}
    said = desk.verdicts.of_year(year, [one.diff for one in kept.values()])
    return [(one, effective_changes(one.diff, said[slug])) for slug, one in sorted(kept.items())]
