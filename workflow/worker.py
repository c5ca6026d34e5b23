"""The Celery processes: worker, relay, calendar. The ledger holds the truth; the broker only makes it prompt."""

from __future__ import annotations

from datetime import timedelta

from celery import Celery
from celery.schedules import crontab
from kombu.exceptions import OperationalError

from notifier.deliver import deliver_one
from notifier.tasks import HEARTBEAT, TICK, hand_over, make_app, serve
from schema.errors import UsageError
from workflow.comparing import compare_pending
from workflow.house import House, all_sources, open_house
from workflow.say import make_voice
from workflow.settings import Settings
from workflow.trip import crawl_and_read

HANDFUL = 200
"""Rows handed over at once."""
CRAWL = "crawl"
CRAWL_HOUR = 6


def celery_app(settings: Settings) -> Celery:
    """The app of this house; UsageError without a broker."""
    if not settings.broker_url:
        raise UsageError("CHENGNUO_BROKER_URL is not set; without a broker use `chengnuo deliver`")
    app = make_app(settings.broker_url)
    serve(
        app,
        deliver=lambda number: _deliver(settings, number),
        beat=lambda: _beat(settings),
        tick=lambda job: _tick(settings, job),
    )
    app.conf.beat_schedule = {
        "heartbeat": {"task": HEARTBEAT, "schedule": timedelta(minutes=1)},
        "crawl": {"task": TICK, "args": (CRAWL,), "schedule": crontab(hour=CRAWL_HOUR, minute=30)},
    }
    return app


def run_worker(settings: Settings, concurrency: int) -> None:
    """Serve until SIGTERM."""
    app = celery_app(settings)
    app.worker_main(
        ["worker", f"--concurrency={concurrency}", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]
    )


def run_beat(settings: Settings) -> None:
    """The calendar until SIGTERM; its memory lies in the data folder."""
    app = celery_app(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    app.start(["beat", "--loglevel=WARNING", f"--schedule={settings.data / 'calendar'}"])


def relay_once(house: House) -> int:
    """Hand what is due to the broker; how many. With the broker away nothing is marked: the next round tries again."""
    numbers = house.ledger.due(HANDFUL, for_relay=True)
    if not numbers:
        return 0
    try:
        hand_over(celery_app(house.settings), numbers)
    except OperationalError:
        return 0
    house.ledger.mark_relayed(numbers)
    return len(numbers)


def _deliver(settings: Settings, number: int) -> None:
    with open_house(settings) as house:
        deliver_one(house.ledger, house.channels(), number, house.clock)


def _beat(settings: Settings) -> None:
    with open_house(settings) as house:
        house.ledger.beat("worker")


def _tick(settings: Settings, job: str) -> None:
    """One scheduled crawl. Of two calendars that ask for the same hour, one gets it."""
    with open_house(settings) as house:
        scheduled = house.clock().replace(minute=0, second=0, microsecond=0)
        if job == CRAWL and house.ledger.take_tick(job, scheduled):
            crawl_and_read(house, all_sources(settings), make_voice(settings.lang))
            compare_pending(house)
