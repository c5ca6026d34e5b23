"""Keeps what was worked out of the archive for as long as the archive has not grown; never stale, whoever wrote."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import nullcontext
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import func, select

from store import tables as t
from store.database import Database

T = TypeVar("T")
Stamp = tuple[int, ...]
"""The newest row of each table that a page is worked out of."""
Growing = type[t.AnnouncementRow] | type[t.DiffRow] | type[t.VerdictRow]
TEXTS: tuple[Growing, ...] = (t.AnnouncementRow, t.DiffRow)
RESTS_ON: tuple[Growing, ...] = (*TEXTS, t.VerdictRow)
"""Begins with ``TEXTS``, so that a stamp of all begins with theirs.

Append-only, and written by transactions that wait for each other: whatever is added moves a highest number.

What is not append-only (incidents, accounts) must be asked for anew each time.
"""


class Memory:
    """A bounded number of answers, each good for one stamp. Shared by threads; every process has its own.

    ``one_by_one``: of what is pure computing, only one is made at a time: threads that compute at once only take
    turns, and each of them then waits for all.
    """

    def __init__(
        self, database: Database, size: int, rests_on: Sequence[Growing] = RESTS_ON, *, one_by_one: bool = False
    ) -> None:
        self._database, self._size = database, size
        newest = (func.coalesce(select(func.max(table.id)).scalar_subquery(), 0) for table in rests_on)
        self._asking = select(*newest)
        self._kept: OrderedDict[Hashable, tuple[Stamp, Any]] = OrderedDict()
        self._lock = Lock()
        self._making: dict[Hashable, Lock] = {}
        self._only = Lock() if one_by_one else nullcontext()

    def stamp(self) -> Stamp:
        """What the archive is at now. Equal stamps: the same announcements, comparisons and verdicts."""
        with self._database.reading() as session:
            return tuple(session.connection().execute(self._asking).one())

    def get(self, key: Hashable, make: Callable[[], T], at: Stamp | None = None) -> T:
        """The answer kept under ``key``, or a new one: made once, however many ask at the same time.

        ``at``: a stamp read for this same request; it is read before anything is made, so that an answer is never
        kept under a newer stamp than it was made at.
        """
        now = at or self.stamp()
        found: tuple[T] | None = self._look(key, now)
        if found is not None:
            return found[0]
        with self._lock:
            making = self._making.setdefault(key, Lock())
        try:
            with making, self._only:
                found = self._look(key, now)
                if found is None:
                    found = (make(),)
                    self._keep(key, now, found[0])
        finally:
            with self._lock:
                self._making.pop(key, None)
        return found[0]

    def peek(self, key: Hashable, at: Stamp) -> Any:
        """The answer if it is there and still good, else None."""
        found = self._look(key, at)
        return found[0] if found else None

    def _look(self, key: Hashable, now: Stamp) -> tuple[Any] | None:
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != now:
                return None
            self._kept.move_to_end(key)
            return (kept[1],)

    def _keep(self, key: Hashable, now: Stamp, value: Any) -> None:
        with self._lock:
            self._kept[key] = (now, value)
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
