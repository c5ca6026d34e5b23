"""Seals what a transaction appends, so that a row altered, removed or slipped in later can be named.

One seal a transaction: 16 bytes for every appended row, chained to the seal before (docs/decisions/0010). Writing
transactions that append wait for each other, on both databases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, DefaultClause, Float, LargeBinary, Table, event, insert, select, update
from sqlalchemy.orm import Session

from store import tables as t

CHAINED = tuple(name for name in t.APPEND_ONLY if name != "seals")
_TOLD = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
MARK = 16
"""Bytes of SHA-256 kept for every row."""
Key = int | str
Appended = tuple[str, Key, bytes]
"""Table, row key, mark."""


class Appending(Session):
    """A writing transaction that remembers what it appends."""


@event.listens_for(Appending, "before_flush")
def _lock(session: Session, _context: object, _instances: object) -> None:
    if any(row.__tablename__ in CHAINED for row in session.new):
        head(session)


@event.listens_for(Appending, "after_flush")
def _remember(session: Session, _context: object) -> None:
    for row in session.new:
        if row.__tablename__ in CHAINED:
            table = table_of(row.__tablename__)
            values = {name: row.__dict__.get(name) for name in table.c.keys()}  # noqa: SIM118 - a collection, no dict
            remember(session, table, [values])


def remember(session: Session, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Note rows that this transaction appended, for the seal that ends it."""
    found: list[Appended] = session.info.setdefault("appended", [])
    key = key_of(table)
    found.extend((table.name, row[key], mark(table, row)) for row in rows)


def head(session: Session) -> tuple[int, bytes]:
    """Number and chain of the last seal; on PostgreSQL other appending transactions now wait for this one."""
    if "head" not in session.info:
        row = session.execute(
            select(t.ChainHeadRow.no, t.ChainHeadRow.chain).where(t.ChainHeadRow.id == 1).with_for_update()
        ).one()
        session.info["head"] = (row[0], bytes(row[1]))
    found: tuple[int, bytes] = session.info["head"]
    return found


def seal(session: Session) -> None:
    """Seal all that this transaction appended; to be called last."""
    session.flush()
    appended: list[Appended] = session.info.pop("appended", [])
    if appended:
        write_seal(session, appended)


def write_seal(session: Session, appended: Iterable[Appended]) -> None:
    """Add one seal over these rows and move the head."""
    rows, marks = _packed(appended)
    before, chain = head(session)
    made = {"no": before + 1, "at": datetime.now(UTC), "rows": rows, "marks": marks}
    chain = link(chain, made)
    session.execute(insert(t.SealRow).values(**made, chain=chain))
    session.execute(update(t.ChainHeadRow).where(t.ChainHeadRow.id == 1).values(no=before + 1, chain=chain))
    session.info["head"] = (before + 1, chain)


def link(before: bytes, made: Mapping[str, Any]) -> bytes:
    """The chain value of a seal that follows ``before``."""
    told = json.dumps([made["no"], made["at"].astimezone(UTC).isoformat(), made["rows"]], sort_keys=True)
    return hashlib.sha256(before + told.encode() + bytes(made["marks"])).digest()


def mark(table: Table, values: Mapping[str, Any]) -> bytes:
    """What stands for a row: its table and every value, whatever the database writes it as.

    Nulls and a column's own default are left out, so that a column added later changes no mark.
    """
    plain, defaults = _plain(table.name), _defaults(table.name)
    told = {
        name: plain[name](value)
        for name, value in values.items()
        if value is not None and not (name in defaults and value == defaults[name])
    }
    text = _TOLD.encode([table.name, told])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:MARK]


@cache
def _plain(name: str) -> dict[str, Callable[[Any], Any]]:
    return {column.name: _converter(column.type) for column in table_of(name).columns}


@cache
def _defaults(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in table_of(name).columns:
        if isinstance(column.server_default, DefaultClause):
            told = str(column.server_default.arg)
            found[column.name] = json.loads(told) if isinstance(column.type, JSON) else told
    return found


def _converter(kind: object) -> Callable[[Any], Any]:
    if isinstance(kind, Float):
        return float
    if isinstance(kind, LargeBinary):
        return lambda value: hashlib.sha256(value).hexdigest()
    return _value


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def table_of(name: str) -> Table:
    """A table by its name."""
    return t.Base.metadata.tables[name]


def key_of(table: Table) -> str:
    """The name of a table's one key column."""
    [column] = table.primary_key.columns
    return column.name


def _packed(appended: Iterable[Appended]) -> tuple[dict[str, Any], bytes]:
    """Rows by table, as runs of numbers or as keys, and their marks in the same order."""
    by_table: dict[str, list[tuple[Key, bytes]]] = {}
    for name, key, found in appended:
        by_table.setdefault(name, []).append((key, found))
    ordered = {name: sorted(by_table[name]) for name in sorted(by_table)}
    rows: dict[str, Any] = {name: runs([key for key, _ in found]) for name, found in ordered.items()}
    return rows, b"".join(found for pairs in ordered.values() for _, found in pairs)


def runs(keys: Sequence[Any]) -> list[Any]:
    """Sorted numbers as [[first, last], …]; other keys as they are."""
    if keys and not isinstance(keys[0], int):
        return list(keys)
    found: list[list[int]] = []
    for key in keys:
        if found and key == found[-1][1] + 1:
            found[-1][1] = key
        else:
            found.append([key, key])
    return found


def unpacked(rows: Mapping[str, Any], marks: bytes) -> Iterator[Appended]:
    """The inverse of what a seal holds."""
    at = 0
    for name in sorted(rows):
        for key in spread(rows[name]):
            yield name, key, marks[at : at + MARK]
            at += MARK


def spread(found: Iterable[Any]) -> Iterator[Key]:
    """Runs as single numbers; other keys as they are."""
    for one in found:
        if isinstance(one, str):
            yield one
        else:
            yield from range(one[0], one[1] + 1)
