"""The Celery processes: worker and calendar. The ledger holds the truth; the broker only makes it prompt."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from celery import Celery
from celery.signals import worker_process_shutdown, worker_ready
from kombu.exceptions import OperationalError

from notifier.tasks import HEARTBEAT, HEARTBEAT_LAPSES, QUEUE, TICK, make_app, queue_of, send_heartbeat, serve
from schema.errors import UsageError
from workflow.deaf import listen_for_silence
from workflow.fanout import CRAWL_QUEUE, calendar_tick, serve_jobs
from workflow.heartbeats import Rhythm, beating
from workflow.identity import worker_name
from workflow.logs import flush
from workflow.resident import Resident
from workflow.settings import Settings
from workflow.watchdog import look


def celery_app(settings: Settings, crawls: int = 1, name: str = "worker") -> Celery:
    """The app of this house, whose heartbeats bear ``name``; UsageError without a broker."""
    if not settings.broker_url:
        raise UsageError("CHENGNUO_BROKER_URL is not set; without a broker use `chengnuo deliver`")
    app, resident = make_app(settings.broker_url), Resident(settings)
    serve(
        app,
        deliver=resident.deliver,
        beat=lambda: _beat(resident, name),
        tick=lambda _job: calendar_tick(resident.house(), app),
    )
    serve_jobs(app, resident, crawls)
    app.conf.beat_schedule = {
        "heartbeat": {"task": HEARTBEAT, "schedule": timedelta(minutes=1), "options": {"expires": HEARTBEAT_LAPSES}},
        "calendar": {"task": TICK, "args": ("calendar",), "schedule": timedelta(minutes=1)},
    }
    return app


def run_worker(settings: Settings, concurrency: int, queues: Sequence[str]) -> None:
    """Serve until SIGTERM: deliveries, crawls, or both; with both, a crawl has a place beside the deliveries."""
    if "deliver" not in queues:
        _serve(celery_app(settings, concurrency), concurrency, [CRAWL_QUEUE])
        return
    both = len(queues) > 1
    with worker_name(settings) as name:
        app = celery_app(settings, 1 if both else concurrency, name)
        listen_for_silence(app)
        worker_ready.connect(lambda **_facts: _ask_oneself(app, name), weak=False)
        _serve(app, concurrency + both, [QUEUE, queue_of(name), *([CRAWL_QUEUE] if both else [])])


def _ask_oneself(app: Celery, name: str) -> None:
    """The first heartbeat proves as much as every other; from then on the relay knows whom to ask."""
    with suppress(OperationalError):
        send_heartbeat(app, name)


def _serve(app: Celery, concurrency: int, queues: Sequence[str]) -> None:
    quiet = ("--loglevel=WARNING", "--without-gossip", "--without-mingle")
    worker_process_shutdown.connect(_flush)
    app.worker_main(["worker", f"--concurrency={concurrency}", f"--queues={','.join(queues)}", *quiet])


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


def _beat(resident: Resident, name: str) -> None:
    """A task that proves consumption, and looks after the relay."""
    house = resident.house()
    house.pulse.beat(name)
    look(house, ("relay",))


def _flush(**_: object) -> None:
    """A child of the pool ends without Python's own farewell: what its log handlers still hold goes out now."""
    flush()
