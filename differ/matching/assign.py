"""From scores to pairs: hub correction and a deterministic one-to-one choice."""

from __future__ import annotations

import numpy as np

from differ.matching.grams import Matrix

_NEIGHBOURS = 5
_PAIR = 2


def csls(scores: Matrix) -> Matrix:
    """Each score less half the mean of the five best *other* scores of its row and of its column.

    A sentence of stock phrases is near everything; this takes that nearness off.
    """
    return scores - (_others(scores) + _others(scores.T).T) / 2


def _others(scores: Matrix) -> Matrix:
    """For every cell, the mean of the best other cells of its row; 0 where a row has no other."""
    kept = min(_NEIGHBOURS, scores.shape[1] - 1)
    if kept < 1:
        return np.zeros_like(scores)
    best = -np.sort(-scores, axis=1)[:, : kept + 1]
    among = scores >= best[:, -1:]
    total = best.sum(axis=1, keepdims=True)
    others: Matrix = np.where(among, total - scores, total - best[:, -1:]) / kept
    return others


def lead(scores: Matrix) -> Matrix:
    """How far each score lies ahead of the best other one (behind it: negative), the mean over row and column."""
    return (_ahead(scores) + _ahead(scores.T).T) / 2


def _ahead(scores: Matrix) -> Matrix:
    if scores.shape[1] < _PAIR:
        return np.zeros_like(scores)
    best = -np.sort(-scores, axis=1)[:, :_PAIR]
    ahead: Matrix = scores - np.where(scores >= best[:, :1], best[:, 1:], best[:, :1])
    return ahead


def one_to_one(scores: Matrix, least: float) -> list[tuple[int, int]]:
    """Pairs by descending score, each row and column once; ties go to the lower indices."""
    rows, columns = np.nonzero(scores >= least)
    order = np.lexsort((columns, rows, -np.round(scores[rows, columns], 9)))
    taken_rows: set[int] = set()
    taken_columns: set[int] = set()
    pairs = []
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in taken_rows and column not in taken_columns:
            taken_rows.add(row)
            taken_columns.add(column)
            pairs.append((row, column))
    return sorted(pairs)
