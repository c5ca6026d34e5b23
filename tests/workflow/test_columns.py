"""A column that falls silent or loses its list opens one incident, which collects checks and closes by itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sample.server import SampleWeb
from schema.announcements import Check, CheckOutcome, Page, Source
from schema.incidents import IncidentKind
from workflow.house import House, open_house
from workflow.settings import load_settings
from workflow.watch import watch

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)
KINDS = {IncidentKind.SILENT, IncidentKind.LAYOUT_CHANGED}


def column() -> tuple[Source, bytes]:
    web = SampleWeb(season=2026)
    source = next(source for source in web.sources() if source.slug == "gansu")
    body = web.answer("/gansu/xwdt/list.htm", "").body
    web._server.server_close()
    return source, body


def visit(house: House, source: Source, day: int, body: bytes) -> tuple[list[str], list[str]]:
    """One visit that brought these bytes; the kinds opened and closed by the look after it."""
    at = BEGAN + timedelta(days=day)
    page = Page(source.urls[0], source.slug, 200, body, at)
    house.archive.keep_visit(page, Check(source.slug, page.url, at, CheckOutcome.NEW, 200, page.sha256))
    seen = watch(house, [source], at)
    told = ([i.kind for i in group if i.kind in KINDS] for group in (seen.opened, seen.closed))
    opened, closed = told
    return opened, closed


def test_a_column_that_never_changes_is_silent_until_it_does(tmp_path: Path) -> None:
    """Five same visits over three weeks open it, further ones are collected, a new line closes it."""
    source, body = column()
    with open_house(load_settings({}, data=tmp_path)) as house:
        told = [visit(house, source, day, body) for day in (0, 5, 10, 15, 20, 25, 30, 35)]
        assert [opened for opened, _ in told] == [[], [], [], [], [], [], [IncidentKind.SILENT], []]
        assert house.incidents.open()[-1].checks == 2
        assert visit(house, source, 40, body + b"<!-- new -->") == ([], [IncidentKind.SILENT])


def test_a_column_without_its_list_has_changed_its_layout(tmp_path: Path) -> None:
    """The page comes, the lines do not; when they are back the incident is over."""
    source, body = column()
    source = replace(source, article_pattern=r"^/gansu/info/\d+/\d+\.htm$")
    with open_house(load_settings({}, data=tmp_path)) as house:
        assert visit(house, source, 0, body) == ([], [])
        empty = "<html><body><div id=app></div><p>新版网站上线</p></body></html>".encode()
        assert visit(house, source, 1, empty) == ([IncidentKind.LAYOUT_CHANGED], [])
        assert visit(house, source, 2, empty) == ([], [])
        assert visit(house, source, 3, body) == ([], [IncidentKind.LAYOUT_CHANGED])


def test_an_open_front_page_ends_what_an_old_article_met(tmp_path: Path) -> None:
    """An article that was closed with the site and is not asked again leaves no incident behind; a closed list does."""
    source, body = column()
    article = source.urls[0] + "/old.htm"

    def met(house: House, day: int, url: str, *, blocked: bool) -> set[IncidentKind]:
        at = BEGAN + timedelta(days=day)
        page = None if blocked else Page(url, source.slug, 200, body, at)
        outcome, status = (CheckOutcome.BLOCKED, 412) if blocked else (CheckOutcome.NEW, 200)
        house.archive.keep_visit(page, Check(source.slug, url, at, outcome, status, page and page.sha256))
        watch(house, [source], at)
        return {one.kind for one in house.incidents.open()} & {IncidentKind.BLOCKED}

    with open_house(load_settings({}, data=tmp_path)) as house:
        assert met(house, 0, article, blocked=True) == {IncidentKind.BLOCKED}
        assert met(house, 0, source.urls[0], blocked=False) == {IncidentKind.BLOCKED}, "the same visit met both"
        assert met(house, 1, source.urls[0], blocked=False) == set()
        assert met(house, 2, source.urls[0], blocked=True) == {IncidentKind.BLOCKED}
        assert met(house, 3, article, blocked=False) == {IncidentKind.BLOCKED}
        assert met(house, 4, source.urls[0], blocked=False) == set()
