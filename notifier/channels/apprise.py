"""Apprise, for the long tail of services (the extra ``chengnuo[apprise]``); the service's own code is not seen.

Apprise says only yes or no, reports success for refusals that come with HTTP 200, and connects where its address leads;
so the address must be the name of a secret that an operator set, and the platforms above have channels of their own.
"""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from notifier.channel import ChannelOptions, secret_named
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed

MISSING = "apprise is not installed: pip install 'chengnuo[apprise]'"


class Apprise:
    """Sends subject and text to the one service an Apprise address names."""

    idempotent = False

    def __init__(self, options: ChannelOptions) -> None:
        self._options = options

    def send(self, delivery: Delivery) -> Receipt:
        """A "no" is tried again; an address Apprise cannot read, or no Apprise, is for good."""
        if "://" in delivery.address:
            raise SendFailed("an Apprise address must be the name of a secret", permanent=True)
        sender = _library().Apprise()
        if not sender.add(secret_named(delivery.address, self._options)):
            raise SendFailed(f"the secret {delivery.address} is no Apprise address", permanent=True)
        again = "〔重发〕" if delivery.repeated else ""
        if not sender.notify(title=again + delivery.alert.subject, body=delivery.alert.text):
            raise SendFailed("Apprise says that it was not accepted", unreachable="address")
        return Receipt("apprise", self._options.clock(), "accepted")


def _library() -> Any:
    """The library, silenced: at debug level it logs tokens."""
    try:
        found = import_module("apprise")
    except ImportError as error:
        raise SendFailed(MISSING, permanent=True) from error
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    return found


def make(options: ChannelOptions) -> Apprise:
    """The channel."""
    return Apprise(options)
