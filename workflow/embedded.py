"""The whole house in one process: crawls, compares and delivers by the calendar, without a broker."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from schema.errors import ConfigurationError, StoreError
from workflow.crawling import staying
from workflow.delivering import deliver_all
from workflow.house import now, open_house
from workflow.jobs import tick, work
from workflow.logs import event
from workflow.settings import Settings

EVERY = 20.0
"""Seconds between two looks at the calendar and at what is to be delivered."""


def run_house(settings: Settings, *, once: bool = False) -> None:
    """Run until SIGTERM or Ctrl-C, which stops a crawl under way; with ``once`` until nothing is due.

    A broken calendar, subscriptions file or database is told and tried again: it may be mended meanwhile.
    """
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    event("started", data=str(settings.data))
    while not stop.is_set():
        try:
            one_round(settings, leaving=stop.is_set)
        except (ConfigurationError, StoreError) as error:
            if once:
                raise
            event("error", reason=str(error))
        if once:
            break
        stop.wait(EVERY)
    event("ended")


def one_round(settings: Settings, clock: Callable[[], datetime] = now, leaving: Callable[[], bool] = staying) -> None:
    """Look at the calendar once, do what is due, deliver what is due."""
    with open_house(settings, clock) as house:
        house.pulse.beat("run")
        tick(house)
        work(house, leaving=leaving)
        sent = deliver_all(house)
        if sent:
            event("delivered", sent=sent)
