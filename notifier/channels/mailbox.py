"""The file mailbox: one .eml a message, named by its idempotency key, so that a repeat replaces itself."""

from __future__ import annotations

import os
from pathlib import Path

from notifier.channel import ChannelOptions
from notifier.message import message_of
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed


class Mailbox:
    """Writes whole files or none."""

    idempotent = True

    def __init__(self, options: ChannelOptions) -> None:
        self._options = options

    def send(self, delivery: Delivery) -> Receipt:
        """The receipt's reference is the file."""
        folder = Path(delivery.address or self._options.mailbox)
        file = folder / f"{delivery.id:06d}-{delivery.idempotency_key[:16]}.eml"
        part = file.with_suffix(".part")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file_:
                file_.write(message_of(delivery, self._options, delivery.alert.subscription).as_bytes())
                file_.flush()
                os.fsync(file_.fileno())
            os.replace(part, file)  # noqa: PTH105 - the atomic step, named as what it is
        except OSError as error:
            raise SendFailed(f"{folder}: {error.strerror}") from error
        return Receipt("mailbox", self._options.clock(), str(file))


def make(options: ChannelOptions) -> Mailbox:
    """The channel."""
    return Mailbox(options)
