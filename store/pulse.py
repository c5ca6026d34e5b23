"""How the house is doing, in a few cheap questions: who is alive, what waits, when each source was last visited."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from schema.alerts import DeliveryState
from store import tables as t
from store.archive import utc_now
from store.database import Database, migration_config
from store.newest import newest_visits

UNSENT = (DeliveryState.PENDING.value, DeliveryState.SENDING.value, DeliveryState.GATHERED.value)


def kind_of(process: str) -> str:
    """``worker2@host`` is a worker."""
    return process.partition("@")[0].rstrip("0123456789")


class Pulse:
    """Heartbeats, and the figures that say whether people are told in time."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def beat(self, process: str) -> None:
        """Prove that a process does its work."""
        with (
            suppress(IntegrityError),
            self._database.writing(alone=False) as session,
        ):  # another one's first beat: as good
            row = session.get(t.HeartbeatRow, process, with_for_update=True)
            if row is None:
                session.add(t.HeartbeatRow(process=process, at=self._clock()))
            else:
                row.at = max(row.at, self._clock())

    def beats(self) -> dict[str, datetime]:
        """Process (a worker by its number and machine) → when it last proved that."""
        with self._database.reading() as session:
            return {row.process: row.at for row in session.scalars(select(t.HeartbeatRow))}

    def last_beat(self, process: str) -> datetime | None:
        """When any process of a kind (worker, relay, beat, crawl) last proved it; None: never."""
        return max((at for name, at in self.beats().items() if kind_of(name) == process), default=None)

    def forget(self, process: str) -> None:
        """It ended in order, or is not expected back."""
        with self._database.writing(alone=False) as session:
            session.execute(delete(t.HeartbeatRow).where(t.HeartbeatRow.process == process))

    def oldest_unsent(self) -> datetime | None:
        """Since when the alert that waits longest could have been sent; None when none is due.

        Time a subscription itself asked for (quiet hours, a digest's hour) and alerts held for review do not count.
        """
        since = func.coalesce(t.AlertRow.not_before, t.AlertRow.made_at)
        query = (
            select(since)
            .join(t.DeliveryRow, t.DeliveryRow.alert_id == t.AlertRow.id)
            .where(t.DeliveryRow.state.in_(UNSENT), since <= self._clock())
            .order_by(since)
            .limit(1)
        )
        with self._database.reading() as session:
            return session.scalar(query)

    def deliveries(self) -> dict[tuple[str, str], int]:
        """(channel, state) → how many deliveries."""
        row = t.DeliveryRow
        query = select(row.channel, row.state, func.count()).group_by(row.channel, row.state)
        with self._database.reading() as session:
            return {(channel, state): count for channel, state, count in session.execute(query)}

    def visits(self) -> dict[str, datetime]:
        """Source → its newest check."""
        with self._database.reading() as session:
            return newest_visits(session)

    def open_incidents(self) -> dict[str, int]:
        """Kind → how many are open."""
        row = t.IncidentRow
        query = select(row.kind, func.count()).where(row.closed_at.is_(None)).group_by(row.kind)
        with self._database.reading() as session:
            return {row[0]: row[1] for row in session.execute(query)}

    def schema(self) -> tuple[str, str]:
        """The schema version the database stands at, and the one this program wants."""
        wanted = ScriptDirectory.from_config(migration_config()).get_current_head()
        with self._database.reading() as session:
            standing = MigrationContext.configure(session.connection()).get_current_revision()
        return standing or "", wanted or ""
