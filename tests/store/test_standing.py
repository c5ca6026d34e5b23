"""Which text stands, what was known when, and what our own code may change without telling anybody."""

from datetime import timedelta

from schema.announcements import (
    CheckOutcome,
    Outcome,
    Quarantine,
    QuarantineReason,
    Rank,
    Reading,
    Source,
    SourceKind,
)
from schema.changes import Kind


def source() -> Source:
    return Source("hubei", "hubei", SourceKind.COLUMN, Rank.OFFICIAL)


OWN, NEW_ADDRESS, DIGEST = "http://hubei.gov/a", "http://hubei.gov/b", "http://digest.cn/all"


def test_a_text_issued_anew_at_another_address_stands(desk) -> None:
    """The newer address takes over, the older stays kept, and a visit to the old one changes nothing back."""
    desk.keep(OWN, "甲句承诺", "乙句承诺")
    desk.keep(NEW_ADDRESS, "甲句承诺", "丙句承诺")
    assert desk.words() == "甲句承诺\n丙句承诺"
    desk.keep(OWN, "甲句承诺", "丁句承诺")
    assert desk.words() == "甲句承诺\n丙句承诺"
    assert len(desk.archive.versions("hubei", 2026)) == 3


def test_a_short_report_does_not_take_the_place_of_the_announcement(desk) -> None:
    """Two pages for one edition: the one with less than half of the commitments never makes the others look dropped."""
    desk.keep(OWN, "甲句承诺", "乙句承诺", "丙句承诺")
    desk.keep(NEW_ADDRESS, "甲句承诺")
    assert desk.words() == "甲句承诺\n乙句承诺\n丙句承诺"
    desk.keep(NEW_ADDRESS, "甲句承诺", "丁句承诺")
    assert desk.words() == "甲句承诺\n丁句承诺"


def test_the_province_s_own_page_replaces_a_digest(desk) -> None:
    """However late it comes, and though the digest holds more."""
    desk.keep(DIGEST, "摘编甲句", "摘编乙句", "摘编丙句", rank=Rank.DIGEST)
    desk.compare()
    desk.keep(OWN, "甲句承诺")
    assert desk.words() == "甲句承诺"
    assert [c.technical for c in desk.compare()] == [False]


def test_a_withdrawn_page_stays_the_edition(desk) -> None:
    """404 after having been there, with and without a body, then back again: one version, it stands throughout."""
    desk.keep(OWN, "甲句承诺")
    desk.visit(OWN, None, CheckOutcome.GONE, 410)
    assert desk.words() == "甲句承诺"
    desk.visit(OWN, b"<h1>404</h1>", CheckOutcome.GONE, 404)
    desk.read(Reading(Outcome.SOFT_404))
    assert desk.words() == "甲句承诺"
    desk.keep(OWN, "甲句承诺")
    assert len(desk.archive.versions("hubei", 2026)) == 1
    assert [c.outcome for c in desk.archive.checks()] == [CheckOutcome.NEW, *2 * [CheckOutcome.GONE], CheckOutcome.NEW]


def test_reading_again_adds_only_what_reads_differently(desk) -> None:
    """Two captures of one address read anew with the same result: no version; with another: one each, technical."""
    for words in ("甲句承诺", "乙句承诺"):
        desk.keep(OWN, words)
    for kept in desk.archive.unread("2"):
        words = ("甲句承诺", "乙句承诺")[kept.id - 1]
        assert desk.archive.keep_reading(kept, desk.reading(words), source(), "2") == ()
    for kept in desk.archive.unread("3"):
        words = ("甲句的承诺", "乙句的承诺")[kept.id - 1]
        assert len(desk.archive.keep_reading(kept, desk.reading(words), source(), "3")) == 1
    edition = desk.archive.edition("hubei", 2026)
    assert (edition.announcement.body, edition.technical) == ("乙句的承诺", True)


def test_what_is_no_longer_read_no_longer_stands(desk) -> None:
    """A better normaliser refuses the page: its version is kept and held back, and the digest stands again."""
    desk.keep(DIGEST, "摘编甲句", rank=Rank.DIGEST)
    desk.keep(OWN, "甲句承诺")
    desk.compare()
    own = next(kept for kept in desk.archive.unread("2") if kept.page.url == OWN)
    desk.archive.keep_reading(own, Reading(Outcome.ARTICLE, refused="city_meeting"), source(), "2")
    assert desk.words() == "摘编甲句"
    [held] = [a for a in desk.archive.announcements(2026, "hubei") if a.announcement.quarantine]
    assert (held.url, held.announcement.quarantine.reason) == (OWN, QuarantineReason.NOT_PROVINCIAL)
    assert [c.technical for c in desk.compare()] == [True]


def test_a_reading_that_is_held_back_today_does_not_stand_by_its_older_reading(desk) -> None:
    """The newest reading of a capture counts, also when it is a quarantine; then no diff speaks for the year."""
    desk.keep(OWN, "甲句承诺")
    desk.compare()
    desk.read(
        desk.reading("甲句承诺", quarantine=Quarantine(QuarantineReason.STALE_TEXT, ("十三五",), "2018")),
        normaliser="2",
    )
    assert desk.words() is None
    assert desk.comparisons.diff("hubei", 2026) is None
    assert desk.compare() == []


def test_a_new_normaliser_alerts_nobody_but_never_hides_news(desk) -> None:
    """Read anew alone is technical; read anew while the earlier year's page also changed is not."""
    desk.keep("http://hubei.gov/2025", "旧句承诺", year=2025)
    desk.keep(OWN, "甲句承诺")
    desk.compare()
    later = [kept for kept in desk.archive.unread("2") if kept.page.url == OWN]
    for kept in later:
        desk.archive.keep_reading(kept, desk.reading("甲句的承诺"), source(), "2")
    assert [c.technical for c in desk.compare()] == [True]
    for kept in desk.archive.unread("3"):
        if kept.page.url == OWN:
            desk.archive.keep_reading(kept, desk.reading("甲句之承诺"), source(), "3")
    desk.keep("http://hubei.gov/2025", "旧句改了", year=2025)
    found = [(c.later.plan_year, c.technical) for c in desk.compare()]
    assert found == [(2025, False), (2025, False), (2026, False)]


def test_what_was_said_on_a_day_is_said_again(desk) -> None:
    """Edition, diff, counts and verdicts as of a moment are those of that moment."""
    desk.keep(OWN, "甲句承诺")
    desk.compare(kind=Kind.NEW)
    then = desk.clock.now
    desk.clock.now += timedelta(days=1)
    desk.keep(OWN, "甲句的承诺")
    desk.compare(kind=Kind.MIXED)
    desk.decide("→甲句的承诺")
    desk.decide("→甲句承诺")
    assert desk.archive.edition("hubei", 2026, as_of=then).announcement.body == "甲句承诺"
    diffs = [desk.comparisons.diffs(2026, as_of)["hubei"].diff for as_of in (then, None)]
    assert [[c.kind for c in diff.changes] for diff in diffs] == [[Kind.NEW], [Kind.MIXED]]
    counts = [desk.comparisons.counts(as_of=as_of)["hubei", 2026].kinds for as_of in (then, None)]
    assert counts == [{Kind.NEW: 1}, {Kind.MIXED: 1}]
    assert [len(desk.verdicts.of_diff(diffs[0], as_of=as_of)) for as_of in (then, None)] == [0, 1]
    assert desk.archive.editions(then - timedelta(days=9)) == []


def test_an_edition_takes_few_statements_and_so_do_many(desk, statements) -> None:
    """No query per directive, per target or per province."""
    for year in range(2018, 2027):
        desk.keep(f"http://hubei.gov/{year}", *[f"{year}年第{n}句承诺" for n in range(9)], year=year)
    with statements() as one:
        desk.archive.edition("hubei", 2026)
    with statements() as all_of_them:
        desk.archive.announcements()
    desk.compare()
    with statements() as counted:
        assert len(desk.comparisons.counts()) == 9
    with statements() as nothing_due:
        assert desk.comparisons.pending("1") == []
    assert [len(found) for found in (one, all_of_them, counted, nothing_due)] == [3, 3, 4, 2]


def test_the_newest_reading_of_every_address(desk) -> None:
    """What the sources page shows: outcome, and how many announcements the newest capture brought."""
    desk.keep(OWN, "甲句承诺")
    desk.keep(NEW_ADDRESS, "乙句承诺")
    desk.visit(OWN, b"challenge", CheckOutcome.NEW)
    desk.read(Reading(Outcome.BLOCKED))
    found = [(one.url, one.outcome, one.announcements) for one in desk.archive.latest_readings()]
    assert found == [(OWN, Outcome.BLOCKED, 0), (NEW_ADDRESS, Outcome.ARTICLE, 1)]


COPY = "http://news.cn/relay"


def _held(desk) -> list[tuple[str, str, tuple[str, ...]]]:
    kept = [(a.url, a.announcement.quarantine) for a in desk.archive.announcements(2026, "hubei")]
    return [(url, held.reason.value, held.evidence) for url, held in kept if held]


def test_the_same_announcement_at_another_address_is_a_duplicate_and_tells_nobody(desk) -> None:
    """Word for word but for punctuation: kept, held back with the original's address; no comparison is due."""
    desk.keep("http://hubei.gov/2025", "旧句承诺", year=2025)
    desk.keep(OWN, "甲句承诺，一", "乙句承诺")
    assert len(desk.compare()) == 2
    desk.keep(NEW_ADDRESS, "乙句承诺", "甲句承诺,一")
    assert _held(desk) == [(NEW_ADDRESS, "duplicate_of", (OWN,))]
    assert desk.words() == "甲句承诺，一\n乙句承诺"
    assert desk.compare() == []


def test_a_part_of_it_in_a_relay_is_a_duplicate_too(desk) -> None:
    """Two of three tasks told again elsewhere never make the third look dropped."""
    desk.keep(OWN, "甲句承诺", "乙句承诺", "丙句承诺")
    desk.compare()
    desk.keep(COPY, "甲句承诺", "丙句承诺", rank=Rank.MEDIA)
    desk.keep(NEW_ADDRESS, "甲句承诺", "丙句承诺")
    assert [(url, why) for url, why, _ in _held(desk)] == [(COPY, "duplicate_of"), (NEW_ADDRESS, "duplicate_of")]
    assert desk.words() == "甲句承诺\n乙句承诺\n丙句承诺"
    assert desk.compare() == []


def test_an_edit_of_a_duplicate_is_an_edit(desk) -> None:
    """A site that moved: the copy at the new address is a duplicate until it says something else."""
    desk.keep(OWN, "甲句承诺", "乙句承诺", "丙句承诺")
    desk.keep(NEW_ADDRESS, "甲句承诺", "乙句承诺", "丙句承诺")
    assert [(url, why) for url, why, _ in _held(desk)] == [(NEW_ADDRESS, "duplicate_of")]
    desk.keep(NEW_ADDRESS, "甲句承诺", "丙句承诺")
    assert _held(desk) == []
    assert desk.words() == "甲句承诺\n丙句承诺"


def test_a_better_source_and_a_person_s_correction_are_no_duplicates(desk) -> None:
    """The province's own page after the digest that copied it; an imported file that says less."""
    desk.keep(DIGEST, "甲句承诺", "乙句承诺", rank=Rank.DIGEST)
    desk.keep(OWN, "甲句承诺", "乙句承诺")
    assert _held(desk) == []
    desk.keep("http://file.a/1", "子句承诺", "丑句承诺", year=2024, rank=Rank.IMPORT)
    desk.keep("http://file.a/2", "子句承诺", year=2024, rank=Rank.IMPORT)
    assert desk.words(year=2024) == "子句承诺"


def test_a_duplicate_stands_once_its_original_is_held_back(desk) -> None:
    """The next normaliser refuses the original: what was its copy is the text there is."""
    desk.keep(OWN, "甲句承诺")
    desk.keep(NEW_ADDRESS, "甲句承诺")
    for kept in desk.archive.unread("2"):
        stale = Quarantine(QuarantineReason.STALE_TEXT, ("十三五",), "2018") if kept.page.url == OWN else None
        desk.archive.keep_reading(kept, desk.reading("甲句承诺", quarantine=stale), source(), "2")
    assert desk.archive.edition("hubei", 2026).url == NEW_ADDRESS
