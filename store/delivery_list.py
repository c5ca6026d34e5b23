"""The deliveries as a list: what was to be told to whom, and where it stands. Reads only; no address, no secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from schema.alerts import DeliveryState
from store import tables as t
from store.database import Database


@dataclass(frozen=True, slots=True)
class ListedDelivery:
    """One delivery. ``sent_at`` is its receipt's time; ``reason`` says why it waits or was given up."""

    id: int
    subscription: str
    channel: str
    subject: str
    kind: str
    province: str | None
    plan_year: int | None
    state: DeliveryState
    attempt: int
    made_at: datetime
    next_attempt_at: datetime
    sent_at: datetime | None
    reason: str


class DeliveryList:
    """Every delivery of the ledger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def newest(
        self, state: DeliveryState | None = None, subscription: str | None = None, limit: int = 200
    ) -> list[ListedDelivery]:
        """The newest first."""
        query = (
            select(t.DeliveryRow, t.AlertRow, t.ReceiptRow.at)
            .join(t.AlertRow, t.AlertRow.id == t.DeliveryRow.alert_id)
            .outerjoin(t.ReceiptRow, t.ReceiptRow.delivery_id == t.DeliveryRow.id)
            .order_by(t.DeliveryRow.id.desc())
            .limit(limit)
        )
        if state is not None:
            query = query.where(t.DeliveryRow.state == state.value)
        if subscription is not None:
            query = query.where(t.AlertRow.subscription == subscription)
        with self._database.reading() as session:
            return [_listed(row, alert, sent_at) for row, alert, sent_at in session.execute(query)]


def _listed(row: t.DeliveryRow, alert: t.AlertRow, sent_at: datetime | None) -> ListedDelivery:
    return ListedDelivery(
        id=row.id,
        subscription=alert.subscription,
        channel=row.channel,
        subject=alert.subject,
        kind=alert.kind,
        province=alert.province,
        plan_year=alert.plan_year,
        state=DeliveryState(row.state),
        attempt=row.attempt,
        made_at=row.made_at,
        next_attempt_at=row.next_attempt_at,
        sent_at=sent_at,
        reason=row.reason,
    )
