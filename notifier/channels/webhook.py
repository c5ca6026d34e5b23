"""A webhook by the Standard Webhooks specification: signed JSON, the same id over all attempts."""

from __future__ import annotations

from datetime import datetime

from standardwebhooks import Webhook as Signer
from standardwebhooks.webhooks import EmptyWebhookSecretError

from notifier.channel import ChannelOptions, address_of, secret_named
from notifier.http import http_failure, post
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed

_GOOD = range(200, 300)


class Webhook:
    """Posts ``alert.data``; delivered means 2xx, a redirect is never followed."""

    idempotent = True

    def __init__(self, options: ChannelOptions) -> None:
        self._options = options

    def send(self, delivery: Delivery) -> Receipt:
        """4xx other than 408, 425, 429 is given up at once; Retry-After is honoured."""
        address, body = address_of(delivery, self._options), delivery.alert.data
        answer = post(address, body.encode(), self._headers(delivery, body), self._options.allow_networks, again=True)
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
        if delivery.secret:
            headers["webhook-signature"] = self._signed(delivery, body, now)
        return headers

    def _signed(self, delivery: Delivery, body: str, now: datetime) -> str:
        secret = secret_named(delivery.secret or "", self._options)
        try:
            return str(Signer(secret).sign(delivery.idempotency_key, now, body))
        except (ValueError, EmptyWebhookSecretError) as error:  # base64; its words may hold the secret
            raise SendFailed(f"the secret {delivery.secret} is no whsec_… key", permanent=True) from error


def make(options: ChannelOptions) -> Webhook:
    """The channel."""
    return Webhook(options)
