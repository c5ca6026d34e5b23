"""Commitments of all years are found by words and by parts of words, on both databases, in step with the archive."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

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
from store.archive import Archive
from store.database import Database
from store.search import Search, SearchQuery, counted, holding

NOW = datetime(2026, 3, 3, tzinfo=UTC)


def _keep(archive: Archive, province: str, year: int, *texts: str, held: bool = False) -> None:
    source = Source(province, province, SourceKind.COLUMN, Rank.OFFICIAL, province)
    body = "\n".join(texts)
    page = Page(f"http://{province}.invalid/{year}", province, 200, f"{body}{year}{held}".encode(), NOW)
    archive.keep_visit(page, Check(province, page.url, NOW, CheckOutcome.NEW, 200, page.sha256))
    starts = [body.index(text) for text in texts]
    pairs = zip(texts, starts, strict=True)
    commitments = tuple(Commitment(f"1.{n}", text, at, at + len(text)) for n, (text, at) in enumerate(pairs, 1))
    quarantine = Quarantine(QuarantineReason.POISONED) if held else None
    directive = Directive(1, "（一）", "强化煤矿治理", commitments)
    told = Announcement(province, year, "given", "通报", body, (directive,), url=page.url, quarantine=quarantine)
    (kept,) = archive.unread("1")
    archive.keep_reading(kept, Reading(Outcome.ARTICLE, body=body, announcements=(told,)), source, "1")


@pytest.fixture
def search(database_url: str):
    database = Database.open(database_url)
    archive = Archive(database, clock=lambda: NOW)
    _keep(archive, "hubei", 2024, "推进煤矿智能化改造", "100%完成排查_整治")
    _keep(archive, "hubei", 2025, "推进非煤矿山整治", "推广AI巡查")
    _keep(archive, "henan", 2025, "推进煤矿智能化改造，建成20处")
    _keep(archive, "hunan", 2025, "推进煤矿关停", held=True)
    yield Search(database)
    database.close()


@pytest.mark.parametrize(
    ("query", "places"),
    [
        (SearchQuery("煤"), ["henan 2025", "hubei 2025", "hubei 2024"]),
        (SearchQuery("煤矿"), ["henan 2025", "hubei 2025", "hubei 2024"]),
        (SearchQuery("煤矿智能"), ["henan 2025", "hubei 2024"]),
        (SearchQuery("煤矿智能化 20"), ["henan 2025"]),
        (SearchQuery("煤矿", "hubei"), ["hubei 2025", "hubei 2024"]),
        (SearchQuery("煤矿", "hubei", 2024), ["hubei 2024"]),
        (SearchQuery("推进", topic="煤矿治理"), ["henan 2025", "hubei 2025", "hubei 2024"]),
        (SearchQuery("推进", topic="森林"), []),
        (SearchQuery("ai巡"), ["hubei 2025"]),
        (SearchQuery("ai巡查"), ["hubei 2025"]),
        (SearchQuery("%"), ["hubei 2024"]),
        (SearchQuery("查_整"), ["hubei 2024"]),
        (SearchQuery('煤" OR "矿'), []),
        (SearchQuery("煤矿* NEAR("), []),
        (SearchQuery("  "), []),
    ],
)
def test_words_and_parts_of_words_are_found(search: Search, query: SearchQuery, places: list[str]) -> None:
    """One character is enough; signs of the query languages mean themselves; what is held back is not found."""
    found = search.find(query)
    assert [f"{hit.province} {hit.plan_year}" for hit in found.hits] == places
    assert found.total == len(places)


def test_hits_come_in_pages_and_show_where(search: Search) -> None:
    """The whole number on every page, also behind the last; the terms are marked, overlaps joined."""
    pages = [search.find(SearchQuery("推进"), 2, offset) for offset in (0, 2, 4)]
    assert [(len(page.hits), page.total) for page in pages] == [(2, 3), (1, 3), (0, 3)]
    (hit,) = search.find(SearchQuery("煤矿智能 智能化", "henan")).hits
    assert [hit.text[a:b] for a, b in hit.marks] == ["煤矿智能化"]


def test_a_newer_text_replaces_the_older_in_the_search(database_url: str) -> None:
    """Only what stands is found."""
    database = Database.open(database_url)
    archive = Archive(database, clock=lambda: NOW)
    _keep(archive, "hubei", 2025, "推进旧的做法")
    _keep(archive, "hubei", 2025, "推进新的做法")
    assert [hit.text for hit in Search(database).find(SearchQuery("做法")).hits] == ["推进新的做法"]
    database.close()


@pytest.mark.parametrize("words", ["煤矿智能化", "煤矿 智能化改造", "推进煤 改"])
def test_terms_of_three_characters_and_more_are_looked_up(database_url: str, words: str) -> None:
    """In the trigram index, on both databases; shorter terms have no trigram and are read for in the texts."""
    database = Database.open(database_url)
    query = SearchQuery(words)
    told = counted(query, holding(query, database.dialect))
    with database.engine().begin() as connection:
        if database.dialect == "postgresql":
            for other in ("seqscan", "indexscan"):  # what an empty table would be read by
                connection.exec_driver_sql(f"SET LOCAL enable_{other} = off")
        how = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"
        statement = str(told.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = "\n".join(str(row[-1]) for row in connection.execute(text(f"{how} {statement}".replace("%%", "%"))))
    assert "VIRTUAL TABLE INDEX" in plan or "commitments_searchable" in plan
    assert Search(database).indexed()
    database.close()


def test_a_postgresql_without_the_index_finds_the_same_and_says_so(postgres_url: str) -> None:
    """No trigram index: every text is read."""
    database = Database.open(postgres_url)
    _keep(Archive(database, clock=lambda: NOW), "hubei", 2025, "推进煤矿智能化改造")
    with database.engine().begin() as connection:
        connection.exec_driver_sql("DROP INDEX commitments_searchable")
    search = Search(database)
    assert (search.indexed(), search.find(SearchQuery("煤矿智能")).total) == (False, 1)
    database.close()


def test_the_page_shows_what_was_found(client: TestClient) -> None:
    """Marked and escaped, with its place; words that are not there, and nonsense filters, are no error."""
    page = client.get("/search?q=消防队&province=hubei&year=2026").text
    assert "专职<mark>消防队</mark>不少于10人&lt;script&gt;" in page
    assert 'href="/province/hubei/2026"' in page
    assert "没有找到" in client.get("/search?q=火星").text
    assert client.get("/search?q=%22&province=atlantis&year=x&page=-1").status_code == 200
    assert client.get("/search?lang=en").status_code == 200
