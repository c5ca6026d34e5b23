"""Article pages as content systems write them: one announcement in many shells, for tests and benches.

Written for this project after the markup that departments' sites use; no page is a copy of a real one.

"""
# ruff: noqa: E501 - markup reads better unbroken

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

TITLE = "全省应急管理工作会议在武汉召开"
SOURCE = "湖北省应急管理厅"
DAY = "2026-01-15"
PARAGRAPHS = (
    "1月14日，全省应急管理工作会议在武汉召开。会议总结2025年工作，部署2026年重点任务。",
    "会议指出，2025年全省生产安全事故起数、死亡人数同比分别下降8.3%、10.1%。",
    "会议要求，2026年要重点抓好以下工作。",
    "（一）建强救援力量",
    "国家级重点镇组建不少于10人的政府专职消防队。完善应急物资储备库网络。",
    "（二）夯实基层基础",
    "每个乡镇每月开展一次消防通道检查。把应急避险常识送到群众家门口。",
    "各市州应急管理局、厅机关各处室主要负责同志参加会议。",
)
_NAV = "".join(
    f"<li><a href='/{n}/'>{name}</a></li>"
    for n, name in enumerate(
        ("首页", "机构概况", "新闻动态", "政务公开", "政务服务", "互动交流", "专题专栏", "应急科普")
    )
)
_RELATED = "".join(
    f"<li><a href='/xwzx/{n}.html'>{name}</a><span>2026-01-1{n}</span></li>"
    for n, name in enumerate(
        ("省防办部署低温雨雪防范应对工作", "省安委会督导城镇燃气安全整治", "全省森林防火视频调度会召开")
    )
)
_FOOT = (
    "<div class='footer'><p>主办单位：湖北省应急管理厅　承办单位：厅信息中心　鄂ICP备00000000号</p>"
    "<p>地址：武汉市武昌区示例路1号　邮编：430000</p></div>"
)


@dataclass(frozen=True, slots=True)
class Shell:
    """A way of writing a page. ``url`` is the page's address, with {day} where the system writes the date."""

    name: str
    write: Callable[[], str]
    url: str = "http://yjt.example.invalid/xwzx/yw/content.html"


def _p(style: str = "") -> str:
    return "".join(f"<p{style}>{words}</p>" for words in PARAGRAPHS)


def _page(head: str, main: str, title: str = TITLE + "_湖北省应急管理厅") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>"
        f"<div class='header'><ul class='nav'>{_NAV}</ul></div>{main}"
        f"<div class='relatednews'><h3>相关新闻</h3><ul>{_RELATED}</ul></div>{_FOOT}</body></html>"
    )


def _metas(**names: str) -> str:
    return "".join(f'<meta name="{name}" content="{value}">' for name, value in names.items())


def _trs() -> str:
    main = f"<h1>{TITLE}</h1><div>时间：{DAY} 09:30　来源：{SOURCE}</div><div class='view TRS_UEDITOR trs_paper_default'>{_p()}</div>"
    return _page(_metas(ArticleTitle=TITLE, PubDate=f"{DAY} 09:30", ContentSource=SOURCE), main)


def _trs_old() -> str:
    words = "".join(f"<p>　　{one}</p>" for one in PARAGRAPHS)
    main = (
        f"<table><tr><td class='bt'>{TITLE}</td></tr><tr><td>{DAY}　来源：{SOURCE}　【字体：大 中 小】</td></tr><tr><td>"
        f"<div class='TRS_Editor'><style>.TRS_Editor P{{line-height:2}}</style>{words}</div></td></tr></table>"
    )
    return _page("", main, TITLE)


def _preappend() -> str:
    main = (
        f"<h2>{TITLE}</h2><p class='info'>发布日期：{DAY}　信息来源：{SOURCE}</p><div class=TRS_PreAppend>{_p()}</div>"
    )
    return _page("", main, TITLE + "-工作动态-湖北省应急管理厅")


def _jcms() -> str:
    main = (
        f"<div class='title'><!--<$[标题名称(html)]>begin-->{TITLE}<!--<$[标题名称(html)]>end--></div>"
        f"<div>发布日期：{DAY} 10:20　信息来源：{SOURCE}　浏览次数：<script>1</script></div>"
        f"<div id='zoom'><!--ZJEG_RSS.content.begin-->{_p()}<!--ZJEG_RSS.content.end--></div>"
    )
    return _page(_metas(ArticleTitle=TITLE, PubDate=DAY), main)


def _jcms_marks_only() -> str:
    main = (
        f"<div class='tit'>{TITLE}</div><div class='xx'>{DAY}</div><table><tr><td><!--ZJEG_RSS.content.begin-->"
        f"{_p()}<!--ZJEG_RSS.content.end--></td></tr></table>"
    )
    return _page("", main, TITLE)


def _vsb() -> str:
    main = (
        f"<form name='_newscontent_fromname'><h3>{TITLE}</h3><div class='sx'>{DAY}　{SOURCE}　点击：[<span id='dynclicks_wbnews'>"
        f"</span>]</div><div id='vsb_content_2'><div class='v_news_content'>{_p(' class=MsoNormal')}</div></div>"
        "<p>上一条：<a href='1.htm'>全省防汛抗旱准备工作部署</a></p><p>下一条：<a href='2.htm'>省领导检查春运安全</a></p></form>"
    )
    return _page("", main, TITLE + "-湖北省应急管理厅")


def _webplus() -> str:
    main = (
        f"<h1 class='arti_title'>{TITLE}</h1><p class='arti_metas'><span class='arti_update'>发布时间：{DAY}</span>"
        f"<span class='arti_views'>浏览：<span class='WP_VisitCount'>12</span></span></p>"
        f"<div class='wp_articlecontent'>{_p()}</div>"
    )
    return _page("", main, TITLE)


def _ucap() -> str:
    main = (
        f"<div class='article'><h1>{TITLE}</h1><div class='pages-date'>{DAY} 08:12<span>来源： {SOURCE}</span></div>"
        f"<div class='pages_content' id='UCAP-CONTENT'>{_p()}</div></div>"
    )
    return _page(_metas(firstpublishedtime=f"{DAY}-08:12:33", ContentSource=""), main)


def _ucap_tag() -> str:
    main = (
        f"<div class='scroll_main'><div class='tit'><ucaptitle>{TITLE}</ucaptitle></div><div>发布时间：<publishtime>{DAY}"
        f"</publishtime></div><ucapcontent>{_p()}</ucapcontent></div>"
    )
    return _page("", main, TITLE)


def _wordpress() -> str:
    main = (
        f"<article class='post'><header class='entry-header'><h1 class='entry-title'>{TITLE}</h1><span class='posted-on'>"
        f"<time datetime='{DAY}T09:00:00+08:00'>2026年1月15日</time></span></header><div class='entry-content'>{_p()}</div></article>"
        "<div class='comment-respond'><h3>发表评论</h3><p>您的电子邮箱地址不会被公开。必填项已用*标注。</p></div>"
    )
    return _page(
        f'<meta property="article:published_time" content="{DAY}T09:00:00+08:00">', main, TITLE + " – 应急在线"
    )


def _font_and_br() -> str:
    words = "<br><br>".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{one}" for one in PARAGRAPHS)
    main = (
        f"<table width=760 align=center><tr><td align=center><font size=5><b>{TITLE}</b></font></td></tr>"
        f"<tr><td align=center>[{DAY}]　来源：{SOURCE}</td></tr><tr><td><font size=3>{words}</font></td></tr></table>"
    )
    return _page("", main, TITLE)


def _early_end() -> str:
    main = f"</body></html><div class='con'><h1>{TITLE}</h1><div>{DAY} 16:00 来源：{SOURCE}</div><div class='txt'>{_p()}</div></div>"
    return _page("", main, TITLE)


def _nested_divs() -> str:
    words = "".join(f"<div><div><span>{one}</span></div></div>" for one in PARAGRAPHS)
    main = (
        f"<div class='wrap'><div class='crumb'>当前位置：<a href='/'>首页</a> &gt; <a href='/xw/'>新闻动态</a></div>"
        f"<div class='detail'><div class='detail-title'>{TITLE}</div><div class='detail-info'><span>{DAY} 11:05:22</span>"
        f"<span>来源：{SOURCE}</span></div><div class='detail-text'>{words}</div></div></div>"
    )
    return _page("", main, f"{TITLE} - 新闻动态 - 湖北省应急管理厅")


def _split_title() -> str:
    main = f"<h1>全省应急管理工作会议<br>在武汉召开</h1><div class='info'>2026年1月15日　{SOURCE}</div><div class='content'>{_p()}</div>"
    return _page("", main)


def _url_date() -> str:
    return _page("", f"<h1>{TITLE}</h1><div class='content'>{_p()}</div>", TITLE)


def _spans() -> str:
    words = "".join(
        f"<p><span style='font-size:16pt'><span>{one[:9]}</span><span>{one[9:]}</span></span></p>" for one in PARAGRAPHS
    )
    main = f"<div class='tt'>{TITLE}</div><div class='ly'>来源：{SOURCE}　日期：{DAY}</div><span id='Zoom'><span>{words}</span></span>"
    return _page("", main, TITLE)


def _relative_metas() -> str:
    head = (
        f'<meta name="ArticleTitle"  content="{TITLE}"><meta name="PubDate" content=""><meta name="others" content="页面生成时间 2026-01-31 01:02:03">'
        f'<meta name="ContentSource" content="{SOURCE}"><meta name="Url" content="./content.html">'
    )
    main = f"<div class='t'>{TITLE}</div><div>成文日期：2026-01-10　发布日期：{DAY}</div><div id='ivs_content'>{_p()}</div>"
    return _page(head, main)


def _wechat() -> str:
    words = "".join(f"<section><p><span>{one}</span></p></section>" for one in PARAGRAPHS)
    return (
        f"<html><head><title></title><meta property='og:title' content='{TITLE}'></head><body><h1 class='rich_media_title' "
        f"id='activity-name'>{TITLE}</h1><a id='js_name'>湖北应急管理</a><div class='rich_media_content' id='js_content' "
        f"style='visibility: hidden;'>{words}</div><script>var ct = \"1768440600\";</script></body></html>"
    )


SHELLS = (
    Shell("trs", _trs),
    Shell("trs_old", _trs_old),
    Shell("trs_preappend", _preappend),
    Shell("jcms", _jcms),
    Shell("jcms_marks_only", _jcms_marks_only),
    Shell("vsb", _vsb),
    Shell("webplus", _webplus),
    Shell("ucap", _ucap),
    Shell("ucap_tag", _ucap_tag),
    Shell("wordpress", _wordpress),
    Shell("font_and_br", _font_and_br),
    Shell("early_end", _early_end),
    Shell("nested_divs", _nested_divs),
    Shell("split_title", _split_title),
    Shell("url_date", _url_date, "http://yjt.example.invalid/xwzx/202601/t20260115_123.shtml"),
    Shell("url_date_folders", _url_date, "http://yjt.example.invalid/art/2026/1/15/art_12_34.html"),
    Shell("spans", _spans),
    Shell("relative_metas", _relative_metas),
    Shell("wechat", _wechat),
)
