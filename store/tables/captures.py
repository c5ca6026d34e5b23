"""What was fetched: blobs, checks, pages; and what was seen on lists and not fetched."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base


class BlobRow(Base):
    """The bytes of a page, once, compressed with zstd."""

    __tablename__ = "blobs"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class CheckRow(Base):
    """One visit. Append-only."""

    __tablename__ = "checks"
    __table_args__ = (
        Index("ix_checks_address", "source", "url", "id"),
        Index("ix_checks_url", "url", "id"),
        Index("ix_checks_moment", "source", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    url: Mapped[str]
    at: Mapped[datetime]
    outcome: Mapped[str]
    status: Mapped[int | None]
    page_sha256: Mapped[str | None]
    detail: Mapped[str]
    seconds: Mapped[float | None]


class PageRow(Base):
    """One capture: an address answered with bytes that differ from the last time. Append-only."""

    __tablename__ = "pages"
    __table_args__ = (Index("ix_pages_address", "url", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"), index=True)
    url: Mapped[str]
    source: Mapped[str]
    status: Mapped[int]
    headers: Mapped[list[Any]]
    url_chain: Mapped[list[Any]]
    fetched_at: Mapped[datetime]


class RefusedCandidateRow(Base):
    """A line of a list or digest page that was never fetched, once for each reason. Append-only."""

    __tablename__ = "refused_candidates"
    __table_args__ = (UniqueConstraint("source", "url", "reason", name="uq_refused_candidates_source"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    url: Mapped[str]
    title: Mapped[str]
    reason: Mapped[str]
    published: Mapped[date | None]
    seen_at: Mapped[datetime]
