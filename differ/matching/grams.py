"""Character 1- and 2-grams weighted (tf·idf)², compared by cosine. Document frequencies come from a background table.

Weights of one pair depend on its own texts and on the table shipped with the program, on nothing else: a line of
a batch gets the same answer whichever lines stand beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
BACKGROUND = Path(__file__).parent / "background.tsv"


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of ``documents`` commitments each gram stands."""

    documents: int
    frequency: dict[str, int]


@lru_cache(maxsize=16384)
def grams(text: str, size: int) -> dict[str, int]:
    """Every run of ``size`` characters with its count; no run crosses a space."""
    counts: Counter[str] = Counter()
    for part in text.split(" "):
        counts.update(part[i : i + size] for i in range(len(part) - size + 1))
    return dict(counts)


def count_background(texts: Sequence[str]) -> Background:
    """Document frequencies of the 1- and 2-grams of ``texts``."""
    frequency: Counter[str] = Counter()
    for text in texts:
        frequency.update(grams(text, 1).keys())
        frequency.update(grams(text, 2).keys())
    return Background(len(texts), dict(frequency))


@cache
def load_background(path: Path = BACKGROUND) -> Background:
    """The table shipped with the program; its head names its source."""
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")]
    rows = [line.split("\t") for line in lines]
    frequency = {gram: int(count) for gram, count in rows}
    return Background(frequency.pop("documents"), frequency)


@dataclass(frozen=True, slots=True)
class Weighted:
    """Texts of both sides as unit rows over one vocabulary, with the idf of its columns."""

    old: Matrix
    new: Matrix
    idf: NDArray[np.float64]

    @property
    def cosine(self) -> Matrix:
        """Old × new, 0…1."""
        product: Matrix = self.old @ self.new.T
        return product


def weigh(old: Sequence[str], new: Sequence[str], size: int, background: Background) -> Weighted:
    """(tf·idf)² rows of length 1 for both sides."""
    bags = [grams(text, size) for text in (*old, *new)]
    columns = {gram: i for i, gram in enumerate(dict.fromkeys(gram for bag in bags for gram in bag))}
    own = Counter(gram for bag in bags for gram in bag)
    total = background.documents + len(bags) + 1
    idf = np.array([log(total / (background.frequency.get(gram, 0) + own[gram] + 1)) for gram in columns])
    rows = np.zeros((len(bags), max(len(columns), 1)))
    for row, bag in enumerate(bags):
        if bag:
            rows[row, [columns[gram] for gram in bag]] = [1 + log(count) for count in bag.values()]
    if columns:
        rows = (rows * idf) ** 2
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.where(lengths == 0, 1, lengths)
    return Weighted(rows[: len(old)], rows[len(old) :], idf)
