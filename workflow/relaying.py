"""The relay: hands what is due to the broker, round after round, through lost databases and lost brokers."""

from __future__ import annotations

import logging
import threading

from celery import Celery
from kombu.exceptions import OperationalError

from notifier.deliver import GROUP, deliver_one
from notifier.tasks import hand_over, in_queue, send_heartbeat
from store.pulse import kind_of
from workflow.driving import keep_open, until_told_to_stop
from workflow.fanout import hand_over_jobs
from workflow.health import LIMITS
from workflow.heartbeats import Rhythm
from workflow.house import House
from workflow.settings import Settings
from workflow.settling import settle
from workflow.watchdog import look
from workflow.worker import celery_app

LOG = logging.getLogger(__name__)
HANDFUL = 30
"""Tasks that may wait in the broker, each with at most GROUP deliveries."""
SETTLE_EVERY = 2.0
"""Seconds between two looks at verdicts and digests."""
FEW = 3
"""Notes the relay sends itself in one round: its own heartbeat must not wait for a slow mail server."""


def run_relay(settings: Settings, every: float) -> None:
    """Hand over every ``every`` seconds until SIGTERM or SIGINT. UsageError without a broker."""
    app, stop = celery_app(settings), until_told_to_stop()
    keep_open(settings, stop, lambda house: _rounds(house, app, every, stop))


def relay_once(house: House, app: Celery) -> int:
    """Hand what is due to the broker; how many. With the broker away nothing is marked: the next round tries again.

    The queue is kept short: what waits in the rows is chosen fairly, what waits in the broker is not.
    """
    jobs = hand_over_jobs(house, app)
    if not house.ledger.due(1, for_relay=True):
        return jobs
    try:
        room = HANDFUL - in_queue(app)
        groups = house.ledger.due_groups(room * GROUP, GROUP, for_relay=True)[:room] if room > 0 else []
    except OperationalError as error:
        return _broker_away(error, jobs)
    numbers = [number for group in groups for number in group]
    house.ledger.mark_relayed(numbers)  # before a worker may ask: it passes over rows that another transaction holds
    try:
        hand_over(app, groups)
    except OperationalError as error:
        house.ledger.hand_back(numbers)
        return _broker_away(error, jobs)
    return jobs + len(numbers)


def _broker_away(error: OperationalError, jobs: int) -> int:
    LOG.warning("relay: the broker is away: %s", type(error).__name__)
    return jobs


def _rounds(house: House, app: Celery, every: float, stop: threading.Event) -> None:
    beat = Rhythm(lambda: house.pulse.beat("relay"))
    rounds = (
        beat,
        Rhythm(lambda: _ask_the_workers(house, app), 2 * beat.every),
        Rhythm(lambda: _watch(house), beat.every),
        Rhythm(lambda: _settle(house), SETTLE_EVERY),
    )
    while not stop.is_set():
        for step in rounds:
            step()
        if relay_once(house, app) < HANDFUL:
            stop.wait(every)


def _settle(house: House) -> None:
    settle(house)


def _watch(house: House) -> None:
    """Look after worker and calendar; while the worker is silent, what is told of it leaves from here."""
    look(house, ("worker", "beat"))
    last = house.pulse.last_beat("worker")
    if last is not None and (house.clock() - last).total_seconds() > LIMITS["worker"]:
        for number in house.ledger.due_notes(FEW):
            deliver_one(house.ledger, house.channels(), number, house.clock)


def _ask_the_workers(house: House, app: Celery) -> None:
    """A task that proves that a worker consumes, for each; the calendar sends one to them all: neither is trusted."""
    try:
        for name in house.pulse.beats():
            if kind_of(name) == "worker":
                send_heartbeat(app, name)
    except OperationalError as error:
        LOG.warning("relay: the broker is away: %s", type(error).__name__)
