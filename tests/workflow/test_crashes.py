"""kill -9 after every single statement of keep → read → watch → compare → deliver: nothing lost, nothing doubled."""

import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from schema.alerts import DeliveryState
from schema.announcements import Check, CheckOutcome, Page
from store.verifying import verify_database
from workflow.collecting import read_kept
from workflow.comparing import compare_pending
from workflow.delivering import deliver_all
from workflow.files import import_source
from workflow.house import House, open_house
from workflow.settings import load_settings

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = timedelta(minutes=10)
"""After a crash the next run comes when the lease of a claimed delivery has run out."""


def trip(house: House, texts: list[Path]) -> None:
    """What collect, compare and deliver do with two pages that were fetched."""
    for number, text in enumerate(texts):
        page = Page(f"http://hubei.gov/{number}.txt", "import", 200, text.read_bytes(), NOW,
                    (("Content-Type", "text/plain"),))  # fmt: skip
        house.archive.keep_visit(page, Check("import", page.url, NOW, CheckOutcome.NEW, 200, page.sha256))
    read_kept(house, [import_source()])
    compare_pending(house)
    deliver_all(house)


def run(url: str, data: Path, texts: list[Path], *, die_at: int, later: timedelta = timedelta(0)) -> tuple[int, int]:
    """The trip in a forked child that kills itself after so many statements; exit status, statements sent."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _child(lambda count: _go(url, data, texts, later, count), die_at, writer)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as told:
        return status, int(told.read() or b"0")


def _child(work: Callable[[Callable[..., None]], None], die_at: int, writer: int) -> None:
    sent = 0

    def count(*_arguments: Any) -> None:
        nonlocal sent
        sent += 1
        if sent == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        event.listen(Engine, "after_cursor_execute", count)
        event.listen(Engine, "commit", count)  # just before the COMMIT leaves
        work(count)
        os.write(writer, str(sent).encode())
        code = 0
    except Exception:  # noqa: BLE001 - the parent sees the exit code, a person the traceback
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(code)


def _go(url: str, data: Path, texts: list[Path], later: timedelta, _count: object) -> None:
    settings = load_settings({"CHENGNUO_DATABASE_URL": url}, data=data)
    with open_house(settings, clock=lambda: NOW + later) as house:
        trip(house, texts)


def end_of(url: str, data: Path) -> dict[str, Any]:
    """What must be the same, wherever it was interrupted."""
    settings = load_settings({"CHENGNUO_DATABASE_URL": url}, data=data)
    with open_house(settings) as house:
        archive = house.archive
        kept = {key: house.comparisons.diff(*key) for key in archive.editions()}
        tables = ("pages", "readings", "announcements", "commitments", "diffs", "alerts", "deliveries", "receipts")
        return {
            "editions": {key: archive.edition(*key).announcement for key in archive.editions()},
            "changes": {key: sorted(c.key for c in one.diff.changes) for key, one in kept.items() if one},
            "rows": {table: archive.count(table) for table in tables},
            "sent": house.ledger.counts()[DeliveryState.SENT],
            "letters": _letters(data),
            "problems": verify_database(house.database).problems,
        }


def _letters(data: Path) -> list[str]:
    """The letters by their keys; the number before is the delivery's, and PostgreSQL skips one after a rollback."""
    return sorted(letter.name.split("-", 1)[1] for letter in (data / "mailbox").glob("*.eml"))


def fresh(kind: str, folder: Path, request: pytest.FixtureRequest) -> str:
    """A migrated, empty database."""
    folder.mkdir()
    if kind == "postgresql":
        return request.getfixturevalue("postgres_server").fresh("migrated")
    url = f"sqlite:///{folder / 'chengnuo.sqlite3'}"
    (folder / "chengnuo.sqlite3").write_bytes(request.getfixturevalue("migrated_sqlite").read_bytes())
    return url


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.full), 29])
def test_killed_after_any_statement_the_next_run_ends_the_same(
    kind: str, step: int, years: tuple[Path, Path], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Every statement in the long run, every 29th in the short one; the chain verifies, every letter is there once."""
    whole = tmp_path / "whole"
    url = fresh(kind, whole, request)
    status, statements = run(url, whole, list(years), die_at=0)
    assert (status, statements > 50) == (0, True)
    expected = end_of(url, whole)
    assert expected["problems"] == []
    assert (expected["sent"], len(expected["letters"])) == (2, 2)
    for number in range(1, statements + 1, step):
        data = tmp_path / f"at{number}"
        url = fresh(kind, data, request)
        status, _ = run(url, data, list(years), die_at=number)
        assert status == signal.SIGKILL, number
        status, _ = run(url, data, list(years), die_at=0, later=LATER)
        assert status == 0, number
        found = end_of(url, data)
        assert found == expected, number
