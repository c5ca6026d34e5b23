"""复核结论: what analysts decided. Appended, never overwritten."""

from __future__ import annotations

from collections import Counter
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
    """Another counterpart than the machine chose."""
    SPLIT = "split"
    """The wordings are not one commitment: each stands alone."""
    MERGE = "merge"
    """Two changes are one commitment that was split or merged."""
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
REGROUPING = frozenset({Decision.REMATCH, Decision.SPLIT, Decision.MERGE})
"""Decisions about which wordings belong together."""
OVERRIDING = SETTLING - {Decision.CONFIRM}
"""Decisions against the machine; they need a reason."""


class ReviewState(StrEnum):
    """Where the review of a change stands."""

    OPEN = "open"
    SETTLED = "settled"
    DISPUTED = "disputed"
    """Two people decided differently: it needs a second opinion, and neither decision is in force."""


@dataclass(frozen=True, slots=True)
class Review:
    """What a change's verdicts come to. ``verdict`` is the decision in force, None while open or disputed."""

    state: ReviewState = ReviewState.OPEN
    verdict: Verdict | None = None
    sides: tuple[Verdict, ...] = ()
    """What each person last decided and did not take back, oldest first."""
    assignee: str = ""

    def own(self, person: str) -> Verdict | None:
        """What this person's decision is; the one an undo takes back."""
        return next((one for one in self.sides if one.by == person), None)


def review_of(history: Iterable[Verdict]) -> Review:
    """Where a change stands after its verdicts, oldest first.

    Each person has one say: the last decision, or the one before when it was taken back; nobody takes back another's.
    One opinion settles. Of two, the one that more people hold, and at least two: so a disagreement is settled by a
    third person or by one of the two giving way, never by one person deciding again.
    """
    stacks: dict[str, list[tuple[int, Verdict]]] = {}
    assignee = ""
    for at, verdict in enumerate(history):
        own = stacks.setdefault(verdict.by, [])
        if verdict.decision in SETTLING:
            own.append((at, verdict))
        elif verdict.decision is Decision.UNDO and own:
            own.pop()
        elif verdict.decision is Decision.ASSIGN:
            assignee = verdict.assignee
    sides = tuple(verdict for _, verdict in sorted((own[-1] for own in stacks.values() if own), key=lambda one: one[0]))
    if not sides:
        return Review(assignee=assignee)
    votes = Counter(opinion(verdict) for verdict in sides).most_common(2)
    held, count = votes[0]
    if len(votes) > 1 and count in (1, votes[1][1]):
        return Review(ReviewState.DISPUTED, None, sides, assignee)
    in_force = [verdict for verdict in sides if opinion(verdict) == held][-1]
    return Review(ReviewState.SETTLED, in_force, sides, assignee)


def standing(history: Iterable[Verdict]) -> Verdict | None:
    """The decision in force after a change's verdicts, oldest first; None while it is open or disputed."""
    return review_of(history).verdict


def opinion(verdict: Verdict) -> tuple[object, ...]:
    """What a settling verdict comes to, so that two of the same opinion agree whatever they are called."""
    if verdict.decision is Decision.CONFIRM:
        return ("kind", verdict.machine_kind)
    if verdict.decision is Decision.RECLASSIFY:
        return ("kind", verdict.kind)
    if verdict.decision in (Decision.REMATCH, Decision.MERGE):
        sides = (frozenset(map(plain, side)) for side in (verdict.wanted_old, verdict.wanted_new))
        return ("group", verdict.kind, *sides)
    return (verdict.decision,)


def plain(text: str) -> str:
    """A wording without its white space, as wordings are compared across readings."""
    return "".join(text.split())
