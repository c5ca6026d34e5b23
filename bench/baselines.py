"""Two plain ways to compare, for scale: difflib on sentences, and bigram overlap; neither judges strength."""

from __future__ import annotations

import difflib
from typing import Any

from language.sentences import sentences

OVERLAP = 0.5


def difflib_lines(pair: dict[str, Any]) -> dict[str, Any]:
    """Sentences that difflib calls equal are unchanged, replaced ones reworded, the rest new or dropped."""
    old, new = _units(pair, "old"), _units(pair, "new")
    changes: list[dict[str, Any]] = []
    matcher = difflib.SequenceMatcher(None, [u["text"] for u in old], [u["text"] for u in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        both = min(i2 - i1, j2 - j1)
        kind = "unchanged" if tag == "equal" else "reworded"
        changes += [_change(kind, [old[i1 + n]["id"]], [new[j1 + n]["id"]]) for n in range(both)]
        changes += [_change("dropped", [unit["id"]], []) for unit in old[i1 + both : i2]]
        changes += [_change("new", [], [unit["id"]]) for unit in new[j1 + both : j2]]
    return _answer(pair, old, new, changes)


def bigram_overlap(pair: dict[str, Any]) -> dict[str, Any]:
    """Greedy pairs of sentences by Jaccard overlap of character bigrams."""
    old, new = _units(pair, "old"), _units(pair, "new")
    grams = {id(u): {u["text"][n : n + 2] for n in range(len(u["text"]) - 1)} for u in (*old, *new)}
    scored = sorted(((_jaccard(grams[id(a)], grams[id(b)]), a["id"], b["id"]) for a in old for b in new), reverse=True)
    changes, taken = [], set()
    for score, a, b in scored:
        if score >= OVERLAP and a not in taken and b not in taken:
            taken |= {a, b}
            changes.append(_change("unchanged" if score == 1 else "reworded", [a], [b]))
    changes += [_change("dropped", [u["id"]], []) for u in old if u["id"] not in taken]
    changes += [_change("new", [], [u["id"]]) for u in new if u["id"] not in taken]
    return _answer(pair, old, new, changes)


def _jaccard(a: set[str], b: set[str]) -> float:
    return len(a & b) / (len(a | b) or 1)


def _units(pair: dict[str, Any], side: str) -> list[dict[str, Any]]:
    text = pair[f"{side}_text"]
    spans = enumerate(sentences(text))
    return [{"id": f"{side[0]}{n}", "text": text[s.start : s.end], "start": s.start, "end": s.end} for n, s in spans]


def _change(kind: str, old: list[str], new: list[str]) -> dict[str, Any]:
    return {"kind": kind, "old": old, "new": new, "confidence": "high", "findings": []}


def _answer(pair: dict[str, Any], old: list[Any], new: list[Any], changes: list[Any]) -> dict[str, Any]:
    return {"pair_id": pair["pair_id"], "outcome": "ok", "old_units": old, "new_units": new, "changes": changes}
