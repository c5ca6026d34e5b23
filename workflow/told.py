"""Channels whose every attempt is logged, with the trail of the page the alert tells of."""

from __future__ import annotations

import re
from collections.abc import Mapping

from notifier.channel import Channel
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed
from workflow.logs import event, trail

_PAGE = re.compile(r"/page/([0-9a-f]{12,64})")


class Told:
    """One channel, and a line in the log for what became of each delivery. Never the address: it may be a secret."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.idempotent = channel.idempotent

    def send(self, delivery: Delivery) -> Receipt:
        """As the channel does."""
        page = _PAGE.search(delivery.alert.text) or _PAGE.search(delivery.alert.data)
        facts = {"delivery": delivery.id, "subscription": delivery.alert.subscription, "channel": delivery.channel}
        facts |= {"attempt": delivery.attempt, **trail(page[1] if page else "")}
        try:
            receipt = self._channel.send(delivery)
        except SendFailed as error:
            event("not_delivered", **facts, permanent=error.permanent, reason=str(error))
            raise
        event("delivered", **facts)
        return receipt


def told(channels: Mapping[str, Channel]) -> dict[str, Channel]:
    """All of them."""
    return {name: Told(channel) for name, channel in channels.items()}
