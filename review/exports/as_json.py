"""JSON: everything the table has, with keys and kinds in English and offsets of every highlight."""

from __future__ import annotations

import json
from typing import Any

from review.gathered import Gathered, by_province
from review.lines import Line
from review.matrix import Cell
from schema.announcements import Edition
from schema.verdicts import Verdict


def as_json(gathered: Gathered) -> bytes:
    """One object: the year, and for each province its state, editions and changes. UTF-8, times in ISO 8601."""
    lines = by_province(gathered.lines)
    value = {
        "year": gathered.year,
        "made_at": gathered.made_at.isoformat(),
        "as_of": gathered.as_of.isoformat() if gathered.as_of else None,
        "provinces": [_province(cell, gathered, lines.get(cell.province.slug, [])) for cell in gathered.cells],
    }
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _province(cell: Cell, gathered: Gathered, lines: list[Line]) -> dict[str, Any]:
    diff = lines[0].diff if lines else None
    return {
        "province": cell.province.slug,
        "code": cell.province.code,
        "region": cell.province.region.value,
        "state": cell.state.value,
        "reason": cell.reason or None,
        "year_old": diff.year_old if diff else None,
        "year_new": gathered.year,
        "editions": [
            _edition(edition)
            for edition in (gathered.earlier(lines[0]), gathered.later(lines[0])) if edition
        ] if lines else [],
        "changes": [_change(line) for line in lines],
    }  # fmt: skip


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "plan_year": edition.plan_year,
        "title": edition.announcement.title,
        "url": edition.url,
        "page_sha256": edition.page_sha256,
        "rank": int(edition.rank),
        "source": edition.source,
        "known_at": edition.known_at.isoformat(),
    }


def _change(line: Line) -> dict[str, Any]:
    change = line.change
    return {
        "key": change.key,
        "kind": change.kind.value,
        "counts": line.effective.counts,
        "machine_kind": line.machine.kind.value if line.machine else None,
        "regrouped_by": line.effective.regrouped_by or None,
        "structure": [flag.value for flag in change.structure],
        "confidence": change.confidence.value,
        "score": change.score,
        "old": {
            "units": list(change.old),
            "text": change.old_text,
            "directives": list(line.old_headings),
            "highlights": [list(span) for span in change.old_highlights],
        },
        "new": {
            "units": list(change.new),
            "text": change.new_text,
            "directives": list(line.new_headings),
            "highlights": [list(span) for span in change.new_highlights],
        },
        "findings": [
            {
                "rule": one.rule,
                "dimension": one.dimension.value,
                "direction": one.direction.value,
                "old_quote": one.old_quote,
                "new_quote": one.new_quote,
                "note": one.note,
            }
            for one in change.findings
        ],
        "verdicts": [_verdict(verdict) for verdict in line.history],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "number": verdict.id,
        "decision": verdict.decision.value,
        "kind": verdict.kind.value if verdict.kind else None,
        "machine_kind": verdict.machine_kind.value,
        "by": verdict.by,
        "at": verdict.at.isoformat(),
        "reason": verdict.reason,
    }
