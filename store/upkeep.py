"""Checks, backs up and restores the database; needs none of the servers' own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import make_url

from schema.errors import StoreError, UnreadableInput
from store import tables as t
from store.database import Database, ours, refusing
from store.dumping import MAGIC, Advance, check_dump, load_dump, write_dump
from store.verifying import Verified, verify_database

SQLITE = b"SQLite format 3\x00"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written."""

    file: Path
    rows: int
    size: int
    """Bytes."""


def check_database(database: Database) -> list[str]:
    """What is wrong with the database itself, a line each; empty when nothing is. Fast: reads no page."""
    with refusing(), database.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours})
        found = [f"schema differs from the program's: {one}" for one in compare_metadata(context, t.Base.metadata)]
        if database.dialect == "sqlite":
            lines = connection.execute(text("PRAGMA integrity_check")).scalars().all()
            found += [f"integrity: {line}" for line in lines if line != "ok"]
            found += [f"foreign key: {tuple(row)}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
            query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        else:
            query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        triggers = set(connection.execute(text(query)).scalars())
    wanted = {f"{table}_no_{action}" for table in t.APPEND_ONLY for action in ("update", "delete")}
    return found + [f"missing guard: trigger {name}" for name in sorted(wanted - triggers)]


def backup(database: Database, file: Path, advance: Advance = lambda _n: None) -> Backup:
    """Write a consistent backup while others go on writing: SQLite as a SQLite file, PostgreSQL as a portable dump.

    Raises StoreError when the file exists or cannot be written; nothing half-written stays.
    """
    if file.exists():
        raise StoreError(f"{file}: 已存在 exists already; name a new file")
    part = file.with_name(file.name + ".part")
    try:
        if database.dialect == "sqlite":
            rows = _copy_sqlite(database, part)
        else:
            with part.open("wb") as out:
                rows = write_dump(database, out, advance)
        _to_disk(part)
        part.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{file}: 写不了备份 cannot write the backup: {error}") from error
    finally:
        part.unlink(missing_ok=True)
    return Backup(file, rows, file.stat().st_size)


def _copy_sqlite(database: Database, part: Path) -> int:
    """SQLite's online backup: one consistent moment, writers are not stopped."""
    source = database.engine().raw_connection()
    try:
        with closing(sqlite3.connect(part)) as copy:
            source.driver_connection.backup(copy)  # type: ignore[union-attr]
            copy.execute("PRAGMA journal_mode=DELETE")
            if (found := copy.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                raise StoreError(f"备份未通过检查 the copy fails its check: {found}; nothing was written")
            names = [table.name for table in t.Base.metadata.sorted_tables]
            return sum(copy.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names)  # noqa: S608 - our own names
    finally:
        source.close()


def _to_disk(file: Path) -> None:
    with file.open("rb") as written:
        os.fsync(written.fileno())


def restore(file: Path, url: str, *, replace: bool = False, advance: Advance = lambda _n: None) -> Verified:
    """Bring a backup back into ``url`` and verify it before it takes anything's place.

    A SQLite file in the way is kept beside it, and only with ``replace``; a PostgreSQL database must be empty.
    Raises UnreadableInput for a damaged backup, StoreError when there is something in the way or verifying fails.
    """
    kind = _kind(file)
    target = make_url(url)
    if target.get_backend_name() == "sqlite":
        return _restore_file(file, kind, Path(target.database or ""), replace=replace, advance=advance)
    with _as_dump(file, kind) as dump:
        database = Database.open(url, check_dump(dump)["schema"])
        try:
            load_dump(dump, database, advance)
        finally:
            database.close()
    return _verified(url)


def _kind(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            start = opened.read(len(SQLITE))
    except OSError as error:
        raise UnreadableInput(file, f"读不了 cannot be read: {error.strerror}") from error
    if start == SQLITE:
        return "sqlite"
    if start.startswith(MAGIC):
        return "dump"
    raise UnreadableInput(file, "不是 chengnuo 的备份 no backup of chengnuo")


def _restore_file(file: Path, kind: str, target: Path, *, replace: bool, advance: Advance) -> Verified:
    if target.exists() and target.stat().st_size and not replace:
        raise StoreError(
            f"{target}: 已有数据库 there is a database already; --replace keeps it beside the restored one"
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=target.parent) as folder:
        fresh = Path(folder) / "restored.sqlite3"
        if kind == "sqlite":
            shutil.copyfile(file, fresh)
            _sound(file, fresh)
        else:
            database = Database.open(f"sqlite:///{fresh}", check_dump(file)["schema"])
            load_dump(file, database, advance)
            database.close()
        found = _verified(f"sqlite:///{fresh}")
        _set_aside(target)
        fresh.replace(target)
    return found


def _sound(file: Path, copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise UnreadableInput(file, f"备份已损坏 the backup is damaged: {found}; use another one")


def _verified(url: str) -> Verified:
    """Upgrade what was restored, check it, and fold its journal into the file."""
    database = Database.open(url)
    try:
        wrong, found = check_database(database), verify_database(database)
        if database.dialect == "sqlite":
            with database.engine().connect() as connection:
                connection.execute(text("COMMIT"))
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        database.close()
    if wrong or found.problems:
        first = wrong[0] if wrong else f"{found.problems[0].table} {found.problems[0].key} {found.problems[0].what}"
        raise StoreError(f"备份与封条不符 the backup does not verify: {first}; the database was left as it was")
    return found


def _set_aside(target: Path) -> None:
    """What stood there stays, under another name, with its journal."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    for ending in ("", "-wal", "-shm"):
        there = target.with_name(target.name + ending)
        if there.exists():
            there.rename(target.with_name(f"{target.name}.before-{stamp}{ending}"))


@contextmanager
def _as_dump(file: Path, kind: str) -> Iterator[Path]:
    """The backup as a portable dump; a SQLite backup is dumped from a copy."""
    if kind == "dump":
        yield file
        return
    with tempfile.TemporaryDirectory(prefix="chengnuo-") as folder:
        copy, dump = Path(folder) / "copy.sqlite3", Path(folder) / "dump"
        shutil.copyfile(file, copy)
        _sound(file, copy)
        database = Database.open(f"sqlite:///{copy}")
        try:
            with dump.open("wb") as out:
                write_dump(database, out, lambda _n: None)
        finally:
            database.close()
        yield dump
