"""Scheduled work over Celery: a task is a nudge, the row is the work. Any number of workers, one database."""

from __future__ import annotations

from celery import Celery
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


def serve_jobs(app: Celery, resident: Resident) -> None:
    """Register the two tasks and where they go."""
    longest = resident.settings.crawl_seconds * 2 + _MARGIN
    app.conf.task_routes = {CRAWL: {"queue": CRAWL_QUEUE}}

    @app.task(name=CRAWL, soft_time_limit=longest, time_limit=longest + 60)  # type: ignore[untyped-decorator]
    def crawl_task() -> None:
        house = resident.house()
        house.pulse.beat(CRAWLER)
        if work(house, steps=False):
            hand_over_jobs(house, app)

    @app.task(name=STEP, soft_time_limit=1800, time_limit=1860)  # type: ignore[untyped-decorator]
    def step_task() -> None:
        work(resident.house(), crawls=False)


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
