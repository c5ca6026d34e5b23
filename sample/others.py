"""Sample pages beside the departments' columns: the ministry's conference, and a closed province's WeChat article."""

from __future__ import annotations

from datetime import datetime
from html import escape

from sample.bank import banked_text
from sample.replies import Reply
from sample.sites import Family, Site
from sample.templates import MARK, Article
from sample.texts import YEARS, Text, parse_text
from schema.provinces import Province, Region, find_province

MINISTRY = Site("mem", Family.TRS)
MINISTRY_NAME = "应急管理部"
_NATION = Province("000000", "national", "全国", "全国", Region.HUABEI, "北京", "国")
WECHAT_PATH = "/wechat/s/sample-hunan-2024"
WECHAT_PROVINCE, WECHAT_YEAR = "hunan", 2024


def ministry_articles(season: int) -> tuple[Article, ...]:
    """The national conference of every plan year up to a season, and a look-alike each, newest first."""
    found = []
    for year in reversed([year for year in YEARS if year <= season]):
        text = _national(year)
        path = MINISTRY.article_path(text.title, text.published)
        other = text.published.replace(day=20)
        title = "应急管理部召开危险化学品安全专题调度会"
        found.append(Article(MINISTRY.article_path(title, other), title, other, MINISTRY_NAME, ("会议作了部署。",)))
        found.append(Article(path, text.title, text.published, MINISTRY_NAME, tuple(text.body.splitlines())))
    return tuple(found)


def _national(year: int) -> Text:
    raw = banked_text(_NATION, year)
    assert raw is not None
    text = parse_text("national", year, raw.replace("全省", "全国"))
    published = datetime(year, 1, 8, 18, 0, tzinfo=text.published.tzinfo)
    return Text("national", year, "全国应急管理工作会议在京召开", published, MINISTRY_NAME, text.body)


def wechat_page() -> Reply:
    """湖南's conference of 2024 as a WeChat article; the province's own site is closed to us."""
    raw = banked_text(find_province(WECHAT_PROVINCE), WECHAT_YEAR)
    assert raw is not None
    text = parse_text(WECHAT_PROVINCE, WECHAT_YEAR, raw)
    paragraphs = "".join(f"<p><span>{escape(line)}</span></p>" for line in text.body.splitlines())
    html = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><meta property="og:title" content="{escape(text.title)}">'
        f'<title></title><meta name="chengnuo-sample" content="示例文本"></head><body>'
        f'<h1 class="rich_media_title" id="activity-name">{escape(text.title)}</h1>'
        f'<div id="js_content" style="visibility: hidden;">{paragraphs}</div>'
        f'<script>var ct = "{int(text.published.timestamp())}";</script><p>{MARK}</p></body></html>'
    )
    return Reply(html.encode(), modified=text.published)
