"""What each province's cell of a year says; no blank without a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import TypeVar

from review.places import ORDERED
from schema.announcements import Source
from schema.changes import DiffOutcome, Kind
from schema.effective import EffectiveKinds, effective_changes, effective_kinds, kinds_of, regrouped
from schema.provinces import PROVINCES, Province, find_province
from schema.words import KINDS
from store.archive import Archive, KeptAnnouncement
from store.comparisons import Comparisons, KeptYearlyDiff
from store.database import Database
from store.incidents import IncidentBook
from store.judged_years import JudgedYears
from store.memory import TEXTS, Memory, Stamp
from store.standing import Key
from store.tallies import Tally
from store.verdicts import VerdictBook

T = TypeVar("T")
Troubles = tuple[tuple[str, str], ...]
"""Province and kind of every open incident."""


class State(StrEnum):
    """What is known of one province and year."""

    COMPARED = "compared"
    BASELINE = "baseline"
    NOTHING = "nothing"
    DOUBTFUL = "doubtful"
    UNFETCHED = "unfetched"
    UNPUBLISHED = "unpublished"


@dataclass(frozen=True, slots=True)
class Cell:
    """One province in one year. ``counts`` by kind when compared; ``number`` commitments of a baseline."""

    province: Province
    year: int
    state: State
    counts: tuple[tuple[Kind, int], ...] = ()
    number: int = 0
    waiting: int = 0
    """Changes that need a decision and have none."""
    reason: str = ""
    """A key of words.REASONS: why there is nothing to show."""
    why: str = ""
    """The evidence for it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One province over the years. ``first``: how many provinces its region has, when it is the region's first."""

    province: Province
    cells: tuple[Cell, ...]
    first: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pages read, and what they have worked out of it so far."""

    archive: Archive
    comparisons: Comparisons
    incidents: IncidentBook
    verdicts: VerdictBook
    sources: Sequence[Source]
    memory: Memory
    """Of matrix cells and years: small, many."""
    texts: Memory
    """Of provinces' comparisons."""
    whole: Memory
    """Of whole years' comparisons: large, a few."""
    texts_only: Memory
    """Of what no verdict moves."""
    pages: Memory
    """Of pages as they were sent."""
    judged_years: JudgedYears

    @classmethod
    def on(cls, database: Database, sources: Sequence[Source] = ()) -> Desk:
        """The desk of an open database."""
        archive = Archive(database)
        books = Comparisons(database, archive), IncidentBook(database), VerdictBook(database)
        small, some, few = (Memory(database, size) for size in (128, 96, 3))
        pages = Memory(database, 128, one_by_one=True)
        texts_only = Memory(database, 64, TEXTS)
        return cls(archive, *books, sources, small, some, few, texts_only, pages, JudgedYears(database))

    def stamp(self, *years: int) -> Stamp:
        """What the archive is at, for a request that asks the desk several things; of verdicts, those on ``years``."""
        return self.judged_years.narrowed(self.memory.stamp(), years)

    def warm(self) -> None:
        """Count every year once before anybody asks; what a verdict does not move is never counted again."""
        self.table(self.years(), ())

    def years(self, at: Stamp | None = None) -> list[int]:
        """Plan years that any province has an announcement for, newest first."""
        return self._of_texts("years", self.archive.plan_years, at)

    def standing(self, as_of: datetime | None = None, at: Stamp | None = None) -> Mapping[Key, int]:
        """Province and plan year → number of the diff that speaks for it."""
        return self.comparisons.standing(as_of) if as_of else self._of_texts("diffs", self.comparisons.standing, at)

    def years_of(self, slug: str, at: Stamp) -> list[int]:
        """Plan years of which the province has a standing text, newest first."""
        editions = self._of_texts("editions", self.archive.editions, at)
        return sorted((year for province, year in editions if province == slug), reverse=True)

    def held_back(self, slug: str, year: int, at: Stamp) -> list[KeptAnnouncement]:
        """What was held back of one province's year."""
        return [one for one in self.all_held_back(year, at) if one.announcement.province == slug]

    def all_held_back(self, year: int, at: Stamp | None = None) -> list[KeptAnnouncement]:
        """What was held back of one year."""
        return self._of_texts(("held", year), lambda: self.archive.held_back([year])[year], at)

    def revisions(self, slug: str, year: int, at: Stamp) -> list[KeptYearlyDiff]:
        """What was edited on the pages of one province's year, oldest first."""
        revised = self._of_texts("revised", self.comparisons.revised, at)
        return self.comparisons.revisions(slug, year) if (slug, year) in revised else []

    def tallies(self, year: int, numbers: Sequence[int]) -> list[Tally]:
        """What these diffs of one year came to. A kept diff is never altered: good for as long as the same stand."""
        made = partial(self.comparisons.tallies, numbers)
        return self.texts_only.get(("tallies", year), made, tuple(sorted(numbers)))

    def _of_texts(self, key: Hashable, make: Callable[[], T], at: Stamp | None) -> T:
        """What no verdict moves: good for the part of a stamp that texts move."""
        return self.texts_only.get(key, make, at[: len(TEXTS)] if at else None)

    def troubles(self) -> Troubles:
        """What is wrong with the sources now; incidents end, so they are asked for each time."""
        return tuple((i.province, i.kind.value) for i in self.incidents.open() if i.province)

    def table(self, columns: Sequence[int], troubles: Troubles) -> list[Row]:
        """Region × year: every province with a cell for each of the years."""
        by_year = self._matrices(columns, troubles)
        sizes = Counter(p.region for p in PROVINCES)
        rows, seen = [], set()
        for cells in zip(*(by_year[year] for year in columns), strict=True):
            province = cells[0].province
            rows.append(Row(province, cells, 0 if province.region in seen else sizes[province.region]))
            seen.add(province.region)
        return rows

    def matrix(self, year: int, as_of: datetime | None = None) -> list[Cell]:
        """All 31 provinces, by region and code; with ``as_of`` what had been compared and decided until then."""
        return self._matrices((year,), self.troubles(), as_of)[year]

    def _matrices(
        self, years: Sequence[int], troubles: Troubles, as_of: datetime | None = None
    ) -> dict[int, list[Cell]]:
        known = self._known(years) if as_of is None else {year: _work_out(self, [year], as_of)[year] for year in years}
        return {year: [_cell(p, year, known[year], dict(troubles)) for p in ORDERED] for year in years}

    def _known(self, years: Sequence[int]) -> dict[int, _Known]:
        """Of the years that moved since somebody asked, all at once."""
        now = self.memory.stamp()
        at = {year: self.judged_years.narrowed(now, (year,)) for year in years}
        lacking = [year for year in years if self.memory.peek(("cells", year), at[year]) is None]
        made = _work_out(self, lacking, None) if lacking else {}
        return {
            year: self.memory.get(("cells", year), partial(_worked_out, self, made, year), at[year]) for year in years
        }


def _worked_out(desk: Desk, made: Mapping[int, _Known], year: int) -> _Known:
    return made.get(year) or _work_out(desk, [year], None)[year]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the archive knows of one year: what was held back and what was compared, by province."""

    held: Mapping[str | None, KeptAnnouncement]
    compared: Mapping[str, Cell]


def _work_out(desk: Desk, years: Sequence[int], as_of: datetime | None) -> dict[int, _Known]:
    """Changes are loaded only where a verdict matched wordings anew; elsewhere the database has counted."""
    found: dict[int, dict[str, Cell]] = {year: {} for year in years}
    standing = desk.standing(as_of).items()
    tallies = [
        tally for asked in years for tally in desk.tallies(asked, [n for (_, year), n in standing if year == asked])
    ]
    decided = desk.verdicts.decided(years, [tally.id for tally in tallies], as_of)
    anew: dict[int, Tally] = {}
    for tally in tallies:
        slug, year = tally.province, tally.plan_year
        judged = decided.get(tally.id, ())
        if regrouped(history for _, history in judged):
            anew[tally.id] = tally
        else:
            found[year][slug] = _compared(tally, effective_kinds(tally.kinds, judged))
    for number, kept in desk.comparisons.by_number(list(anew)).items():
        changes = effective_changes(kept.diff, desk.verdicts.of_diff(kept.diff, as_of))
        found[kept.diff.year_new][kept.diff.province] = _compared(anew[number], kinds_of(changes))
    return {
        year: _Known({one.announcement.province: one for one in desk.all_held_back(year)}, found[year])
        for year in years
    }


def totals(cells: Sequence[Cell]) -> list[tuple[Kind, int]]:
    """How many changes of each kind that says something, all provinces together, in the order of words.KINDS."""
    counts: Counter[Kind] = Counter()
    for cell in cells:
        counts.update(dict(cell.counts))
    return [(kind, counts[kind]) for kind in KINDS]


def states(cells: Sequence[Cell]) -> list[tuple[str, int]]:
    """How many provinces are in each state."""
    counts = Counter(cell.state for cell in cells)
    return [(state.value, counts[state]) for state in State if counts[state]]


def _cell(province: Province, year: int, known: _Known, troubles: Mapping[str, str]) -> Cell:
    """What was compared; else why nothing was: held back, in trouble, or not published."""
    if province.slug in known.compared:
        return known.compared[province.slug]
    doubtful = known.held.get(province.slug)
    if doubtful is not None and doubtful.announcement.quarantine is not None:
        quarantine = doubtful.announcement.quarantine
        why = " ".join(filter(None, (quarantine.period, *quarantine.evidence[:3])))
        return Cell(province, year, State.DOUBTFUL, reason=quarantine.reason.value, why=why)
    if province.slug in troubles:
        return Cell(province, year, State.UNFETCHED, reason=troubles[province.slug])
    return Cell(province, year, State.UNPUBLISHED)


def _compared(tally: Tally, kinds: EffectiveKinds) -> Cell:
    province, year = find_province(tally.province), tally.plan_year
    if tally.outcome is DiffOutcome.BASELINE:
        return Cell(province, year, State.BASELINE, number=tally.units)
    if tally.outcome is not DiffOutcome.OK:
        return Cell(province, year, State.NOTHING, reason=tally.outcome.value, why=tally.detail)
    by_kind = tuple((kind, kinds.counts[kind]) for kind in KINDS if kinds.counts[kind])
    return Cell(province, year, State.COMPARED, by_kind, waiting=kinds.waiting)
