"""Splits and mergers: an unmatched commitment that covers the rest of one already matched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np

from differ.matching.copy import object_copy
from differ.matching.grams import Matrix, grams, load_background

JOINS = 0.2
"""Least probability of the unmatched one and the matched one being the same."""
GAINS = 0.18
"""Least share of the matched one's wording that only the newcomer covers."""
SURE, SURE_GAINS = 0.9, 0.05
"""From this probability on, so small a share will do."""
MEMBERS = 4


@dataclass(frozen=True, slots=True)
class Link:
    """Positions on both sides that are one commitment; more than one on one side at most."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    score: float


def absorb(links: Sequence[Link], scores: Matrix, texts: tuple[Sequence[str], Sequence[str]]) -> list[Link]:
    """Unmatched units join the link whose whole they complete, on either side.

    ``scores`` holds -1 where a pairing is out of the question. The answer does not depend on which side is called
    old: the newcomers are taken by descending probability over both sides.
    """
    linked = _Linked(list(links), scores, texts)
    for _, side, newcomer, host in linked.offers():
        linked.take(side, newcomer, host)
    return linked.links


class _Linked:
    """The links while they grow."""

    def __init__(self, links: list[Link], scores: Matrix, texts: tuple[Sequence[str], Sequence[str]]) -> None:
        self.links, self.scores, self.texts = links, scores, texts
        self.link_of = (
            {link.old[0]: n for n, link in enumerate(links)},
            {link.new[0]: n for n, link in enumerate(links)},
        )

    def offers(self) -> list[tuple[float, int, int, int]]:
        """(-probability, side of the newcomer, newcomer, its best matched counterpart), best first."""
        found = []
        for side, scores in ((0, self.scores), (1, self.scores.T)):
            for newcomer in range(scores.shape[0]):
                if newcomer in self.link_of[side] or not scores.shape[1]:
                    continue
                host = int(np.argmax(scores[newcomer]))
                if scores[newcomer, host] >= JOINS and host in self.link_of[1 - side]:
                    found.append((-round(float(scores[newcomer, host]), 9), side, newcomer, host))
        return sorted(found)

    def take(self, side: int, newcomer: int, host: int) -> None:
        """Join when the host's link has one unit on the host's side and the newcomer adds to it."""
        n = self.link_of[1 - side][host]
        link = self.links[n]
        hosts, members = (link.new, link.old) if side == 0 else (link.old, link.new)
        if len(hosts) > 1 or len(members) >= MEMBERS:
            return
        others = [self.texts[side][member] for member in members]
        sure = float(self.scores[newcomer, host] if side == 0 else self.scores[host, newcomer]) >= SURE
        gain = _gain(self.texts[1 - side][host], self.texts[side][newcomer], others)
        if gain < (SURE_GAINS if sure else GAINS):
            return
        grown = tuple(sorted((*members, newcomer)))
        self.links[n] = replace(link, old=grown) if side == 0 else replace(link, new=grown)
        self.link_of[side][newcomer] = n


def _gain(host: str, newcomer: str, members: Sequence[str]) -> float:
    """Share of the host's object, weighed by rarity, that the newcomer covers and the members do not."""
    background = load_background()
    whole = grams(object_copy(host), 2).keys()
    weight = {gram: log((background.documents + 1) / (background.frequency.get(gram, 0) + 1)) for gram in whole}
    covered = {gram for member in members for gram in grams(object_copy(member), 2)}
    only_here = (whole & grams(object_copy(newcomer), 2).keys()) - covered
    return sum(weight[gram] for gram in only_here) / max(sum(weight.values()), 1e-9)
