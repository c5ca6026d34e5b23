"""What is compared: units, changes, findings, yearly diffs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """变化: the kind of a change, computed from its findings (codebook section 4)."""

    NEW = "new"
    DROPPED = "dropped"
    STRENGTHENED = "strengthened"
    WEAKENED = "weakened"
    MIXED = "mixed"
    REWORDED = "reworded"
    UNCHANGED = "unchanged"


class Structure(StrEnum):
    """Flags beside the kind; they never affect it."""

    MOVED = "moved"
    SPLIT = "split"
    MERGED = "merged"


class Dimension(StrEnum):
    """The nine dimensions of commitment strength (codebook section 3)."""

    MODALITY = "modality"
    STAGE = "stage"
    OUTCOME = "outcome"
    TARGET = "target"
    DEADLINE = "deadline"
    SCOPE = "scope"
    ACCOUNTABILITY = "accountability"
    RESOURCES = "resources"
    ACTOR = "actor"


class Direction(StrEnum):
    """Which way a dimension moved."""

    UP = "up"
    DOWN = "down"


class Confidence(StrEnum):
    """How sure the machine is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class DiffOutcome(StrEnum):
    """What a comparison came to."""

    OK = "ok"
    NO_DIRECTIVES = "no_directives"
    STALE_TEXT = "stale_text"
    REVISION = "revision"
    UNREADABLE = "unreadable"
    BASELINE = "baseline"
    """A first edition: nothing to compare with. Never printed by `diff`."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A commitment as the differ sees it; ``text`` is verbatim and ``side.text[start:end] == text``."""

    id: str
    text: str
    start: int
    end: int
    directive: str = ""
    directive_no: int = 0


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison. ``plan_year`` 0 means unknown. ``period`` is set for a stale text."""

    province: str
    """Slug, or the name as given when it is none of the 31."""
    plan_year: int
    text: str
    units: tuple[Unit, ...]
    stale_period: str | None = None
    """Evidence period of a stale text, e.g. "2018–2019"; None when it is not stale."""
    unreadable: str | None = None
    """Why the text could not be read, or None."""
    recognised: bool = False
    """Its words were seen in pictures (OCR): a figure may be a misread one."""


@dataclass(frozen=True, slots=True)
class Finding:
    """依据: one rule's reason. Quotes are verbatim spans of the units, or empty where the text says nothing (∅)."""

    rule: str
    dimension: Dimension
    direction: Direction
    old_quote: str
    new_quote: str
    note: str = ""
    """The reason as a Chinese sentence; ``schema.words.reason`` gives it in English."""
    hard: bool = True
    """Hard evidence: target, deadline, scope, accountability, resources, actor. Soft: modality, stage, outcome."""
    confidence: Confidence = Confidence.HIGH
    old_span: tuple[int, int] | None = None
    """Offsets of ``old_quote`` in the old side's text, half-open; None for ∅."""
    new_span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pairing that was weighed: the other unit's id and its score."""

    unit: str
    score: float


@dataclass(frozen=True, slots=True)
class Change:
    """变化: one aligned pair or group. Highlights are half-open offsets into ``old_text`` and ``new_text``."""

    key: str
    kind: Kind
    old: tuple[str, ...]
    new: tuple[str, ...]
    old_text: str = ""
    """The old units' texts joined by newline; empty for new."""
    new_text: str = ""
    structure: tuple[Structure, ...] = ()
    confidence: Confidence = Confidence.HIGH
    score: float | None = None
    margin: float | None = None
    """Distance of the score to the runner-up's; None without one."""
    findings: tuple[Finding, ...] = ()
    old_highlights: tuple[tuple[int, int], ...] = ()
    new_highlights: tuple[tuple[int, int], ...] = ()
    runner_up: Candidate | None = None
    notes: tuple[str, ...] = ()
    """Why confidence is what it is, rule ids that held back, ritual words ignored."""


@dataclass(frozen=True, slots=True)
class YearlyDiff:
    """年度对照 (or 修订对照 when ``outcome`` is revision). Every unit is in exactly one change."""

    province: str
    year_old: int
    year_new: int
    outcome: DiffOutcome
    old_units: tuple[Unit, ...] = ()
    new_units: tuple[Unit, ...] = ()
    changes: tuple[Change, ...] = ()
    evidence_period: str | None = None
    rewritten: bool = False
    """The two years share too little wording to be aligned by it; nothing is asserted with confidence."""
    gap: bool = False
    """At least one year between the two has no edition."""
    detail: str = ""
    provenance: dict[str, str] = field(default_factory=dict)
    """Scorer, thresholds, corpus hash, lexicon version: what the result was made with."""


ALERT_KINDS = frozenset({Kind.NEW, Kind.DROPPED, Kind.STRENGTHENED, Kind.WEAKENED, Kind.MIXED})
HARD_DIMENSIONS = frozenset(
    {
        Dimension.TARGET,
        Dimension.DEADLINE,
        Dimension.SCOPE,
        Dimension.ACCOUNTABILITY,
        Dimension.RESOURCES,
        Dimension.ACTOR,
    }
)
