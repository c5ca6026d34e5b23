"""What keeps the house running: incidents, heartbeats, scheduled ticks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base


class IncidentRow(Base):
    """One tracked trouble. At most one open for the same kind, source and address."""

    __tablename__ = "incidents"
    __table_args__ = (
        Index(
            "ix_incidents_open",
            "kind",
            "source",
            "url",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source: Mapped[str]
    province: Mapped[str | None]
    url: Mapped[str]
    opened_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    checks: Mapped[int]
    detail: Mapped[str]
    closed_at: Mapped[datetime | None]
    closing_detail: Mapped[str]


class HeartbeatRow(Base):
    """When a process last proved that it works."""

    __tablename__ = "heartbeats"
    process: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class TickRow(Base):
    """One scheduled moment of one job; unique, so that two calendars make one run."""

    __tablename__ = "ticks"
    job: Mapped[str] = mapped_column(primary_key=True)
    scheduled: Mapped[datetime] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime]
