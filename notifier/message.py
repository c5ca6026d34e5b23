"""One delivery as an e-mail message; the mailbox and the mail server get the same bytes."""

from __future__ import annotations

import hashlib
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime

from notifier.channel import ChannelOptions
from schema.alerts import Delivery

HOST = "chengnuo.invalid"


class _Verbatim(UnstructuredHeader, BaseHeader):
    """A header on one line as it is: folded, a long signed link would become encoded words that nobody opens."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Verbatim)
_POLICY = EmailPolicy(header_factory=_HEADERS)


def message_of(delivery: Delivery, options: ChannelOptions, recipients: str) -> EmailMessage:
    """Text and HTML, a message id that stays the same over all attempts, and the machine's form attached."""
    alert = delivery.alert
    message = EmailMessage(_POLICY)
    message["Subject"] = ("〔重发〕" if delivery.repeated else "") + alert.subject
    message["From"] = options.mail_from
    message["To"] = recipients
    message["Date"] = format_datetime(options.clock())
    message["Message-ID"] = f"<{delivery.idempotency_key}@{HOST}>"
    message["List-Id"] = f"chengnuo {alert.subscription} <{_token(alert.subscription)}.{HOST}>"
    unsubscribe = options.unsubscribe(alert.subscription)
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
    if unsubscribe.startswith("https://"):  # one-click is defined for https alone (RFC 8058)
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Chengnuo-Kind"] = alert.kind.value
    message.set_content(alert.text)
    message.add_alternative(alert.html, subtype="html")
    message.add_attachment(alert.data.encode(), maintype="application", subtype="json", filename="alert.json")
    return message


def _token(name: str) -> str:
    """A list's name in ASCII; one in Chinese becomes a short hash, so that two lists stay two."""
    if name.isascii():
        return "".join(char if char.isalnum() else "-" for char in name)
    return "s" + hashlib.sha256(name.encode()).hexdigest()[:12]
