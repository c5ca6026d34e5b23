"""HTML of the CMS families: article pages with their meta tags and body containers, list pages with their paging."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from sample.sites import Family, Site

PAGE_SIZE = 15
MARK = "示例文本：本站内容为 chengnuo 项目编写，不是真实通报"


@dataclass(frozen=True, slots=True)
class Article:
    """What an article page shows. ``paragraphs`` are plain text; ``links`` stand behind a paragraph of that number."""

    path: str
    title: str
    published: datetime
    source: str
    paragraphs: tuple[str, ...]
    links: tuple[tuple[int, str, str], ...] = ()
    """Paragraph number, anchor text, address."""


_BODIES = {
    Family.TRS: ('<div class="TRS_UEDITOR trs_paper_default trs_web">', "</div>"),
    Family.JCMS: ('<div id="zoom"><!--ZJEG_RSS.content.begin-->', "<!--ZJEG_RSS.content.end--></div>"),
    Family.JPAAS: ('<div id="zoom" class="article-txt">', "</div>"),
    Family.VSB: ('<div id="vsb_content"><div class="v_news_content">', "</div></div>"),
    Family.UCAP: ('<div class="pages_content" id="UCAP-CONTENT">', "</div>"),
    Family.TABLE: ('<table class="layout"><tr><td><div class="TRS_Editor">', "</div></td></tr></table>"),
    Family.POST: ('<div class="article-content">', "</div>"),
    Family.COUNTED: ('<div class="trs_editor_view TRS_UEDITOR">', "</div>"),
}


def article_page(site: Site, name: str, article: Article) -> str:
    """One article in its site's template."""
    opening, closing = _BODIES[site.family]
    head = _head(site, article.title + "_" + name, _article_meta(site, article))
    label = f"发布时间：{article.published:%Y-%m-%d %H:%M}　来源：{escape(article.source)}"
    return (
        head
        + _banner(site, name)
        + f'<div class="main"><h1 class="title">{escape(article.title)}</h1><div class="info">{label}</div>'
        + opening
        + "".join(_paragraphs(article))
        + closing
        + '<div class="editor">责任编辑：示例</div></div>'
        + _footer(name)
    )


def _paragraphs(article: Article) -> list[str]:
    lines = [f'<p style="text-indent: 2em;">{escape(paragraph)}</p>' for paragraph in article.paragraphs]
    for number, text, url in sorted(article.links, reverse=True):
        lines.insert(number + 1, f'<p><a href="{escape(url)}">{escape(text)}</a></p>')
    return lines


def _article_meta(site: Site, article: Article) -> str:
    stamp = f"{article.published:%Y-%m-%d %H:%M}"
    pairs = [("ArticleTitle", article.title), ("PubDate", stamp), ("ContentSource", article.source)]
    if site.family is Family.UCAP:
        pairs = [("ArticleTitle", article.title), ("firstpublishedtime", stamp), ("ContentSource", "")]
    if site.family in {Family.VSB, Family.TABLE}:
        pairs = [("keywords", "应急管理"), ("description", article.title)]
    return "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in pairs)


def _head(site: Site, title: str, meta: str) -> str:
    return (
        f'<!DOCTYPE html><html><head><meta charset="{site.declared}"><title>{escape(title)}</title>'
        f'<meta name="chengnuo-sample" content="示例文本">{meta}</head>'
    )


def _banner(site: Site, name: str) -> str:
    early = "</body></html>" if site.early_html else ""
    home = f'<a href="/{site.slug}/">{escape(name)}首页</a>'
    return f'<body><div class="header">{home} <a href="{site.column}">新闻中心</a></div>{early}'


def _footer(name: str) -> str:
    return f'<div class="footer">{escape(name)} {MARK}</div></body></html>'


def list_page(site: Site, name: str, articles: Sequence[Article], number: int) -> str:
    """Page ``number`` (from 1) of a column, newest first, with its family's paging."""
    shown = articles[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    total = max(1, -(-len(articles) // PAGE_SIZE))
    rows = _ROWS.get(site.family, _plain_rows)(site, shown)
    paging = _PAGING[site.family](site, number, total, len(articles))
    head = _head(site, f"工作动态_{name}", '<meta name="ColumnName" content="工作动态">')
    return f'{head}{_banner(site, name)}<div class="column">{rows}{paging}</div>{_footer(name)}'


def home_page(site: Site, name: str) -> str:
    """A site's home page: nothing but the way to its columns."""
    links = f'<a href="{site.column}">应急要闻</a> <a href="/{site.slug}/zwgk/">政务公开</a>'
    return f"{_head(site, name, '')}{_banner(site, name)}<div>{links}</div>{_footer(name)}"


def row(article: Article, href: str) -> str:
    """One line of a list."""
    title = escape(article.title)
    return (
        f'<li><a href="{escape(href)}" title="{title}">{_cut(title)}</a><span>{article.published:%Y-%m-%d}</span></li>'
    )


def _cut(title: str) -> str:
    return title if len(title) <= 24 else title[:22] + "…"


def _plain_rows(_site: Site, shown: Sequence[Article]) -> str:
    return '<ul class="list">' + "".join(row(article, article.path) for article in shown) + "</ul>"


def _trs_rows(site: Site, shown: Sequence[Article]) -> str:
    relative = [row(article, "./" + article.path.removeprefix(site.column)) for article in shown]
    return '<ul class="list">' + "".join(relative) + "</ul>"


def _table_rows(_site: Site, shown: Sequence[Article]) -> str:
    rows = (f'<tr><td><a href="{a.path}">{escape(a.title)}</a></td><td>{a.published:%Y/%m/%d}</td></tr>' for a in shown)
    return "<table>" + "".join(rows) + "</table>"


def _dated_rows(_site: Site, shown: Sequence[Article]) -> str:
    """Two-storey dates: the day large, year and month below it."""
    rows = (
        f'<li><div class="day"><b>{a.published:%d}</b><i>{a.published:%Y-%m}</i></div>'
        f'<h3><a href="{a.path}" title="{escape(a.title)}">{_cut(escape(a.title))}</a></h3></li>'
        for a in shown
    )
    return '<ul class="news_list">' + "".join(rows) + "</ul>"


def records(articles: Sequence[Article]) -> str:
    """大汉's rows: XML around CDATA, inside a script or as an answer of dataproxy.jsp."""
    items = "".join(f"<record><![CDATA[{row(article, article.path)}]]></record>" for article in articles)
    return f"<datastore><nextgroup></nextgroup><recordset>{items}</recordset></datastore>"


def _jcms_rows(_site: Site, shown: Sequence[Article]) -> str:
    return f'<div id="4566"><script type="text/xml">{records(shown)}</script></div>'


_ROWS = {
    Family.TRS: _trs_rows,
    Family.COUNTED: _trs_rows,
    Family.TABLE: _table_rows,
    Family.POST: _dated_rows,
    Family.JCMS: _jcms_rows,
}


def _trs_paging(_site: Site, number: int, total: int, _count: int) -> str:
    return f'<script>createPageHTML({total}, {number - 1}, "index", "html");</script>'


def _counted_paging(_site: Site, number: int, total: int, _count: int) -> str:
    return f"<script>var currentPage = {number - 1};//所在页从0开始\nvar countPage = {total}//共多少页</script>"


def _post_paging(site: Site, number: int, total: int, _count: int) -> str:
    further = site.column.replace("index.", f"index_{number + 1}.")
    return f'<a class="next" href="{further}">下一页</a>' if number < total else ""


def _jcms_paging(site: Site, _number: int, _total: int, count: int) -> str:
    return (
        f"<script>var jp = {{col:1, appid:'1', webid:'12', path:'/', columnid:'4566', sourceContentType:'1',"
        f" unitid:'14566', webname:'sample', permissiontype:'0', perPage:'{PAGE_SIZE}', totalRecord:'{count}',"
        f" proxyUrl:'/{site.slug}/module/web/jpage/dataproxy.jsp'}};</script>"
    )


def _jpaas_paging(site: Site, _number: int, _total: int, _count: int) -> str:
    query = {
        "parseType": "bulidstatic",
        "webId": "7f3a",
        "tplSetId": "c1d2",
        "pageType": "column",
        "tagId": "工作动态",
        "editType": "null",
        "pageId": "1229",
        "pageSize": str(PAGE_SIZE),
    }
    value = escape(json.dumps(query, ensure_ascii=False))
    unit = f"/{site.slug}/api-gateway/jpaas-publish-server/front/page/build/unit"
    return f'<div id="page" queryData="{value}" url="{unit}"></div>'


def _vsb_paging(site: Site, number: int, total: int, _count: int) -> str:
    if number >= total:
        return ""
    folder = site.column.rsplit(".", 1)[0]
    return f'<div class="pb"><a href="{folder}/{total - number}.htm">下页</a> <a href="{folder}/1.htm">尾页</a></div>'


def _ucap_paging(site: Site, number: int, total: int, _count: int) -> str:
    if number >= total:
        return ""
    return f'<a href="{site.column.replace("-1.", f"-{number + 1}.")}">下一页</a>'


def _table_paging(site: Site, number: int, total: int, _count: int) -> str:
    return f'<a href="{site.column}?page={number + 1}">下一页&gt;</a>' if number < total else "<span>下一页</span>"


_PAGING = {
    Family.TRS: _trs_paging,
    Family.JCMS: _jcms_paging,
    Family.JPAAS: _jpaas_paging,
    Family.VSB: _vsb_paging,
    Family.UCAP: _ucap_paging,
    Family.TABLE: _table_paging,
    Family.POST: _post_paging,
    Family.COUNTED: _counted_paging,
}
