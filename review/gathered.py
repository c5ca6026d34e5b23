"""Gathers what a page or an export shows of many provinces: the lines of one year, with the pages they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from review.filters import Filters
from review.lines import Line, lines_of
from review.matrix import Cell, Desk
from schema.announcements import Edition
from schema.provinces import PROVINCES
from store.comparisons import KeptYearlyDiff

_REGIONS = list(dict.fromkeys(p.region for p in PROVINCES))
ORDERED = tuple(sorted(PROVINCES, key=lambda p: (_REGIONS.index(p.region), p.code)))
"""The provinces by region and code, as every table shows them."""


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


def diff_lines(desk: Desk, kept: KeptYearlyDiff, as_of: datetime | None = None) -> tuple[Line, ...]:
    """Every line of one diff with its verdicts."""
    return tuple(lines_of(kept, desk.verdicts.of_diff(kept.diff), as_of))


def year_lines(desk: Desk, year: int, filters: Filters, as_of: datetime | None = None) -> tuple[Line, ...]:
    """The lines of a year that the filters take, by region, province and place in the text."""
    slugs = [p.slug for p in ORDERED if filters.province in ("", p.slug) and filters.region in ("", p.region.value)]
    found = (desk.comparisons.diff(slug, year, as_of) for slug in slugs)
    kept = [one for one in found if one is not None]
    said = desk.verdicts.of_year(year, [one.diff for one in kept])
    return tuple(line for one in kept for line in lines_of(one, said[one.diff.province], as_of) if filters.takes(line))


def gather(desk: Desk, year: int, filters: Filters, *, made_at: datetime, as_of: datetime | None = None) -> Gathered:
    """Everything an export of a year needs."""
    lines = year_lines(desk, year, filters, as_of)
    wanted = {filters.province} if filters.province else {p.slug for p in PROVINCES}
    cells = tuple(cell for cell in desk.matrix(year, as_of) if cell.province.slug in wanted)
    return Gathered(year, lines, cells, _editions(desk, lines), made_at, filters.province, as_of)


def _editions(desk: Desk, lines: Iterable[Line]) -> dict[int, Edition]:
    numbers = dict.fromkeys(n for line in lines for n in (line.kept.earlier_id, line.kept.later_id) if n)
    found = ((number, desk.archive.version(number)) for number in numbers)
    return {number: edition for number, edition in found if edition is not None}


def by_province(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """Slug → its lines, in the order they come."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.diff.province, []).append(line)
    return found
