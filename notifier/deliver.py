"""Sends what is due. One function; the Celery worker and the embedded driver both call it."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
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
"""Seconds between attempts to keep receipts; together less than a lease and a task's time limit."""
GROUP = 10
"""Deliveries to one recipient that one task carries, and one transaction claims or proves."""
GROUP_SECONDS = 8.0
"""Then no other is begun: with one slow answer and a slow database a task still ends within its time."""
PROOF_SECONDS = 0.25
"""A receipt waits no longer than this for the others of its group."""
Clock = Callable[[], datetime]


class Book(Protocol):
    """The part of the ledger that delivering needs."""

    def due_by_channel(self, size: int, limit: int = 1000) -> dict[str, list[tuple[int, ...]]]:
        """Numbers to attempt now, apart by channel, in groups of one recipient."""

    def still_due(self, numbers: Sequence[int]) -> set[int]:
        """Those of them that may be claimed."""

    def claim_some(self, numbers: Sequence[int], together: AbstractSet[str]) -> list[Delivery]:
        """Take the first that is due; of a channel in ``together`` all."""

    def sent_all(self, proofs: Sequence[tuple[Delivery, Receipt]]) -> None:
        """Keep the proofs."""

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """Claimed, and not begun."""

    def hand_back(self, numbers: Sequence[int]) -> None:
        """Handed over, and not claimed."""

    def postpone(self, delivery: Delivery, until: datetime, reason: str, *, whole_channel: bool) -> int:
        """What else waits for the same address (or channel) waits until then."""

    def retry(self, delivery: Delivery, reason: str, next_attempt_at: datetime) -> None:
        """Another attempt at that time."""

    def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up."""


def deliver_one(book: Book, channels: Mapping[str, Channel], number: int, clock: Clock) -> bool:
    """Claim, send, keep the receipt. True when it was sent just now."""
    return deliver_group(book, channels, [number], clock)[0] == 1


def deliver_group(
    book: Book, channels: Mapping[str, Channel], numbers: Sequence[int], clock: Clock
) -> tuple[int, list[int]]:
    """Claim, send and keep the receipts of deliveries to one recipient: how many were sent, which were not begun.

    Where a repeat counts once (``Channel.idempotent``) several are claimed and proven at once; elsewhere each is
    claimed, sent and proven by itself, so that a kill can repeat no more than the one it hit.
    """
    together = frozenset(name for name, channel in channels.items() if channel.idempotent)
    group = _Group(book, channels, clock)
    waiting, sent = list(numbers), 0
    while waiting and not group.over():
        claimed = book.claim_some(waiting, together)
        if not claimed:
            return sent, group.left
        taken = {delivery.id for delivery in claimed}
        waiting = [number for number in waiting if number not in taken]
        sent += group.send(claimed)
    if waiting:
        book.hand_back(waiting)
    return sent, group.left + waiting


@dataclass(slots=True)
class _Group:
    """What one task is doing."""

    book: Book
    channels: Mapping[str, Channel]
    clock: Clock
    began: float = field(default_factory=time.monotonic)
    proofs: list[tuple[Delivery, Receipt]] = field(default_factory=list)
    since: float = 0.0
    left: list[int] = field(default_factory=list)

    def over(self) -> bool:
        return time.monotonic() - self.began > GROUP_SECONDS

    def send(self, claimed: Sequence[Delivery]) -> int:
        """Each in turn; what is not begun in time, or after nobody answered, is given back."""
        left, sent = list(claimed), 0
        try:
            while left and not self.over():
                delivery = left.pop(0)
                failure = self._attempt(delivery)
                sent += failure is None
                if failure is not None:
                    if failure.unreachable:
                        self._give_back(left)
                    _failed(self.book, delivery, failure, self.clock())
        finally:
            self._keep_proofs()
            self._give_back(left)
        return sent

    def _attempt(self, delivery: Delivery) -> SendFailed | None:
        if delivery.attempt > CLAIMS and delivery.repeated:
            reason = f"{CLAIMS} claims, one ended without an answer: the process may die of it"
            return SendFailed(reason, permanent=True)
        channel = self.channels.get(delivery.channel)
        if channel is None:
            there = ", ".join(sorted(self.channels))
            return SendFailed(f"no channel {delivery.channel}; there are {there}", permanent=True)
        try:
            receipt = channel.send(delivery)
        except SendFailed as error:
            return error
        except Exception as error:  # one we did not foresee must not stop the others; its reason stays in the row
            LOG.exception("delivery %d", delivery.id)
            return SendFailed(f"internal error: {type(error).__name__}")
        self.since = self.since if self.proofs else time.monotonic()
        self.proofs.append((delivery, receipt))
        if time.monotonic() - self.since > PROOF_SECONDS:
            self._keep_proofs()
        return None

    def _keep_proofs(self) -> None:
        """A lost receipt would mean a repeat, so a database that restarts is waited for, within the lease."""
        if not self.proofs:
            return
        for wait in PROOF_WAITS:
            try:
                self.book.sent_all(self.proofs)
            except StoreError as error:
                LOG.warning("%d deliveries were sent; their receipts wait: %s", len(self.proofs), error)
                time.sleep(wait)
            else:
                self.proofs.clear()
                return
        self.book.sent_all(self.proofs)
        self.proofs.clear()

    def _give_back(self, left: list[Delivery]) -> None:
        if left:
            self.book.give_back(left)
            self.left += [delivery.id for delivery in left]
            left.clear()


def deliver_due(book: Book, channels: Mapping[str, Channel], clock: Clock) -> int:
    """Send everything that is due; how many were sent. Each channel has a thread: none waits for another's server."""
    sent, tried = 0, set[int]()

    def serve(groups: list[tuple[int, ...]]) -> int:
        done = 0
        while groups:
            group = groups.pop(0)
            sent_now, left = deliver_group(book, channels, group, clock)
            done += sent_now
            if sent_now < len(group):  # what waits for the same server may have been put off with it
                groups = [tuple(left), *groups]
                due = book.still_due([number for one in groups for number in one])
                groups = [one for one in groups if due.intersection(one)]
        return done

    while True:
        found = book.due_by_channel(GROUP)
        queues = [left for groups in found.values() if (left := [one for one in groups if not tried.issuperset(one)])]
        if not queues:
            return sent
        tried.update(number for groups in queues for group in groups for number in group)
        with ThreadPoolExecutor(max_workers=len(queues), thread_name_prefix="deliver") as pool:
            sent += sum(pool.map(serve, queues))


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
