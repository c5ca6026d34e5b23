"""What is to be seen at a comma that may part two commitments (codebook U2): clauses around it, and its place."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from crawler.read.clauses import Sight, is_counted, is_field, present, side_by_side
from crawler.read.fields import fields
from crawler.read.habits import Seen
from crawler.read.joins import joint, shares_object

LONGEST = 60
"""Characters of a clause that are looked at."""
_TIMED = re.compile("^[^，]{0,12}?(?:前|年内|期间|期|时|后|底|每[年月季半周日][度年]?)")
_TURNED = "对为在把将向以由从"
_SHORT, _SHORT_LEAD, _FAR = 7, 9, 6


class Place(NamedTuple):
    """Where a segment stands: whether commas are the only marks inside its item (U6), whether a ； ends it."""

    only: bool
    semicolon: bool


class Comma(NamedTuple):
    """One comma: the clauses of its segment, and which of them follows it."""

    clauses: tuple[str, ...]
    number: int
    place: Place


def features(comma: Comma) -> Seen:
    """What is to be seen at a comma, by name; absent is 0. The clauses around it, and where they stand."""
    place, count = comma.number, len(comma.clauses)
    said, words = comma.clauses[place - 1][-LONGEST:], comma.clauses[place][:LONGEST]
    general, general_after = is_field(said), is_field(words)
    seen = side_by_side(said, words)
    counted, counted_after, verb, verb_after = (
        seen[name] for name in ("counted", "counted after", "verb", "verb after")
    )
    seen |= {
        f"before={joint('', said).value}": True,
        "counted both": counted and counted_after,
        "counted only after": counted_after and not counted,
        "verb both": verb and verb_after,
        "verb only before": verb and not verb_after,
        "verb only after": verb_after and not verb,
        "general": general,
        "general after": general_after,
        "general both": general and general_after,
        "general only before": general and not general_after,
        "general only after": general_after and not general,
        "length after": len(words) / 10,
        "short": len(said) <= _SHORT_LEAD,
        "short after": len(words) <= _SHORT,
        "first": place == 1,
        "place": min(place - 1, _FAR) / 3,
        "two clauses": count == 2,
        "clauses": math.log(count),
        "semicolon": comma.place.semicolon,
        "only commas": comma.place.only,
        "timed after": bool(_TIMED.match(words)),
        "list after": "、" in words,
        "turned": said[:1] in _TURNED,
        "turned after": words[:1] in _TURNED,
        f"opens={said[:1]}": True,
        f"opens={said[:2]}": True,
        f"begins={words[:1]}": True,
        f"begins={words[:2]}": True,
        f"ends={said[-1:]}": True,
        f"ends after={words[-1:]}": True,
        **_of_fields("", said, words),
        f"ends={said[-2:]}": True,
        f"ends after={words[-2:]}": True,
    }
    if place > 1:
        seen |= _around("earlier", comma.clauses[place - 2][-LONGEST:], said)
    if place + 1 < count:
        seen |= _around("later", words, comma.clauses[place + 1][:LONGEST])
    return present(seen)


def _of_fields(where: str, said: str, words: str) -> Sight:
    """Whether two clauses speak of one field of work, of two, or one of them of none."""
    one, other = fields(said), fields(words)
    return {
        f"{where}same field": bool(one & other),
        f"{where}all of the same field": bool(one & other) and not (other - one),
        f"{where}other field": bool(one and other and not one & other),
        f"{where}field only before": bool(one and not other),
        f"{where}field only after": bool(other and not one),
    }


def _around(where: str, said: str, words: str) -> Sight:
    """The neighbouring pair of clauses, in brief."""
    other = said if where == "earlier" else words
    return {
        where: True,
        f"{where} joint={joint(said, words).value}": True,
        f"{where} shares": shares_object(said, words),
        f"{where} counted": is_counted(other),
        f"{where} general": is_field(said) and not is_field(words),
        **_of_fields(f"{where} ", said, words),
    }
