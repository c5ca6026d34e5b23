"""Ends a worker that hears nothing: tasks wait in the broker, and for a while none of them was taken.

With late acknowledgement an acknowledgement that fails while the broker restarts is logged and dropped by kombu, and
its place in the prefetch window is never given back: the worker lives on and takes nothing. Its supervisor starts it
anew; the rows in the database know what was being sent.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time

from celery import Celery
from celery.signals import task_received, worker_ready
from kombu.exceptions import OperationalError

from notifier.tasks import in_queue

LOG = logging.getLogger(__name__)
AFTER = 120.0
"""Seconds; longer than any delivery may take."""
LOOK = 5.0
LAST_WORDS = 40.0
"""Seconds for a warm shutdown, then it ends the hard way."""


def listen_for_silence(app: Celery) -> None:
    """Watch this process from a thread of its own, once it listens; call it in the worker's main process."""

    def begin(**_facts: object) -> None:
        heard = [time.monotonic()]

        def hear(**_facts: object) -> None:
            heard[0] = time.monotonic()

        task_received.connect(hear, weak=False)
        threading.Thread(target=_watch, args=(app, heard), daemon=True, name="deaf").start()

    worker_ready.connect(begin, weak=False)


def _watch(app: Celery, heard: list[float]) -> None:
    waiting_since: float | None = None
    while True:
        time.sleep(LOOK)
        now = time.monotonic()
        waiting_since = (waiting_since or now) if _waits(app) else None
        if waiting_since is not None and now - max(waiting_since, heard[0]) > AFTER:
            LOG.error("nothing was taken from the broker for %.0f s while tasks wait: ending", AFTER)
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(LAST_WORDS)
            os._exit(1)


def _waits(app: Celery) -> bool:
    try:
        return in_queue(app) > 0
    except OperationalError:
        return False
