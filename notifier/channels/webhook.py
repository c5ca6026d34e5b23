"""A webhook by the Standard Webhooks specification: signed JSON, the same id over all attempts."""

from __future__ import annotations

from standardwebhooks import Webhook as Signer

from notifier.channel import ChannelOptions
from notifier.http import http_failure, post
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed

_GOOD = range(200, 300)


class Webhook:
    """Posts ``alert.data``; delivered means 2xx, a redirect is never followed."""

    def __init__(self, options: ChannelOptions) -> None:
        self._options = options

    def send(self, delivery: Delivery) -> Receipt:
        """4xx other than 408, 425, 429 is given up at once; Retry-After is honoured."""
        body = delivery.alert.data
        answer = post(delivery.address, body.encode(), self._headers(delivery, body), self._options.allow_networks)
        if answer.status in _GOOD:
            return Receipt("webhook", self._options.clock(), f"HTTP {answer.status}", answer.text[:200])
        raise http_failure(answer, self._options.clock())

    def _headers(self, delivery: Delivery, body: str) -> dict[str, str]:
        now = self._options.clock()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "webhook-id": delivery.idempotency_key,
            "webhook-timestamp": str(int(now.timestamp())),
        }
        secret = self._options.secret(delivery.secret) if delivery.secret else ""
        if delivery.secret and not secret:
            raise SendFailed(f"the secret {delivery.secret} is not set", permanent=True)
        if secret:
            headers["webhook-signature"] = Signer(secret).sign(delivery.idempotency_key, now, body)
        return headers


def make(options: ChannelOptions) -> Webhook:
    """The channel."""
    return Webhook(options)
