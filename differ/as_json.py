"""A diff as the JSON of the command line: `chengnuo diff --json` and `--batch`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schema.changes import Change, Finding, Unit, YearlyDiff


def diff_to_json(diff: YearlyDiff, pair_id: str | None = None) -> dict[str, Any]:
    """Plain values only. ``pair_id`` stands first when given; ``rewritten``, ``gap``, ``detail`` only when they say
    something; ``evidence_period`` only for a stale text.
    """
    head: dict[str, Any] = {} if pair_id is None else {"pair_id": pair_id}
    head["outcome"] = diff.outcome.value
    optional = {
        "evidence_period": diff.evidence_period,
        "rewritten": diff.rewritten,
        "gap": diff.gap,
        "detail": diff.detail,
    }
    return {
        **head,
        **{key: value for key, value in optional.items() if value},
        "old_units": _units(diff.old_units),
        "new_units": _units(diff.new_units),
        "changes": [_change(change) for change in diff.changes],
    }


def _units(units: Sequence[Unit]) -> list[dict[str, Any]]:
    return [
        {
            "id": unit.id,
            "text": unit.text,
            "start": unit.start,
            "end": unit.end,
            "directive": unit.directive,
            "directive_no": unit.directive_no,
        }
        for unit in units
    ]


def _change(change: Change) -> dict[str, Any]:
    return {
        "key": change.key,
        "kind": change.kind.value,
        "old": list(change.old),
        "new": list(change.new),
        "structure": [flag.value for flag in change.structure],
        "confidence": change.confidence.value,
        "score": change.score,
        "margin": change.margin,
        "findings": [_finding(finding) for finding in change.findings],
        "highlights": {
            "old": [list(span) for span in change.old_highlights],
            "new": [list(span) for span in change.new_highlights],
        },
        "notes": list(change.notes),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "dimension": finding.dimension.value,
        "direction": finding.direction.value,
        "old_quote": finding.old_quote,
        "new_quote": finding.new_quote,
        "note": finding.note,
    }
