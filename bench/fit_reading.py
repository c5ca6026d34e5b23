"""Fits what reading decides by weights: ``python -m bench.fit_reading`` rewrites commas.tsv and openings.tsv.

They lie in crawler/read. Each is two ridge-regularised logistic regressions over the places of labelled texts: commas,
and clauses that items open with. The second sees what the first said of the text's other places; while fitting, that
comes from a first model which has not seen the set. ``--figures`` prints how many places of each set are answered
wrongly by models that have not seen it.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.differ import SETS, gold
from bench.forms import MARKED, Form, forms
from crawler.read.announcements import read_body
from crawler.read.habits import HERE, Seen, chance, habit, manner
from crawler.read.texts import places

BLIND = ("fresh_check", "fresh2_check", "fresh7_check")
"""Only measured, never fitted on."""
WEIGHTY = {"dev": 4.0, "hard_dev": 4.0, "forms": 3.0, "forms_more": 3.0, "commas_j": 0.5, "commas_k": 0.5}
"""What a place of a set counts: the codebook's own more; wordy texts hold several times the commas of others."""
FOLDS = 6
RIDGE = 1.0
BIAS_RIDGE = 1e-3
LEAST = 4
"""Places a feature must be seen at."""
STEPS = 30
CLOSE = 1e-4


_COMMA = re.compile("[，,]")
_STOP = re.compile(r"[。\n]|\.(?!\d)")


class Example(NamedTuple):
    """One place: what is to be seen, the right answer, its set and its text."""

    seen: Seen
    yes: bool
    group: str
    text: str
    parts: int
    """Segments of the text."""
    way: Seen
    """How the text is written."""


def examples(name: str) -> dict[str, list[Example]]:
    """The commas between or inside the labelled commitments of one set, and its items' opening clauses."""
    found: dict[str, list[Example]] = {"commas": [], "openings": []}
    for label, body, year, spans in labelled(name):
        owner = [-1] * (len(body) + 1)
        for number, (start, end) in enumerate(spans):
            owner[start:end] = [number] * (end - start)
        asked, parts = places(body, year)
        ways = {question: manner([seen for _, seen in known]) for question, known in asked.items()}
        for at, seen in asked["commas"]:
            if owner[at - 1] >= 0 and owner[at + 1] >= 0:
                found["commas"].append(Example(seen, owner[at] < 0, name, label, parts, ways["commas"]))
        for at, seen in asked["openings"]:
            ends = _STOP.search(body, at)
            begun = [n for n in range(at, ends.start() if ends else len(body)) if owner[n] >= 0]
            if begun:
                heads = bool(_COMMA.search(body[at : begun[0]]))
                found["openings"].append(Example(seen, heads, name, label, parts, ways["openings"]))
    return found


def labelled(name: str) -> list[tuple[str, str, int, list[tuple[int, int]]]]:
    """Texts with the spans of their commitments: name, body, plan year, spans."""
    if name in MARKED:
        return [(form.name, form.text, year_of(form), list(form.wanted)) for form in forms(f"{name}.txt")]
    return [
        (
            f"{pair['pair_id']} {side}",
            str(pair[f"{side}_text"]),
            int(pair[f"year_{side}"]),
            [(unit["start"], unit["end"]) for unit in pair[f"{side}_units"]],
        )
        for pair in gold(name)
        for side in ("old", "new")
    ]


def year_of(form: Form) -> int:
    """The plan year a text says it is about."""
    return read_body(form.text, None, 2026).plan_year or 2026


def fit(rows: Sequence[Seen], found: Sequence[Example]) -> dict[str, float]:
    """Newton's method on the ridge-penalised likelihood; the bias is hardly held back."""
    answers = [one.yes for one in found]
    each = np.array([WEIGHTY.get(one.group, 1.0) for one in found])
    counts = Counter(name for row in rows for name in row)
    names = ["bias", *sorted(name for name, count in counts.items() if count >= LEAST and name != "bias")]
    place = {name: number for number, name in enumerate(names)}
    x: NDArray[np.float64] = np.zeros((len(rows), len(names)))
    for number, row in enumerate(rows):
        for name, value in row.items():
            if name in place:
                x[number, place[name]] = value
    y = np.array(answers, dtype=float)
    ridge = np.full(len(names), RIDGE)
    ridge[0] = BIAS_RIDGE
    w = np.zeros(len(names))
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-x @ w))
        step = _solved(x, each * p * (1 - p), ridge, x.T @ (each * (p - y)) + ridge * w)
        w = w - step
        if np.abs(step).max() < CLOSE:
            break
    return dict(zip(names, w.tolist(), strict=True))


def _solved(
    x: NDArray[np.float64], curve: NDArray[np.float64], ridge: NDArray[np.float64], slope: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Newton's step by conjugate gradients: the matrix of second derivatives is never made."""
    step = np.zeros_like(slope)
    left = slope.copy()
    way = left.copy()
    size = left @ left
    for _ in range(len(slope)):
        if size < CLOSE**2:
            break
        turned = x.T @ (curve * (x @ way)) + ridge * way
        far = size / (way @ turned)
        step, left = step + far * way, left - far * turned
        size, before = left @ left, size
        way = left + size / before * way
    return step


def with_habit(found: Sequence[Example], first: Sequence[float]) -> list[Seen]:
    """Each place as the second look sees it."""
    whole: defaultdict[tuple[str, str], float] = defaultdict(float)
    count = Counter((one.group, one.text) for one in found)
    for one, own in zip(found, first, strict=True):
        whole[one.group, one.text] += own
    return [
        {
            **one.seen,
            **one.way,
            **habit(own, whole[one.group, one.text] - own, count[one.group, one.text] - 1, one.parts),
        }
        for one, own in zip(found, first, strict=True)
    ]


def unseen(found: Sequence[Example]) -> list[float]:
    """What a first model says that has not seen the place's set."""
    said = [0.0] * len(found)
    groups = sorted({one.group for one in found})
    for fold in (groups[number::FOLDS] for number in range(FOLDS)):
        rest = [one for one in found if one.group not in fold]
        weights = fit([one.seen for one in rest], rest)
        for number, one in enumerate(found):
            if one.group in fold:
                said[number] = chance(one.seen, weights)
    return said


def fit_both(found: Sequence[Example]) -> tuple[dict[str, float], dict[str, float]]:
    """The two models."""
    second = fit(with_habit(found, unseen(found)), found)
    return fit([one.seen for one in found], found), second


def judged(found: Sequence[Example], models: tuple[dict[str, float], dict[str, float]]) -> list[float]:
    """What the two models say of each comma."""
    first = [chance(one.seen, models[0]) for one in found]
    return [chance(row, models[1]) for row in with_habit(found, first)]


def main() -> None:
    """Fit on everything but the blind sets and write; ``--figures`` prints leave-one-set-out figures first."""
    found = {name: examples(name) for name in (*SETS, *MARKED)}
    fitted = [name for name in found if name not in BLIND]
    for question in ("commas", "openings"):
        if "--figures" in sys.argv:
            tell(question, found, fitted)
        write(question, *fit_both([one for name in fitted for one in found[name][question]]))


def tell(question: str, found: dict[str, dict[str, list[Example]]], fitted: Sequence[str]) -> None:
    """How many places of each set are answered wrongly by models that have not seen it."""
    wrongs = asked = 0
    for name in found:
        rest = [one for other in fitted if other != name for one in found[other][question]]
        held_out = found[name][question]
        said = judged(held_out, fit_both(rest))
        wrong = sum((yes > 0.5) != one.yes for yes, one in zip(said, held_out, strict=True))
        print(f"{question} {name:<14} {len(held_out):>4}  wrong {wrong:>3}")
        wrongs, asked = wrongs + wrong, asked + len(held_out)
    print(f"{question} right {1 - wrongs / asked:.3f}")


def write(question: str, first: Seen, second: Seen) -> None:
    """One line a feature."""
    names = sorted({*first, *second})
    head = (
        "# Fitted by bench/fit_reading.py; do not edit. Feature, weight at first sight, weight with the habit known.\n"
    )
    rows = [f"{name}\t{first.get(name, 0):.3f}\t{second.get(name, 0):.3f}" for name in names]
    (HERE / f"{question}.tsv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
