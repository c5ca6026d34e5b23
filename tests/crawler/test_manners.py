"""What the sites see of us, by the sample server's own log."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.windows import quiet_now
from sample.server import SampleWeb
from schema.announcements import CheckOutcome, Source

DELAY = 0.3
SOME = ("hubei", "shaanxi", "gansu", "beijing")


def some(web: SampleWeb) -> tuple[Source, ...]:
    return tuple(source for source in web.sources() if source.slug in SOME)


def test_robots_one_at_a_time_with_a_pause_under_our_name(crawl_now, options_for) -> None:
    """robots.txt first and obeyed; no two requests at once to a host; the delay kept; agent and contact named."""
    with SampleWeb(season=2025) as web:
        barred = replace(some(web)[0], slug="barred", urls=(web.base_url + "/hubei/internal/list.html",))
        crawled = crawl_now(
            (*some(web), barred), options_for(2025, delay=DELAY, contact="team@example.org", since=2025)
        )
        asked = sorted(web.asked, key=lambda one: one.began)
    assert asked[0].path == "/robots.txt"
    assert not [one for one in asked if "/internal/" in one.path]
    assert crawled.urls(CheckOutcome.ROBOTS_DENIED) == list(barred.urls)
    assert len(asked) > 15
    pairs = list(itertools.pairwise(asked))
    assert [one.path for one, later in pairs if later.began < one.ended - 0.002] == []
    assert min(later.began - one.began for one, later in pairs) >= DELAY  # whatever the way and the machine take
    agents = {one.header("User-Agent") for one in asked}
    assert len(agents) == 1
    assert agents.pop().startswith("chengnuo/")
    assert all("team@example.org" in (one.header("User-Agent") or "") for one in asked)
    assert not [one for one in asked if one.header("Cookie") or one.header("Referer")]


def test_a_second_crawl_downloads_no_unchanged_article(crawl_now, options_for) -> None:
    """Articles are asked for with their validators and answered with 304; nothing of them is sent again."""
    with SampleWeb(season=2025) as web:
        first = crawl_now(some(web), options_for(2025))
        known = {url: (page.header("ETag"), page.header("Last-Modified")) for url, page in first.pages().items()}
        web.asked.clear()
        second = crawl_now(some(web), options_for(2025), known)
        articles = [one for one in web.asked if one.header("If-None-Match") or one.header("If-Modified-Since")]
    assert len(articles) >= len(SOME)
    assert {(one.status, one.sent) for one in articles} == {(304, 0)}
    assert len(second.urls(CheckOutcome.UNCHANGED)) == len(articles)


def test_posted_list_pages_are_kept_apart(crawl_now, options_for) -> None:
    """Further pages of 大汉's list come from one address; what was posted tells them apart, visit after visit."""
    with SampleWeb(season=2026) as web:
        source = next(source for source in web.sources() if source.slug == "beijing")
        first, second = (crawl_now((source,), options_for(2026, since=2024)) for _ in range(2))
    posted = [url for url in first.urls() if "dataproxy" in url]
    assert len(posted) == len(set(posted)) >= 2
    assert {u: p.sha256 for u, p in first.pages().items()} == {u: p.sha256 for u, p in second.pages().items()}


def test_a_dry_run_asks_for_lists_only(crawl_now, options_for) -> None:
    """It says what would be fetched; no article is asked for, nothing is kept; further back: more list pages."""
    with SampleWeb(season=2026) as web:
        recent = crawl_now(some(web), options_for(2026, dry_run=True, since=2026))
        few = len(web.asked)
        web.asked.clear()
        longer = crawl_now(some(web), options_for(2026, dry_run=True, since=2024))
        articles = [one.path for one in web.asked if "/t202" in one.path or "/art_" in one.path or "/info/" in one.path]
        assert len(web.asked) > few
    assert (recent.visits, longer.visits, articles) == ([], [], [])
    assert 0 < len(recent.report.planned) < len(longer.report.planned)


def test_a_run_has_a_budget_and_a_source_its_quiet_hours(crawl_now, options_for) -> None:
    """No more requests than the run may make; a source in its window is not asked at all, and the run says so."""
    with SampleWeb(season=2025) as web:
        first, *others = some(web)
        asleep = replace(first, quiet=("00:00-24:00",))
        crawled = crawl_now((asleep, *others), options_for(2025, budget=6))
        asked = [one.path for one in web.asked]
    assert len(asked) <= 6
    assert crawled.report.finished == "budget"
    assert not [path for path in asked if path.startswith(f"/{first.slug}/")]
    assert crawled.report.left_alone == {first.slug: "quiet window 00:00-24:00"}


def test_a_challenge_stops_what_stands_in_the_queue_of_its_site(crawl_now, options_for) -> None:
    """Six kept announcements wait behind the list; the list's answer is a challenge, and none is sent."""
    with SampleWeb(season=2025) as web:
        source = next(source for source in web.sources() if source.slug == "hunan")
        before = tuple(f"{web.base_url}/hunan/fbjd/dtyw/202401/t20240118_{n}.html" for n in range(6))
        crawled = crawl_now((source,), options_for(2025, delay=0.05, revisit={"hunan": before}))
        asked = [one.path for one in web.asked if one.path.startswith("/hunan/")]
    assert len(asked) == 1
    assert crawled.urls(CheckOutcome.BLOCKED) == list(source.urls)
    assert crawled.urls() == list(source.urls)
    assert "challenge" in crawled.report.left_alone["hunan"]


@pytest.mark.parametrize(
    ("window", "moment", "holds"),
    [
        ("23:00-06:00", (15, 30), True),
        ("23:00-06:00", (21, 59), True),
        ("23:00-06:00", (22, 0), False),
        ("01:00-02:00", (17, 30), True),
        ("sun 02:00-05:00", (18, 30), True),
        ("mon 02:00-05:00", (18, 30), False),
        ("sat 23:00-06:00", (18, 30), True),
    ],
)
def test_windows_are_in_chinas_time(window: str, moment: tuple[int, int], holds: bool) -> None:
    """Saturday the 17th in UTC; a window past midnight belongs to the day it begins on."""
    found = quiet_now((window,), datetime(2026, 1, 17, *moment, tzinfo=UTC))
    assert (found is not None) == holds
