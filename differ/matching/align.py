"""Each old commitment found again among the new ones: one to one, split, merged, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from differ.matching.assign import one_to_one
from differ.matching.grams import Matrix
from differ.matching.groups import Link, absorb
from differ.matching.scorer import NgramScorer, Scorer
from differ.normal import normal_wording
from schema.changes import Unit
from schema.errors import ChengnuoError

CONFIRMED = 0.6
CANDIDATE = 0.25
"""Between the two a link is made but never asserted."""
MAXIMUM_UNITS = 800
"""More commitments than this on both sides together are not two announcements."""


class TooManyUnits(ChengnuoError):
    """Two sides too large to be two announcements."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """Links by unit position, each unit in at most one. ``scores``: probabilities of every pairing, old × new."""

    links: tuple[Link, ...]
    scores: Matrix

    @property
    def old_unlinked(self) -> tuple[int, ...]:
        """Positions of old units without a counterpart."""
        linked = {i for link in self.links for i in link.old}
        return tuple(i for i in range(self.scores.shape[0]) if i not in linked)

    @property
    def new_unlinked(self) -> tuple[int, ...]:
        """Positions of new units without a counterpart."""
        linked = {j for link in self.links for j in link.new}
        return tuple(j for j in range(self.scores.shape[1]) if j not in linked)


def align(old: Sequence[Unit], new: Sequence[Unit], scorer: Scorer | None = None) -> Alignment:
    """Links between the two sides; deterministic, and mirrored when the sides are swapped.

    Raises TooManyUnits.
    """
    scorer = scorer or NgramScorer()
    if len(old) + len(new) > MAXIMUM_UNITS:
        raise TooManyUnits(f"{len(old)} + {len(new)} commitments are more than two announcements hold")
    exact = exact_links(old, new)
    rest_old = sorted(set(range(len(old))) - {i for link in exact for i in link.old})
    rest_new = sorted(set(range(len(new))) - {j for link in exact for j in link.new})
    scores = scorer.matrix([unit.text for unit in old], [unit.text for unit in new])
    free = np.full_like(scores, -1.0)
    free[np.ix_(rest_old, rest_new)] = scores[np.ix_(rest_old, rest_new)]
    links = [Link((i,), (j,), float(scores[i, j])) for i, j in one_to_one(free, CANDIDATE)]
    links = exact + absorb(links, free, ([unit.text for unit in old], [unit.text for unit in new]))
    return Alignment(tuple(sorted(links, key=lambda link: (link.new, link.old))), scores)


def exact_links(old: Sequence[Unit], new: Sequence[Unit]) -> list[Link]:
    """Same normal wording on both sides; of repeated wordings the first goes with the first."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for j, unit in enumerate(new):
        waiting[normal_wording(unit.text)].append(j)
    links = []
    for i, unit in enumerate(old):
        places = waiting.get(normal_wording(unit.text))
        if places:
            links.append(Link((i,), (places.pop(0),), 1.0))
    return links
