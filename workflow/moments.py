"""Moments people name: a day in China, or an exact time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from schema.errors import UsageError

CHINA = timezone(timedelta(hours=8))


def as_of(told: str | None) -> datetime | None:
    """The last moment of a day in China ("2026-02-28"), or an exact time with its zone; None for None.

    Raises UsageError for anything else.
    """
    if told is None:
        return None
    try:
        if len(told) == len("2026-02-28"):
            return datetime.combine(date.fromisoformat(told), time.max, CHINA)
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise UsageError(f"--as-of {told}: 形如 2026-02-28 或 2026-02-28T09:00+08:00 looks like these") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
