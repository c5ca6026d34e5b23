"""The archive as a portable file: every row of every table as JSON lines, compressed, counted and hashed.

Works without any server's tools, and carries an archive from SQLite to PostgreSQL or back.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import zstandard
from sqlalchemy import Column, Connection, Table, func, insert, inspect, select, text

from schema.errors import StoreError, UnreadableInput
from store import tables as t
from store.database import Database

FORMAT = "chengnuo-dump/1"
MAGIC = b"\x28\xb5\x2f\xfd"
"""How a zstd file begins."""
PORTION = 500
Advance = Callable[[int], None]


def write_dump(database: Database, out: BinaryIO, advance: Advance) -> int:
    """Write all rows as they stand at one moment; how many."""
    digest, rows = hashlib.sha256(), 0
    with zstandard.ZstdCompressor(level=6).stream_writer(out, closefd=False) as packed:

        def put(line: dict[str, Any] | list[Any]) -> None:
            raw = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
            digest.update(raw)
            packed.write(raw)

        put({"format": FORMAT, "schema": database.revision(), "dialect": database.dialect})
        level = "REPEATABLE READ" if database.dialect == "postgresql" else "SERIALIZABLE"
        with database.engine().connect().execution_options(isolation_level=level) as connection:
            for table in t.Base.metadata.sorted_tables:
                put({"table": table.name, "columns": [column.name for column in table.columns]})
                for row in connection.execute(select(table).execution_options(yield_per=PORTION)):
                    put([_plain(value) for value in row])
                    rows += 1
                    advance(1)
        packed.write(json.dumps({"rows": rows, "sha256": digest.hexdigest()}).encode() + b"\n")
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    return {"on": value.isoformat()} if isinstance(value, date) else value


def check_dump(file: Path) -> dict[str, Any]:
    """The header of a dump that is whole. Raises UnreadableInput for one that was cut off or altered."""
    header: dict[str, Any] = {}
    digest, rows, last = hashlib.sha256(), 0, b""
    for raw in _lines(file):
        if last:
            digest.update(last)
            rows += last.startswith(b"[")
        header = header or json.loads(raw)
        last = raw
    footer = json.loads(last) if last else {}
    if header.get("format") != FORMAT:
        raise UnreadableInput(file, "不是 chengnuo 的备份 no backup of chengnuo")
    if footer.get("sha256") != digest.hexdigest() or footer.get("rows") != rows:
        raise UnreadableInput(file, "备份不完整或被改动 the backup was cut off or altered; use another one")
    return header


def _lines(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as reader:
            yield from io.BufferedReader(reader)  # type: ignore[arg-type,unused-ignore]
    except (OSError, zstandard.ZstdError) as error:
        raise UnreadableInput(file, f"备份读不了 the backup cannot be read: {error}") from error


def load_dump(file: Path, database: Database, advance: Advance) -> int:
    """Fill an empty database from a dump that was checked; all rows or none. How many.

    ``database`` has the schema the dump was made with, and no rows. Raises StoreError otherwise.
    """
    rows, table = 0, None
    columns: list[str] = []
    batch: list[dict[str, Any]] = []
    with database.engine().connect() as connection:
        _empty(connection)
        for raw in _lines(file):
            line = json.loads(raw)
            if isinstance(line, list):
                batch.append(dict(zip(columns, map(_value, line), strict=True)))
                rows += 1
            if table is not None and batch and (len(batch) == PORTION or not isinstance(line, list)):
                connection.execute(insert(table), batch)
                advance(len(batch))
                batch = []
            if isinstance(line, dict) and "table" in line:
                table, columns = t.Base.metadata.tables[line["table"]], line["columns"]
        _set_sequences(connection)
        connection.commit()
    return rows


def _empty(connection: Connection) -> None:
    there = set(inspect(connection).get_table_names())
    for table in t.Base.metadata.sorted_tables:
        if table.name == "chain_heads" or table.name not in there:
            continue
        if connection.scalar(select(func.count()).select_from(table)):
            raise StoreError(f"目标库不是空的 the target database is not empty ({table.name}); name an empty one")
    if "chain_heads" in there:
        connection.execute(text("DELETE FROM chain_heads"))


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict) or len(plain) != 1:
        return plain
    kind, told = next(iter(plain.items()))
    if kind == "b64":
        return base64.b64decode(told)
    if kind == "at":
        return datetime.fromisoformat(told)
    return date.fromisoformat(told) if kind == "on" else plain


def _set_sequences(connection: Connection) -> None:
    """PostgreSQL must go on counting where the dump ends."""
    if connection.dialect.name != "postgresql":
        return
    there = set(inspect(connection).get_table_names())
    for table in (one for one in t.Base.metadata.sorted_tables if one.name in there):
        for column in _counted(table):
            last = connection.scalar(select(func.max(column)))
            if last is not None:
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(select(func.setval(sequence, last)))


def _counted(table: Table) -> Iterable[Column[Any]]:
    found = table.autoincrement_column
    return [found] if found is not None else []
