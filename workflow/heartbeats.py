"""The calendar's heartbeat: written by its own loop, so that a calendar that hangs falls silent."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from celery.beat import PersistentScheduler

from schema.errors import ChengnuoError

LOG = logging.getLogger(__name__)
EVERY = 20.0
"""Seconds between two heartbeats of one process."""


class Rhythm:
    """Calls ``beat`` at most every EVERY seconds. A database that is away is logged; the next round tries again."""

    def __init__(self, beat: Callable[[], None], every: float = EVERY) -> None:
        self._beat, self.every, self._next = beat, every, 0.0

    def __call__(self) -> None:
        """One round of the loop."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + self.every
        try:
            self._beat()
        except ChengnuoError as error:
            LOG.warning("heartbeat: %s", error)


def beating(rhythm: Callable[[], None]) -> type[PersistentScheduler]:
    """Celery's own scheduler, with a heartbeat in every round."""

    class Calendar(PersistentScheduler):  # type: ignore[misc]
        """Looks at its schedule at least every EVERY seconds."""

        def tick(self, *arguments: object, **named: object) -> float:
            """One round."""
            rhythm()
            return min(float(super().tick(*arguments, **named)), EVERY)

    return Calendar
