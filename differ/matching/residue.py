"""What two wordings do not share: the mark of a stock frame put around another object (codebook M1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from differ.matching.grams import Matrix

FRAME = 2
"""Characters a frame has at least on each end."""
UNLIKE = 0.03
"""Below this likeness two wordings share nothing worth looking at."""


def residues(old: Sequence[str], new: Sequence[str], plain: Matrix) -> Matrix:
    """Share of the shorter object (0…1, old × new) that the other lacks, a common beginning and end taken off."""
    residue = np.ones_like(plain)
    bare_old, bare_new = [text.replace(" ", "") for text in old], [text.replace(" ", "") for text in new]
    for i, j in zip(*np.nonzero(plain > UNLIKE), strict=True):
        residue[i, j] = _residue(bare_old[i], bare_new[j])
    return residue


def same_frame(old: Sequence[str], new: Sequence[str], plain: Matrix) -> Matrix:
    """1 where two wordings begin and end with the same characters, else 0."""
    found = np.zeros_like(plain)
    for i, j in zip(*np.nonzero(plain > UNLIKE), strict=True):
        a, b = old[i], new[j]
        found[i, j] = a[:FRAME] == b[:FRAME] and a[-FRAME:] == b[-FRAME:] and min(len(a), len(b)) >= FRAME + FRAME
    return found


def slots(old: Sequence[str], new: Sequence[str], plain: Matrix) -> Matrix:
    """Share of the shorter wording (0…1) that stands before and after the one place where the two differ."""
    found = np.zeros_like(plain)
    bare_old, bare_new = [text.replace(" ", "") for text in old], [text.replace(" ", "") for text in new]
    for i, j in zip(*np.nonzero(plain > UNLIKE), strict=True):
        a, b = bare_old[i], bare_new[j]
        shortest = min(len(a), len(b))
        end = _common(a[::-1], b[::-1])
        found[i, j] = (end + min(_common(a, b), shortest - end)) / max(shortest, 1)
    return found


def _residue(a: str, b: str) -> float:
    start = _common(a, b)
    end = min(_common(a[::-1], b[::-1]), min(len(a), len(b)) - start)
    middle_a, middle_b = a[start : len(a) - end], b[start : len(b) - end]
    if not middle_a or not middle_b:
        return 0.0
    shared = sum((Counter(middle_a) & Counter(middle_b)).values())
    return (min(len(middle_a), len(middle_b)) - shared) / min(len(a), len(b))


def _common(a: str, b: str) -> int:
    for at, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return at
    return min(len(a), len(b))
