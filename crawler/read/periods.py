"""Dated terms: which years a text can be of, judged by what it speaks of as current."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("periods.toml")
_PLENUMS = re.compile("((?:十[七八九]|二十|二十一)届)((?:[一二三四五六七]中[、和]?)+)全会")
_LOOKING_BACK = re.compile(r"^”?(?:规划)?(?:以来|期间|时期|末|之后|收官|确定的|累计|后)")
_COMPARED = re.compile("(?:较|比|同比|自|继)(?:上年|“)?$")
_DRAFTING = (
    "(?:编制|谋划|起草|制定)[^，。；]{{0,8}}“?{0}”?|“?{0}”?[^，。；]{{0,12}}规划(?:的)?(?:编制|基本思路|前期|起草)"
)
_EARLIEST, _LATEST = 2000, 2045


@dataclass(frozen=True, slots=True)
class Period:
    """A term and the years (inclusive) in which it is current; ``pattern`` where the bare word is not enough."""

    term: str
    first: int
    last: int
    pattern: re.Pattern[str] | None = None
    drafting: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Dated:
    """A term found: the words as they stand in the text, and the years they speak for."""

    words: str
    first: int
    last: int


@cache
def periods() -> tuple[Period, ...]:
    """The table of dated terms. Source: periods.toml beside this file."""
    rows = tomllib.loads(_FILE.read_text(encoding="utf-8"))["period"]
    return tuple(_period(row) for row in rows)


def _period(row: dict[str, str]) -> Period:
    pattern = re.compile(row["pattern"]) if "pattern" in row else None
    drafting = re.compile(_DRAFTING.format(row["term"])) if row["type"] == "plan" else None
    return Period(
        row["term"],
        _year(row.get("from"), _EARLIEST),
        _year(row.get("to"), _LATEST),
        pattern,
        drafting,
    )


def _year(written: str | None, default: int) -> int:
    return int(written[:4]) if written else default


def dated_terms(text: str) -> tuple[Dated, ...]:
    """The dated terms that an evened-out text speaks of as current, each once."""
    spelled = text + "".join(
        f"\n{found[1]}{number}中全会"
        for found in _PLENUMS.finditer(text)
        for number in found[2]
        if number in "一二三四五六七"
    )
    hits = (_hit(spelled, period) for period in periods() if period.term in spelled)
    return tuple(hit for hit in hits if hit is not None)


def _hit(text: str, period: Period) -> Dated | None:
    if period.drafting is not None:
        drafted = period.drafting.search(text)
        if drafted:
            return Dated(drafted.group(), period.first - 1, period.first)
    found = period.pattern or re.compile(re.escape(period.term))
    for match in found.finditer(text):
        after, before = text[match.end() : match.end() + 8], text[max(0, match.start() - 4) : match.start()]
        if not _LOOKING_BACK.match(after) and not _COMPARED.search(before):
            return Dated(match.group(), period.first, period.last)
    return None


def plausible_years(hits: tuple[Dated, ...]) -> tuple[int, int]:
    """The years most of the terms agree on, none of them before the youngest term was coined."""
    start = max(hit.first for hit in hits)
    end = max(
        start,
        min(
            _LATEST,
            max(hit.last for hit in hits if hit.last < _LATEST) if any(hit.last < _LATEST for hit in hits) else start,
        ),
    )
    counts = {year: sum(hit.first <= year <= hit.last for hit in hits) for year in range(start, end + 1)}
    best = [year for year, count in counts.items() if count == max(counts.values())]
    return best[0], best[-1]
