"""Who is told what: a reviewed TOML file, refused with file, line, key and the allowed values."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from notifier.channel import channel_names
from schema.alerts import Subscription, Urgency, UrgentRule
from schema.changes import Confidence, Dimension, Kind
from schema.errors import ConfigurationError, UnknownProvince, UnreadableInput
from schema.provinces import Region, find_province

_KEYS = tuple(field.name for field in fields(Subscription))
_RULE_KEYS = tuple(field.name for field in fields(UrgentRule))
_NAME = re.compile(r"[\w \-.·（）()]{1,80}")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_SWITCHES = frozenset({"incidents", "after_review", "working_days_only", "enabled"})
_TEXTS = frozenset({"name", "channel", "address", "language", "secret", "time_zone"})
_HOURS = range(24)


def default_subscriptions(mailbox: Path) -> tuple[Subscription, ...]:
    """What is in force without a file: everything, into the file mailbox."""
    return (Subscription("mailbox", "mailbox", str(mailbox), incidents=True),)


def load_subscriptions(file: Path) -> tuple[Subscription, ...]:
    """The ``[[subscription]]`` tables of a file. Raises ConfigurationError, UnreadableInput; never half a list."""
    try:
        text = file.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(file, "TOML", str(error)) from error
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(file, f"cannot be read as UTF-8 text: {error}") from error
    given = tables.get("subscription", [])
    is_list = isinstance(given, list) and all(isinstance(table, dict) for table in given)
    if set(tables) - {"subscription"} or not is_list:
        raise ConfigurationError(file, ", ".join(tables), "only [[subscription]] tables are known")
    found = [_Table(file, text, number, table).read() for number, table in enumerate(given)]
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            raise ConfigurationError(file, "name", f"{name!r} stands twice; every subscription needs its own name")
    return tuple(found)


def read_table(where: str, table: Mapping[str, Any]) -> Subscription:
    """One subscription from settings that stand in no file; ``where`` is named in place of one.

    Raises ConfigurationError with the key and the allowed values, as for a file.
    """
    return _Table(Path(where), "", 0, table).read()


class _Table:
    """One table of the file, with a way to say on which line a key stands."""

    def __init__(self, file: Path, text: str, number: int, table: Mapping[str, Any]) -> None:
        self.file, self.text, self.number, self.table = file, text, number, table

    def read(self) -> Subscription:
        for key in self.table:
            if key not in _KEYS:
                raise self._wrong(key, f"unknown key; known keys are {', '.join(_KEYS)}")
        for key in ("name", "channel", "address"):
            if key not in self.table:
                raise self._wrong(key, "missing; every subscription needs name, channel and address")
        for one, other in (("quiet_from", "quiet_to"), ("quiet_to", "quiet_from")):
            if one in self.table and other not in self.table:
                raise self._wrong(one, f"needs {other}, too")
        made = Subscription(**{key: self._value(key, value) for key, value in self.table.items()})
        if made.urgent and made.urgency is Urgency.INSTANT:
            raise self._wrong("urgent", "is for a daily or weekly subscription; an instant one is told at once anyway")
        return made

    def _value(self, key: str, value: Any) -> Any:
        readers: dict[str, Callable[[str, Any], Any]] = {
            "provinces": self._provinces,
            "regions": lambda k, v: self._members(k, v, Region),
            "kinds": lambda k, v: self._members(k, v, Kind),
            "dimensions": lambda k, v: self._members(k, v, Dimension),
            "topics": self._texts,
            "minimum_confidence": lambda k, v: self._member(k, v, Confidence),
            "urgency": lambda k, v: self._member(k, v, Urgency),
            "quiet_from": self._time,
            "quiet_to": self._time,
            "hour": self._hour,
            "urgent": self._rules,
        }
        if key in readers:
            return readers[key](key, value)
        wanted = bool if key in _SWITCHES else str
        if not isinstance(value, wanted):
            raise self._wrong(
                key, f"must be {'true or false' if wanted is bool else 'a text in quotes'}, not {value!r}"
            )
        return self._checked_text(key, str(value)) if key in _TEXTS else value

    def _checked_text(self, key: str, value: str) -> str:
        if key == "name" and not _NAME.fullmatch(value):
            raise self._wrong(key, f"{value!r}: 1 to 80 letters, digits, spaces or -_.·（）, one line")
        if key == "channel" and value not in channel_names():
            raise self._wrong(key, f"{value!r} is none of {', '.join(channel_names())}")
        if key == "language" and value not in ("zh", "en"):
            raise self._wrong(key, f"{value!r} is none of zh, en")
        if key == "time_zone":
            try:
                ZoneInfo(value)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise self._wrong(key, f"{value!r} is no time zone such as Asia/Shanghai") from error
        return value

    def _texts(self, key: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(key, f'must be a list of texts such as ["…"], not {value!r}')
        return tuple(value)

    def _rules(self, key: str, value: Any) -> tuple[UrgentRule, ...]:
        if not isinstance(value, list) or not all(isinstance(rule, dict) for rule in value):
            raise self._wrong(key, 'must be a list of rules such as [{ kinds = ["dropped"] }]')
        return tuple(UrgentRule(**{name: self._of_rule(name, given) for name, given in rule.items()}) for rule in value)

    def _of_rule(self, name: str, given: Any) -> Any:
        if name not in _RULE_KEYS:
            raise self._wrong("urgent", f"unknown key {name!r}; known keys are {', '.join(_RULE_KEYS)}")
        try:
            return self._value(name, given)
        except ConfigurationError as error:
            raise self._wrong("urgent", f"{name}: {error.problem}") from error

    def _provinces(self, key: str, value: Any) -> tuple[str, ...]:
        try:
            return tuple(find_province(name).slug for name in self._texts(key, value))
        except UnknownProvince as error:
            raise self._wrong(key, str(error)) from error

    def _members(self, key: str, value: Any, kind: type[StrEnum]) -> tuple[StrEnum, ...]:
        return tuple(self._member(key, name, kind) for name in self._texts(key, value))

    def _member(self, key: str, value: Any, kind: type[StrEnum]) -> StrEnum:
        allowed = [member.value for member in kind]
        if value not in allowed:
            raise self._wrong(key, f"{value!r} is none of {', '.join(allowed)}")
        return kind(value)

    def _time(self, key: str, value: Any) -> str:
        if not isinstance(value, str) or not _CLOCK.fullmatch(value):
            raise self._wrong(key, f'{value!r} is no time such as "22:00"')
        return value

    def _hour(self, key: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value not in _HOURS:
            raise self._wrong(key, f"{value!r} is no hour from 0 to 23")
        return value

    def _wrong(self, key: str, problem: str) -> ConfigurationError:
        where = f"{self.file}:{self._line(key)}" if self.text else str(self.file)
        return ConfigurationError(where, key, problem)

    def _line(self, key: str) -> int:
        """The key's line inside this table, or the table's own."""
        starts = [
            m.start() for m in re.finditer(r"^[ \t]*\[\[\s*[\"']?subscription[\"']?\s*\]\]", self.text, re.MULTILINE)
        ]
        if self.number >= len(starts):  # an inline array; the table cannot be found by its header
            return 1
        begin = starts[self.number]
        end = starts[self.number + 1] if self.number + 1 < len(starts) else len(self.text)
        found = re.search(rf"^[ \t]*{re.escape(key)}\s*=", self.text[begin:end], re.MULTILINE)
        at = begin + (found.end() if found else 0)
        return self.text.count("\n", 0, at) + 1
