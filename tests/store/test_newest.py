"""The newest visit to every address and of every source, whatever the order they came in."""

from datetime import timedelta

from schema.announcements import Check, CheckOutcome
from store.pulse import Pulse

VISITS = [
    ("b", "http://b/1", 3),
    ("a", "http://a/2", 1),
    ("b", "http://b/1", 1),
    ("a", "http://a/1", 9),
    ("a", "http://a/2", 2),
]
"""Source, address, minutes after noon; imported visits may be older than what is there."""


def test_the_newest_visits_are_the_last_kept_of_each(desk) -> None:
    """By source and address the last one kept; by source the latest moment; of none nothing."""
    assert desk.archive.latest_checks() == []
    assert Pulse(desk.database).visits() == {}
    noon = desk.clock.now
    checks = [Check(s, url, noon + timedelta(minutes=m), CheckOutcome.UNCHANGED, 200) for s, url, m in VISITS]
    for check in checks:
        desk.archive.keep_visit(None, check)
    assert desk.archive.latest_checks() == [checks[3], checks[4], checks[2]]
    assert Pulse(desk.database).visits() == {"a": noon + timedelta(minutes=9), "b": noon + timedelta(minutes=3)}


def test_they_are_found_along_an_index(desk, statements) -> None:
    """One statement, and on SQLite a plan that scans no table: with a million visits it costs the same."""
    desk.archive.keep_visit(None, Check("a", "http://a/1", desk.clock.now, CheckOutcome.UNCHANGED, 200))
    for ask in (desk.archive.latest_checks, Pulse(desk.database).visits):
        with statements() as found:
            ask()
        assert len(found) == 1
        if desk.database.dialect == "sqlite":
            with desk.database.engine().connect() as connection:
                plan = [
                    row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {found[0]}", _zeros(found[0]))
                ]
            assert not [line for line in plan if line.startswith("SCAN check") and "INDEX" not in line]


def _zeros(statement: str) -> tuple[int, ...]:
    return (1,) * statement.count("?")
