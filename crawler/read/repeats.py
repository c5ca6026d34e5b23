"""The same announcement twice on one page: an entry that says nothing beyond another one of its province and year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from language.width import aligned
from schema.announcements import Announcement, Quarantine, QuarantineReason

_PUNCTUATION = re.compile(r"\W+")


def without_repeats(found: Iterable[Announcement]) -> tuple[Announcement, ...]:
    """The announcements in order; of two that say the same the later is held back, of part and whole the part."""
    kept = tuple(found)
    says = [_said(one) for one in kept]
    return tuple(_judged(kept, says, number) for number in range(len(kept)))


def _judged(kept: tuple[Announcement, ...], says: list[frozenset[str]], number: int) -> Announcement:
    one, own = kept[number], says[number]
    if one.quarantine or not own:
        return one
    for other, told in enumerate(says):
        original = kept[other]
        same_plan = (original.province, original.plan_year) == (one.province, one.plan_year)
        if (
            other != number
            and same_plan
            and not original.quarantine
            and (own < told or (own == told and other < number))
        ):
            evidence = (original.body.strip().split("\n", 1)[0][:80],)
            detail = "said by another entry of this page"
            return replace(one, quarantine=Quarantine(QuarantineReason.DUPLICATE_OF, evidence, detail=detail))
    return one


def _said(one: Announcement) -> frozenset[str]:
    return frozenset(_PUNCTUATION.sub("", aligned(commitment.text)) for commitment in one.commitments)
