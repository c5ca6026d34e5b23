"""What was read: readings, announcement versions, directives, commitments, targets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base


class ReadingRow(Base):
    """What one normaliser read from one capture. Append-only."""

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("page_id", "normaliser"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"))
    normaliser: Mapped[str]
    outcome: Mapped[str]
    title: Mapped[str]
    published: Mapped[datetime | None]
    source_name: Mapped[str | None]
    cms: Mapped[str | None]
    refused: Mapped[str | None]
    detail: Mapped[str]
    origins: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]


class AnnouncementRow(Base):
    """One version of what a page says for one province and plan year. Append-only."""

    __tablename__ = "announcements"
    __table_args__ = (
        Index("ix_announcements_edition", "province", "plan_year", "rank", "page_id"),
        Index("ix_announcements_url", "url"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("readings.id"), index=True)
    page_id: Mapped[int] = mapped_column(ForeignKey("pages.id"), index=True)
    province: Mapped[str | None]
    plan_year: Mapped[int | None]
    rank: Mapped[int]
    source: Mapped[str]
    url: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    year_evidence: Mapped[str]
    held_on: Mapped[date | None]
    city: Mapped[str | None]
    published: Mapped[datetime | None]
    source_name: Mapped[str | None]
    links: Mapped[list[Any]]
    flags: Mapped[list[Any]]
    quarantine: Mapped[str | None]
    quarantine_evidence: Mapped[list[Any]]
    quarantine_period: Mapped[str | None]
    quarantine_detail: Mapped[str]
    content_hash: Mapped[str]
    normaliser: Mapped[str]
    technical: Mapped[bool]
    known_at: Mapped[datetime]


class DirectiveRow(Base):
    """One directive of an announcement version. Append-only."""

    __tablename__ = "directives"
    id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"), index=True)
    no: Mapped[int]
    marker: Mapped[str]
    heading: Mapped[str]


class CommitmentRow(Base):
    """One commitment, with its offsets into the announcement's body. Append-only."""

    __tablename__ = "commitments"
    id: Mapped[int] = mapped_column(primary_key=True)
    directive_id: Mapped[int] = mapped_column(ForeignKey("directives.id"), index=True)
    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"), index=True)
    label: Mapped[str]
    text: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    boundary: Mapped[str]


class TargetRow(Base):
    """One number a commitment binds itself to. Append-only."""

    __tablename__ = "targets"
    id: Mapped[int] = mapped_column(primary_key=True)
    commitment_id: Mapped[int] = mapped_column(ForeignKey("commitments.id"), index=True)
    quote: Mapped[str]
    comparator: Mapped[str]
    value: Mapped[float]
    unit: Mapped[str]
    object: Mapped[str]
    deadline: Mapped[str | None]
    start: Mapped[int]
    end: Mapped[int]
