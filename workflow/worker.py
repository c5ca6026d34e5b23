"""The Celery processes: worker and calendar. The ledger holds the truth; the broker only makes it prompt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from celery import Celery
from celery.signals import worker_process_shutdown
from kombu.exceptions import OperationalError

from notifier.tasks import HEARTBEAT, QUEUE, TICK, make_app, serve
from schema.errors import UsageError
from workflow.deaf import listen_for_silence
from workflow.fanout import CRAWL_QUEUE, calendar_tick, serve_jobs
from workflow.heartbeats import Rhythm, beating
from workflow.logs import flush
from workflow.resident import Resident
from workflow.settings import Settings
from workflow.watchdog import look


def celery_app(settings: Settings, crawls: int = 1) -> Celery:
    """The app of this house; UsageError without a broker."""
    if not settings.broker_url:
        raise UsageError("CHENGNUO_BROKER_URL is not set; without a broker use `chengnuo deliver`")
    app, resident = make_app(settings.broker_url), Resident(settings)
    serve(
        app,
        deliver=resident.deliver,
        beat=lambda: _beat(resident),
        tick=lambda _job: calendar_tick(resident.house(), app),
    )
    serve_jobs(app, resident, crawls)
    app.conf.beat_schedule = {
        "heartbeat": {"task": HEARTBEAT, "schedule": timedelta(minutes=1)},
        "calendar": {"task": TICK, "args": ("calendar",), "schedule": timedelta(minutes=1)},
    }
    return app


def run_worker(settings: Settings, concurrency: int, queues: Sequence[str]) -> None:
    """Serve until SIGTERM: deliveries, crawls, or both; with both, a crawl has a place beside the deliveries."""
    both = len(queues) > 1
    app = celery_app(settings, 1 if both else concurrency)
    names = ",".join({"deliver": QUEUE, "crawl": CRAWL_QUEUE}[queue] for queue in queues)
    quiet = ("--loglevel=WARNING", "--without-gossip", "--without-mingle")
    worker_process_shutdown.connect(_flush)
    if "deliver" in queues:
        listen_for_silence(app)
    app.worker_main(["worker", f"--concurrency={concurrency + both}", f"--queues={names}", *quiet])


def run_beat(settings: Settings) -> None:
    """The calendar until SIGTERM; its memory lies in the data folder."""
    app = celery_app(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    resident = Resident(settings)
    with suppress(OperationalError):  # what was missed is caught up now, not in a minute
        app.send_task(TICK, args=("calendar",))
    rhythm = Rhythm(lambda: resident.house().pulse.beat("beat"))
    schedule = str(settings.data / "calendar")
    app.Beat(schedule=schedule, loglevel="WARNING", scheduler_cls=beating(rhythm)).run()


def _beat(resident: Resident) -> None:
    """A task that proves consumption, and looks after the relay."""
    house = resident.house()
    house.pulse.beat("worker")
    look(house, ("relay",))


def _flush(**_: object) -> None:
    """A child of the pool ends without Python's own farewell: what its log handlers still hold goes out now."""
    flush()
