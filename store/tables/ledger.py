"""What leaves the house: alerts, what was told, deliveries, receipts, robots' turns."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base


class AlertRow(Base):
    """One thing to tell one subscription; unique, so it is told once."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("key", "subscription"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    subscription: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    data: Mapped[str]
    province: Mapped[str | None]
    plan_year: Mapped[int | None]
    change_keys: Mapped[list[Any]]
    not_before: Mapped[datetime | None]
    made_at: Mapped[datetime]


class ToldRow(Base):
    """A change that an alert carries to a subscription: never carried twice."""

    __tablename__ = "told"
    subscription: Mapped[str] = mapped_column(primary_key=True)
    change_key: Mapped[str] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))


class DeliveryRow(Base):
    """Where one alert stands on its way to its recipient."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_due", "state", "next_attempt_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), unique=True)
    channel: Mapped[str]
    address: Mapped[str]
    secret: Mapped[str | None]
    state: Mapped[str]
    attempt: Mapped[int]
    repeated: Mapped[bool]
    lease_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime]
    relayed_at: Mapped[datetime | None]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    merged_into: Mapped[int | None]
    """The alert (its number) that told this part of a digest."""
    made_at: Mapped[datetime]


class ReceiptRow(Base):
    """Proof that a delivery left. Append-only."""

    __tablename__ = "receipts"
    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), unique=True)
    attempt: Mapped[int]
    channel: Mapped[str]
    at: Mapped[datetime]
    reference: Mapped[str]
    detail: Mapped[str]


class BucketRow(Base):
    """Moments at which a robot was sent something, as ISO times of the last minute."""

    __tablename__ = "buckets"
    robot: Mapped[str] = mapped_column(primary_key=True)
    moments: Mapped[list[Any]]
    paused_until: Mapped[datetime | None]
