"""What differs between two wordings, word by word; the one file that knows diff-match-patch.

Words and whole numbers are the atoms, so no highlight cuts inside one. rapidfuzz aligns them, diff-match-patch's
semantic clean-up joins what only looks shared.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from diff_match_patch import diff_match_patch
from rapidfuzz.distance import Indel

from language.words import words

Span = tuple[int, int]
_DELETE, _EQUAL, _INSERT = -1, 0, 1
_ATOM = 0xF0000  # private plane: one character stands for one word while cleaning up
_PLAIN_LIMIT = 60_000
INLINE = 0.5
"""Below this similarity a shared scrap is chance: only runs of ``_SHARED_RUN`` characters stay unmarked."""
_SHARED_RUN = 4


@dataclass(frozen=True, slots=True)
class Operation:
    """One step from old to new. Half-open offsets; equal where both texts are the same, an empty span elsewhere."""

    old: Span
    new: Span
    equal: bool


def operations(old: str, new: str) -> tuple[Operation, ...]:
    """Steps that cover both texts without gap: joining the old spans gives ``old``, the new ones ``new``."""
    if old == new:
        return (Operation((0, len(old)), (0, len(new)), equal=True),) if old else ()
    old_words, new_words = _texts(old), _texts(new)
    atoms = {word: chr(_ATOM + i) for i, word in enumerate(dict.fromkeys(old_words + new_words))}
    if len(atoms) > _PLAIN_LIMIT:
        return (Operation((0, len(old)), (0, len(new)), equal=False),)
    diffs = _clean(_diffs([atoms[w] for w in old_words], [atoms[w] for w in new_words]))
    lengths = {atom: len(word) for word, atom in atoms.items()}
    return _pair_up([(op, sum(lengths[a] for a in part)) for op, part in diffs])


def highlight(old: str, new: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Spans to mark in the old and in the new wording."""
    steps = operations(old, new)
    shared = 2 * sum(step.old[1] - step.old[0] for step in steps if step.equal)
    shortest = _SHARED_RUN if shared < INLINE * (len(old) + len(new)) else 1
    marked = [step for step in steps if not step.equal or step.old[1] - step.old[0] < shortest]
    return _merge(step.old for step in marked), _merge(step.new for step in marked)


def _texts(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text)]


def _diffs(old: list[str], new: list[str]) -> list[tuple[int, str]]:
    diffs = []
    for step in Indel.opcodes(old, new):
        before, after = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        if step.tag == "equal":
            diffs.append((_EQUAL, before))
            continue
        if before:
            diffs.append((_DELETE, before))
        if after:
            diffs.append((_INSERT, after))
    return diffs


def _clean(diffs: list[tuple[int, str]]) -> list[tuple[int, str]]:
    engine = diff_match_patch()
    engine.Diff_Timeout = 0
    engine.diff_cleanupSemantic(diffs)
    return diffs


def _pair_up(diffs: list[tuple[int, int]]) -> tuple[Operation, ...]:
    """Runs of deletions and insertions become one replacement each."""
    steps: list[Operation] = []
    at_old = at_new = 0
    for op, length in diffs:
        old = (at_old, at_old + (0 if op == _INSERT else length))
        new = (at_new, at_new + (0 if op == _DELETE else length))
        at_old, at_new = old[1], new[1]
        if steps and steps[-1].equal == (op == _EQUAL):
            old, new = (steps[-1].old[0], at_old), (steps[-1].new[0], at_new)
            steps.pop()
        steps.append(Operation(old, new, equal=op == _EQUAL))
    return tuple(steps)


def _merge(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for start, end in spans:
        if start == end:
            continue
        touches = merged and merged[-1][1] == start
        merged.append((merged.pop()[0] if touches else start, end))
    return tuple(merged)
