"""A page that is taken down after it was read: kept, shown, an incident, never "dropped"."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sample.server import SampleWeb
from schema.announcements import CheckOutcome
from schema.changes import DiffOutcome, Kind
from schema.incidents import Incident, IncidentKind
from workflow.collecting import read_kept
from workflow.comparing import compare_pending
from workflow.crawling import CrawlTask, run_crawl
from workflow.house import House, open_house
from workflow.settings import load_settings
from workflow.watch import watch

PROVINCE, YEAR = "yunnan", 2025
"""The sample web takes this province's announcement of this year down a year later."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(load_settings({}, data=tmp_path)) as opened:
        yield opened


def visit(house: House, web: SampleWeb, day: str) -> None:
    """A real crawl of the one site, in its child process; then read, compare and watch as a run does."""
    sources = web.sources()
    at, url = f"{day}T09:00:00+00:00", house.settings.database_url
    task = CrawlTask(url, sources, 1024, only=(PROVINCE,), allow_loopback=True, delay=0.0, since=2024, at=at)
    run_crawl(task, house.settings, lambda *_: None)
    read_kept(house, sources)
    compare_pending(house)
    watch(house, sources)


def withdrawn(house: House, url: str) -> list[Incident]:
    return [one for one in house.incidents.all() if (one.kind, one.url) == (IncidentKind.WITHDRAWN, url)]


def test_a_withdrawn_page_is_kept_shown_and_never_called_dropped(house: House) -> None:
    """Gone with 404, and again the next day, then back: one incident that opens and closes, one edition throughout."""
    with SampleWeb(season=YEAR) as web:
        visit(house, web, "2025-02-28")
        edition = house.archive.edition(PROVINCE, YEAR)
        assert edition is not None
        baseline = house.comparisons.diff(PROVINCE, YEAR)
        web.advance()
        visit(house, web, "2026-02-27")
        visit(house, web, "2026-02-28")
        gone = [check for check in house.archive.checks(PROVINCE) if check.url == edition.url]
        assert [check.outcome for check in gone] == [CheckOutcome.GONE, CheckOutcome.GONE, CheckOutcome.NEW]
        assert house.archive.edition(PROVINCE, YEAR) == edition
        assert len(house.archive.versions(PROVINCE, YEAR)) == 1
        assert house.comparisons.diff(PROVINCE, YEAR) == baseline
        later = house.comparisons.diff(PROVINCE, YEAR + 1)
        assert later is not None
        assert (later.diff.outcome, later.earlier_id) == (DiffOutcome.OK, edition.announcement_id)
        assert {change.kind for change in later.diff.changes} != {Kind.NEW}
        [incident] = withdrawn(house, edition.url)
        assert (incident.source, incident.closed_at, incident.checks) == (PROVINCE, None, 2)
        web.season = YEAR
        visit(house, web, "2026-03-01")
        [incident] = withdrawn(house, edition.url)
        assert incident.closed_at is not None
        assert house.archive.edition(PROVINCE, YEAR) == edition
