"""Gathers what a page or an export shows of many provinces: the lines of one year, with the pages they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from review.filters import Filters
from review.lines import Line, lines_of
from review.matrix import Cell, Desk
from review.places import ORDERED
from schema.announcements import Edition
from schema.provinces import PROVINCES
from store.comparisons import KeptYearlyDiff
from store.memory import Stamp


@dataclass(frozen=True, slots=True)
class Compared:
    """One province's year beside the year before, as it counts."""

    kept: KeptYearlyDiff
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """One plan year of all provinces, or of one. ``editions``: announcement number → version, for both years."""

    year: int
    lines: tuple[Line, ...]
    cells: tuple[Cell, ...]
    editions: Mapping[int, Edition]
    made_at: datetime
    province: str = ""
    as_of: datetime | None = None

    def earlier(self, line: Line) -> Edition | None:
        """The version of the year before; None for a baseline."""
        return self.editions.get(line.kept.earlier_id)

    def later(self, line: Line) -> Edition | None:
        """The version of this year."""
        return self.editions.get(line.kept.later_id)


def compared(desk: Desk, slug: str, year: int, at: Stamp | None = None) -> Compared | None:
    """The comparison that speaks for a province's year, with its verdicts; None without one.

    ``at``: what ``desk.stamp(year)`` said for this request.
    """
    at = at or desk.stamp(year)
    whole = desk.whole.peek(("year", year), at)

    def one() -> Compared | None:
        number = desk.standing(at=at).get((slug, year))
        kept = desk.comparisons.by_number([number])[number] if number is not None else None
        return Compared(kept, tuple(lines_of(kept, desk.verdicts.of_diff(kept.diff)))) if kept else None

    return whole.get(slug) if whole is not None else desk.texts.get(("province", slug, year), one, at)


def compared_year(desk: Desk, year: int, as_of: datetime | None = None) -> Mapping[str, Compared]:
    """Slug → the same, of every province that has one; a handful of queries."""

    def all_of_them() -> Mapping[str, Compared]:
        kept = desk.comparisons.diffs(year, as_of)
        said = desk.verdicts.of_year(year, [one.diff for one in kept.values()], as_of)
        return {slug: Compared(one, tuple(lines_of(one, said[slug]))) for slug, one in kept.items()}

    return all_of_them() if as_of is not None else desk.whole.get(("year", year), all_of_them, desk.stamp(year))


def year_lines(desk: Desk, year: int, filters: Filters, as_of: datetime | None = None) -> tuple[Line, ...]:
    """The lines of a year that the filters take, by region, province and place in the text."""
    slugs = [p.slug for p in ORDERED if filters.province in ("", p.slug) and filters.region in ("", p.region.value)]
    if len(slugs) == 1 and as_of is None:
        alone = compared(desk, slugs[0], year)
        found = {slugs[0]: alone} if alone else {}
    else:
        found = dict(compared_year(desk, year, as_of))
    return tuple(line for slug in slugs if slug in found for line in found[slug].lines if filters.takes(line))


def gather(desk: Desk, year: int, filters: Filters, *, made_at: datetime, as_of: datetime | None = None) -> Gathered:
    """Everything an export of a year needs."""
    lines = year_lines(desk, year, filters, as_of)
    wanted = {filters.province} if filters.province else {p.slug for p in PROVINCES}
    cells = tuple(cell for cell in desk.matrix(year, as_of) if cell.province.slug in wanted)
    return Gathered(year, lines, cells, _editions(desk, lines), made_at, filters.province, as_of)


def _editions(desk: Desk, lines: Iterable[Line]) -> dict[int, Edition]:
    """What an export says of a version is where it comes from, not its text."""
    numbers = dict.fromkeys(n for line in lines for n in (line.kept.earlier_id, line.kept.later_id) if n)
    return desk.archive.versions_by_number(list(numbers), full=False)


def by_province(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """Slug → its lines, in the order they come."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.diff.province, []).append(line)
    return found
