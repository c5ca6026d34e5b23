"""Channels whose every attempt is logged, with the trail of the page the alert tells of."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from notifier.channel import Channel
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed
from workflow.logs import TRAIL, event, trail

_PAGE = re.compile(r"/page/([0-9a-f]{12,64})")


class Told:
    """One channel, and a line in the log for what became of each delivery. Never the address: it may be a secret."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.idempotent = channel.idempotent

    def send(self, delivery: Delivery) -> Receipt:
        """As the channel does."""
        facts = {"delivery": delivery.id, "subscription": delivery.alert.subscription, "channel": delivery.channel}
        facts |= {"kind": delivery.alert.kind.value, "attempt": delivery.attempt, **_trails(delivery)}
        began = time.monotonic()
        try:
            receipt = self._channel.send(delivery)
        except SendFailed as error:
            took = round(time.monotonic() - began, 3)
            event("not_delivered", **facts, permanent=error.permanent, reason=str(error), seconds=took)
            raise
        event("delivered", **facts, seconds=round(time.monotonic() - began, 3))
        return receipt


def _trails(delivery: Delivery) -> dict[str, Any]:
    """The trail of the page the alert tells of; where it leans on more, as a digest does, all of them as well."""
    linked = _PAGE.findall(delivery.alert.text) or _PAGE.findall(delivery.alert.data)
    pages = list(dict.fromkeys(page[:TRAIL] for page in linked))
    return {**trail(pages[0] if pages else ""), **({"trails": pages} if len(pages) > 1 else {})}


def told(channels: Mapping[str, Channel]) -> dict[str, Channel]:
    """All of them."""
    return {name: Told(channel) for name, channel in channels.items()}
