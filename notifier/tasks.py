"""The Celery face: a task carries the numbers of deliveries to one recipient, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from celery import Celery

DELIVER = "chengnuo.deliver"
HEARTBEAT = "chengnuo.heartbeat"
TICK = "chengnuo.tick"
QUEUE = "chengnuo"
HEARTBEAT_LAPSES = 60
"""Seconds."""
UNANSWERED = 3
"""Questions that may wait for one worker."""
SETTINGS = {
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_ignore_result": True,
    "task_serializer": "json",
    "accept_content": ["json"],
    "task_default_queue": QUEUE,
    "task_soft_time_limit": 60,
    "task_time_limit": 90,
    "worker_prefetch_multiplier": 1,
    "worker_enable_remote_control": False,
    "worker_send_task_events": False,
    "worker_soft_shutdown_timeout": 25,
    "worker_hijack_root_logger": False,
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {
        "visibility_timeout": 600,
        "unacked_restore_throttle": 1,
        "global_keyprefix": "chengnuo:",
    },
    "timezone": "Asia/Shanghai",
}


def make_app(broker_url: str) -> Celery:
    """An app that can hand tasks over; ``serve`` makes it one that does them."""
    app = Celery("chengnuo", broker=broker_url, set_as_current=False)
    app.conf.update(SETTINGS)
    return app


def serve(
    app: Celery, deliver: Callable[[Sequence[int]], None], beat: Callable[[], None], tick: Callable[[str], None]
) -> None:
    """Register the three tasks on an app.

    Celery builds a function from each task's name and signature, so a lambda or a partial would stop the worker at
    its start: it gets functions of our own.
    """

    @app.task(name=DELIVER)  # type: ignore[untyped-decorator]
    def deliver_task(numbers: list[int]) -> None:
        deliver(numbers)

    @app.task(name=HEARTBEAT)  # type: ignore[untyped-decorator]
    def beat_task() -> None:
        beat()

    @app.task(name=TICK, soft_time_limit=3600, time_limit=3660)  # type: ignore[untyped-decorator]
    def tick_task(job: str) -> None:
        tick(job)


def queue_of(worker: str) -> str:
    """The queue that only this worker listens to, beside the common one and through the same window."""
    return f"{QUEUE}.beat.{worker}"


def send_heartbeat(app: Celery, worker: str) -> None:
    """Ask one worker to prove that it consumes; not while earlier questions lie unanswered: they never pile up."""
    queue = queue_of(worker)
    if in_queue(app, queue) < UNANSWERED:
        app.send_task(HEARTBEAT, queue=queue, expires=HEARTBEAT_LAPSES)


def in_queue(app: Celery, queue: str = QUEUE) -> int:
    """How many tasks wait in the broker. kombu's OperationalError when it is away."""
    with app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=3)
        with connection.channel() as channel:
            return int(channel.client.llen(queue))


def hand_over(app: Celery, groups: Iterable[Sequence[int]]) -> None:
    """Send each group to a worker, over one connection. kombu's OperationalError when the broker is away."""
    with app.producer_pool.acquire(block=True) as producer:
        for numbers in groups:
            app.send_task(DELIVER, args=(list(numbers),), producer=producer)
