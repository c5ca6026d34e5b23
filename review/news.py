"""What a feed tells: the newest changes as they count, each once, when first known and when last decided about."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from review.gathered import compared
from review.lines import Line
from review.matrix import Desk
from schema.changes import ALERT_KINDS, Kind
from store.news import Made, NewsList

AT_ONCE = 8
"""Diffs looked into at a time."""


@dataclass(frozen=True, slots=True)
class News:
    """One change worth telling. ``known_at``: when its wordings were first told; ``updated_at``: or decided about."""

    line: Line
    known_at: datetime
    updated_at: datetime


def newest(desk: Desk, news: NewsList, provinces: Collection[str] | None, kind: Kind | None, limit: int) -> list[News]:
    """Of these provinces (None: all) and this kind (None: all that alerts tell), the newest first.

    Diffs are taken newest first until none left could hold anything newer: no change is known later than its diff.
    """
    kinds = {kind} if kind else set(ALERT_KINDS)
    found: list[News] = []
    made = news.made(provinces)
    for start in range(0, len(made), AT_ONCE):
        if len(found) >= limit and found[limit - 1].known_at > made[start].made_at:
            break
        told = (one for diff in made[start : start + AT_ONCE] for one in _of(desk, news, diff))
        found += [one for one in told if one.line.kind in kinds]
        found.sort(key=lambda one: one.known_at, reverse=True)
    return found[:limit]


def _of(desk: Desk, news: NewsList, made: Made) -> list[News]:
    found = compared(desk, made.province, made.year_new)
    lines = found.lines if found else ()
    known = news.first_known([key for line in lines for key in (line.change.key, line.effective.regrouped_by) if key])
    told = []
    for line in lines:
        since = known.get(line.change.key) or known.get(line.effective.regrouped_by)
        if since is not None:
            told.append(News(line, since, max(since, _decided(lines, line) or since)))
    return told


def _decided(lines: Collection[Line], line: Line) -> datetime | None:
    """When the verdict in force was given that made the line what it is, its own or another's."""
    said = line.now
    if said is None and line.follows:
        said = next((one.now for one in lines if one.change.key == line.effective.regrouped_by), None)
    return said.at if said else None
