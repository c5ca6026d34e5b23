"""Backups that come back, on either database, from either; upgrades with data in them."""

import json
import sqlite3
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from schema.errors import StoreError, UnreadableInput
from store.chain import CHAINED
from store.database import BEFORE_CHAIN, Database, _engine, migration_config
from store.tables import Base
from store.upkeep import backup, check_database, restore
from store.verifying import verify_database

REVISIONS = [one.revision for one in ScriptDirectory.from_config(migration_config()).walk_revisions()][::-1]


def fill(desk) -> None:
    for year in (2025, 2026):
        desk.keep(f"http://hubei.gov/{year}", f"{year}年甲句承诺", year=year)
    desk.compare()
    desk.decide("→2025年甲句承诺")


def rows_of(database: Database) -> dict[str, list[tuple]]:
    with database.engine().connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_a_sound_database_passes_its_check(desk) -> None:
    """No drift between tables and schema, all triggers in force; a trigger taken off is named."""
    assert check_database(desk.database) == []
    on = "" if desk.database.dialect == "sqlite" else " ON pages"
    with desk.database.writing() as session:
        session.execute(sa.text(f"DROP TRIGGER pages_no_delete{on}"))
    assert check_database(desk.database) == ["missing guard: trigger pages_no_delete"]


def test_a_backup_comes_back_on_either_database(desk, tmp_path: Path, postgres_url: str) -> None:
    """SQLite file or portable dump, into SQLite and into PostgreSQL: the same rows, verified, and counting goes on."""
    fill(desk)
    made = backup(desk.database, tmp_path / "b")
    assert made.rows == sum(len(rows) for rows in rows_of(desk.database).values())
    for url in (f"sqlite:///{tmp_path / 'restored.sqlite3'}", postgres_url):
        head = restore(tmp_path / "b", url).head
        database = Database.open(url)
        assert rows_of(database) == rows_of(desk.database)
        assert head == verify_database(desk.database).head
        again = type(desk)(database, desk.clock)
        assert again.keep("http://hubei.gov/new", "新句承诺")
        assert verify_database(database).problems == []
        database.close()


def test_a_backup_is_taken_while_others_write(desk, tmp_path: Path) -> None:
    """The copy is of one moment: it verifies, though pages came in meanwhile."""
    fill(desk)
    stop = threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            desk.keep(f"http://hubei.gov/more{number}", f"第{number}句承诺")
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        backup(desk.database, tmp_path / "b")
    finally:
        stop.set()
        writer.join()
    assert restore(tmp_path / "b", f"sqlite:///{tmp_path / 'r.sqlite3'}").problems == []


def test_a_damaged_backup_is_refused_and_changes_nothing(desk, tmp_path: Path) -> None:
    """Cut off, altered, or no backup at all: one line, and what stood there stands."""
    fill(desk)
    file = backup(desk.database, tmp_path / "b").file
    raw = file.read_bytes()
    target = tmp_path / "there.sqlite3"
    url = f"sqlite:///{target}"
    Database.open(url).close()
    for spoilt in (raw[: len(raw) // 2], b"nothing", raw[:-40] + bytes(40)):
        file.write_bytes(spoilt)
        with pytest.raises((UnreadableInput, StoreError)):
            restore(file, url, replace=True)
        assert check_database(Database.open(url)) == []
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith((".restore", "there.sqlite3.before"))] == []


def test_a_backup_altered_inside_is_refused(desk, tmp_path: Path) -> None:
    """A SQLite backup somebody edited does not verify."""
    if desk.database.dialect != "sqlite":
        pytest.skip("a portable dump carries a hash of itself; the test above covers it")
    fill(desk)
    file = backup(desk.database, tmp_path / "b").file
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TRIGGER verdicts_no_update")
        connection.execute("UPDATE verdicts SET reason = '换了'")
    connection.close()
    with pytest.raises(StoreError, match="verif"):
        restore(file, f"sqlite:///{tmp_path / 'r.sqlite3'}")
    assert not (tmp_path / "r.sqlite3").exists()


def test_what_is_in_the_way_is_never_overwritten(desk, tmp_path: Path, database_url: str) -> None:
    """Neither by a backup nor by a restore; --replace keeps the old file beside the new."""
    fill(desk)
    file = backup(desk.database, tmp_path / "b").file
    with pytest.raises(StoreError, match="exists"):
        backup(desk.database, file)
    with pytest.raises(StoreError, match=r"already|not empty"):
        restore(file, database_url)
    if database_url.startswith("sqlite"):
        desk.database.close()
        restore(file, database_url, replace=True)
        there = Path(database_url.removeprefix("sqlite:///"))
        assert len(list(there.parent.glob(f"{there.name}.before-*"))) >= 1


def made_up(column: sa.Column, number: int) -> object:
    """A value of a reflected column's type."""
    moment = datetime(2026, 1, number, tzinfo=UTC)
    values = {
        "INT": number,
        "TIME": moment if getattr(column.type, "timezone", False) else moment.replace(tzinfo=None),
        "DATE": date(2026, 1, number),
        "BOOL": False,
        "BLOB": bytes([number]),
        "BYTEA": bytes([number]),
        "JSON": [],
        "DOUBLE": 1.5,
    }
    words = {"outcome": "ok", "kind": "new", "confidence": "high"}
    kind = str(column.type).upper()
    return next((v for k, v in values.items() if k in kind), words.get(column.name, f"{column.table.name} {number}"))


def fill_reflected(url: str) -> dict[str, int]:
    """Two rows in every table the schema of the day has, keys of others respected."""
    database = Database(_engine(url, "FULL"))
    metadata = sa.MetaData()
    with database.engine().connect() as connection:
        metadata.reflect(connection)
        counts = {}
        for table in metadata.sorted_tables:
            if table.name not in Base.metadata.tables:
                continue
            for number in (1, 2):
                row = {c.name: made_up(c, number) for c in table.columns}
                for column in table.columns:
                    for key in column.foreign_keys:
                        row[column.name] = made_up(key.column, number)
                connection.execute(table.insert(), row)
            counts[table.name] = 2
        connection.commit()
    database.close()
    return counts


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_earlier_schema_is_upgraded_with_its_data(
    revision: str, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """All rows survive, the schema is today's, and what was kept before there was a chain is sealed."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    Database.open(url, revision).close()
    if revision not in BEFORE_CHAIN:
        pytest.skip("rows are sealed by the program that writes them from here on; other tests do")
    counts = fill_reflected(url)
    database = Database.open(url)
    with database.engine().connect() as connection:
        for name, count in counts.items():
            assert connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) == count
    assert check_database(database) == []
    found = verify_database(database)
    assert {problem.what for problem in found.problems if problem.table != "blobs"} == set()
    assert found.rows == sum(count for name, count in counts.items() if name in CHAINED)
    database.close()


def test_those_who_open_a_new_database_at_once_make_one(tmp_path: Path) -> None:
    """They wait for each other; none is refused, none sees half a schema.

    Thirty files, since two connections seldom meet where SQLite refuses one without waiting: turning a file to WAL.
    """
    problems: list[Exception] = []
    together = threading.Barrier(4)

    def open_it(url: str, to: str) -> None:
        together.wait()
        try:
            Database.open(url, to).close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            problems.append(error)

    for turn in range(30):
        url, to = f"sqlite:///{tmp_path / f'new{turn}.sqlite3'}", "0001" if turn else "head"
        threads = [threading.Thread(target=open_it, args=(url, to)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []


def test_a_dump_is_lines_a_person_can_read(desk, tmp_path: Path) -> None:
    """Header, tables, rows, footer with count and hash."""
    from io import BytesIO

    import zstandard

    from store.dumping import write_dump

    fill(desk)
    out = BytesIO()
    rows = write_dump(desk.database, out, lambda _n: None)
    lines = zstandard.ZstdDecompressor().stream_reader(out.getvalue()).read().decode().splitlines()
    assert json.loads(lines[0])["schema"] == REVISIONS[-1]
    assert json.loads(lines[-1])["rows"] == rows
