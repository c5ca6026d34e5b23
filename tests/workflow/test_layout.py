"""A field that a site's articles used to give in its place, and do no longer, is a changed layout with its name."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sample.server import SampleWeb
from schema.announcements import Check, CheckOutcome, Page, Source
from schema.incidents import IncidentKind
from workflow.collecting import read_kept
from workflow.columns import is_article
from workflow.crawling import CrawlTask, run_crawl
from workflow.house import House, open_house
from workflow.settings import load_settings
from workflow.watch import watch

AT = datetime(2026, 2, 28, 9, tzinfo=UTC)
WITHOUT = {
    "published": r'<meta name="PubDate"[^>]*>|(?:发布时间|时间|日期)[:：][\d\s:-]*',
    "source_name": r'<meta name="ContentSource"[^>]*>|(?:信息|文章)?来源[:：][^<\s]*',
}


@pytest.fixture
def house(tmp_path: Path):
    with open_house(load_settings({}, data=tmp_path)) as opened:
        yield opened


def crawled(house: House, slug: str) -> tuple[Source, list[Page]]:
    """The sample site as it is: its source and the articles that were fetched."""
    with SampleWeb(season=2026) as web:
        source = next(one for one in web.sources() if one.slug == slug)
        at = AT.isoformat()
        url = house.settings.database_url
        run_crawl(
            CrawlTask(url, (source,), 1024, allow_loopback=True, delay=0.0, since=2024, at=at),
            house.settings,
            lambda *_: None,
        )
    read_kept(house, [source])
    seen = [check.url for check in house.archive.latest_checks() if is_article(check.url, source)]
    return source, [page for page in map(house.archive.latest_page, seen) if page is not None]


def look(house: House, source: Source, pages: list[Page], day: int) -> tuple[list[str | None], list[str | None]]:
    """These captures come; the layout incidents opened and closed by the look after it, by address."""
    at = AT + timedelta(days=day)
    for page in pages:
        again = replace(page, fetched_at=at)
        house.archive.keep_visit(again, Check(source.slug, page.url, at, CheckOutcome.NEW, 200, again.sha256))
    read_kept(house, [source])
    seen = watch(house, [source], at)
    opened, closed = (
        [one.url for one in group if one.kind is IncidentKind.LAYOUT_CHANGED] for group in (seen.opened, seen.closed)
    )
    return opened, closed


def stripped(page: Page, field: str) -> Page:
    text = page.body.decode("utf-8")
    bare = re.sub(WITHOUT[field], "", text)
    assert bare != text
    return replace(page, body=bare.encode())


@pytest.mark.parametrize("field", ["published", "source_name"])
def test_a_lost_field_opens_an_incident_with_its_name_and_closes_when_it_is_back(house: House, field: str) -> None:
    """Two articles without it open one, further ones and a second look add none, one with it closes it."""
    source, articles = crawled(house, "gansu")
    place = f"{source.urls[0]}#{field}"
    assert len(articles) >= 4
    assert look(house, source, [], 0) == ([], [])
    assert look(house, source, [stripped(articles[0], field)], 1) == ([], [])
    assert look(house, source, [stripped(articles[1], field)], 2) == ([place], [])
    [incident] = [one for one in house.incidents.open() if one.url == place]
    assert field in incident.detail
    assert look(house, source, [stripped(articles[2], field)], 3) == ([], [])
    assert look(house, source, [], 4) == ([], [])
    assert look(house, source, [marked(articles[3])], 5) == ([], [place])


def marked(page: Page) -> Page:
    """Other bytes, the same fields."""
    return replace(page, body=page.body + b"<!-- again -->")


def test_the_sample_sites_as_they_are_have_lost_nothing(house: House) -> None:
    """Every family, three years: no field is called lost."""
    with SampleWeb(season=2026) as web:
        sources = [one for one in web.sources() if one.slug in {"gansu", "beijing", "hubei", "shaanxi", "zhejiang"}]
        url = house.settings.database_url
        task = CrawlTask(url, tuple(sources), 1024, allow_loopback=True, delay=0.0, since=2024, at=AT.isoformat())
        run_crawl(task, house.settings, lambda *_: None)
        read_kept(house, sources)
        opened = [one for one in watch(house, sources, AT).opened if one.kind is IncidentKind.LAYOUT_CHANGED]
    assert opened == []
