"""How likely two commitments are the same one. A ``Scorer`` lets another model in."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np

from differ.matching.assign import csls, lead
from differ.matching.copy import object_copy, plain_copy
from differ.matching.grams import Background, Matrix, load_background, weigh
from differ.matching.objects import weighed_by_object
from differ.matching.products import other_product
from differ.matching.residue import residues, same_frame, slots

WEIGHTS = Path(__file__).parent / "weights.toml"


class Scorer(Protocol):
    """``matrix`` gives old × new probabilities, 0…1, of being the same commitment; it never judges strength."""

    @property
    def name(self) -> str:
        """Printed on every result, with ``version``."""

    @property
    def version(self) -> str:
        """Changes whenever a score may."""

    def matrix(self, old: Sequence[str], new: Sequence[str]) -> Matrix:
        """One row an old text, one column a new one."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model: one weight a feature, and the bias."""

    features: tuple[str, ...]
    values: tuple[float, ...]
    bias: float


@cache
def load_weights(model: str, path: Path = WEIGHTS) -> Weights:
    """The weights fitted by bench/fit_scorer.py."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))[model]
    bias = table.pop("bias")
    return Weights(tuple(table), tuple(table.values()), bias)


def features(old: Sequence[str], new: Sequence[str], background: Background) -> dict[str, Matrix]:
    """What the n-gram scorer looks at, each old × new.

    plain: cosine of the whole wording; plain_csls: the same, hubs corrected; object and object_csls: of the wording
    without frames and purpose clauses; rarest: the rarest 2-gram both objects share (idf as a share of the highest).
    residue: what the shorter object has to itself; framed: the same where a stock frame surrounds both; in_slot: the
    same times how much of the wording stands around the one place that differs. plain_lead and object_lead: how far
    the cosine lies ahead of the best other one.
    """
    old_plain, new_plain = [plain_copy(t) for t in old], [plain_copy(t) for t in new]
    plain = _cosine(old_plain, new_plain, background)
    old_objects, new_objects = [object_copy(t) for t in old], [object_copy(t) for t in new]
    residue = residues(old_objects, new_objects, plain)
    bare = _cosine(old_objects, new_objects, background)
    return {
        "plain": plain,
        "plain_csls": csls(plain),
        "object": bare,
        "object_csls": csls(bare),
        "rarest": _rarest(old_objects, new_objects, background),
        "residue": residue,
        "framed": residue * same_frame(old_plain, new_plain, plain),
        "in_slot": residue * slots(old_plain, new_plain, plain),
        "plain_lead": lead(plain),
        "object_lead": lead(bare),
    }


def _cosine(old: Sequence[str], new: Sequence[str], background: Background) -> Matrix:
    return (weigh(old, new, 1, background).cosine + weigh(old, new, 2, background).cosine) / 2


def _rarest(old: Sequence[str], new: Sequence[str], background: Background) -> Matrix:
    weighted = weigh(old, new, 2, background)
    if not weighted.idf.size:
        return np.zeros((len(old), len(new)))
    present = (weighted.new > 0) * (weighted.idf / np.log(background.documents + len(old) + len(new) + 1))
    return np.array([(present * (row > 0)).max(axis=1) for row in weighted.old]).reshape(len(old), len(new))


def logistic(table: dict[str, Matrix], weights: Weights) -> Matrix:
    """Probabilities from features."""
    total = sum((table[name] * value for name, value in zip(weights.features, weights.values, strict=True)), start=0.0)
    return np.asarray(1 / (1 + np.exp(-(total + weights.bias))), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class NgramScorer:
    """The default: (tf·idf)² of 1- and 2-grams with hub correction, on the wording and on its object."""

    background: Background = field(default_factory=load_background)
    weights: Weights = field(default_factory=lambda: load_weights("ngram"))
    name: str = "ngram"
    version: str = "5"

    def matrix(self, old: Sequence[str], new: Sequence[str]) -> Matrix:
        """Probabilities, old × new."""
        if not old or not new:
            return np.zeros((len(old), len(new)))
        found = logistic(features(old, new, self.background), self.weights)
        return weighed_by_object(found * (1 - other_product(old, new)), old, new)
