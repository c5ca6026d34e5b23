"""The subscriptions in force: the reviewed file or its last good copy, and over it those made on the pages."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from notifier.overlay import Entry, Overlay
from notifier.subscriptions import default_subscriptions, load_subscriptions
from schema.alerts import Subscription
from schema.errors import UsageError
from store.subscriptions import SubscriptionBook
from workflow.settings import Settings

LAST_GOOD = "subscriptions.last-good.toml"


@dataclass(frozen=True, slots=True)
class InForce:
    """Who is told what. ``problem`` is one line when the file is broken and its last good copy stands in for it."""

    overlay: Overlay
    problem: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """With where each one was made."""
        return self.overlay.entries()

    @property
    def subscriptions(self) -> tuple[Subscription, ...]:
        """All of them, switched-off ones included."""
        return tuple(entry.subscription for entry in self.entries)


def in_force(settings: Settings, book: SubscriptionBook) -> InForce:
    """Read what is in force now. Raises ConfigurationError for a broken file that never was good."""
    file = settings.subscriptions
    if file is None:
        return InForce(Overlay(book, default_subscriptions(settings.mailbox)))
    copy = settings.data / LAST_GOOD
    try:
        found = load_subscriptions(file)
    except UsageError as error:
        if not copy.exists():
            raise
        line = f"{error}; 沿用上一份 the last good one stays in force: {copy}"
        return InForce(Overlay(book, load_subscriptions(copy)), line)
    _remember(file, copy)
    return InForce(Overlay(book, found))


def _remember(file: Path, copy: Path) -> None:
    """Keep a copy of a good file; whole or not at all."""
    text = file.read_bytes()
    if copy.exists() and copy.read_bytes() == text:
        return
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(text)
    part.replace(copy)
