"""How often the analysts upheld the machine, rule by rule: its precision as far as it was reviewed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import sqrt

from schema.verdicts import Decision, ReviewState, Verdict, review_of
from store.verdicts import JudgedChange, VerdictBook

CERTAINTY = 1.96
"""Standard deviations of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One rule, kind or confidence. ``precision`` is upheld of settled; the interval is Wilson's, 95 %.

    All three are None before anything was settled.
    """

    about: str
    """rule, kind or confidence."""
    name: str
    settled: int
    upheld: int
    disputed: int
    precision: float | None
    low: float | None
    high: float | None


def agreement(book: VerdictBook) -> list[Figures]:
    """By kind, by confidence, by rule; a change counts once for every rule that spoke for it."""
    tallies: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for judged in book.judged():
        review = review_of(judged.history)
        for name in _names(judged):
            tally = tallies[name]
            if review.state is ReviewState.DISPUTED:
                tally[2] += 1
            elif review.verdict is not None:
                tally[0] += 1
                tally[1] += upholds(review.verdict)
    order = {"kind": 0, "confidence": 1, "rule": 2}
    return [_figures(*name, *tallies[name]) for name in sorted(tallies, key=lambda one: (order[one[0]], one[1]))]


def upholds(verdict: Verdict) -> bool:
    """True when the decision leaves the machine's kind and matching as they were."""
    return verdict.decision is Decision.CONFIRM or (
        verdict.decision is Decision.RECLASSIFY and verdict.kind is verdict.machine_kind
    )


def _names(judged: JudgedChange) -> list[tuple[str, str]]:
    rules = [("rule", rule) for rule in judged.rules]
    return [("kind", judged.kind), ("confidence", judged.confidence), *rules]


def _figures(about: str, name: str, settled: int, upheld: int, disputed: int) -> Figures:
    if not settled:
        return Figures(about, name, settled, upheld, disputed, None, None, None)
    low, high = wilson(upheld, settled)
    return Figures(about, name, settled, upheld, disputed, upheld / settled, low, high)


def wilson(good: int, number: int) -> tuple[float, float]:
    """The 95 % interval of a share, honest about small numbers (Wilson 1927)."""
    share, z = good / number, CERTAINTY
    middle = share + z * z / (2 * number)
    spread = z * sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    scale = 1 + z * z / number
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
