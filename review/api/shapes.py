"""What the API's answers look like, where a record of the house does not serve as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from review.lines import Line
from schema.announcements import Announcement, Edition
from schema.changes import Confidence, DiffOutcome, Finding, Kind, Structure
from schema.provinces import Province
from schema.verdicts import ReviewState, Verdict
from store.comparisons import KeptYearlyDiff


@dataclass(frozen=True, slots=True)
class ProvinceShape:
    """One of the 31. ``years``: plan years with a standing text, newest first."""

    code: str
    slug: str
    name: str
    short: str
    region: str
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EditionHead:
    """An edition without its text. ``commitments``: how many."""

    province: str
    plan_year: int
    announcement_id: int
    title: str
    rank: int
    source: str
    url: str
    page_sha256: str
    known_at: datetime
    normaliser: str
    technical: bool
    commitments: int


@dataclass(frozen=True, slots=True)
class EditionShape:
    """An edition with its whole text; offsets count code points in ``announcement.body``."""

    head: EditionHead
    announcement: Announcement


@dataclass(frozen=True, slots=True)
class ChangeShape:
    """A change as it counts now; ``machine_kind`` is the machine's own label, None for one a person made."""

    key: str
    province: str
    year_old: int
    year_new: int
    kind: Kind
    machine_kind: Kind | None
    counts: bool
    """False: an analyst says that it is no commitment."""
    state: ReviewState
    verdict: Verdict | None
    assignee: str
    regrouped_by: str
    lost_match: bool
    structure: tuple[Structure, ...]
    confidence: Confidence
    score: float | None
    old: tuple[str, ...]
    new: tuple[str, ...]
    old_text: str
    new_text: str
    old_highlights: tuple[tuple[int, int], ...]
    new_highlights: tuple[tuple[int, int], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class DiffHead:
    """A yearly diff without its changes. ``earlier_id`` 0: a baseline."""

    id: int
    province: str
    year_old: int
    year_new: int
    outcome: DiffOutcome
    detail: str
    gap: bool
    rewritten: bool
    evidence_period: str | None
    earlier_id: int
    later_id: int
    instrument: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DiffShape:
    """A yearly diff after the analysts."""

    head: DiffHead
    changes: tuple[ChangeShape, ...]


def province_shape(province: Province, years: tuple[int, ...]) -> ProvinceShape:
    """A province as the API tells it."""
    return ProvinceShape(province.code, province.slug, province.name, province.short, province.region.value, years)


def edition_head(edition: Edition) -> EditionHead:
    """An edition without its text."""
    return EditionHead(
        province=edition.province,
        plan_year=edition.plan_year,
        announcement_id=edition.announcement_id,
        title=edition.announcement.title,
        rank=edition.rank.value,
        source=edition.source,
        url=edition.url,
        page_sha256=edition.page_sha256,
        known_at=edition.known_at,
        normaliser=edition.normaliser,
        technical=edition.technical,
        commitments=len(edition.announcement.commitments),
    )


def diff_head(kept: KeptYearlyDiff) -> DiffHead:
    """A diff without its changes."""
    diff = kept.diff
    return DiffHead(
        id=kept.id,
        province=diff.province,
        year_old=diff.year_old,
        year_new=diff.year_new,
        outcome=diff.outcome,
        detail=diff.detail,
        gap=diff.gap,
        rewritten=diff.rewritten,
        evidence_period=diff.evidence_period,
        earlier_id=kept.earlier_id,
        later_id=kept.later_id,
        instrument=kept.instrument,
        made_at=kept.made_at,
    )


def change_shape(line: Line) -> ChangeShape:
    """A change as it counts now."""
    effective, change, kept = line.effective, line.change, line.kept
    return ChangeShape(
        key=change.key,
        province=kept.diff.province,
        year_old=kept.diff.year_old,
        year_new=kept.diff.year_new,
        kind=change.kind,
        machine_kind=effective.machine.kind if effective.machine else None,
        counts=effective.counts,
        state=effective.review.state,
        verdict=effective.review.verdict,
        assignee=effective.review.assignee,
        regrouped_by=effective.regrouped_by,
        lost_match=effective.lost,
        structure=change.structure,
        confidence=change.confidence,
        score=change.score,
        old=change.old,
        new=change.new,
        old_text=change.old_text,
        new_text=change.new_text,
        old_highlights=change.old_highlights,
        new_highlights=change.new_highlights,
        findings=change.findings,
    )
