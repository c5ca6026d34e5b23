"""复核结论: what analysts decided. Appended, never overwritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from schema.changes import Kind


class Decision(StrEnum):
    """What an analyst did with a change."""

    CONFIRM = "confirm"
    RECLASSIFY = "reclassify"
    REMATCH = "rematch"
    SPLIT = "split"
    MERGE = "merge"
    NOT_A_COMMITMENT = "not_a_commitment"
    COMMENT = "comment"
    ASSIGN = "assign"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision about one change. ``machine_kind`` is what the machine said then; ``kind`` what the analyst says."""

    change_key: str
    decision: Decision
    by: str
    at: datetime
    machine_kind: Kind
    kind: Kind | None = None
    reason: str = ""
    old_units: tuple[str, ...] = ()
    new_units: tuple[str, ...] = ()
    old_text: str = ""
    new_text: str = ""
    wanted_old: tuple[str, ...] = ()
    """Re-match and merge: the texts of the earlier units that belong together; ids may move when a page is re-read."""
    wanted_new: tuple[str, ...] = ()
    assignee: str = ""
    id: int | None = None


SETTLING = frozenset(
    {
        Decision.CONFIRM,
        Decision.RECLASSIFY,
        Decision.REMATCH,
        Decision.SPLIT,
        Decision.MERGE,
        Decision.NOT_A_COMMITMENT,
    }
)
"""Decisions that settle a change; a comment or an assignment leaves it open."""


def standing(history: Iterable[Verdict]) -> Verdict | None:
    """The decision in force after a change's verdicts, oldest first: an undo takes back the last that settled it."""
    settled: list[Verdict] = []
    for verdict in history:
        if verdict.decision in SETTLING:
            settled.append(verdict)
        elif verdict.decision is Decision.UNDO and settled:
            settled.pop()
    return settled[-1] if settled else None
