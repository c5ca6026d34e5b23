"""What proves that nothing was altered: seals over appended rows, the head of their chain, and what was pruned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Base


class SealRow(Base):
    """Seals the rows one transaction appended. Append-only.

    ``rows``: table name -> runs of row numbers [[first, last], …] (for blobs, their keys); ``marks``: 16 bytes a row
    in that order; ``chain``: SHA-256 over the seal before, this seal's number, time, rows and marks.
    """

    __tablename__ = "seals"
    no: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    rows: Mapped[dict[str, Any]]
    marks: Mapped[bytes] = mapped_column(LargeBinary)
    chain: Mapped[bytes] = mapped_column(LargeBinary)


class ChainHeadRow(Base):
    """The last seal, in a row of its own, so that seals missing at the end are missed. One row, number 1."""

    __tablename__ = "chain_heads"
    id: Mapped[int] = mapped_column(primary_key=True)
    no: Mapped[int]
    chain: Mapped[bytes] = mapped_column(LargeBinary)


class PruningRow(Base):
    """What one pruning removed: unchanged checks made before a moment. Append-only."""

    __tablename__ = "prunings"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    keep: Mapped[str]
    """The rule as it was asked for, e.g. "365d"."""
    before: Mapped[datetime]
    first: Mapped[int]
    last: Mapped[int]
    removed: Mapped[list[Any]]
    """Runs of check numbers, [[first, last], …]."""
    count: Mapped[int]
