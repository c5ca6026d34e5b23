"""Why a change came out as it did: the candidates weighed, the rules that fired and those that did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from differ.lexicon import Lexicon
from differ.matching.align import CANDIDATE, CONFIRMED, align
from differ.matching.scorer import Scorer
from differ.pair import Pair
from differ.rules import RULES, judge
from schema.changes import Candidate, Change, Finding, Side, Unit

NEAREST = 3


@dataclass(frozen=True, slots=True)
class Trail:
    """One change retold. ``candidates``: the likeliest counterparts of each of its units, best first."""

    change: Change
    candidates: dict[str, tuple[Candidate, ...]]
    fired: tuple[Finding, ...]
    silent: tuple[str, ...]
    """Rules that found no evidence either way."""
    confirmed: float = CONFIRMED
    candidate: float = CANDIDATE


def explain(sides: tuple[Side, Side], change: Change, lexicon: Lexicon, scorer: Scorer | None = None) -> Trail:
    """Weigh the change's units again; pure and repeatable."""
    old, new = sides
    scores = align(old.units, new.units, scorer).scores
    candidates = dict(_nearest(old.units, new.units, change.old, scores.tolist()))
    candidates |= dict(_nearest(new.units, old.units, change.new, scores.T.tolist()))
    pair = Pair(_chosen(old, change.old), _chosen(new, change.new), old.plan_year, new.plan_year)
    fired = judge(pair, lexicon) if change.old and change.new else ()
    heard = {finding.rule.split(".")[0] for finding in fired}
    names = [rule.__module__.rsplit(".", 1)[-1] for rule in RULES]
    return Trail(change, candidates, fired, tuple(name for name in names if name not in heard))


def _chosen(side: Side, ids: Sequence[str]) -> tuple[Unit, ...]:
    return tuple(unit for unit in side.units if unit.id in ids)


def _nearest(
    units: Sequence[Unit], others: Sequence[Unit], ids: Sequence[str], rows: Sequence[Sequence[float]]
) -> Iterator[tuple[str, tuple[Candidate, ...]]]:
    for unit, row in zip(units, rows, strict=True):
        if unit.id in ids:
            best = sorted(zip(row, others, strict=True), key=lambda one: -one[0])[:NEAREST]
            yield unit.id, tuple(Candidate(other.id, round(score, 4)) for score, other in best)
