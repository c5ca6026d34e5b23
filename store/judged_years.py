"""Which plan years verdicts have moved, so that a verdict on one leaves what was worked out of the others good."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock

from sqlalchemy import func, select

from store import tables as t
from store.database import Database
from store.memory import Stamp


class JudgedYears:
    """The newest verdict on each plan year, read on as verdicts come. Shared by threads; every process has its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._newest: dict[int, int] = {}
        self._upto = 0
        self._lock = Lock()

    def narrowed(self, at: Stamp, years: Iterable[int]) -> Stamp:
        """A stamp of ``store.memory.RESTS_ON`` for what rests on the verdicts of these plan years only.

        It may be newer than ``at`` by a verdict that came meanwhile; what is made afterwards knows that one too.
        """
        *texts, verdict = at
        with self._lock:
            if verdict > self._upto:
                self._read_on(verdict)
            return (*texts, *(self._newest.get(year, 0) for year in years))

    def _read_on(self, verdict: int) -> None:
        v, c, d = t.VerdictRow, t.ChangeRow, t.DiffRow
        query = select(d.year_new, func.max(v.id)).join(c, c.diff_id == d.id).join(v, v.change_key == c.key)
        with self._database.reading() as session:
            found = session.execute(query.where(v.id > self._upto).group_by(d.year_new)).all()
        self._newest |= dict(found)
        self._upto = max([verdict, *self._newest.values()])
