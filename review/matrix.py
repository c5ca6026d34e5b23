"""What each province's cell of a year says; no blank without a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from review.lines import Line, lines_of
from schema.announcements import Source
from schema.changes import ALERT_KINDS, DiffOutcome, Kind
from schema.provinces import PROVINCES, Province, find_province
from schema.verdicts import Decision, Verdict, standing
from schema.words import KINDS
from store.archive import Archive, KeptAnnouncement
from store.comparisons import Comparisons
from store.incidents import IncidentBook
from store.tallies import Tally
from store.verdicts import VerdictBook


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


def years(archive: Archive) -> list[int]:
    """Plan years that any province has an announcement for, newest first."""
    return archive.plan_years()


@dataclass(frozen=True, slots=True)
class Desk:
    """What the matrix reads."""

    archive: Archive
    comparisons: Comparisons
    incidents: IncidentBook
    verdicts: VerdictBook
    sources: Sequence[Source]

    def table(self, columns: Sequence[int]) -> list[Row]:
        """Region × year: every province with a cell for each of the years."""
        by_year = [self.matrix(year) for year in columns]
        sizes = Counter(p.region for p in PROVINCES)
        rows, seen = [], set()
        for cells in zip(*by_year, strict=True):
            province = cells[0].province
            rows.append(Row(province, cells, 0 if province.region in seen else sizes[province.region]))
            seen.add(province.region)
        return rows

    def matrix(self, year: int, as_of: datetime | None = None) -> list[Cell]:
        """All 31 provinces, by region and code; with ``as_of`` what had been compared and decided until then."""
        held = {a.announcement.province: a for a in self.archive.held_back(year)}
        troubles = {i.province: i.kind.value for i in self.incidents.open() if i.province}
        compared = self._compared(year, as_of)
        order = {region: n for n, region in enumerate(dict.fromkeys(p.region for p in PROVINCES))}
        provinces = sorted(PROVINCES, key=lambda p: (order[p.region], p.code))
        return [compared.get(p.slug) or _without(p, year, held, troubles) for p in provinces]

    def _compared(self, year: int, as_of: datetime | None) -> dict[str, Cell]:
        """Slug → its cell. Changes are loaded only where people gave verdicts; elsewhere the database has counted."""
        tallies = self.comparisons.tallies(year, as_of)
        if as_of is None:
            decided = self.verdicts.decided(year)
            return {slug: _of_tally(tally, year, decided.get(slug, ())) for slug, tally in tallies.items()}
        judged = [slug for slug, tally in tallies.items() if tally.judged and tally.outcome is DiffOutcome.OK]
        found = [kept for slug in judged if (kept := self.comparisons.diff(slug, year, as_of)) is not None]
        said = self.verdicts.of_year(year, [kept.diff for kept in found])
        cells = {slug: _of_tally(tally, year) for slug, tally in tallies.items()}
        for kept in found:
            slug = kept.diff.province
            cells[slug] = _of_lines(find_province(slug), year, tuple(lines_of(kept, said[slug], as_of)))
        return cells


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


def _without(province: Province, year: int, held: dict[str | None, KeptAnnouncement], troubles: dict[str, str]) -> Cell:
    """Nothing was compared: held back, in trouble, or not published."""
    doubtful = held.get(province.slug)
    if doubtful is not None and doubtful.announcement.quarantine is not None:
        quarantine = doubtful.announcement.quarantine
        why = " ".join(filter(None, (quarantine.period, *quarantine.evidence[:3])))
        return Cell(province, year, State.DOUBTFUL, reason=quarantine.reason.value, why=why)
    if province.slug in troubles:
        return Cell(province, year, State.UNFETCHED, reason=troubles[province.slug])
    return Cell(province, year, State.UNPUBLISHED)


def _of_tally(tally: Tally, year: int, decided: Sequence[tuple[Kind, tuple[Verdict, ...]]] = ()) -> Cell:
    province = find_province(tally.province)
    if tally.outcome is DiffOutcome.BASELINE:
        return Cell(province, year, State.BASELINE, number=tally.units)
    if tally.outcome is not DiffOutcome.OK:
        return Cell(province, year, State.NOTHING, reason=tally.outcome.value, why=tally.detail)
    counts = Counter(tally.kinds)
    waiting = sum(count for kind, count in counts.items() if kind in ALERT_KINDS)
    for machine, history in decided:
        now = standing(history)
        if now is not None:
            waiting -= machine in ALERT_KINDS
            counts[machine] -= 1
            counts[now.kind or machine] += now.decision is not Decision.NOT_A_COMMITMENT
    by_kind = tuple((kind, counts[kind]) for kind in KINDS if counts[kind])
    return Cell(province, year, State.COMPARED, by_kind, waiting=waiting)


def _of_lines(province: Province, year: int, lines: Sequence[Line]) -> Cell:
    counts = Counter(line.kind for line in lines)
    by_kind = tuple((kind, counts[kind]) for kind in KINDS if counts[kind])
    return Cell(province, year, State.COMPARED, by_kind, waiting=sum(line.waits for line in lines))
