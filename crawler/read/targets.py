"""The numbers a commitment binds itself to, as targets of the announcement."""

from __future__ import annotations

import re

from language.deadlines import deadlines
from language.quantities import Quantity, quantities
from language.width import aligned
from schema.announcements import Target

_STOP = re.compile(r"[，；。：“”\n]")
_LEADING = re.compile(
    r"^(?:每个|各|对|为|将|把|要|[年月周]内|全年|完成|建成|建设|新增|新建|组建|组织|开展|举办|安排|实施|推广|配备|增配|配发|储备|布设|评选|"
    r"达到|确保|所(?=学校))+"
)
_LOOSE = re.compile(r"^(?:及?以[上下]|左右|多)?(?:、?不[少低高超][于过][^，。；的]*)?的?(?:一[个处座支]$)?")
"""What may stand between a number and the noun it counts: 一半以上的…, 1支不低于40人的…."""
_ACTIVITY = re.compile(r"^(?:每个?|逐|按|隔)?(?:[日周旬月季年天]|半年|学期|季度|[两三]年)度?(?:组织|开展|至少|不少于)*")
_TIMES = re.compile(r"(?:不[少低]于|至少|不超过)?(?:\d+|[一二两三四五六七八九十]+)\D$")
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
        object=_object(text, one, deadline),
        deadline=deadline,
        start=offset + one.start,
        end=offset + one.end,
    )


def _object(text: str, one: Quantity, deadline: str | None) -> str:
    """What is counted, at most 16 characters.

    A frequency counts the activity (每月组织一次防溺水巡查), a time limit measures what happens within it; a number
    before a noun counts the noun (配备2名网格员), any other what stands before it in its clause (避难场所不少于30处).
    """
    even = aligned(text)
    before = _STOP.split(even[: one.start])[-1]
    after = _LOOSE.sub("", _STOP.split(even[one.end :])[0])
    if deadline and before.startswith(deadline):
        before = before[len(deadline) :]
    before = _LEADING.sub("", before)
    if one.base == "a year":
        named = after or _TIMES.sub("", _ACTIVITY.sub("", one.quote)) or before
    elif one.base == "minute":
        named = f"{before}{after}"
    else:
        named = before if after[:1].isdigit() else after or before
    return named[-_LONGEST:] if named == before else named[:_LONGEST]
