"""Diffs, changes and findings: records to column values, and rows to records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from schema.changes import (
    Candidate,
    Change,
    Confidence,
    DiffOutcome,
    Dimension,
    Direction,
    Finding,
    Kind,
    Structure,
    Unit,
    YearlyDiff,
)
from store import tables as t
from store.appending import Values


def diff_values(diff: YearlyDiff, earlier_id: int, later_id: int, instrument: str, made_at: datetime) -> Values:
    """A comparison to keep, without its changes."""
    return {
        "province": diff.province,
        "year_old": diff.year_old,
        "year_new": diff.year_new,
        "outcome": diff.outcome.value,
        "earlier_id": earlier_id,
        "later_id": later_id,
        "instrument": instrument,
        "old_units": [list(_unit(unit)) for unit in diff.old_units],
        "new_units": [list(_unit(unit)) for unit in diff.new_units],
        "evidence_period": diff.evidence_period,
        "rewritten": diff.rewritten,
        "gap": diff.gap,
        "detail": diff.detail,
        "provenance": dict(diff.provenance),
        "technical": False,
        "made_at": made_at,
    }


def _unit(unit: Unit) -> tuple[Any, ...]:
    return unit.id, unit.text, unit.start, unit.end, unit.directive, unit.directive_no


def change_values(change: Change, diff_id: int) -> Values:
    """One change to keep, without its findings."""
    return {
        "diff_id": diff_id,
        "key": change.key,
        "kind": change.kind.value,
        "old": list(change.old),
        "new": list(change.new),
        "old_text": change.old_text,
        "new_text": change.new_text,
        "structure": [s.value for s in change.structure],
        "confidence": change.confidence.value,
        "score": change.score,
        "margin": change.margin,
        "old_highlights": [list(span) for span in change.old_highlights],
        "new_highlights": [list(span) for span in change.new_highlights],
        "runner_up": [change.runner_up.unit, change.runner_up.score] if change.runner_up else [],
        "notes": list(change.notes),
    }


def finding_values(finding: Finding, change_id: int) -> Values:
    """One finding to keep."""
    return {
        "change_id": change_id,
        "rule": finding.rule,
        "dimension": finding.dimension.value,
        "direction": finding.direction.value,
        "old_quote": finding.old_quote,
        "new_quote": finding.new_quote,
        "note": finding.note,
        "hard": finding.hard,
        "confidence": finding.confidence.value,
        "spans": [list(finding.old_span or ()), list(finding.new_span or ())],
    }


def finding_record(row: t.FindingRow | Row[Any]) -> Finding:
    """A kept finding."""
    old, new = (tuple(span) or None for span in row.spans)
    return Finding(
        rule=row.rule,
        dimension=Dimension(row.dimension),
        direction=Direction(row.direction),
        old_quote=row.old_quote,
        new_quote=row.new_quote,
        note=row.note,
        hard=row.hard,
        confidence=Confidence(row.confidence),
        old_span=old,
        new_span=new,
    )


def change_record(row: t.ChangeRow | Row[Any], findings: Iterable[Finding]) -> Change:
    """A kept change with its findings."""
    return Change(
        key=row.key,
        kind=Kind(row.kind),
        old=tuple(row.old),
        new=tuple(row.new),
        old_text=row.old_text,
        new_text=row.new_text,
        structure=tuple(Structure(s) for s in row.structure),
        confidence=Confidence(row.confidence),
        score=row.score,
        margin=row.margin,
        findings=tuple(findings),
        old_highlights=tuple((a, b) for a, b in row.old_highlights),
        new_highlights=tuple((a, b) for a, b in row.new_highlights),
        runner_up=Candidate(*row.runner_up) if row.runner_up else None,
        notes=tuple(row.notes),
    )


def diff_record(row: t.DiffRow | Row[Any], changes: Iterable[Change]) -> YearlyDiff:
    """A kept comparison with its changes."""
    return YearlyDiff(
        province=row.province,
        year_old=row.year_old,
        year_new=row.year_new,
        outcome=DiffOutcome(row.outcome),
        old_units=tuple(Unit(*values) for values in row.old_units),
        new_units=tuple(Unit(*values) for values in row.new_units),
        changes=tuple(changes),
        evidence_period=row.evidence_period,
        rewritten=row.rewritten,
        gap=row.gap,
        detail=row.detail,
        provenance=dict(row.provenance),
    )
