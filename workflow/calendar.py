"""The calendar: when each source is due. A reviewed file, read again at every tick; moments follow from names."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from schema.errors import ConfigurationError, UnreadableInput

SHIPPED = Path(__file__).with_name("calendar.toml")
MINUTES = tuple(minute for minute in range(60) if minute not in (0, 30))
"""Everybody's jobs start at :00 and :30; ours do not."""
LONGEST = timedelta(days=60)
HOUR = timedelta(hours=1)
_EPOCH = datetime(2018, 1, 1)  # noqa: DTZ001 - wall time of the calendar's own zone
_KEYS = ("time_zone", "every", "season", "source")


@dataclass(frozen=True, slots=True)
class Season:
    """Days of the year, both included, "MM-DD"; may run over New Year."""

    first: str
    last: str
    every: timedelta | None

    def holds(self, moment: datetime) -> bool:
        """Whether a local moment lies in it."""
        day = f"{moment:%m-%d}"
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """How often each source is visited; ``None`` means never. The last season that holds a day counts."""

    zone: ZoneInfo
    every: timedelta | None
    seasons: tuple[Season, ...] = ()
    sources: Mapping[str, timedelta | None] | None = None

    def interval(self, slug: str, local: datetime) -> timedelta | None:
        """How often a source is visited at a local moment."""
        own = self.sources or {}
        if slug in own:
            return own[slug]
        return next((season.every for season in reversed(self.seasons) if season.holds(local)), self.every)

    def latest(self, slug: str, now: datetime) -> datetime | None:
        """The last moment (aware, UTC) at which the source was due, not after ``now``; None: never."""
        best: datetime | None = None
        for every in self._intervals(slug, now):
            for moment in self._moments(slug, every, now, range(1, -_steps(every), -1)):
                if best is not None and moment <= best:
                    break
                if moment <= now and self.interval(slug, self._local(moment)) == every:
                    best = moment
                    break
        return best

    def following(self, slug: str, now: datetime) -> datetime | None:
        """The next moment (aware, UTC) at which the source is due; None: never."""
        best: datetime | None = None
        for every in self._intervals(slug, now):
            for moment in self._moments(slug, every, now, range(-1, _steps(every))):
                if best is not None and moment >= best:
                    break
                if moment > now and self.interval(slug, self._local(moment)) == every:
                    best = moment
                    break
        return best

    def _intervals(self, slug: str, now: datetime) -> list[timedelta]:
        """Every interval this source may be visited at, today's first: the others are then soon done with."""
        if slug in (self.sources or {}):
            every = (self.sources or {})[slug]
            return [every] if every else []
        today = self.interval(slug, self._local(now))
        used = dict.fromkeys((today, self.every, *(season.every for season in self.seasons)))
        return [every for every in used if every]

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def _moments(self, slug: str, every: timedelta, now: datetime, steps: range) -> Iterator[datetime]:
        """A source's moments counted from the interval that holds ``now``."""
        number = (self._local(now) - _EPOCH) // every
        for step in steps:
            yield _moment(slug, number + step, every).replace(tzinfo=self.zone).astimezone(UTC)


def _steps(every: timedelta) -> int:
    return timedelta(days=366) // every + 1


def _moment(slug: str, number: int, every: timedelta) -> datetime:
    """When the source is due in the interval with this number: its hour is its own, its minute wanders."""
    hours = max(every // HOUR, 1)
    hour = _hash(slug) % hours
    minute = MINUTES[_hash(f"{slug} {number}") % len(MINUTES)]
    second = _hash(f"{number} {slug}") % 60
    return _EPOCH + number * every + timedelta(hours=hour, minutes=minute, seconds=second)


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6])


def load_calendar(path: Path | None = None) -> Calendar:
    """The calendar of a file, the shipped one by default. Raises ConfigurationError with file, key and way out."""
    path = path or SHIPPED
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(path, "TOML", str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(path, f"cannot be read as UTF-8 text: {error}") from error
    for key in given:
        if key not in _KEYS:
            raise ConfigurationError(path, key, f"unknown key; known keys are {', '.join(_KEYS)}")
    try:
        zone = ZoneInfo(str(given.get("time_zone", "Asia/Shanghai")))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationError(path, "time_zone", f"{given['time_zone']!r} is no time zone") from error
    seasons = tuple(_season(path, n, one) for n, one in enumerate(_tables(path, given, "season"), start=1))
    own = given.get("source", {})
    if not isinstance(own, dict):
        raise ConfigurationError(path, "source", 'must be tables: [source.hubei] with every = "1h"')
    sources = {slug: _every(path, f"source.{slug}.every", one) for slug, one in own.items()}
    return Calendar(zone, _every(path, "every", given), seasons, sources)


def _tables(path: Path, given: dict[str, Any], key: str) -> list[Any]:
    found = given.get(key, [])
    if not isinstance(found, list):
        raise ConfigurationError(path, key, f"must be a list of tables: [[{key}]]")
    return found


def _season(path: Path, number: int, given: Any) -> Season:
    where = f"season {number}"
    if not isinstance(given, dict) or set(given) != {"from", "to", "every"}:
        raise ConfigurationError(path, where, "needs exactly from, to and every")
    for key in ("from", "to"):
        try:
            datetime.strptime(f"2024-{given[key]}", "%Y-%m-%d")  # noqa: DTZ007 - a day of the year
        except ValueError as error:
            raise ConfigurationError(path, f"{where} {key}", f'{given[key]!r} is no day such as "12-01"') from error
    return Season(given["from"], given["to"], _every(path, f"{where} every", given))


def _every(path: Path, key: str, given: Any) -> timedelta | None:
    value = given.get("every") if isinstance(given, dict) else None
    text = str(value)
    if text == "never":
        return None
    number, unit = text[:-1], text[-1:]
    if number.isdecimal() and unit in ("h", "d"):
        every = timedelta(hours=int(number)) if unit == "h" else timedelta(days=int(number))
        if HOUR <= every <= LONGEST:
            return every
    raise ConfigurationError(path, key, f'{value!r} is not "1h" to "{LONGEST.days}d", or "never"')
