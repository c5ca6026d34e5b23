"""A page nobody has described is proposed as the source it could be."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.propose import pattern_of, propose
from crawler.registry import load_source_file
from crawler.source_file import source_toml
from sample.digest import digest_path
from sample.sites import SITES, Family, Site
from sample.templates import PAGE_SIZE
from sample.web import Web
from schema.announcements import Page, Rank, Source, SourceKind

BASE = "http://127.0.0.1:8799"
WEB = Web(BASE, 2026, date(2026, 2, 28), edited=False)
OPEN = [site for site in SITES if not site.blocked and not site.stumbles]


def page_at(path: str) -> Page:
    reply = WEB.reply(path)
    headers = (("Content-Type", reply.content_type),)
    return Page(BASE + path, "new", reply.status, reply.body, datetime(2026, 2, 28, tzinfo=UTC), headers)


@pytest.mark.parametrize("site", OPEN, ids=lambda site: site.slug)
def test_a_column_is_recognised_with_its_articles(site: Site) -> None:
    """Every family's first list page: a column whose pattern fits its entries, with a way to the next page."""
    found = propose(page_at(site.column))
    assert (found.kind, len(found.entries), found.pages_on) == (SourceKind.COLUMN, PAGE_SIZE, True)
    assert found.article_pattern is not None
    paths = [urlsplit(entry.url).path for entry in found.entries]
    assert [path for path in paths if not re.search(found.article_pattern, path)] == []


def test_every_family_is_told_by_its_marks() -> None:
    """The CMS named is the one the sample site runs on; a plain list names none."""
    unmarked = {Family.TABLE, Family.POST}
    told = {(site.slug, propose(page_at(site.column)).cms) for site in OPEN}
    assert told == {(site.slug, None if site.family in unmarked else site.cms) for site in OPEN}


def test_a_digest_is_told_from_a_single_announcement() -> None:
    """Three provinces on one page are a digest; one is an article."""
    assert propose(page_at(digest_path(2026))).kind is SourceKind.DIGEST
    column = page_at("/gansu/xwdt/list.htm")
    article = next(entry for entry in propose(column).entries if "工作会议在兰州" in entry.title)
    assert propose(page_at(urlsplit(article.url).path)).kind is SourceKind.ARTICLE


@pytest.mark.parametrize("html", ["", "<html><body><p>短</p></body></html>", "<form><input type=password></form>"])
def test_what_is_neither_list_nor_article_is_no_source(html: str) -> None:
    """An empty shell or a login form proposes nothing."""
    page = Page(BASE + "/x", "new", 200, html.encode(), datetime(2026, 2, 28, tzinfo=UTC))
    assert propose(page).kind is None


def test_the_way_to_the_news_stands_on_the_home_page() -> None:
    """Links whose text is what departments call their news, on the same host only, the plainest words first."""
    html = """<a href="/zwgk/">政务公开</a><a href="/xwzx/">新闻中心</a><a href="/yjyw/">应急要闻</a>
    <a href="https://elsewhere.gov.cn/yjyw/">应急要闻</a>"""
    page = Page("https://yjt.example.gov.cn/", "new", 200, html.encode(), datetime(2026, 2, 28, tzinfo=UTC))
    assert propose(page).columns == ("https://yjt.example.gov.cn/yjyw/", "https://yjt.example.gov.cn/xwzx/")


def test_an_unknown_shape_is_described_by_its_numbers() -> None:
    """Numbers are left open, the rest stands; addresses without a common shape give no pattern."""
    assert pattern_of([f"https://a.gov.cn/show.aspx/{n}" for n in (12, 345, 6)]) == r"^/show\.aspx/\d+$"
    assert pattern_of(["https://a.gov.cn/a", "https://a.gov.cn/b1", "https://a.gov.cn/c/2"]) is None
    assert pattern_of([]) is None


def test_a_source_file_reads_back_as_the_source(tmp_path: Path) -> None:
    """Quotes, backslashes, options and what is unknown survive the trip through TOML."""
    source = Source(
        slug="hubei-2",
        name='湖北 "新" 厅\\',
        kind=SourceKind.COLUMN,
        rank=Rank.MEDIA,
        province="hubei",
        urls=("https://yjt.hubei.gov.cn/a?b='c'",),
        hosts=("yjt.hubei.gov.cn",),
        article_pattern=r"/t\d{8}_\d+\.html$",
        options=(("columnid", "12"), ("web id", "x\ty")),
    )
    file = tmp_path / "hubei-2.toml"
    file.write_text(source_toml(source, "a\ncomment"), encoding="utf-8")
    assert load_source_file(file) == source
