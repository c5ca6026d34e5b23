"""Titles that were seen on a list and never fetched are kept with the reason, and shown."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from starlette.testclient import TestClient

from crawler.read.conference import _REFUSALS
from review.app import make_app
from review.guard import Access
from review.labels import REFUSED_PAGES
from sample.server import SampleWeb
from schema.announcements import RefusedCandidate
from store.candidates import Candidates
from workflow.crawling import CrawlTask, run_crawl
from workflow.house import open_house
from workflow.settings import load_settings
from workflow.source_report import source_as_json

AT = "2026-02-28T09:00:00+00:00"
SEEN = datetime(2026, 2, 28, 9, tzinfo=UTC)


def test_look_alikes_on_the_lists_are_kept_once_and_shown(tmp_path: Path) -> None:
    """Two crawls: every title not taken stands there once, in the command, on the source's page and in the API."""
    settings = load_settings({}, data=tmp_path)
    with SampleWeb(season=2026) as web, open_house(settings) as house:
        source = next(one for one in web.sources() if one.slug == "gansu")
        task = CrawlTask(settings.database_url, (source,), 1024, allow_loopback=True, delay=0.0, since=2026, at=AT)
        told = [run_crawl(task, settings, lambda *_: None).refused for _ in range(2)]
        shown = source_as_json(house, source, None, 1000)
        fetched = {check.url for check in house.archive.latest_checks()}
        kept = {(one["url"], one["reason"]) for one in shown["refused"]}
        assert {(url, reason) for slug, url, reason in told[0] if slug == "gansu"} == kept
        assert set(told[1]) == set(told[0])
        assert len(shown["refused"]) == len(kept) == sum(shown["refused_counts"].values()) > 5
        assert {one["reason"] for one in shown["refused"]} >= {"no_conference", "city_meeting"}
        assert not {url for url, _ in kept} & fetched
        [meeting] = source_as_json(house, source, "city_meeting", 1)["refused"]
        app = make_app(house.database, sources=[source], access=Access(single_user=True), now=lambda: SEEN)
        with TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000)) as client:
            page = client.get("/sources/gansu?reason=city_meeting").text
            assert meeting["title"] in page
            assert REFUSED_PAGES["city_meeting"][0] in page
            assert client.get("/sources/nowhere").status_code == 404
            assert f'href="/sources/gansu">{source.slug}' in client.get("/sources").text
            listed = client.get("/api/v1/candidates?source=gansu&reason=city_meeting").json()
            assert (listed["items"][0]["title"], listed["total"]) == (
                meeting["title"],
                shown["refused_counts"]["city_meeting"],
            )


def test_a_dry_run_keeps_no_title(tmp_path: Path) -> None:
    """It says what it would do, and leaves nothing behind."""
    settings = load_settings({}, data=tmp_path)
    with SampleWeb(season=2026) as web, open_house(settings) as house:
        source = next(one for one in web.sources() if one.slug == "gansu")
        task = CrawlTask(
            settings.database_url, (source,), 1024, allow_loopback=True, delay=0.0, since=2026, at=AT, dry_run=True
        )
        assert run_crawl(task, settings, lambda *_: None).refused
        assert Candidates(house.database).counts() == {}


def test_another_reason_is_another_line_and_bad_addresses_are_cut_off(tmp_path: Path) -> None:
    """An address refused for another reason later is told; an endless address is not kept, a title is cut."""
    with open_house(load_settings({}, data=tmp_path)) as house:
        candidates = Candidates(house.database)
        first = RefusedCandidate("a", "https://a.gov.cn/1", "题" * 1000, "relay", SEEN, date(2026, 1, 5))
        other = RefusedCandidate("a", "https://a.gov.cn/1", "题", "city_meeting", SEEN)
        endless = RefusedCandidate("a", "https://a.gov.cn/" + "x" * 3000, "题", "relay", SEEN)
        assert [candidates.keep(group) for group in ([first, first, endless], [first, other], [])] == [1, 1, 0]
        assert [one.reason for one in candidates.of_source("a")] == ["city_meeting", "relay"]
        assert len(candidates.of_source("a", "relay")[0].title) == 300


def test_the_command_answers_for_a_source_never_visited(run, tmp_path: Path) -> None:
    """Nothing there is an answer; an unknown source is a wrong usage that says the way out."""
    found = run("sources", "show", "hubei", "--json", data=tmp_path)
    assert found.returncode == 0, found.stderr
    told = json.loads(found.stdout)
    assert (told["slug"], told["refused"], told["checks"]) == ("hubei", [], [])
    wrong = run("sources", "show", "nowhere", data=tmp_path)
    assert (wrong.returncode, "sources list" in wrong.stderr) == (2, True)


def test_every_reason_has_words() -> None:
    """No page shows a bare name."""
    assert {reason for reason, _ in _REFUSALS} - REFUSED_PAGES.keys() == set()
