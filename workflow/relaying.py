"""The relay: hands what is due to the broker, round after round, through lost databases and lost brokers."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from celery import Celery
from kombu.exceptions import OperationalError

from notifier.tasks import hand_over, send_heartbeat
from schema.errors import StoreError
from workflow.fanout import hand_over_jobs
from workflow.heartbeats import Rhythm
from workflow.house import House, open_house
from workflow.settings import Settings
from workflow.worker import celery_app

LOG = logging.getLogger(__name__)
HANDFUL = 200
"""Rows handed over at once."""
PATIENCE = 2.0
"""Seconds to wait after the database was lost."""


def run_relay(settings: Settings, every: float) -> None:
    """Hand over every ``every`` seconds until SIGTERM or SIGINT. UsageError without a broker."""
    app, stop = celery_app(settings), threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    while not stop.is_set():
        try:
            with open_house(settings) as house:
                _rounds(house, app, every, stop)
        except StoreError as error:
            LOG.warning("relay: %s", error)
            stop.wait(PATIENCE)


def relay_once(house: House, app: Celery) -> int:
    """Hand what is due to the broker; how many. With the broker away nothing is marked: the next round tries again."""
    jobs = hand_over_jobs(house, app)
    numbers = house.ledger.due(HANDFUL, for_relay=True)
    if not numbers:
        return jobs
    try:
        hand_over(app, numbers)
    except OperationalError as error:
        LOG.warning("relay: the broker is away: %s", type(error).__name__)
        return jobs
    house.ledger.mark_relayed(numbers)
    return jobs + len(numbers)


def _rounds(house: House, app: Celery, every: float, stop: threading.Event) -> None:
    beat = Rhythm(lambda: house.pulse.beat("relay"))
    ask = Rhythm(lambda: _ask_the_worker(app), 2 * beat.every)
    while not stop.is_set():
        beat()
        ask()
        relay_once(house, app)
        stop.wait(every)


def _ask_the_worker(app: Celery) -> None:
    """A task that proves that a worker consumes; the calendar sends it, too, so that neither alone is trusted."""
    try:
        send_heartbeat(app)
    except OperationalError as error:
        LOG.warning("relay: the broker is away: %s", type(error).__name__)
