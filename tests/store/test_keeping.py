"""Readings kept in one group come to the same as kept one by one, in as many statements as for one."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from schema.announcements import (
    Announcement,
    Commitment,
    Directive,
    Link,
    Outcome,
    Quarantine,
    QuarantineReason,
    Rank,
    Reading,
    Source,
    SourceKind,
    Target,
)
from store import rows
from store.database import Database
from store.tables import AnnouncementRow
from store.verifying import verify_database

OWN, OTHER = "http://hubei.gov/a", "http://digest.cn/d"
SOURCE = Source("hubei", "湖北", SourceKind.COLUMN, Rank.OFFICIAL)


def captures(desk) -> list:
    """A, B, A at one address and one capture at another, all unread."""
    for number, url in enumerate((OWN, OWN, OTHER, OWN)):
        desk.visit(url, f"page {number}".encode())
    return desk.archive.unread("0")


def said(desk) -> list[Any]:
    """Every version, by normaliser and capture, without its number and the moment."""
    a = AnnouncementRow
    columns = [c for c in a.__table__.columns if c.name not in ("id", "reading_id", "known_at")]
    with desk.database.reading() as session:
        return list(session.execute(select(*columns).order_by(a.normaliser, a.page_id, a.province)))


def readings(desk, *words: str) -> list[Reading]:
    return [desk.reading(*one.split()) if one else Reading(Outcome.ARTICLE, refused="city") for one in words]


ROUNDS = (("甲句", "乙句", "丙句", "甲句"), ("甲句", "乙句的", "", "甲句"), ("甲", "甲", "丙句", "甲"))
"""A, B, A; then as before but one reworded and one no longer read; then all of one address alike."""


def test_a_group_is_kept_as_its_readings_one_by_one(desk, tmp_path: Path) -> None:
    """The same versions, technical or not, taken back or not, and everything sealed."""
    single = type(desk)(Database.open(f"sqlite:///{tmp_path / 'single.sqlite3'}"), type(desk.clock)())
    for number, words in enumerate(ROUNDS, 1):
        for where, size in ((desk, 4), (single, 1)):
            pages = captures(where) if number == 1 else where.archive.unread(str(number))
            given = list(zip(pages, readings(desk, *words), [SOURCE] * 4, strict=True))
            for start in range(0, 4, size):
                where.archive.readings.keep(given[start : start + size], str(number))
    assert said(desk) == said(single)
    assert [(row.page_id, row.body, row.technical, bool(row.quarantine)) for row in said(desk)] == [
        (1, "甲句", False, False),
        (2, "乙句", False, False),
        (3, "丙句", False, False),
        (4, "甲句", False, False),
        (2, "乙句的", True, False),
        (3, "丙句", True, True),
        (1, "甲", True, False),
        (2, "甲", True, False),
        (3, "丙句", True, False),
        (4, "甲", True, False),
    ]
    for where in (desk, single):
        assert verify_database(where.database).problems == []
    single.database.close()


def test_a_group_takes_as_many_statements_as_one_reading(desk, statements) -> None:
    """No query and no insert per capture, version, directive or target; one more where another address speaks too."""
    pages = captures(desk)
    counted = []
    for start, end in ((0, 1), (1, 4)):
        with statements() as found:
            desk.archive.readings.keep([(kept, desk.reading("甲句", "乙句"), SOURCE) for kept in pages[start:end]], "1")
        counted.append(len(found))
    assert counted[1] - counted[0] in (0, 1)


def test_the_hash_of_what_an_announcement_says_never_changes() -> None:
    """Every version kept is known by it: another value would make all of them new."""
    target = Target("8人", ">=", 8.0, "人", "队员", None, 0, 2)
    told = Announcement(
        "hubei", 2026, "given", "标题", "甲句。乙句",
        (Directive(1, "（一）", "建强力量", (Commitment("1.1", "甲句", 0, 2, (target,)),)),),
        held_on=date(2026, 1, 8), city="武汉", published=datetime(2026, 1, 9, 4, tzinfo=UTC), source_name="省厅",
        url="http://a/", links=(Link("a", "b"),),
        quarantine=Quarantine(QuarantineReason.STALE_TEXT, ("十三五",), "2018"), flags=("x",),
    )  # fmt: skip
    assert rows.content_hash(told) == "5fd7b0e978a7e856b4c38a8344a3dda309db04b05980b37dcf03d5e347190d77"
