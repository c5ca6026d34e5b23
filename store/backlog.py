"""Captures that are still to be read, or to be read again, in portions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

import zstandard
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from schema.errors import StoreError
from store import rows
from store import tables as t
from store.database import Database
from store.readings import KeptPage

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


class Backlog:
    """Reads only; what is read is kept by store/readings.py."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unread(
        self,
        normaliser: str,
        limit: int = 100,
        sources: Collection[str] | None = None,
        *,
        after: int = 0,
        between: tuple[int, int] | None = None,
    ) -> list[KeptPage]:
        """Captures this normaliser has not read yet, oldest first.

        Of all sources or of those named; with numbers above ``after``, ``between`` two, both included (``portions``).
        """
        query = _captures(normaliser)
        if sources is not None:
            query = query.where(t.PageRow.source.in_(sources))
        if between is not None:
            query = query.where(t.PageRow.id.between(*between))
        return self._loaded(query.where(t.PageRow.id > after).limit(limit))

    def of_address(self, url: str, normaliser: str) -> list[KeptPage]:
        """Captures of one address this normaliser has not read yet, oldest first."""
        return self._loaded(_captures(normaliser).where(t.PageRow.url == url))

    def sources(self, normaliser: str) -> list[str]:
        """Sources that have captures nobody has read yet, neither this normaliser nor an older one."""
        query = _unread(select(t.PageRow.source), normaliser).where(~_read_by_any())
        with self._database.reading() as session:
            return sorted(session.scalars(query.distinct()))

    def portions(self, normaliser: str, size: int) -> list[tuple[int, int]]:
        """Captures that only other normalisers have read, in portions of ``size``: the first number and the last."""
        query = _unread(select(t.PageRow.id), normaliser).where(_read_by_any()).order_by(t.PageRow.id)
        with self._database.reading() as session:
            numbers = session.scalars(query).all()
        found = [numbers[start : start + size] for start in range(0, len(numbers), size)]
        return [(portion[0], portion[-1]) for portion in found]

    def _loaded(self, query: Select[t.PageRow, t.BlobRow]) -> list[KeptPage]:
        with self._database.reading() as session:
            found = session.execute(query.order_by(t.PageRow.id)).all()
        return [KeptPage(page.id, rows.page_record(page, unpacked(blob))) for page, blob in found]


def _captures(normaliser: str) -> Select[t.PageRow, t.BlobRow]:
    query = select(t.PageRow, t.BlobRow).join(t.BlobRow, t.BlobRow.sha256 == t.PageRow.sha256)
    return _unread(query, normaliser)


def _unread(query: Query, normaliser: str) -> Query:
    same = (t.ReadingRow.page_id == t.PageRow.id, t.ReadingRow.normaliser == normaliser)
    return query.where(~select(t.ReadingRow.id).where(*same).exists())


def _read_by_any() -> ColumnElement[bool]:
    return select(t.ReadingRow.id).where(t.ReadingRow.page_id == t.PageRow.id).exists()


def bytes_of(session: Session, row: t.PageRow) -> bytes:
    """The bytes of a capture, unpacked."""
    return unpacked(session.get_one(t.BlobRow, row.sha256))


def unpacked(blob: t.BlobRow) -> bytes:
    """The bytes of a blob. Raises StoreError naming one that is damaged."""
    try:
        return zstandard.ZstdDecompressor().decompress(blob.data, max_output_size=blob.size)
    except zstandard.ZstdError as error:
        raise StoreError(f"页面 {blob.sha256} 已损坏 the kept page is damaged; restore a backup: {error}") from error
