"""Fitted decisions of reading: does a comma part two tasks, is an opening clause a heading? No list of words knows.

Two looks: the first at each place alone, the second with what the other places of the announcement seem to do, for
writers have habits. What is looked at are words and forms that a person can read in commas.tsv and openings.tsv;
bench/fit_reading.py fits their weights on labelled texts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
Seen = Mapping[str, float]
"""What is to be seen at one place, by name; absent is 0."""


class Weights(NamedTuple):
    """Two logistic models, by feature: at first sight, and with the announcement's habit known."""

    first: Mapping[str, float]
    second: Mapping[str, float]


@cache
def load_weights(name: str) -> Weights:
    """What bench/fit_reading.py wrote for ``commas`` or ``openings``."""
    lines = (HERE / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and line[0] != "#"]
    return Weights({row[0]: float(row[1]) for row in rows}, {row[0]: float(row[2]) for row in rows})


def chance(seen: Seen, weights: Mapping[str, float]) -> float:
    """The probability, 0…1, of yes."""
    total = sum(value * weights.get(name, 0.0) for name, value in seen.items())
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


MANNERS = (
    "counted", "counted after", "general", "general after", "length", "length after", "verb", "verb after",
    "shares", "same field", "other field", "joint=apart", "only commas", "semicolon", "clauses", "list after",
)  # fmt: skip
"""What of the places themselves tells how somebody writes: in few words or many, with figures or without."""


def manner(places: Sequence[Seen]) -> dict[str, float]:
    """How an announcement is written, by what is seen at all its places: the mean of each of ``MANNERS``."""
    return {f"all: {name}": sum(one.get(name, 0.0) for one in places) / max(1, len(places)) for name in MANNERS}


def habit(own: float, yes: float, others: int, parts: int) -> dict[str, float]:
    """What a second look sees as well: how many of the ``others`` say yes, and what the first look said here.

    ``parts``: how many segments the deployment has that others of these places could have stood in.
    """
    own = max(1e-4, min(1 - 1e-4, own))
    return {
        "habit": math.log((yes + 0.5) / (others - yes + 0.5)),
        "first look": math.log(own / (1 - own)),
        "a segment": math.log((others + 1) / (parts + 1)),
    }


class Decider:
    """Answers one question at the places of one announcement; a place is where it stands in the copy."""

    def __init__(self, name: str, least: float = 0.5, alike: Callable[[Seen], str] = lambda _: "") -> None:
        """``least``: the probability from which the answer is yes; ``alike``: places of one name are answered alike."""
        self.weights = load_weights(name)
        self.least = least
        self.alike = alike
        self.seen: dict[int, Seen] = {}
        """What was to be seen at the places asked about so far."""
        self._first: dict[int, float] = {}
        self._second: dict[int, float] = {}

    def yes(self, at: int, look: Callable[[], Seen]) -> bool:
        """The answer at a place, looked at once; asked again it is the same until ``look_again``."""
        if at not in self._first:
            seen = self.seen[at] = look()
            self._first[at] = chance(seen, self.weights.first)
        return self._second.get(at, self._first[at]) > self.least

    def look_again(self, parts: int) -> bool:
        """From now on with what the places asked about so far have in common; ``parts`` as in ``habit``.

        True where that changes an answer.
        """
        whole, others, way = sum(self._first.values()), len(self._first) - 1, manner(list(self.seen.values()))
        for at, own in self._first.items():
            known = {**self.seen[at], **habit(own, whole - own, others, parts), **way}
            self._second[at] = chance(known, self.weights.second)
        self._agree()
        return any((own > self.least) != (self._second[at] > self.least) for at, own in self._first.items())

    def _agree(self) -> None:
        """Places that are written alike get one answer: that of their mean, on the scale of the model."""
        groups: dict[str, list[int]] = {}
        for at, seen in self.seen.items():
            if name := self.alike(seen):
                groups.setdefault(name, []).append(at)
        for places in groups.values():
            scores = [math.log(p / (1 - p)) for p in (self._second[at] for at in places)]
            common = 1 / (1 + math.exp(-sum(scores) / len(scores)))
            self._second |= dict.fromkeys(places, common)
