"""The numbers a commitment binds itself to, as targets of the announcement."""

from __future__ import annotations

import re

from language.deadlines import deadlines
from language.quantities import Quantity, quantities
from language.width import aligned
from schema.announcements import Target

_STOP = re.compile(r"[，；。：“”\n]")
_LEADING = re.compile(r"^(?:每个?|各|对|为|将|把|要|完成|建成|新增|新建|组建|配备|储备|布设|达到)+")
_LONGEST = 16


def targets_in(text: str, offset: int) -> tuple[Target, ...]:
    """Targets of one commitment; ``offset`` is where its text stands in the body.

    ``value`` counts in the printed ``unit``; a frequency counts times a year.
    """
    by = deadlines(text)
    return tuple(
        _target(text, offset, one, by[0].quote if by else None) for one in quantities(text) if one.binds and one.counted
    )


def _target(text: str, offset: int, one: Quantity, deadline: str | None) -> Target:
    return Target(
        quote=one.quote,
        comparator=one.comparator,
        value=one.printed or one.value,
        unit=one.unit,
        object=_object(text, one),
        deadline=deadline,
        start=offset + one.start,
        end=offset + one.end,
    )


def _object(text: str, one: Quantity) -> str:
    """What is counted: the words before the number in its clause, else the words after it."""
    even = aligned(text)
    before = _STOP.split(even[: one.start])[-1]
    after = _STOP.split(even[one.end :])[0]
    named = _LEADING.sub("", before)[-_LONGEST:]
    return named or after[:_LONGEST]
