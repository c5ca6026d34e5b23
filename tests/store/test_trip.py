"""The archive's promises: kept once, told once, never altered."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from schema.alerts import Alert, AlertKind, DeliveryState, Receipt, Subscription
from schema.announcements import (
    Announcement,
    Check,
    CheckOutcome,
    Commitment,
    Directive,
    Outcome,
    Page,
    Quarantine,
    QuarantineReason,
    Rank,
    Reading,
    Source,
    SourceKind,
)
from schema.changes import Change, DiffOutcome, Kind, YearlyDiff
from schema.errors import SchemaMismatch
from schema.incidents import IncidentKind
from store.archive import Archive
from store.comparisons import Comparison, Comparisons
from store.database import Database
from store.incidents import IncidentBook
from store.ledger import Ledger

NOON = datetime(2026, 1, 20, 4, tzinfo=UTC)
URL = "http://127.0.0.1/a.html"
HUBEI = Source("hubei", "湖北", SourceKind.COLUMN, Rank.OFFICIAL, "hubei")
ALERT = Alert("k", "team", AlertKind.CHANGES, "s", "t", "h", "{}", "hubei", 2026, ("c1",))
TEAM = Subscription("team", "mailbox", "box")
DIFF = YearlyDiff("hubei", 0, 2026, DiffOutcome.BASELINE, changes=(Change("c1", Kind.NEW, (), ("n1",)),))


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database.open(database_url)
    yield opened
    opened.close()


def page(body: bytes = b"one", url: str = URL) -> Page:
    return Page(url, "hubei", 200, body, NOON, (("ETag", '"1"'),), (url,))


def check(outcome: CheckOutcome = CheckOutcome.NEW) -> Check:
    return Check("hubei", URL, NOON, outcome, 200)


def reading(body: str = "组建不少于8人的专职消防队", year: int = 2026, quarantine: Quarantine | None = None) -> Reading:
    directive = Directive(1, "（一）", "建强力量", (Commitment("1.1", body, 0, len(body)),))
    told = Announcement("hubei", year, "标题", "会议", body, (directive,), quarantine=quarantine)
    return Reading(Outcome.ARTICLE, announcements=(told,))


def keep(archive: Archive, body: bytes, what: Reading, source: Source = HUBEI, url: str = URL) -> tuple[int, ...]:
    archive.keep_visit(page(body, url), check())
    found: tuple[int, ...] = ()
    for kept in archive.unread("1"):
        found += archive.keep_reading(kept, what, source, "1")
    return found


def compared(database: Database, clock: Clock) -> tuple[Comparisons, Comparison, Ledger]:
    archive, ledger = Archive(database, clock), Ledger(database, clock)
    keep(archive, b"one", reading())
    comparisons = Comparisons(database, archive, clock)
    [comparison] = comparisons.pending("1")
    return comparisons, comparison, ledger


def test_the_same_bytes_are_kept_once_and_every_visit_counts(database: Database, clock: Clock) -> None:
    """A second visit with the same bytes is UNCHANGED and adds a check, no page; the page comes back as received."""
    archive = Archive(database, clock)
    assert archive.keep_visit(page(), check()) is CheckOutcome.NEW
    assert archive.keep_visit(page(), check()) is CheckOutcome.UNCHANGED
    assert (archive.count("checks"), archive.count("pages")) == (2, 1)
    assert archive.latest_page(URL) == page()


def test_a_group_of_visits_is_one_transaction_in_its_order(database: Database, clock: Clock) -> None:
    """Within a group too the same bytes are no second capture, changed ones are, and one seal covers them all."""
    archive = Archive(database, clock)
    other = f"{URL}?other"
    group = [
        (page(), check()),
        (page(), check()),
        (page(b"two"), check()),
        (page(b"one", other), check()),
        (None, check(CheckOutcome.TIMEOUT)),
    ]
    new, same = CheckOutcome.NEW, CheckOutcome.UNCHANGED
    assert archive.keep_visits(group) == [new, same, new, new, CheckOutcome.TIMEOUT]
    assert (archive.count("checks"), archive.count("pages"), archive.count("blobs")) == (5, 3, 2)
    assert archive.count("seals") == 1
    assert archive.latest_page(URL) == page(b"two")
    assert [one.outcome for one in reversed(archive.checks())] == [new, same, new, new, CheckOutcome.TIMEOUT]
    assert archive.keep_visits([]) == []


def test_a_challenge_page_leaves_the_edition_standing(database: Database, clock: Clock) -> None:
    """A blocked visit after a good one is kept as bytes and check; the edition stays what it was."""
    archive = Archive(database, clock)
    keep(archive, b"one", reading())
    keep(archive, b"<script>challenge</script>", Reading(Outcome.BLOCKED))
    edition = archive.edition("hubei", 2026)
    assert edition is not None
    assert edition.page_sha256 == page().sha256


def test_a_page_that_goes_back_makes_the_first_wording_stand_again(database: Database, clock: Clock) -> None:
    """A, B, A are three versions, and the last one stands."""
    archive = Archive(database, clock)
    for body, words in ((b"A", "甲句承诺"), (b"B", "乙句承诺"), (b"A", "甲句承诺")):
        keep(archive, body, reading(words))
    edition = archive.edition("hubei", 2026)
    assert edition is not None
    assert [v.announcement.body for v in archive.versions("hubei", 2026)] == ["甲句承诺", "乙句承诺", "甲句承诺"]
    assert edition.announcement.body == "甲句承诺"


def test_rank_decides_and_quarantined_text_never_stands(database: Database, clock: Clock) -> None:
    """The department's page outranks a newer digest entry; a stale text is listed, never an edition."""
    archive = Archive(database, clock)
    keep(archive, b"one", reading())
    digest = Source("digest", "摘编", SourceKind.DIGEST, Rank.DIGEST)
    keep(archive, b"two", reading("摘编的说法"), digest, "http://127.0.0.1/digest")
    stale = Quarantine(QuarantineReason.STALE_TEXT, ("“十三五”规划",), "2014–2016")
    keep(archive, b"three", reading(year=2027, quarantine=stale))
    edition = archive.edition("hubei", 2026)
    assert edition is not None
    assert edition.announcement.body == "组建不少于8人的专职消防队"
    assert archive.edition("hubei", 2027) is None
    assert [a.announcement.quarantine for a in archive.announcements(2027)] == [stale]


def test_reading_twice_keeps_nothing_new(database: Database, clock: Clock) -> None:
    """The same capture and normaliser: no row is added anywhere."""
    archive = Archive(database, clock)
    archive.keep_visit(page(), check())
    [kept] = archive.unread("1")
    assert len(archive.keep_reading(kept, reading(), HUBEI, "1")) == 1
    before = [archive.count(t) for t in ("readings", "announcements", "commitments")]
    assert archive.keep_reading(kept, reading(), HUBEI, "1") == ()
    assert before == [archive.count(t) for t in ("readings", "announcements", "commitments")]


def test_diff_and_alerts_are_one_transaction_and_told_once(database: Database, clock: Clock) -> None:
    """Keeping the same diff again writes and queues nothing; the change is remembered as told."""
    comparisons, comparison, ledger = compared(database, clock)
    first = comparisons.keep(comparison, DIFF, "1", [ALERT], [TEAM])
    again = comparisons.keep(comparison, DIFF, "1", [ALERT], [TEAM])
    assert (first.new, first.queued, again.new, again.queued) == (True, 1, False, 0)
    assert comparisons.told("team") == {"c1"}
    assert len(ledger.due()) == 1
    assert comparisons.pending("1") == []


def test_a_new_lexicon_recompares_technically(database: Database, clock: Clock) -> None:
    """The same pair with another instrument is pending again, marked technical."""
    comparisons, comparison, _ = compared(database, clock)
    comparisons.keep(comparison, DIFF, "1")
    assert [c.technical for c in comparisons.pending("2")] == [True]


def test_a_claim_without_a_receipt_is_repeated_with_the_same_key(database: Database, clock: Clock) -> None:
    """A lease that runs out is claimed again as repeated; two claims at once are impossible."""
    comparisons, comparison, ledger = compared(database, clock)
    comparisons.keep(comparison, DIFF, "1", [ALERT], [TEAM])
    [number] = ledger.due()
    first = ledger.claim(number)
    assert first is not None
    assert ledger.claim(number) is None
    clock.now += timedelta(seconds=121)
    second = ledger.claim(number)
    assert second is not None
    assert (first.repeated, second.repeated, second.attempt) == (False, True, 2)
    assert first.idempotency_key == second.idempotency_key
    ledger.sent(second, Receipt("mailbox", clock(), "x.eml"))
    ledger.sent(second, Receipt("mailbox", clock(), "y.eml"))
    assert ledger.counts()[DeliveryState.SENT] == 1
    assert ledger.due() == []


def test_a_dead_letter_can_be_replayed(database: Database, clock: Clock) -> None:
    """Dead stays visible with its reason until someone replays it."""
    comparisons, comparison, ledger = compared(database, clock)
    comparisons.keep(comparison, DIFF, "1", [ALERT], [TEAM])
    delivery = ledger.claim(ledger.due()[0])
    assert delivery is not None
    ledger.dead(delivery, "bad key")
    assert ledger.failures() == [(delivery.id, "dead", "mailbox", "bad key")]
    assert ledger.replay(delivery.id)
    assert ledger.due() == [delivery.id]


def test_an_incident_opens_once_and_closes_once(database: Database, clock: Clock) -> None:
    """Three sightings are one incident with three checks; it closes once and may open anew."""
    book = IncidentBook(database, clock)
    times = [NOON, NOON + timedelta(days=1), NOON + timedelta(days=1), NOON + timedelta(days=2)]
    seen = [book.observe(IncidentKind.BLOCKED, "hubei", "412", seen_at=at) is not None for at in times]
    assert seen == [True, False, False, False]
    assert [i.checks for i in book.open()] == [3]
    assert book.recover(IncidentKind.BLOCKED, "hubei", "200") is not None
    assert book.recover(IncidentKind.BLOCKED, "hubei", "200") is None
    assert book.observe(IncidentKind.BLOCKED, "hubei", "412") is not None


@pytest.mark.parametrize("statement", ["UPDATE checks SET detail = 'x'", "DELETE FROM pages", "DELETE FROM blobs"])
def test_append_only_tables_refuse_changes(database: Database, clock: Clock, statement: str) -> None:
    """Triggers refuse to alter or delete what was kept."""
    Archive(database, clock).keep_visit(page(), check())
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(statement))


def test_a_newer_schema_and_a_foreign_file_are_refused(tmp_path: Path) -> None:
    """One line each; the file is left as it was."""
    path = tmp_path / "a.sqlite3"
    opened = Database.open(f"sqlite:///{path}")
    with opened.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    with pytest.raises(SchemaMismatch, match="9999"):
        Database.open(f"sqlite:///{path}")
    foreign = tmp_path / "b.sqlite3"
    foreign.write_bytes(b"not a database at all" * 100)
    with pytest.raises(SchemaMismatch, match="not a database"):
        Database.open(f"sqlite:///{foreign}")


def test_tables_and_migrations_agree(database: Database) -> None:
    """`alembic check`: no difference between the tables and the migrated schema."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from store.database import ours
    from store.tables import Base

    with database.engine().connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": ours})
        assert compare_metadata(context, Base.metadata) == []
