"""Scheduled work and who holds which host."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base


class JobRow(Base):
    """One piece of work. Unique: two calendars make one. Claimed with a lease: a dead worker's is taken over."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "scheduled"),
        Index("ix_jobs_state", "state", "kind", "scheduled"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    subject: Mapped[str]
    scheduled: Mapped[datetime]
    state: Mapped[str]
    not_before: Mapped[datetime]
    attempt: Mapped[int]
    owner: Mapped[str]
    lease_until: Mapped[datetime | None]
    handed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    detail: Mapped[str]


class HostLeaseRow(Base):
    """One worker at a time asks a host; after it the host rests until ``until``."""

    __tablename__ = "host_leases"
    host: Mapped[str] = mapped_column(primary_key=True)
    owner: Mapped[str]
    until: Mapped[datetime]
