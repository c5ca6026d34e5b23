"""Pruning removes re-fetches that prove nothing, writes down which, and nothing else ever goes."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from schema.announcements import CheckOutcome
from schema.errors import UsageError
from store.pruning import prune_checks
from store.verifying import verify_database

URL = "http://hubei.gov/a"


def watch(desk, days: int) -> None:
    for _ in range(days):
        desk.clock.now += timedelta(days=1)
        desk.visit(URL, None, CheckOutcome.UNCHANGED, 304)


def test_the_first_and_the_last_look_of_a_stretch_stay(desk) -> None:
    """new, 5 × unchanged, blocked, 4 × unchanged, new: what bounds a stretch and what differs stays; verify agrees."""
    desk.keep(URL, "甲句承诺")
    watch(desk, 5)
    desk.visit(URL, None, CheckOutcome.BLOCKED, 412)
    watch(desk, 4)
    desk.keep(URL, "乙句承诺")
    now = desk.clock.now + timedelta(days=400)
    assert prune_checks(desk.database, "365d", now, dry_run=True) == 5
    assert prune_checks(desk.database, "365d", now) == 5
    left = [check.outcome.value for check in reversed(desk.archive.checks())]
    assert left == ["new", "unchanged", "unchanged", "blocked", "unchanged", "unchanged", "new"]
    found = verify_database(desk.database)
    assert (found.problems, found.pruned) == ([], 5)
    assert prune_checks(desk.database, "365d", now) == 0


def test_what_is_younger_stays(desk) -> None:
    """Only older than asked for."""
    desk.keep(URL, "甲句承诺")
    watch(desk, 10)
    assert prune_checks(desk.database, "5", desk.clock.now) == 4
    with pytest.raises(UsageError, match="365d"):
        prune_checks(desk.database, "ein Jahr", desk.clock.now)


def test_no_pruning_row_lets_anything_else_go(desk) -> None:
    """With a pruning written down, a check that differs and one outside its range are refused all the same."""
    desk.keep(URL, "甲句承诺")
    watch(desk, 6)
    prune_checks(desk.database, "1d", desk.clock.now + timedelta(days=9))
    desk.visit(URL, None, CheckOutcome.UNCHANGED, 304)
    for which in ("outcome = 'new'", "id = (SELECT max(id) FROM checks)"):
        with pytest.raises(DBAPIError, match="append-only"), desk.database.writing() as session:
            session.execute(text(f"DELETE FROM checks WHERE {which}"))
