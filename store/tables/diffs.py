"""What was compared: diffs, changes, findings; and what analysts decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base


class DiffRow(Base):
    """One comparison of two announcement versions with one lexicon. ``earlier_id`` 0: a baseline. Append-only."""

    __tablename__ = "diffs"
    __table_args__ = (
        UniqueConstraint("earlier_id", "later_id", "instrument"),
        Index("ix_diffs_edition", "province", "year_new"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    province: Mapped[str]
    year_old: Mapped[int]
    year_new: Mapped[int]
    outcome: Mapped[str]
    earlier_id: Mapped[int]
    later_id: Mapped[int] = mapped_column(ForeignKey("announcements.id"))
    instrument: Mapped[str]
    """Lexicon and differ version it was made with."""
    old_units: Mapped[list[Any]]
    new_units: Mapped[list[Any]]
    evidence_period: Mapped[str | None]
    rewritten: Mapped[bool]
    gap: Mapped[bool]
    detail: Mapped[str]
    provenance: Mapped[dict[str, Any]]
    technical: Mapped[bool]
    made_at: Mapped[datetime]


class ChangeRow(Base):
    """One change of a diff. Append-only."""

    __tablename__ = "changes"
    id: Mapped[int] = mapped_column(primary_key=True)
    diff_id: Mapped[int] = mapped_column(ForeignKey("diffs.id"), index=True)
    key: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    old: Mapped[list[Any]]
    new: Mapped[list[Any]]
    old_text: Mapped[str]
    new_text: Mapped[str]
    structure: Mapped[list[Any]]
    confidence: Mapped[str]
    score: Mapped[float | None]
    margin: Mapped[float | None]
    old_highlights: Mapped[list[Any]]
    new_highlights: Mapped[list[Any]]
    runner_up: Mapped[list[Any]]
    notes: Mapped[list[Any]]


class FindingRow(Base):
    """One rule's reason for a change. Append-only."""

    __tablename__ = "findings"
    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    rule: Mapped[str]
    dimension: Mapped[str]
    direction: Mapped[str]
    old_quote: Mapped[str]
    new_quote: Mapped[str]
    note: Mapped[str]
    hard: Mapped[bool]
    confidence: Mapped[str]
    spans: Mapped[list[Any]]


class VerdictRow(Base):
    """What an analyst decided. Append-only."""

    __tablename__ = "verdicts"
    id: Mapped[int] = mapped_column(primary_key=True)
    change_key: Mapped[str] = mapped_column(index=True)
    decision: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    machine_kind: Mapped[str]
    kind: Mapped[str | None]
    reason: Mapped[str]
    old_units: Mapped[list[Any]]
    new_units: Mapped[list[Any]]
    old_text: Mapped[str]
    new_text: Mapped[str]
    wanted_old: Mapped[list[Any]] = mapped_column(server_default="[]")
    """Texts of the earlier units that belong together, where the analyst matched anew."""
    wanted_new: Mapped[list[Any]] = mapped_column(server_default="[]")
    assignee: Mapped[str] = mapped_column(server_default="")
