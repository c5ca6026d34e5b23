"""What is to be seen at the clause an item opens with: its heading (一是深化治本攻坚，…), or its first task."""

from __future__ import annotations

from typing import NamedTuple

from crawler.read.clauses import is_field, present, side_by_side
from crawler.read.habits import Seen
from crawler.read.headings import OWN_OBJECT, is_catchword, is_couplet, is_general
from crawler.read.joins import Joint, joint, shares_object

_MANY = 8


class Opening(NamedTuple):
    """The clauses of an item's first sentence, up to its first ；, and how the item goes on."""

    clauses: tuple[str, ...]
    semicolons: bool
    """Its first sentence has ； inside."""
    sentences: int
    marked: str
    """The kind of its enumerator, "" for none."""
    under: bool
    """It hangs under another item."""


def features(opening: Opening) -> Seen:
    """By name; absent is 0."""
    lead, after = opening.clauses[0], opening.clauses[1]
    how = [joint(one, other) for one, other in zip(opening.clauses, opening.clauses[1:], strict=False)]
    apart = sum(one is Joint.APART for one in how[1:])
    seen = side_by_side(lead, after)
    seen |= {
        f"marker={opening.marked}": True,
        "under": opening.under,
        "general": is_general(lead),
        "catchword": is_catchword(lead),
        "couplet": is_couplet(lead, after),
        "own object": bool(OWN_OBJECT.search(lead)),
        "field": is_field(lead),
        "field after": is_field(after),
        "shares later": any(shares_object(lead, one) for one in opening.clauses[2:]),
        "quoted": "“" in lead,
        "short": len(lead) <= _MANY,
        "clauses": min(len(opening.clauses), _MANY) / 4,
        "two clauses": len(opening.clauses) == 2,
        "three clauses": len(opening.clauses) == 3,
        "apart": min(apart, _MANY) / 4,
        "none apart": apart == 0,
        "semicolons": opening.semicolons,
        "sentences": min(opening.sentences, _MANY) / 4,
        "alone": opening.sentences == 1,
        f"begins={lead[:1]}": True,
        f"ends={lead[-2:]}": True,
        f"begins after={after[:1]}": True,
    }
    return present(seen)


def in_one_list(seen: Seen) -> str:
    """The list an item is in, where its opening names a field of work: a writer heads all items of a list, or none."""
    general = (seen.get("general") or seen.get("field")) and not seen.get("counted")
    return next((name for name in seen if name.startswith("marker=") and name != "marker="), "") if general else ""
