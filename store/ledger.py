"""Alerts and deliveries as rows: queued in the diff's own transaction, claimed, sent, retried, parked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from schema.alerts import Alert, AlertKind, DeliveryState, Subscription
from store import rows
from store import tables as t
from store.attempts import Attempts, claimable

CANCELLED = DeliveryState.CANCELLED.value


def queue_alert(session: Session, alert: Alert, subscription: Subscription, now: datetime) -> bool:
    """Add an alert and its delivery to a running transaction; False when it has been told before."""
    known = (t.AlertRow.key == alert.key, t.AlertRow.subscription == alert.subscription)
    if session.scalar(select(t.AlertRow.id).where(*known)) is not None:
        return False
    row = rows.alert_row(alert, now)
    session.add(row)
    session.flush()
    for key in alert.change_keys:
        if session.get(t.ToldRow, (alert.subscription, key)) is None:
            session.add(t.ToldRow(subscription=alert.subscription, change_key=key, alert_id=row.id))
    session.add(
        t.DeliveryRow(
            alert_id=row.id,
            channel=subscription.channel,
            address=subscription.address,
            secret=subscription.secret,
            state=_first_state(alert).value,
            attempt=0,
            repeated=False,
            next_attempt_at=alert.not_before or now,
            idempotency_key=hashlib.sha256(f"{alert.subscription}\n{alert.key}".encode()).hexdigest()[:32],
            reason="",
            made_at=now,
        )
    )
    return True


def _first_state(alert: Alert) -> DeliveryState:
    if alert.held:
        return DeliveryState.HELD
    return DeliveryState.GATHERED if alert.gathered else DeliveryState.PENDING


class Ledger(Attempts):
    """Every delivery's way from queued to sent or dead. Each method is one transaction."""

    def queue(self, alerts: Sequence[tuple[Alert, Subscription]]) -> int:
        """Queue alerts that belong to no diff (incidents); how many were new."""
        with self._database.writing() as session:
            return sum(queue_alert(session, alert, subscription, self._clock()) for alert, subscription in alerts)

    def due_notes(self, limit: int) -> list[int]:
        """Due deliveries that tell of incidents, oldest first."""
        about = (AlertKind.INCIDENT.value, AlertKind.RECOVERY.value)
        query = select(t.DeliveryRow.id).join(t.AlertRow, t.AlertRow.id == t.DeliveryRow.alert_id)
        query = query.where(claimable(self._clock()), t.AlertRow.kind.in_(about)).order_by(t.DeliveryRow.id)
        with self._database.reading() as session:
            return list(session.scalars(query.limit(limit)))

    def replay(self, number: int) -> bool:
        """Send a dead delivery again; False when it is not dead."""
        values = {
            "state": DeliveryState.PENDING.value,
            "attempt": 0,
            "next_attempt_at": self._clock(),
            "relayed_at": None,
        }
        dead = (t.DeliveryRow.id == number, t.DeliveryRow.state == DeliveryState.DEAD.value)
        with self._database.writing() as session:
            return (
                session.scalar(update(t.DeliveryRow).where(*dead).values(**values).returning(t.DeliveryRow.id))
                is not None
            )

    def counts(self) -> dict[DeliveryState, int]:
        """How many deliveries stand in each state."""
        query = select(t.DeliveryRow.state, func.count()).group_by(t.DeliveryRow.state)
        with self._database.reading() as session:
            found = {DeliveryState(state): number for state, number in session.execute(query)}
        return {state: found.get(state, 0) for state in DeliveryState}

    def failures(self) -> list[tuple[int, str, str, str]]:
        """Deliveries that are waiting for another attempt or were given up: number, state, channel, reason."""
        query = select(t.DeliveryRow).where(t.DeliveryRow.reason != "", t.DeliveryRow.state != CANCELLED)
        with self._database.reading() as session:
            found = session.scalars(query.order_by(t.DeliveryRow.id))
            return [(row.id, row.state, row.channel, row.reason) for row in found]

    def cancelled(self) -> list[tuple[int, str, str]]:
        """Deliveries a verdict or a switched-off subscription took back: number, channel, reason."""
        query = select(t.DeliveryRow).where(t.DeliveryRow.state == CANCELLED).order_by(t.DeliveryRow.id)
        with self._database.reading() as session:
            return [(row.id, row.channel, row.reason) for row in session.scalars(query)]

    def take_tick(self, job: str, scheduled: datetime) -> bool:
        """Claim one scheduled run of a job; True for exactly one of all who ask."""
        try:
            with self._database.writing(alone=False) as session:
                if session.get(t.TickRow, (job, scheduled)) is not None:
                    return False
                session.add(t.TickRow(job=job, scheduled=scheduled, taken_at=self._clock()))
        except IntegrityError:  # another calendar asked in the same moment
            return False
        return True
