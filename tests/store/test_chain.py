"""Whatever is altered, removed or slipped in behind the archive's back, verify names it."""

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from schema.alerts import Alert, AlertKind, Receipt, Subscription
from schema.announcements import RefusedCandidate
from store.candidates import Candidates
from store.chain import CHAINED, key_of, runs, spread, table_of
from store.database import Database
from store.tables import APPEND_ONLY, CheckRow, SubscriptionLogRow
from store.verifying import Problem, verify_database


@contextmanager
def behind(url: str) -> Iterator[Any]:
    """A connection for which no trigger and no foreign key holds, as a burglar with the file or the password has."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for (name,) in names:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection.execute
            connection.commit()
        return
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection.execute


def fill(desk, years: int = 3) -> None:
    """Something in every append-only table but prunings."""
    for year in range(2026 - years, 2026):
        desk.keep(f"http://hubei.gov/{year}", f"{year}年甲句承诺", f"{year}年乙句承诺", year=year)
    desk.compare()
    desk.decide("2023年甲句承诺→2024年甲句承诺")
    seen = RefusedCandidate("hubei", "http://hubei.gov/x", "座谈会", "symposium", desk.clock(), date(2026, 1, 5))
    Candidates(desk.database).keep([seen])
    team = Subscription("team", "mailbox", "box")
    for n in range(years):
        desk.ledger.queue([(Alert(f"k{n}", "team", AlertKind.TEST, "s", "t", "h", "{}"), team)])
    with desk.database.writing() as session:
        session.add(SubscriptionLogRow(name="team", action="changed", by="wang", at=desk.clock(), settings={}))
    for number in desk.ledger.due():
        delivery = desk.ledger.claim(number)
        desk.ledger.sent(delivery, Receipt("mailbox", desk.clock(), f"{number}.eml"))


def keys_of(database: Database, table: str) -> list[Any]:
    with database.reading() as session:
        column = table_of(table).c[key_of(table_of(table))]
        return [row[0] for row in session.execute(column.table.select().with_only_columns(column).order_by(column))]


def literal(key: Any) -> str:
    return f"'{key}'" if isinstance(key, str) else str(key)


def spoiled(table: str, key: Any, chosen: random.Random) -> tuple[str, str]:
    """A statement that alters or removes one row, and what verify must call it."""
    where = f"{key_of(table_of(table))} = {literal(key)}"
    columns = [c for c in table_of(table).columns if not c.primary_key]
    column = chosen.choice(columns)
    kind = column.type.python_type if str(column.type) != "JSON" else list
    values = {
        str: "'换了一个字'",
        int: str(chosen.randrange(900_000, 10**9)),  # no two alike: keys must not collide
        float: "98.5",
        bool: f'NOT "{column.name}"',
        list: "'[\"换\"]'",
        bytes: "NULL",
        datetime: "'2001-01-01 00:00:00.000000'",
    }
    value = values.get(kind, "'2001-01-01'")
    if chosen.random() < 0.3 or kind is bytes:
        return f"DELETE FROM {table} WHERE {where}", "removed"
    return f'UPDATE {table} SET "{column.name}" = {value} WHERE {where}', "altered"


def test_an_untouched_archive_verifies(desk) -> None:
    """Every row is sealed, whoever appended it; the head is a value to note down."""
    fill(desk)
    found = verify_database(desk.database)
    assert (found.problems, found.blobs, len(found.head)) == ([], 3, 64)
    assert found.rows == sum(desk.archive.count(table) for table in CHAINED)
    assert all(desk.archive.count(table) for table in APPEND_ONLY if table != "prunings")


@pytest.mark.parametrize("rounds", [12, pytest.param(200, marks=pytest.mark.full)])
def test_verify_names_every_altered_or_removed_row(desk, database_url: str, rounds: int) -> None:
    """Random rows of every table, random columns, deletions too; all at once, and exactly those are named."""
    fill(desk, years=3 if rounds < 100 else 30)
    chosen = random.Random(20260120)
    rows = [(table, key) for table in CHAINED for key in keys_of(desk.database, table)]
    expected = set()
    with behind(database_url) as execute:
        for table, key in chosen.sample(rows, rounds):
            statement, what = spoiled(table, key, chosen)
            execute(statement)
            expected.add((table, key, what))
    named = {(problem.table, problem.key, problem.what) for problem in verify_database(desk.database).problems}
    assert named == expected


@pytest.mark.parametrize("rounds", [4, pytest.param(60, marks=pytest.mark.full)])
def test_verify_names_every_altered_or_removed_seal(desk, database_url: str, rounds: int) -> None:
    """Time, rows, marks, chain, each by itself and put back; then one is removed."""
    fill(desk, years=3 if rounds < 10 else 30)
    chosen = random.Random(20260121)
    mark = "?" if database_url.startswith("sqlite") else "%s"
    spoilt = {"at": "'2001-01-01 00:00:00.000000'", "rows": "'{}'", "marks": "'x'", "chain": "'y'"}
    for _ in range(rounds):
        no, column = chosen.choice(keys_of(desk.database, "seals")), chosen.choice(list(spoilt))
        with behind(database_url) as execute:
            [before] = execute(f'SELECT "{column}" FROM seals WHERE no = {no}').fetchone()
            execute(f'UPDATE seals SET "{column}" = {spoilt[column]} WHERE no = {no}')
        assert ("seals", no) in {(one.table, one.key) for one in verify_database(desk.database).problems}, column
        with behind(database_url) as execute:
            value = json.dumps(before) if isinstance(before, dict) else before
            execute(f'UPDATE seals SET "{column}" = {mark} WHERE no = {no}', (value,))
    assert verify_database(desk.database).problems == []
    with behind(database_url) as execute:
        execute(f"DELETE FROM seals WHERE no = {no}")
    assert Problem("seals", no, "removed") in verify_database(desk.database).problems


@pytest.mark.parametrize("rounds", [20, pytest.param(200, marks=pytest.mark.full)])
def test_verify_names_the_blob_whichever_byte_is_flipped(desk, database_url: str, rounds: int) -> None:
    """One bit in one stored byte, anywhere, header and padding included."""
    fill(desk)
    chosen = random.Random(7)
    mark = "?" if database_url.startswith("sqlite") else "%s"
    for _ in range(rounds):
        key = chosen.choice(keys_of(desk.database, "blobs"))
        with behind(database_url) as execute:
            [data] = execute(f"SELECT data FROM blobs WHERE sha256 = '{key}'").fetchone()
            at = chosen.randrange(len(data))
            flipped = data[:at] + bytes([data[at] ^ (1 << chosen.randrange(8))]) + data[at + 1 :]
            execute(f"UPDATE blobs SET data = {mark} WHERE sha256 = '{key}'", (flipped,))
        assert verify_database(desk.database).problems == [Problem("blobs", key, "altered")]
        with behind(database_url) as execute:
            execute(f"UPDATE blobs SET data = {mark} WHERE sha256 = '{key}'", (data,))


def test_rows_cut_off_at_the_end_are_missed(desk, database_url: str) -> None:
    """The last receipt with its seal, or the head as well: the head, or the next use of the number, tells."""
    fill(desk)
    last = keys_of(desk.database, "seals")[-1]
    with behind(database_url) as execute:
        execute("DELETE FROM receipts WHERE id = (SELECT max(id) FROM receipts)")
        execute(f"DELETE FROM seals WHERE no = {last}")
    assert verify_database(desk.database).problems == [Problem("seals", last, "removed")]


def test_a_row_slipped_in_is_named(desk, database_url: str) -> None:
    """A verdict nobody gave, written past the program."""
    fill(desk)
    columns = [c.name for c in table_of("verdicts").columns if c.name != "id"]
    names = ", ".join(f'"{name}"' for name in columns)
    with behind(database_url) as execute:
        execute(f"INSERT INTO verdicts (id, {names}) SELECT 77, {names} FROM verdicts WHERE id = 1")
    assert verify_database(desk.database).problems == [Problem("verdicts", 77, "added outside the chain")]


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_every_append_only_table_refuses_changes(desk, table: str) -> None:
    """UPDATE, DELETE, and what hides them: REPLACE on SQLite, TRUNCATE on PostgreSQL."""
    fill(desk, years=1 if table != "findings" else 2)
    if table == "prunings":
        with desk.database.writing() as session:
            session.execute(
                text(
                    "INSERT INTO prunings (id, at, keep, before, first, last, removed, count) "
                    "VALUES (1, '2026-01-01 00:00:00.000000', '1d', '2000-01-01 00:00:00.000000', 0, 0, '[]', 0)"
                )
            )
    key = key_of(table_of(table))
    hidden = "TRUNCATE {0} CASCADE" if desk.database.dialect == "postgresql" else "REPLACE INTO {0} SELECT * FROM {0}"
    for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}", hidden.format(table)):
        with pytest.raises(DBAPIError, match="append-only"), desk.database.writing() as session:
            session.execute(text(statement))


def test_a_failed_transaction_leaves_no_seal(desk) -> None:
    """Rows and seal come and go together."""
    fill(desk)
    before = desk.archive.count("seals")
    with pytest.raises(DBAPIError):
        append_and_fail(desk.database)
    assert desk.archive.count("seals") == before
    desk.keep("http://hubei.gov/b", "丙句承诺")
    assert verify_database(desk.database).problems == []


def append_and_fail(database: Database) -> None:
    row = CheckRow(source="s", url="u", at=datetime(2026, 1, 1, tzinfo=UTC), outcome="new", detail="")
    with database.writing() as session:
        session.add(row)
        session.flush()
        session.execute(text("nonsense"))


def test_numbers_as_runs_and_back() -> None:
    """Gaps stay gaps; keys that are texts stay as they are."""
    numbers = [1, 2, 3, 7, 9, 10]
    assert runs(numbers) == [[1, 3], [7, 7], [9, 10]]
    assert list(spread(runs(numbers))) == numbers
    assert list(spread(runs(["ab", "cd"]))) == ["ab", "cd"]
