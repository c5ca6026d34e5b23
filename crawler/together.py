"""Visits that end within one moment are kept in one transaction; each waits until it is there, and is read then."""

from __future__ import annotations

import asyncio

from crawler.options import Keep
from schema.announcements import CheckOutcome, Visit

MOMENT = 0.05
"""Seconds the first visit of a group waits for others; little beside the seconds between two requests to a host."""
_MOST_VISITS = 64
_MOST_BYTES = 4 << 20
"""What may wait in memory: a group is kept early rather than large."""


class Together:
    """Groups what ``keep`` is given. Used inside one running event loop."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._visits: list[Visit] = []
        self._waiting: list[asyncio.Future[CheckOutcome]] = []
        self._bytes = 0
        self._timer: asyncio.TimerHandle | None = None

    async def keep(self, visit: Visit) -> CheckOutcome:
        """The outcome, once the visit is kept. Whatever ``keep`` raises is raised for every visit of the group."""
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[CheckOutcome] = loop.create_future()
        self._visits.append(visit)
        self._waiting.append(waiting)
        self._bytes += len(visit[0].body) if visit[0] is not None else 0
        if len(self._visits) >= _MOST_VISITS or self._bytes >= _MOST_BYTES:
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_later(MOMENT, self._flush)
        return await waiting

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        visits, waiting = self._visits, self._waiting
        self._visits, self._waiting, self._bytes, self._timer = [], [], 0, None
        try:
            outcomes = self._keep(visits)
        except Exception as error:  # noqa: BLE001 - raised again, where each visit is awaited
            for one in waiting:
                if not one.done():  # whoever waited may have been cancelled: the crawl is being ended
                    one.set_exception(error)
            return
        for one, outcome in zip(waiting, outcomes, strict=True):
            if not one.done():
                one.set_result(outcome)
