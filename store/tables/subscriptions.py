"""Subscriptions made on our own pages, and who changed which of them when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base


class SubscriptionRow(Base):
    """One subscription as a table of the reviewed file would hold it; or, over a file's, only that it is off."""

    __tablename__ = "subscriptions"
    name: Mapped[str] = mapped_column(primary_key=True)
    settings: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]


class SubscriptionLogRow(Base):
    """Every change of one, with what it became. Append-only."""

    __tablename__ = "subscription_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    settings: Mapped[dict[str, Any]]
