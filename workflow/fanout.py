"""Scheduled work over Celery: a task is a nudge, the row is the work. Any number of workers, one database."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery
from celery.signals import worker_shutting_down
from kombu.exceptions import OperationalError

from schema.jobs import JobKind
from workflow.house import House
from workflow.jobs import CRAWLER, tick, work
from workflow.resident import Resident

CRAWL = "chengnuo.crawl"
STEP = "chengnuo.step"
CRAWL_QUEUE = "chengnuo.crawl"
"""Its own queue: a long crawl never stands before a delivery."""
_MARGIN = 120
"""Seconds a crawl task may take beyond the crawl's own wall clock, to read what came."""


class Slots:
    """How many crawls one worker runs at once. A lock on a file each: a killed child gives its slot back by dying."""

    def __init__(self, count: int) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="chengnuo-slots-")
        self._files = [Path(self._folder.name) / str(number) for number in range(count)]
        self._left = Path(self._folder.name) / "left"

    def leave(self, **_: object) -> None:
        """Called in the worker's main process when it is asked to end; its children see it."""
        self._left.touch()

    def leaving(self) -> bool:
        """Whether the worker is about to end."""
        return self._left.exists()

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Hold a slot while the block runs; False when all are taken."""
        for file in self._files:
            with file.open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield True
                return
        yield False


def serve_jobs(app: Celery, resident: Resident, crawls: int = 1) -> None:
    """Register the two tasks and where they go; at most ``crawls`` run at once, so that deliveries find a place."""
    slots = Slots(crawls)
    worker_shutting_down.connect(slots.leave, weak=False)
    longest = resident.settings.crawl_seconds * 2 + _MARGIN
    app.conf.task_routes = {CRAWL: {"queue": CRAWL_QUEUE}}

    @app.task(name=CRAWL, soft_time_limit=longest, time_limit=longest + 60)  # type: ignore[untyped-decorator]
    def crawl_task() -> None:
        house = resident.house()
        house.pulse.beat(CRAWLER)
        with slots.one() as free:
            if free and work(house, steps=False, leaving=slots.leaving):
                hand_over_jobs(house, app)

    @app.task(name=STEP, soft_time_limit=1800, time_limit=1860)  # type: ignore[untyped-decorator]
    def step_task() -> None:
        work(resident.house(), crawls=False, leaving=slots.leaving)


def calendar_tick(house: House, app: Celery) -> None:
    """What is due becomes rows, then tasks. Of two calendars that ask for the same moment, one gets it.

    One crawl task is sent whatever is due: it writes the heartbeat that proves that crawls are consumed.
    """
    tick(house)
    app.send_task(CRAWL)
    hand_over_jobs(house, app)


def hand_over_jobs(house: House, app: Celery) -> int:
    """Nudge the workers once for every job that waits; how many. With the broker away, the next round tries again."""
    due = house.jobs.due()
    try:
        for _number, kind in due:
            app.send_task(CRAWL if kind is JobKind.CRAWL else STEP)
    except OperationalError:
        return 0
    house.jobs.mark_handed([number for number, _kind in due])
    return len(due)
