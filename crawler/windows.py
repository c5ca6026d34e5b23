"""When a source is left alone: nights and maintenance hours, as its file names them, in China's time."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WINDOW = re.compile(
    r"(?:(mon|tue|wed|thu|fri|sat|sun) )?([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)"
)


def is_window(text: str) -> bool:
    """Whether a text names a window: "23:00-06:00" every day, "sun 02:00-05:00" on one day."""
    return _WINDOW.fullmatch(text) is not None


def quiet_now(windows: tuple[str, ...], moment: datetime) -> str | None:
    """The window that holds at an aware moment, or None. A window past midnight belongs to the day it begins on."""
    local = moment.astimezone(CHINA)
    return next((window for window in windows if _holds(window, local)), None)


def _holds(window: str, local: datetime) -> bool:
    found = _WINDOW.fullmatch(window)
    if found is None:
        raise ValueError(window)
    day, begin_hour, begin_minute, end_hour, end_minute = found.groups()
    begins = time(int(begin_hour), int(begin_minute))
    ends = time(int(end_hour), int(end_minute)) if end_hour else time.max
    if begins <= ends:
        return _is_day(day, local) and begins <= local.time() < ends
    late = local.time() >= begins and _is_day(day, local)
    early = local.time() < ends and _is_day(day, local - timedelta(days=1))
    return late or early


def _is_day(day: str | None, local: datetime) -> bool:
    return day is None or _DAYS[local.weekday()] == day
