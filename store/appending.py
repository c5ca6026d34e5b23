"""Appends many rows in few statements: numbered beforehand, and sealed with their transaction (store/chain.py)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, func, insert, literal_column, select
from sqlalchemy.orm import Session

from store.chain import head, remember
from store.tables import Base

Values = dict[str, Any]
"""A row as column name → value: all columns but its number."""


def append(session: Session, kind: type[Base], rows: Sequence[Values]) -> None:
    """Give the rows the next numbers ("id") of their table, in order, and insert them; in a writing transaction.

    Numbers of a transaction that fails are used again on SQLite and left out on PostgreSQL, as the databases
    themselves do it.
    """
    if not rows:
        return
    head(session)  # from here on nobody else appends
    table = kind.__table__
    assert isinstance(table, Table)
    for row, number in zip(rows, _numbers(session, table, len(rows)), strict=True):
        row["id"] = number
    session.execute(insert(table), rows)
    remember(session, table, rows)


def _numbers(session: Session, table: Table, count: int) -> Sequence[int]:
    session.flush()
    if session.get_bind().dialect.name == "sqlite":
        last = session.scalar(select(func.max(table.c.id))) or 0
        return range(last + 1, last + count + 1)
    sequence = func.nextval(func.pg_get_serial_sequence(table.name, "id"))
    series = func.generate_series(literal_column("1"), literal_column(str(count))).table_valued("n")
    return sorted(session.scalars(select(sequence).select_from(series)))
