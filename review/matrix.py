"""What each province's cell of a year says; no blank without a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from schema.announcements import Source
from schema.changes import ALERT_KINDS, DiffOutcome, Kind, YearlyDiff
from schema.provinces import PROVINCES, Province
from schema.verdicts import Verdict, standing
from store.archive import Archive, KeptAnnouncement
from store.comparisons import Comparisons
from store.incidents import IncidentBook
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


def years(archive: Archive) -> list[int]:
    """Plan years that any province has an announcement for, newest first."""
    return sorted({a.announcement.plan_year for a in archive.announcements() if a.announcement.plan_year}, reverse=True)


@dataclass(frozen=True, slots=True)
class Desk:
    """What the matrix reads."""

    archive: Archive
    comparisons: Comparisons
    incidents: IncidentBook
    verdicts: VerdictBook
    sources: Sequence[Source]

    def matrix(self, year: int) -> list[Cell]:
        """All 31 provinces, by region and code."""
        held = {a.announcement.province: a for a in self.archive.announcements(year) if a.announcement.quarantine}
        troubles = {i.province: i.kind.value for i in self.incidents.open() if i.province}
        order = {region: n for n, region in enumerate(dict.fromkeys(p.region for p in PROVINCES))}
        provinces = sorted(PROVINCES, key=lambda p: (order[p.region], p.code))
        return [self._cell(p, year, held, troubles) for p in provinces]

    def _cell(
        self, province: Province, year: int, held: dict[str | None, KeptAnnouncement], troubles: dict[str, str]
    ) -> Cell:
        kept = self.comparisons.diff(province.slug, year)
        if kept is not None:
            return _of_diff(province, year, kept.diff, self.verdicts.of_diff(kept.diff))
        doubtful = held.get(province.slug)
        if doubtful is not None and doubtful.announcement.quarantine is not None:
            quarantine = doubtful.announcement.quarantine
            why = " ".join(filter(None, (quarantine.period, *quarantine.evidence[:3])))
            return Cell(province, year, State.DOUBTFUL, reason=quarantine.reason.value, why=why)
        if province.slug in troubles:
            return Cell(province, year, State.UNFETCHED, reason=troubles[province.slug])
        return Cell(province, year, State.UNPUBLISHED)


def _of_diff(province: Province, year: int, diff: YearlyDiff, verdicts: Mapping[str, Sequence[Verdict]]) -> Cell:
    if diff.outcome is DiffOutcome.BASELINE:
        return Cell(province, year, State.BASELINE, number=len(diff.new_units))
    if diff.outcome is not DiffOutcome.OK:
        return Cell(province, year, State.NOTHING, reason=diff.outcome.value, why=diff.detail)
    counts = Counter(change.kind for change in diff.changes)
    waiting = sum(c.kind in ALERT_KINDS and standing(verdicts.get(c.key, ())) is None for c in diff.changes)
    by_kind = tuple((kind, counts[kind]) for kind in Kind if counts[kind])
    return Cell(province, year, State.COMPARED, by_kind, waiting=waiting)
