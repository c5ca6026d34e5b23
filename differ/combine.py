"""From findings to a kind and a confidence (codebook section 4): the kind is computed, never judged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from schema.changes import Confidence, Direction, Finding, Kind

_ORDER = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


def combine(findings: Sequence[Finding]) -> Kind:
    """The kind of a matched pair whose wording differs. No netting: one up and one down is mixed."""
    up = any(finding.direction is Direction.UP for finding in findings)
    down = any(finding.direction is Direction.DOWN for finding in findings)
    if up and down:
        return Kind.MIXED
    return Kind.STRENGTHENED if up else Kind.WEAKENED if down else Kind.REWORDED


def confidence_of(findings: Sequence[Finding]) -> Confidence:
    """The surest finding decides; a mixture is as sure as its weaker direction. High without findings."""
    directions = (Direction.UP, Direction.DOWN)
    sides = [[f.confidence for f in findings if f.direction is direction] for direction in directions]
    return lowest(max(side, key=_ORDER.index) for side in sides if side)


def lowest(confidences: Iterable[Confidence]) -> Confidence:
    """The least of several; high for none."""
    return min(confidences, key=_ORDER.index, default=Confidence.HIGH)
