"""What the pages work out: sections, filters, trends, places, and words for every rule."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from review.exports.returned import Returned
from review.filters import Filters
from review.ledger import entries, spark
from review.lines import lines_of
from review.marks import blocks
from review.paging import page_of
from review.places import TILES, short_name
from review.reasons import why
from review.sections import sections
from schema.announcements import Target
from schema.changes import Change, DiffOutcome, Dimension, Direction, Finding, Kind, Structure, Unit, YearlyDiff
from schema.provinces import PROVINCES, find_province
from schema.verdicts import Decision, Verdict
from store.comparisons import KeptYearlyDiff
from store.target_book import KeptLink, KeptTarget

AT = datetime(2026, 3, 3, tzinfo=UTC)
PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("/changes", {"kind": "all"}),
    ("/changes", {"since": "2026-13-45", "page": "999999999999"}),
    ("/targets", {"sort": "value", "year": "0"}),
    ("/sources", {"region": "华中"}),
    ("/edition/hubei/2026", {"as_of": "yesterday", "version": "x"}),
    ("/change/abc123", {}),
    ("/report/2026", {}),
    ("/verdicts/import", {}),
)
OLD = (
    Unit("1.1", "甲", 0, 1, "一、旧部署", 1),
    Unit("2.1", "乙", 2, 3, "二、另一", 2),
    Unit("2.2", "丙", 4, 5, "二、另一", 2),
)
NEW = (
    Unit("1.1", "甲改", 0, 2, "一、新部署", 1),
    Unit("1.2", "丁", 3, 4, "一、新部署", 1),
    Unit("2.1", "乙改", 5, 7, "二、另一", 2),
)
CHANGES = (
    Change("k-new", Kind.NEW, (), ("1.2",), "", "丁"),
    Change("k-gone", Kind.DROPPED, ("2.2",), (), "丙", ""),
    Change("k-two", Kind.STRENGTHENED, ("2.1",), ("2.1",), "乙", "乙改", (Structure.MOVED,)),
    Change("k-one", Kind.REWORDED, ("1.1",), ("1.1",), "甲", "甲改"),
)  # fmt: skip
KEPT = KeptYearlyDiff(1, YearlyDiff("hubei", 2025, 2026, DiffOutcome.OK, OLD, NEW, CHANGES), 1, 2, "1/1", AT)


def _lines(*verdicts: Verdict):
    found = {verdict.change_key: [verdict] for verdict in verdicts}
    return list(lines_of(KEPT, found))


def test_a_province_is_read_in_this_year_s_order() -> None:
    """Directives in order; what was dropped stands at the end of its directive's counterpart."""
    found = [(section.new and section.new[1], [line.change.key for line in section.lines]) for section in
             sections(KEPT.diff, _lines())]  # fmt: skip
    assert found == [("一、新部署", ["k-one", "k-new"]), ("二、另一", ["k-two", "k-gone"])]


def test_a_directive_that_is_gone_stands_last_under_its_own_heading() -> None:
    """Nothing this year corresponds to it."""
    diff = replace(KEPT.diff, changes=(CHANGES[0], CHANGES[1]))
    found = sections(diff, list(lines_of(replace(KEPT, diff=diff), {})))
    assert [(section.old, section.new) for section in found] == [(None, (1, "一、新部署")), ((2, "二、另一"), None)]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ({}, {"k-new", "k-gone", "k-two", "k-one"}),
        ({"kind": "changed"}, {"k-new", "k-gone", "k-two"}),
        ({"kind": "reworded"}, {"k-one"}),
        ({"structure": "moved"}, {"k-two"}),
        ({"q": "另一"}, {"k-gone", "k-two"}),
        ({"review": "waiting"}, {"k-new", "k-gone"}),
        ({"review": "reviewed"}, {"k-two"}),
        ({"region": "华中"}, {"k-new", "k-gone", "k-two", "k-one"}),
        ({"region": "华北"}, set()),
        ({"province": "河南"}, set()),
        ({"kind": "nonsense", "dimension": "x"}, {"k-new", "k-gone", "k-two", "k-one"}),
    ],
)
def test_filters_take_what_was_asked_for(query: dict[str, str], keys: set[str]) -> None:
    """Unknown values are as if they were not there."""
    filters, lines = Filters.read(query), _lines(Verdict("k-two", Decision.CONFIRM, "li", AT, Kind.STRENGTHENED))
    assert {line.change.key for line in lines if filters.takes(line)} == keys


def test_filters_survive_an_address() -> None:
    """What is written into a link is read again, and nothing else gets in."""
    filters = Filters.read({"kind": "new", "q": "=<&\"'>", "evil": "1"})
    assert filters.query(page="2").startswith("kind=new&q=")
    assert "evil" not in filters.query()


def test_what_is_not_a_commitment_counts_as_no_kind() -> None:
    """The analyst's kind counts, the machine's label stays."""
    lines = _lines(Verdict("k-new", Decision.NOT_A_COMMITMENT, "li", AT, Kind.NEW, reason="口号"))
    assert (lines[0].kind, lines[0].change.kind) == (None, Kind.NEW)


def test_every_province_has_its_own_tile() -> None:
    """31 tiles on 31 places, each with a name in English."""
    assert set(TILES) == {province.slug for province in PROVINCES}
    assert len(set(TILES.values())) == 31
    assert short_name(find_province("neimenggu"), "en") == "Inner Mongolia"


def test_a_rule_of_another_version_speaks_by_its_quotes() -> None:
    """A page never shows a key: words where there are some, else the two quotes."""
    known = Finding("target.raised", Dimension.TARGET, Direction.UP, "8人", "10人")
    assert why(known, "en") == "the number rises from “8人” to “10人”"
    assert why(replace(known, rule="target.of_tomorrow"), "zh") == "“8人” → “10人”"
    assert why(replace(known, rule="target.of_tomorrow", old_quote=""), "zh") == "∅ → “10人”"


def test_a_split_change_keeps_its_sentences_apart() -> None:
    """One block a sentence; marks do not run over the break; together they are the text."""
    found = blocks("甲乙\n丙丁", ((1, 4),))
    assert [["".join(piece.text for piece in block), [p.text for p in block if p.marked]] for block in found] == [
        ["甲乙", ["乙"]],
        ["丙丁", ["丙"]],
    ]


def _target(year: int, commitment: str, value: float) -> KeptTarget:
    return KeptTarget("hubei", year, "部署", commitment, "句", Target(f"{value}人", ">=", value, "人", "队员"))


def test_a_trend_joins_only_what_was_aligned() -> None:
    """8, 9 and 10 are one commitment over three years; the 5 of another commitment stands alone."""
    targets = [_target(2024, "1.1", 8), _target(2025, "2.1", 9), _target(2026, "1.1", 10), _target(2026, "3.1", 5)]
    links = [KeptLink("hubei", 2024, 2025, ("1.1",), ("2.1",)), KeptLink("hubei", 2025, 2026, ("2.1",), ("1.1",))]
    found = entries(targets, links)
    assert [entry.series for entry in found] == [((2024, 8), (2025, 9), (2026, 10))] * 3 + [((2026, 5),)]
    path, points = spark(found[0].series)
    assert (path.count("L"), len(points)) == (2, 3)
    assert points[0][1] > points[2][1]


def test_a_page_outside_is_the_nearest_there_is() -> None:
    """Never an empty page where there is something."""
    assert [page_of(range(5), number, 2).number for number in (0, 1, 3, 9)] == [1, 1, 3, 3]
    assert page_of([], 4, 2).pages == 1


def test_every_page_answers_in_both_languages(client: TestClient) -> None:
    """With odd parameters too; no Python shows through, nothing scraped is markup."""
    for path, query in PAGES:
        for lang in ({}, {"lang": "en"}):
            answer = client.get(path, params=query | lang)
            assert (path, answer.status_code) == (path, 200)
            assert "<script>alert" not in answer.text
            assert "built-in" not in answer.text
            assert " object at 0x" not in answer.text


def test_the_beginning_of_a_key_leads_to_the_change(client: TestClient) -> None:
    """Addresses stay; what is no key is not there."""
    answer = client.get("/change/abc1", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/change/abc123")
    assert client.get("/change/%25").status_code == 404


def test_a_row_that_comes_back_has_all_its_fields() -> None:
    """The preview carries exactly these through a form."""
    assert Returned.__slots__ == ("place", "key", "decision", "kind", "reason", "seen")
