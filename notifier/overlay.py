"""Subscriptions made on the pages, laid over those of the reviewed file, which can only be switched off here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from notifier.subscriptions import read_table
from schema.alerts import Subscription
from schema.errors import ConfigurationError, UsageError
from store.subscriptions import SubscriptionBook

PAGE = "网页 page"
"""What a mistake in a form is said to stand in."""
_SWITCH = "enabled"


@dataclass(frozen=True, slots=True)
class Entry:
    """One subscription in force. ``own``: made on the pages, so it can be edited there."""

    subscription: Subscription
    own: bool


class Overlay:
    """Creates, updates and switches subscriptions; ``of_file`` are the reviewed ones."""

    def __init__(self, book: SubscriptionBook, of_file: Sequence[Subscription]) -> None:
        self._book, self._file = book, {one.name: one for one in of_file}

    def entries(self) -> tuple[Entry, ...]:
        """The file's first, then the pages' own. One that today's checks refuse is left out; ``problems`` names it."""
        kept = self._book.all()
        of_file = [
            Entry(replace(one, enabled=one.enabled and kept.get(name, {}).get(_SWITCH, True)), own=False)
            for name, one in self._file.items()
        ]
        own = [Entry(one, own=True) for name, table in kept.items() if (one := self._own(name, table)) is not None]
        return (*of_file, *own)

    def problems(self) -> tuple[str, ...]:
        """One line for every kept subscription that cannot be read any more."""
        found = []
        for name, table in self._book.all().items():
            if name not in self._file:
                try:
                    read_table(PAGE, {"name": name, **table})
                except ConfigurationError as error:
                    found.append(f"{name}: {error}")
        return tuple(found)

    def create(self, table: Mapping[str, Any], by: str) -> Subscription:
        """Keep a new one. Raises ConfigurationError with key and allowed values, or for a name that is taken."""
        made = read_table(PAGE, table)
        if made.name in self._file or made.name in self._book.all():
            raise ConfigurationError(PAGE, "name", f"{made.name!r} is taken; every subscription needs its own name")
        self._book.put(made.name, _without_name(table), action="create", by=by)
        return made

    def update(self, name: str, table: Mapping[str, Any], by: str) -> Subscription:
        """Keep other settings for one of the pages' own. UsageError for one of the file, or none at all."""
        self._editable(name)
        made = read_table(PAGE, {**table, "name": name})
        self._book.put(name, _without_name(table), action="update", by=by)
        return made

    def switch(self, name: str, by: str, *, on: bool) -> None:
        """Switch one off, or on again; for one of the file this is all that can be done here."""
        kept = self._book.all()
        if name not in self._file and name not in kept:
            raise UsageError(f"{name}: 没有这个订阅 no such subscription")
        if name in self._file and on:
            self._book.remove(name, by=by)
            return
        self._book.put(name, {**kept.get(name, {}), _SWITCH: on}, action="enable" if on else "disable", by=by)

    def _editable(self, name: str) -> None:
        if name in self._file:
            raise UsageError(f"{name}: 写在订阅文件里，请改文件 stands in the reviewed file; edit it there")
        if name not in self._book.all():
            raise UsageError(f"{name}: 没有这个订阅 no such subscription")

    def _own(self, name: str, table: Mapping[str, Any]) -> Subscription | None:
        if name in self._file:
            return None
        try:
            return read_table(PAGE, {"name": name, **table})
        except ConfigurationError:
            return None


def table_of(subscription: Subscription) -> dict[str, Any]:
    """A subscription as plain settings, without what stands at its default."""
    plain = Subscription(subscription.name, subscription.channel, subscription.address)
    return {
        field.name: _plain(getattr(subscription, field.name))
        for field in fields(Subscription)
        if field.name in ("channel", "address") or getattr(subscription, field.name) != getattr(plain, field.name)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name)}
    return value


def _without_name(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != "name"}
