"""One open house a process, kept from task to task: opening costs more than a delivery."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from notifier.channel import Channel
from notifier.deliver import deliver_group
from workflow.house import House, open_house
from workflow.settings import Settings


class Resident:
    """Opens at the first task, in the process that does it: a connection must never cross a fork."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._stack = ExitStack()
        self._house: House | None = None
        self._channels: Mapping[str, Channel] | None = None
        self._owner = 0

    def house(self) -> House:
        """This process's house. Raises StoreError when the database is away; the next call tries again."""
        if self._house is None or self._owner != os.getpid():
            self._stack, self._owner = ExitStack(), os.getpid()
            self._channels = None
            self._house = self._stack.enter_context(open_house(self.settings))
        return self._house

    def deliver(self, numbers: Sequence[int]) -> None:
        """One attempt at each of some deliveries to one recipient."""
        house = self.house()
        if self._channels is None:
            self._channels = house.channels()
        deliver_group(house.ledger, self._channels, numbers, house.clock)
