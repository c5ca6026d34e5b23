"""What a channel is, and where channels are found: one file each in notifier/channels/."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from notifier import channels
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed


def utc_now() -> datetime:
    """This moment, aware."""
    return datetime.now(UTC)


class Turns(Protocol):
    """When a robot may speak; all processes ask the same book (``notifier.tokens.Tokens``)."""

    def take(self, robot: str, key: str, per_minute: int) -> float:
        """0: send now; otherwise seconds until the turn promised to this delivery."""

    def pause(self, robot: str, seconds: float) -> None:
        """The platform asked for silence."""


@dataclass(frozen=True, slots=True)
class ChannelOptions:
    """What channels may need. ``secret(name)`` gives a secret's value, empty when it is not set."""

    mailbox: Path
    smtp_url: str = ""
    mail_from: str = "chengnuo@localhost"
    base_url: str = ""
    secret: Callable[[str], str] = lambda _name: ""
    allow_networks: tuple[str, ...] = ()
    """Intranet ranges a webhook may reach, e.g. 10.20.0.0/16."""
    clock: Callable[[], datetime] = utc_now
    robots: Turns | None = None
    """Group robots do not speak without it: nobody would count their messages."""
    unsubscribe: Callable[[str], str] = lambda _name: ""
    """The signed address at which a subscription's name unsubscribes by one POST; empty: mails carry none."""


class Channel(Protocol):
    """Sends one delivery."""

    @property
    def idempotent(self) -> bool:
        """Whether the recipient counts a repeat with the same key once: then several are claimed and proven at once."""

    def send(self, delivery: Delivery) -> Receipt:
        """Proof that the delivery left; SendFailed says whether another attempt makes sense."""


def address_of(delivery: Delivery, options: ChannelOptions) -> str:
    """The web address a delivery goes to: as given, or the value of the secret it names."""
    if "://" in delivery.address:
        return delivery.address
    return secret_named(delivery.address, options)


def secret_named(name: str, options: ChannelOptions) -> str:
    """A secret's value; SendFailed, for good, when it is not set (``deliver --replay`` sends again once it is)."""
    value = options.secret(name)
    if not value:
        raise SendFailed(f"the secret {name} is not set", permanent=True)
    return value


def channel_names() -> tuple[str, ...]:
    """The channels there are, by file name."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(channels.__path__)))


def byte_limit(name: str) -> int | None:
    """How many bytes of text one message of a channel holds; None: as many as there are."""
    limit: int | None = None
    if name in channel_names():
        limit = getattr(importlib.import_module(f"{channels.__name__}.{name}"), "LIMIT", None)
    return limit


def load_channels(options: ChannelOptions) -> Mapping[str, Channel]:
    """Every channel, made ready. A file that cannot be imported stops the start."""
    made = {}
    for name in channel_names():
        module = importlib.import_module(f"{channels.__name__}.{name}")
        made[name] = module.make(options)
    return made
