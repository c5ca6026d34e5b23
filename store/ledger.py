"""Alerts and deliveries as rows: queued in the diff's own transaction, claimed, sent, retried, parked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from schema.alerts import Alert, AlertKind, Delivery, DeliveryState, Receipt, Subscription
from store import rows
from store import tables as t
from store.archive import utc_now
from store.database import Database

CANCELLED = DeliveryState.CANCELLED.value
RELAY_PAUSE = timedelta(minutes=1)
"""The relay hands the same row to the broker at most this often."""


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


class Ledger:
    """Every delivery's way from queued to sent or dead. Each method is one transaction."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def queue(self, alerts: Sequence[tuple[Alert, Subscription]]) -> int:
        """Queue alerts that belong to no diff (incidents); how many were new."""
        with self._database.writing() as session:
            return sum(queue_alert(session, alert, subscription, self._clock()) for alert, subscription in alerts)

    def due(self, limit: int = 100, *, for_relay: bool = False) -> list[int]:
        """Numbers of deliveries to attempt now; for the relay, without those it just handed over.

        One of each recipient in turn, each recipient's oldest first: a long queue for one never hides another's.
        """
        now = self._clock()
        row = t.DeliveryRow
        turn = func.row_number().over(partition_by=(row.channel, row.address), order_by=row.id).label("turn")
        query = select(row.id, turn).where(_claimable(now))
        if for_relay:
            query = query.where(or_(row.relayed_at.is_(None), row.relayed_at < now - RELAY_PAUSE))
        fair = query.subquery()
        with self._database.reading() as session:
            return list(session.scalars(select(fair.c.id).order_by(fair.c.turn, fair.c.id).limit(limit)))

    def due_notes(self, limit: int) -> list[int]:
        """Due deliveries that tell of incidents, oldest first."""
        about = (AlertKind.INCIDENT.value, AlertKind.RECOVERY.value)
        query = select(t.DeliveryRow.id).join(t.AlertRow, t.AlertRow.id == t.DeliveryRow.alert_id)
        query = query.where(_claimable(self._clock()), t.AlertRow.kind.in_(about)).order_by(t.DeliveryRow.id)
        with self._database.reading() as session:
            return list(session.scalars(query.limit(limit)))

    def due_by_channel(self, limit: int = 1000) -> dict[str, list[int]]:
        """The same by channel, so that each channel can be served apart from the others."""
        row = t.DeliveryRow
        query = select(row.channel, row.id).where(_claimable(self._clock())).order_by(row.id)
        found: dict[str, list[int]] = {}
        with self._database.reading() as session:
            for channel, number in session.execute(query):
                waiting = found.setdefault(channel, [])
                if len(waiting) < limit:
                    waiting.append(number)
        return found

    def mark_relayed(self, numbers: Sequence[int]) -> None:
        """Remember that these were handed to the broker just now."""
        with self._database.writing() as session:
            session.execute(update(t.DeliveryRow).where(t.DeliveryRow.id.in_(numbers)).values(relayed_at=self._clock()))

    def claim(self, number: int, lease_seconds: float = 120) -> Delivery | None:
        """Take a delivery for one attempt; None when it is not due, or someone else has it.

        ``repeated`` is set when an earlier attempt ended without a receipt: it may have reached the recipient.
        """
        now = self._clock()
        sending = t.DeliveryRow.state == DeliveryState.SENDING.value
        taken = (
            update(t.DeliveryRow)
            .where(t.DeliveryRow.id == number, _claimable(now))
            .values(
                state=DeliveryState.SENDING.value,
                attempt=t.DeliveryRow.attempt + 1,
                repeated=case((sending, True), else_=t.DeliveryRow.repeated),
                lease_until=now + timedelta(seconds=lease_seconds),
            )
            .returning(t.DeliveryRow.id)
        )
        with self._database.writing() as session:
            if session.scalar(taken) is None:
                return None
            row = session.get_one(t.DeliveryRow, number, populate_existing=True)
            return rows.delivery_record(row, session.get_one(t.AlertRow, row.alert_id))

    def sent(self, delivery: Delivery, receipt: Receipt) -> None:
        """Keep the proof. A second receipt for the same delivery is not kept."""
        with self._database.writing() as session:
            row = session.get_one(t.DeliveryRow, delivery.id)
            if row.state == DeliveryState.SENT.value:
                return
            row.state, row.lease_until, row.reason = DeliveryState.SENT.value, None, ""
            session.add(
                t.ReceiptRow(
                    delivery_id=delivery.id,
                    attempt=delivery.attempt,
                    channel=receipt.channel,
                    at=receipt.at,
                    reference=receipt.reference,
                    detail=receipt.detail,
                )
            )

    def postpone(self, delivery: Delivery, until: datetime, reason: str, *, whole_channel: bool) -> int:
        """Nobody answers there: what else waits for the same address (or channel) waits as well; how many."""
        row = t.DeliveryRow
        same = [row.channel == delivery.channel, row.state == DeliveryState.PENDING.value, row.next_attempt_at < until]
        if not whole_channel:
            same.append(row.address == delivery.address)
        values = {"next_attempt_at": until, "reason": reason}
        with self._database.writing() as session:
            return len(session.scalars(update(row).where(*same).values(**values).returning(row.id)).all())

    def retry(self, delivery: Delivery, reason: str, next_attempt_at: datetime) -> None:
        """The attempt failed and will be repeated at that time."""
        self._set(delivery, DeliveryState.PENDING, reason, next_attempt_at)

    def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up; the reason stays visible and the delivery replayable."""
        self._set(delivery, DeliveryState.DEAD, reason, None)

    def _set(self, delivery: Delivery, state: DeliveryState, reason: str, when: datetime | None) -> None:
        with self._database.writing() as session:
            row = session.get_one(t.DeliveryRow, delivery.id)
            if row.state != DeliveryState.SENDING.value or row.attempt != delivery.attempt:
                return  # someone took it over after the lease ran out; their word counts
            row.state, row.lease_until, row.reason = state.value, None, reason
            if when is not None:
                row.next_attempt_at = when

    def replay(self, number: int) -> bool:
        """Send a dead delivery again; False when it is not dead."""
        values = {"state": DeliveryState.PENDING.value, "attempt": 0, "next_attempt_at": self._clock()}
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
            with self._database.writing() as session:
                if session.get(t.TickRow, (job, scheduled)) is not None:
                    return False
                session.add(t.TickRow(job=job, scheduled=scheduled, taken_at=self._clock()))
        except IntegrityError:  # another calendar asked in the same moment
            return False
        return True


def _claimable(now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the type is SQLAlchemy's own
    pending = (t.DeliveryRow.state == DeliveryState.PENDING.value) & (t.DeliveryRow.next_attempt_at <= now)
    left_behind = (t.DeliveryRow.state == DeliveryState.SENDING.value) & (t.DeliveryRow.lease_until < now)
    return or_(pending, left_behind)
