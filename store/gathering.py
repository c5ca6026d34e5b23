"""What waits in the ledger to be judged or gathered: released, cancelled, merged into one message."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from schema.alerts import Alert, Delivery, DeliveryState, Subscription
from store import rows
from store import tables as t
from store.archive import utc_now
from store.database import Database
from store.ledger import queue_alert


class Gathering:
    """Parts on their way into a message. Each method is one transaction, and does nothing when repeated."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def held(self) -> tuple[Delivery, ...]:
        """Parts that wait for a verdict, oldest first."""
        with self._database.reading() as session:
            return _parts(session, t.DeliveryRow.state == DeliveryState.HELD.value)

    def ripe(self) -> dict[str, tuple[Delivery, ...]]:
        """Subscription → the parts whose moment has come."""
        state = t.DeliveryRow.state == DeliveryState.GATHERED.value
        found: dict[str, list[Delivery]] = {}
        with self._database.reading() as session:
            for part in _parts(session, state & (t.DeliveryRow.next_attempt_at <= self._clock())):
                found.setdefault(part.alert.subscription, []).append(part)
        return {name: tuple(parts) for name, parts in found.items()}

    def release(self, number: int, data: str, due: datetime) -> bool:
        """A verdict was given: the part, as ``data`` tells it now, is gathered for ``due``."""
        with self._database.writing() as session:
            row = _locked(session, number, DeliveryState.HELD)
            if row is None:
                return False
            row.state, row.next_attempt_at = DeliveryState.GATHERED.value, due
            session.get_one(t.AlertRow, row.alert_id).data = data
            return True

    def cancel(self, numbers: Sequence[int], reason: str) -> int:
        """There is nothing to tell; the reason stays in the row. How many were still waiting."""
        waiting = (DeliveryState.HELD.value, DeliveryState.GATHERED.value, DeliveryState.PENDING.value)
        values = {"state": DeliveryState.CANCELLED.value, "reason": reason}
        chosen = (t.DeliveryRow.id.in_(numbers), t.DeliveryRow.state.in_(waiting))
        with self._database.writing() as session:
            query = update(t.DeliveryRow).where(*chosen).values(**values).returning(t.DeliveryRow.id)
            return len(session.scalars(query).all())

    def merge(self, numbers: Sequence[int], alerts: Sequence[Alert], subscription: Subscription) -> bool:
        """The parts are told by ``alerts``: both or neither. False when another process merged one of them already."""
        with self._database.writing() as session:
            parts = [_locked(session, number, DeliveryState.GATHERED) for number in sorted(numbers)]
            if any(part is None for part in parts):
                return False
            made = [queue_alert(session, alert, subscription, self._clock()) for alert in alerts]
            named = (t.AlertRow.key == alerts[0].key, t.AlertRow.subscription == subscription.name)
            into = session.scalar(select(t.AlertRow.id).where(*named))
            for part in parts:
                assert part is not None
                part.state, part.merged_into = DeliveryState.MERGED.value, into
            return all(made)


def _parts(session: Session, condition) -> tuple[Delivery, ...]:  # type: ignore[no-untyped-def]  # noqa: ANN001 - SQLAlchemy's own
    query = select(t.DeliveryRow, t.AlertRow).join(t.AlertRow, t.AlertRow.id == t.DeliveryRow.alert_id)
    found = session.execute(query.where(condition).order_by(t.DeliveryRow.id))
    return tuple(rows.delivery_record(row, alert) for row, alert in found)


def _locked(session: Session, number: int, state: DeliveryState) -> t.DeliveryRow | None:
    chosen = select(t.DeliveryRow).where(t.DeliveryRow.id == number, t.DeliveryRow.state == state.value)
    return session.scalar(chosen.with_for_update())
