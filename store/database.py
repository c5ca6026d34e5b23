"""Opens the database, brings its schema up to date, and hands out transactions. The one file that knows engines."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event, func, select
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session

from schema.errors import ConfigurationError, SchemaMismatch, StoreError
from store.adopting import adopt
from store.chain import Appending, head, seal

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE = 60_000
"""Milliseconds a SQLite writer waits for the others."""
UPGRADING = 0x6368656E676E756F
"""PostgreSQL's number for our upgrade lock: the letters of our name."""
BEFORE_CHAIN = frozenset({"0001", "0002", "0003", "0004", "0005"})
"""The schema versions whose rows were not sealed when they were written."""


class Database:
    """One open database. Sessions are made and closed inside store/ only."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asking = _asking(engine)

    @property
    def dialect(self) -> str:
        """Sqlite or postgresql."""
        return self._engine.dialect.name

    @classmethod
    def open(cls, url: str, to: str = "head", *, every_commit_on_disk: bool = True) -> Database:
        """Open ``url`` (sqlite:///path or postgresql://…), creating and upgrading the schema (up to version ``to``).

        ``every_commit_on_disk`` False: after a power cut (not after a kill) the last commits on SQLite may be missing,
        never half there. Right for what can be fetched again, and several times as fast.

        Raises ConfigurationError for an address we cannot use, SchemaMismatch for a newer schema or a foreign file,
        StoreError when the disk or the server refuses.
        """
        database = cls(_engine(url, "FULL" if every_commit_on_disk else "NORMAL"))
        try:
            database._upgrade(to)
        except BaseException:
            database.close()
            raise
        return database

    def _upgrade(self, to: str) -> None:
        """Bring the schema up to date; of several processes one does it and the others wait."""
        config = migration_config()
        script = ScriptDirectory.from_config(config)
        with refusing(), self._engine.connect() as connection:
            standing = MigrationContext.configure(connection).get_current_revision()
        self._refuse_unknown(standing, script)
        wanted = script.get_current_head() if to == "head" else to
        if standing == wanted:
            return
        with refusing(), self._engine.connect() as plain:
            connection = plain.execution_options(chengnuo_immediate=True)
            if self.dialect == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(UPGRADING)))
            standing = MigrationContext.configure(connection).get_current_revision()
            if standing != wanted:
                config.attributes["connection"] = connection
                command.upgrade(config, to)
                if standing in BEFORE_CHAIN and wanted not in BEFORE_CHAIN:
                    adopt(connection)
            connection.commit()

    def _refuse_unknown(self, standing: str | None, script: ScriptDirectory) -> None:
        if standing is None or standing in {revision.revision for revision in script.walk_revisions()}:
            return
        where = self._engine.url.render_as_string(hide_password=True)
        raise SchemaMismatch(
            f"{where}: 数据库结构比本程序新 schema {standing!r} is newer than this program; "
            "upgrade chengnuo, or set CHENGNUO_DATABASE_URL"
        )

    def revision(self) -> str | None:
        """The schema version that stands."""
        with refusing(), self._engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for questions; nothing it does is kept."""
        with refusing(), Session(self._asking, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self, *, alone: bool = True) -> Iterator[Session]:
        """One transaction: all of it is kept, or none; what it appends is sealed (store/chain.py).

        Writers wait for each other from the start, on SQLite always, on PostgreSQL unless not ``alone``: for work
        that appends nothing and takes its own row locks.
        """
        with refusing(), Appending(self._engine, expire_on_commit=False) as session, session.begin():
            if self.dialect == "sqlite":
                session.connection(execution_options={"chengnuo_immediate": True})
            elif alone:
                head(session)
            yield session
            seal(session)

    def engine(self) -> Engine:
        """The engine, for migrations and upkeep inside store/."""
        return self._engine

    def engines(self) -> set[Engine]:
        """All engines: the one that writes, and the one that asks where that is another."""
        return {self._engine, self._asking}

    def close(self) -> None:
        """Give all connections back."""
        for engine in self.engines():
            engine.dispose()


def ours(name: str | None, kind: str, parents: Mapping[Any, Any]) -> bool:
    """False for the search index, which stands beside the tables; for Alembic's ``include_name``."""
    del parents
    return not (kind in ("table", "index") and (name or "").startswith(("commitment_search", "commitments_searchable")))


def migration_config() -> Config:
    """Alembic's configuration; no ini file, so that it works from a wheel."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _engine(url: str, synchronous: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise ConfigurationError("environment", "CHENGNUO_DATABASE_URL", "use sqlite:///path or postgresql://…")
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(parsed)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigurationError("environment", "CHENGNUO_DATABASE_URL", str(error).split("\n", 1)[0]) from error
    if engine.dialect.name == "sqlite":
        _tune_sqlite(engine, synchronous)
    return engine


def _asking(engine: Engine) -> Engine:
    """For questions. On PostgreSQL connections of their own that never open a transaction.

    There each statement has its own view of the data with or without one (READ COMMITTED), so BEGIN and ROLLBACK
    would be two more waits for the server around every question. SQLite's BEGIN waits for nobody, and gives all
    statements of a question one view.
    """
    if engine.dialect.name == "sqlite":
        return engine
    asking = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    for one, other in ((engine, asking), (asking, engine)):
        event.listen(one, "handle_error", partial(_forget, other))
    return asking


def _forget(other: Engine, context: ExceptionContext) -> None:
    """When the server went away, the idle connections of the other engine are gone as well: one failure, not two."""
    if context.is_disconnect:
        other.dispose()


def _tune_sqlite(engine: Engine, synchronous: str) -> None:
    """WAL, foreign keys, patience; and BEGIN IMMEDIATE for every writing transaction (docs/decisions)."""

    def connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={PATIENCE}")
        _to_wal(connection)
        for pragma in ("foreign_keys=ON", f"synchronous={synchronous}", "recursive_triggers=ON"):
            connection.execute(f"PRAGMA {pragma}")

    def begin(connection: Any) -> None:
        immediate = connection.get_execution_options().get("chengnuo_immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", begin)


def _to_wal(connection: Any) -> None:
    """Turn the file to WAL, which it stays; wait while another process that opens the new file does the same.

    busy_timeout does not help here: of two connections that both want to turn a new file, each holding a read lock,
    SQLite refuses one at once (SQLITE_BUSY), for waiting would never end.
    """
    deadline = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def refusing() -> Iterator[None]:
    """Turn what a database refuses into one line that says the way out."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().split("\n", 1)[0]
        if "not a database" in reason:
            raise SchemaMismatch(f"{reason}; set CHENGNUO_DATABASE_URL to another file") from error
        if "malformed" in reason:
            raise StoreError(f"数据库文件已损坏 the database file is damaged: {reason}; restore a backup") from error
        if any(
            word in reason
            for word in ("full", "readonly", "read-only", "locked", "unable to open", "No space", "disk I/O")
        ):
            raise StoreError(
                f"数据库拒绝写入 the database refuses: {reason}; free space or permissions, then run again"
            ) from error
        if error.connection_invalidated or "connection" in reason.lower():
            raise StoreError(f"数据库连接中断 database connection lost: {reason}") from error
        raise
