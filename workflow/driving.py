"""The embedded driver as a process: without a broker, sends what is due again and again until SIGTERM."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType

from schema.errors import StoreError
from workflow.delivering import deliver_all
from workflow.heartbeats import Rhythm
from workflow.house import House, open_house
from workflow.settings import Settings
from workflow.watchdog import look

LOG = logging.getLogger(__name__)
PATIENCE = 2.0
"""Seconds to wait after the database was lost."""


def until_told_to_stop() -> threading.Event:
    """An event that SIGTERM and SIGINT set; for a loop in the main thread."""
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    return stop


def keep_open(settings: Settings, stop: threading.Event, rounds: Callable[[House], None]) -> None:
    """Run ``rounds(house)`` until ``stop``; a database that is lost is opened again when it is back."""
    while not stop.is_set():
        try:
            with open_house(settings) as house:
                rounds(house)
        except StoreError as error:
            LOG.warning("%s", error)
            stop.wait(PATIENCE)


def keep_delivering(settings: Settings, every: float) -> None:
    """Settle and send every ``every`` seconds."""
    stop = until_told_to_stop()

    def rounds(house: House) -> None:
        watch = Rhythm(lambda: _watch(house))
        while not stop.is_set():
            watch()
            deliver_all(house)
            stop.wait(every)

    keep_open(settings, stop, rounds)


def _watch(house: House) -> None:
    house.pulse.beat("deliver")
    look(house, ())
