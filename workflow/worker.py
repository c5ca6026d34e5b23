"""The Celery processes: worker and calendar. The ledger holds the truth; the broker only makes it prompt."""

from __future__ import annotations

from datetime import timedelta

from celery import Celery
from celery.schedules import crontab

from notifier.tasks import HEARTBEAT, TICK, make_app, serve
from schema.errors import UsageError
from workflow.comparing import compare_pending
from workflow.heartbeats import Rhythm, beating
from workflow.house import all_sources
from workflow.resident import Resident
from workflow.say import make_voice
from workflow.settings import Settings
from workflow.trip import crawl_and_read

CRAWL = "crawl"
CRAWL_HOUR = 6


def celery_app(settings: Settings) -> Celery:
    """The app of this house; UsageError without a broker."""
    if not settings.broker_url:
        raise UsageError("CHENGNUO_BROKER_URL is not set; without a broker use `chengnuo deliver`")
    app, resident = make_app(settings.broker_url), Resident(settings)
    serve(
        app,
        deliver=resident.deliver,
        beat=lambda: resident.house().pulse.beat("worker"),
        tick=lambda job: _tick(resident, job),
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
    resident = Resident(settings)
    rhythm = Rhythm(lambda: resident.house().pulse.beat("beat"))
    schedule = str(settings.data / "calendar")
    app.Beat(schedule=schedule, loglevel="WARNING", scheduler_cls=beating(rhythm)).run()


def _tick(resident: Resident, job: str) -> None:
    """One scheduled crawl. Of two calendars that ask for the same hour, one gets it."""
    house = resident.house()
    scheduled = house.clock().replace(minute=0, second=0, microsecond=0)
    if job == CRAWL and house.ledger.take_tick(job, scheduled):
        crawl_and_read(house, all_sources(house.settings), make_voice(house.settings.lang))
        compare_pending(house)
