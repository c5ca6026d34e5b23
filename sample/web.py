"""What the sample web answers: every address of every site, for a season."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

from sample import templates
from sample.digest import DIGEST, NAME, digest_article
from sample.noise import news_of, newsletter
from sample.others import MINISTRY, MINISTRY_NAME, WECHAT_PATH, ministry_articles, wechat_page
from sample.replies import SOFT_404, Reply, challenge, plain
from sample.scripted import PATH as SCRIPTED
from sample.scripted import scripted_replies
from sample.sites import SITES, Family, Site
from sample.templates import PAGE_SIZE, Article, article_page, home_page, list_page
from sample.texts import CHINA, YEARS, Text, all_texts
from schema.provinces import find_province

_ROBOTS = "User-agent: *\nDisallow: /*/internal/\n"


class Web:
    """All sites as of a season's visit. ``today`` hides what is published later."""

    def __init__(self, base_url: str, season: int, today: date, *, edited: bool) -> None:
        self._base, self._today, self._season, self._edited = base_url, today, season, edited
        self._replies: dict[str, Reply] = {"/robots.txt": plain(_ROBOTS)}
        self._columns: dict[str, tuple[Site, list[Article]]] = {}
        self._originals: dict[tuple[str, int], str] = {}
        self._stumbled: set[str] = set()
        for site in SITES:
            self._add_site(site)
        for year in YEARS:
            self._add_digest(year)
        self._add_others()

    def reply(self, path: str, form: str = "") -> Reply:
        """The answer to a path with its query, and a posted form."""
        parts = urlsplit(path)
        site = next((site for site in SITES if parts.path.startswith(f"/{site.slug}/")), None)
        if site is not None and site.blocked and self._season in site.blocked_in:
            return challenge(site.blocked)
        if site is not None and self._stumbles(site):
            return Reply(b"<h1>503 Service Temporarily Unavailable</h1>", 503)
        known = self._replies.get(parts.path)
        if known is not None:
            return known
        listed = self._list(parts.path, parts.query, form)
        return listed or Reply(b"<h1>404 Not Found</h1>", 404)

    def _name(self, slug: str) -> str:
        return MINISTRY_NAME if slug == MINISTRY.slug else site_name(slug)

    def _stumbles(self, site: Site) -> bool:
        """True once a season, for the sites that do."""
        if not site.stumbles or site.slug in self._stumbled:
            return False
        self._stumbled.add(site.slug)
        return True

    def _add_site(self, site: Site) -> None:
        name = site_name(site.slug)
        articles = sorted(self._articles(site), key=lambda a: (a.published, a.path), reverse=True)
        articles = [article for article in articles if not self._is_withdrawn(site, article)]
        self._columns[site.slug] = (site, [a for a in articles if not (site.unlisted and self._is_original(a))])
        self._replies[f"/{site.slug}/"] = _html(site, home_page(site, name), None)
        for article in articles:
            html = article_page(site, name, article)
            reply = _html(site, html, article.published)
            if self._is_missing(site, article):
                reply = _html(site, SOFT_404, None)
            if site.redirected:
                moved = article.path.replace(f"/{site.slug}/", f"/{site.slug}/moved/", 1)
                self._replies[moved] = reply
                reply = Reply(b"", 301, location=moved)
            self._replies[article.path] = reply

    def _articles(self, site: Site) -> Iterator[Article]:
        for text in all_texts():
            if text.slug == site.slug and text.published.date() <= self._today:
                yield self._announcement(site, text)
        for year in YEARS:
            for news in news_of(find_province(site.slug), year):
                if news.published.date() <= self._today:
                    path = site.article_path(news.title, news.published)
                    yield Article(path, news.title, news.published, site_name(site.slug), (news.body,))

    def _announcement(self, site: Site, text: Text) -> Article:
        shown = text.edited() if text.edits and (self._edited or self._season > text.year) else text
        path = site.article_path(text.title, text.published)
        self._originals[text.slug, text.year] = path
        lines = tuple(shown.body.splitlines())
        if text.year == site.newsletter_year:
            return Article(path, "应急简讯：" + text.title + "等", text.published, text.source, newsletter(lines))
        return Article(path, text.title, text.published, text.source, lines)

    def _is_withdrawn(self, site: Site, article: Article) -> bool:
        gone = site.withdrawn_year is not None and self._season > site.withdrawn_year
        return gone and article.path == self._originals.get((site.slug, site.withdrawn_year or 0))

    def _is_missing(self, site: Site, article: Article) -> bool:
        """The announcement that is listed, answers 200 and is not there."""
        return article.path == self._originals.get((site.slug, site.soft_404_year or 0))

    def _is_original(self, article: Article) -> bool:
        return article.path in self._originals.values()

    def _add_digest(self, year: int) -> None:
        published = datetime(year, 2, 16, tzinfo=CHINA).date()
        if published > self._today:
            return
        texts = {text.slug: text for text in all_texts() if text.year == year}
        originals = {slug: self._base + self._originals.get((slug, year), f"/{slug}/") for slug in ("henan", "hubei")}
        originals["hunan"] = self._base + "/hunan/fbjd/dtyw/202501/t20250118_1002003.html"
        article = digest_article(year, texts, originals)
        self._replies[article.path] = _html(DIGEST, article_page(DIGEST, NAME, article), article.published)

    def _add_others(self) -> None:
        articles = list(ministry_articles(self._season))
        self._columns[MINISTRY.slug] = (MINISTRY, articles)
        for article in articles:
            self._replies[article.path] = _html(
                MINISTRY, article_page(MINISTRY, MINISTRY_NAME, article), article.published
            )
        self._replies[WECHAT_PATH] = wechat_page()
        self._replies |= scripted_replies(self.scripted())

    def scripted(self) -> Article:
        """What the page says that needs its script: 甘肃's conference of the season."""
        text = next(one for one in all_texts() if (one.slug, one.year) == ("gansu", self._season))
        return Article(SCRIPTED, text.title, text.published, text.source, tuple(text.body.splitlines()))

    def _list(self, path: str, query: str, form: str) -> Reply | None:
        slug = path.split("/")[1] if path.count("/") > 1 or path in {s.column for s in SITES} else ""
        if slug not in self._columns:
            return None
        site, articles = self._columns[slug]
        if path.endswith("/dataproxy.jsp"):
            return _records(site, articles, form, query)
        if path.endswith("/front/page/build/unit"):
            return _unit(site, articles, query)
        number = page_number(site, path, query, len(articles))
        if number is None or (number - 1) * PAGE_SIZE >= max(1, len(articles)):
            return None
        return replace(_html(site, list_page(site, self._name(slug), articles, number), None), seconds=site.seconds)


def page_number(site: Site, path: str, query: str, count: int) -> int | None:
    """Which page of its column a path is, from 1, or None when it is no list page."""
    total = max(1, -(-count // PAGE_SIZE))
    first = {site.column, site.column.rstrip("/"), site.column + "index.html"}
    if path in first:
        return int(parse_qs(query).get("page", ["1"])[0])
    for number in range(2, total + 1):
        further = {
            Family.TRS: f"{site.column}index_{number - 1}.html",
            Family.VSB: f"{site.column.rsplit('.', 1)[0]}/{total - number + 1}.htm",
            Family.COUNTED: f"{site.column}index_{number - 1}.html",
            Family.UCAP: site.column.replace("-1.", f"-{number}."),
            Family.POST: site.column.replace("index.", f"index_{number}."),
        }.get(site.family)
        if path == further:
            return number
    return None


def site_name(slug: str) -> str:
    """The department's name with the word that marks it as a sample."""
    province = find_province(slug)
    return province.name + ("应急管理局" if province.level_word == "全市" else "应急管理厅")


def _html(site: Site, html: str, modified: datetime | None) -> Reply:
    kind = f"text/html; charset={site.declared}"
    return Reply(html.encode(site.encoding), content_type=kind, modified=modified)


def _records(site: Site, articles: list[Article], form: str, query: str) -> Reply:
    values = {**parse_qs(query), **parse_qs(form)}
    first, last = (int(values.get(key, ["1"])[0]) for key in ("startrecord", "endrecord"))
    if site.obeys_page:
        number = int(values.get("page", ["1"])[0])
        first, last = (number - 1) * PAGE_SIZE + 1, number * PAGE_SIZE
    xml = templates.records(articles[first - 1 : last])
    return Reply(xml.encode(), content_type="text/xml; charset=utf-8")


def _unit(site: Site, articles: list[Article], query: str) -> Reply:
    page = json.loads(parse_qs(query)["paramJson"][0])
    number, size = int(page["pageNo"]), int(page["pageSize"])
    rows = "".join(templates.row(a, a.path) for a in articles[(number - 1) * size : number * size])
    answer = {
        "code": "200",
        "success": True,
        "data": {"html": f"<ul>{rows}</ul>", "site": zlib.crc32(site.slug.encode())},
    }
    return Reply(json.dumps(answer, ensure_ascii=False).encode(), content_type="application/json; charset=utf-8")
