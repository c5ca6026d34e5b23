"""One pair of bodies in, one object out (contracts: diff --batch); stores nothing."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from crawler.read.announcements import read_body
from differ.as_json import diff_to_json
from differ.compare import compare
from differ.lexicon import Lexicon, load_lexicon
from differ.matching.scorer import NgramScorer, Scorer
from differ.matching.semantic import SemanticScorer
from schema.announcements import Announcement, QuarantineReason
from schema.changes import Side, Unit
from schema.errors import UnknownProvince
from schema.provinces import find_province

REQUIRED = ("old_text", "new_text")
LONGEST = 300_000
"""Code points of one side beyond which a text is no announcement."""


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon, loaded once."""
    return load_lexicon()


def make_scorer(*, semantic: bool) -> Scorer:
    """The scorer asked for: n-grams, or n-grams with sentence vectors."""
    return SemanticScorer() if semantic else NgramScorer()


def diff_line(line: str, scorer: Scorer | None = None) -> dict[str, Any]:
    """Answer one line of a batch; what is wrong with it stands under "error"."""
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        return {"pair_id": None, "outcome": "unreadable", "error": f"not JSON: {error}", **_nothing()}
    if not isinstance(given, dict):
        return {"pair_id": None, "outcome": "unreadable", "error": "not a JSON object", **_nothing()}
    problem = _problem(given)
    if problem:
        return {"pair_id": given.get("pair_id"), "outcome": "unreadable", "error": problem, **_nothing()}
    return diff_object(given, scorer)


def diff_object(given: dict[str, Any], scorer: Scorer | None = None) -> dict[str, Any]:
    """Compare the two bodies of a checked object."""
    old = _side(given, "old")
    new = _side(given, "new")
    found = compare(old, new, lexicon(), scorer)
    return diff_to_json(found, pair_id=given.get("pair_id"))


def _nothing() -> dict[str, list[Any]]:
    return {"old_units": [], "new_units": [], "changes": []}


def _problem(given: dict[str, Any]) -> str | None:
    for key in REQUIRED:
        if not isinstance(given.get(key), str):
            return f"{key}: missing, or not a text"
        if len(given[key]) > LONGEST:
            return f"{key}: {len(given[key])} characters, more than {LONGEST}"
    for key in ("year_old", "year_new"):
        if not isinstance(given.get(key, 0), int):
            return f"{key}: not a whole number"
    for side in ("old", "new"):
        for unit in given.get(f"{side}_units") or ():
            try:
                start, end, text = unit["start"], unit["end"], unit["text"]
            except (KeyError, TypeError):
                return f"{side}_units: a unit lacks id, text, start or end"
            if given[f"{side}_text"][start:end] != text:
                return f"{side}_units: {unit.get('id')}: text is not {side}_text[{start}:{end}]"
    return None


def _side(given: dict[str, Any], side: str) -> Side:
    text, year = given[f"{side}_text"], given.get(f"year_{side}", 0)
    province = _slug(str(given.get("province", "")))
    announcement = read_body(text, province, year or None)
    units = given.get(f"{side}_units")
    found = _given_units(units) if units is not None else _own_units(announcement, side[0])
    held_back = announcement.quarantine
    stale = held_back.period if held_back and held_back.reason is QuarantineReason.STALE_TEXT else None
    unreadable = None if text.strip() else "空文本 empty text"
    return Side(province or str(given.get("province", "")), year, text, found, stale, unreadable)


def _slug(name: str) -> str | None:
    try:
        return find_province(name).slug
    except UnknownProvince:
        return None


def _given_units(units: list[dict[str, Any]]) -> tuple[Unit, ...]:
    numbers: dict[str, int] = {}
    return tuple(
        Unit(
            str(unit["id"]),
            unit["text"],
            unit["start"],
            unit["end"],
            str(unit.get("directive") or ""),
            int(unit.get("directive_no") or numbers.setdefault(str(unit.get("directive") or ""), len(numbers) + 1)),
        )
        for unit in units
    )


def _own_units(announcement: Announcement, letter: str) -> tuple[Unit, ...]:
    pairs = ((d, c) for d in announcement.directives for c in d.commitments)
    return tuple(
        Unit(f"{letter}{number}", c.text, c.start, c.end, d.heading, d.no)
        for number, (d, c) in enumerate(pairs, start=1)
    )
