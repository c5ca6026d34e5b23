"""Sends what is due. One function; the Celery worker and the embedded driver both call it."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Protocol

from notifier.channel import Channel
from schema.alerts import Delivery, Receipt
from schema.errors import SendFailed, StoreError

LOG = logging.getLogger(__name__)
ATTEMPTS = 9
"""Then the delivery is parked as dead; with the waits below that is a day and a half."""
CLAIMS = 30
"""More claims than this, and some without an answer: the sending process may die of this delivery."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
SPREAD = 0.2
PROOF_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds between attempts to keep a receipt; together less than a lease and a task's time limit."""


class Book(Protocol):
    """The part of the ledger that delivering needs."""

    def due(self, limit: int = 100) -> list[int]:
        """Numbers to attempt now, oldest first."""

    def claim(self, number: int, lease_seconds: float = 120) -> Delivery | None:
        """Take one; None when it is not due, or someone else has it."""

    def sent(self, delivery: Delivery, receipt: Receipt) -> None:
        """Keep the proof."""

    def due_by_channel(self, limit: int = 1000) -> dict[str, list[int]]:
        """The same, apart by channel."""

    def postpone(self, delivery: Delivery, until: datetime, reason: str, *, whole_channel: bool) -> int:
        """What else waits for the same address (or channel) waits until then."""

    def retry(self, delivery: Delivery, reason: str, next_attempt_at: datetime) -> None:
        """Another attempt at that time."""

    def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up."""


def deliver_one(book: Book, channels: Mapping[str, Channel], number: int, clock: Callable[[], datetime]) -> bool:
    """Claim, send, keep the receipt. True when it was sent just now."""
    delivery = book.claim(number)
    if delivery is None:
        return False
    if delivery.attempt > CLAIMS and delivery.repeated:
        book.dead(delivery, f"{CLAIMS} claims, one ended without an answer: the process may die of it")
        return False
    channel = channels.get(delivery.channel)
    if channel is None:
        book.dead(delivery, f"no channel {delivery.channel}; there are {', '.join(sorted(channels))}")
        return False
    try:
        receipt = channel.send(delivery)
    except SendFailed as error:
        _failed(book, delivery, error, clock())
        return False
    except Exception as error:  # one delivery we did not foresee must not stop the others; its reason stays in the row
        LOG.exception("delivery %d", number)
        _failed(book, delivery, SendFailed(f"internal error: {type(error).__name__}"), clock())
        return False
    _keep_proof(book, delivery, receipt)
    return True


def deliver_due(book: Book, channels: Mapping[str, Channel], clock: Callable[[], datetime]) -> int:
    """Send everything that is due; how many were sent. Each channel has a thread: none waits for another's server."""
    sent, tried = 0, set[int]()

    def serve(queue: tuple[str, list[int]]) -> int:
        name, numbers = queue
        done = 0
        while numbers:
            if deliver_one(book, channels, numbers.pop(0), clock):
                done += 1
            else:  # what waits for the same server may have been put off with it
                due = set(book.due_by_channel().get(name, ()))
                numbers = [number for number in numbers if number in due]
        return done

    while True:
        due = {name: [one for one in numbers if one not in tried] for name, numbers in book.due_by_channel().items()}
        queues = [(name, numbers) for name, numbers in due.items() if numbers]
        if not queues:
            return sent
        tried.update(number for _, numbers in queues for number in numbers)
        with ThreadPoolExecutor(max_workers=len(queues), thread_name_prefix="deliver") as pool:
            sent += sum(pool.map(serve, queues))


def _keep_proof(book: Book, delivery: Delivery, receipt: Receipt) -> None:
    """A receipt that is lost would mean a repeat, so a database that restarts is waited for, within the lease."""
    for wait in PROOF_WAITS:
        try:
            book.sent(delivery, receipt)
        except StoreError as error:
            LOG.warning("delivery %d was sent; its receipt waits: %s", delivery.id, error)
            time.sleep(wait)
        else:
            return
    book.sent(delivery, receipt)


def _failed(book: Book, delivery: Delivery, error: SendFailed, now: datetime) -> None:
    if error.permanent or (delivery.attempt >= ATTEMPTS and not error.deferred):
        book.dead(delivery, str(error))
        return
    wait = timedelta(seconds=error.retry_after) if error.retry_after is not None else waiting(delivery.attempt)
    book.retry(delivery, str(error), now + wait)
    if error.unreachable:
        book.postpone(delivery, now + wait, str(error), whole_channel=error.unreachable == "channel")


def waiting(attempt: int) -> timedelta:
    """How long to wait after the n-th attempt: 30 s doubling up to six hours, ± 20 %."""
    wait = min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)
    return timedelta(seconds=wait.total_seconds() * random.uniform(1 - SPREAD, 1 + SPREAD))  # noqa: S311 - spreading load, no secret
