"""What sites answer instead of an article, in the shapes that real sites use (written for this project)."""
# ruff: noqa: E501 - markup reads better unbroken

from __future__ import annotations

from typing import NamedTuple

from schema.announcements import Outcome

_LINKS = (
    "全省应急管理工作会议召开", "省安委会部署岁末年初安全防范工作", "森林草原防灭火工作电视电话会议召开", "应急救援队伍开展冬训",
    "省领导调研督导安全生产工作", "危险化学品企业检查通报", "防灾减灾宣传进社区活动启动", "全省防汛抗旱工作会议召开",
    "矿山安全整治推进会召开", "消防安全集中除患攻坚行动进展", "地质灾害隐患排查整治", "应急演练观摩活动举行",
)  # fmt: skip


class Capture(NamedTuple):
    """One answer."""

    name: str
    outcome: Outcome
    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()


def _rows(tag: str) -> str:
    return "".join(
        f"<{tag}><a href='./t2026011{n}_{n}.html' title='{title}'>{title}</a><span>2026-01-{n + 10}</span></{tag}>"
        for n, title in enumerate(_LINKS)
    )


def _html(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()


_RUISHU = (
    '<meta id="9DhefwqGPrzGxEp9hPaoag" content="{}!x4Lm"><script type="text/javascript">$_ts=window[\'$_ts\'];if(!$_ts)$_ts={{}};'
    '$_ts.nsd=37642;$_ts.cd="qhiErAlqEaLqcqrq";if($_ts.lcd)$_ts.lcd();</script>'
)
_JSL = (
    "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_clearance=1768440600.123|-1|')+('x;max-age=3600;path=/');"
    "location.href=location.pathname+location.search</script>"
)
_WZWS = (
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"/><noscript><title>WAF</title></noscript>'
    "<script>var wzws_cid='aGVsbG8';eval(function(p,a,c,k,e,d){return p}('1 0',2,2,'a|b'.split('|'),0,{}))</script></head>"
    "<body>请开启JavaScript并刷新该页.</body></html>"
)

CAPTURES = (
    Capture("ruishu_412", Outcome.BLOCKED, _html("", _RUISHU.format("0")), 412, (("Set-Cookie", "FSSBBIl1UgzbN7N80S=1"),)),
    Capture("ruishu_202", Outcome.BLOCKED, _html("", _RUISHU.format("1")), 202, (("Set-Cookie", "neCYtZEjo8GmS=1"),)),
    Capture("ruishu_cookie_only", Outcome.BLOCKED, _html("<script>r='m';</script>"), 200, (("Set-Cookie", "azSsQE5NvspcS80T=4x; path=/"),)),
    Capture("jsl_521", Outcome.BLOCKED, _JSL.encode(), 521, (("Set-Cookie", "__jsluid_s=0a1b; HttpOnly"),)),
    Capture("jsl_200", Outcome.BLOCKED, _JSL.replace("('_')+('_')+('j')+('s')+('l')+('_clearance", "('__jsl_clearance").encode()),
    Capture("wzws", Outcome.BLOCKED, _WZWS.encode()),
    Capture("enable_javascript", Outcome.BLOCKED, _html("<noscript>请启用 JavaScript 后继续浏览</noscript><script src='/c.js'></script><p>请开启JavaScript</p>")),
    Capture("waf_denied", Outcome.BLOCKED, _html("<h1>您的访问请求可能对网站造成安全威胁，请求已被云防护拦截</h1><p>事件编号：0a1b2c</p>")),
    Capture("access_too_often", Outcome.BLOCKED, _html("<p>您的访问过于频繁，请输入验证码后继续访问</p><img src='/captcha'>")),
    Capture("wechat_environment", Outcome.BLOCKED, _html("<div class='weui-msg'><h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a>去验证</a></div>")),
    Capture("soft_404_words", Outcome.SOFT_404, _html("<h2>抱歉，您访问的页面不存在或已被删除</h2><a href='/'>返回首页</a>")),
    Capture("soft_404_title", Outcome.SOFT_404, _html("<div class='err'><p>很抱歉，出错啦！</p><a href='/'>返回首页</a></div>", "<title>404-页面未找到</title>")),
    Capture("soft_404_english", Outcome.SOFT_404, _html("<h1>Not Found</h1><p>The requested URL was not found on this server.</p>", "<title>404 Not Found</title>")),
    Capture("soft_404_in_template", Outcome.SOFT_404, _html(f"<ul class='nav'>{_rows('li')[:400]}</ul><div class='main'>您查看的内容不存在，可能已被删除或撤回</div>")),
    Capture("wechat_deleted", Outcome.SOFT_404, _html("<div class='weui-msg'><h2>该内容已被发布者删除</h2></div>")),
    Capture("wechat_violation", Outcome.SOFT_404, _html("<div class='weui-msg'><h2>此内容因违规无法查看</h2></div>")),
    Capture("login_form", Outcome.LOGIN, _html("<form action='/login'><label>用户名</label><input name='u'><label>密码</label><input type=\"password\" name='p'><button>登录</button></form>")),
    Capture("login_sso", Outcome.LOGIN, _html("<div id='app'><h2>统一身份认证平台</h2><form><input placeholder='请输入账号'><input placeholder='请输入密码' type='password'><a>忘记密码</a></form></div>", "<title>统一身份认证</title>")),
    Capture("list_instead", Outcome.LIST, _html(f"<div class='list'><ul>{_rows('li')}</ul></div><div>共12页 <a href='index_1.html'>下一页</a></div>")),
    Capture("list_table", Outcome.LIST, _html(f"<table>{_rows('td').replace('<td>', '<tr><td>').replace('</td>', '</td></tr>')}</table>")),
    Capture("list_divs", Outcome.LIST, _html(f"<div class='TRS_UEDITOR'>{_rows('div')}</div>")),
    Capture("no_bytes", Outcome.EMPTY, b""),
    Capture("blank", Outcome.EMPTY, b" \r\n\t\n"),
    Capture("empty_container", Outcome.EMPTY, _html("<ul><li><a href='/'>首页</a></li></ul><h1>全省应急管理工作会议召开</h1><div class='TRS_UEDITOR'></div><div>责任编辑：</div>", "<title>全省应急管理工作会议召开</title>")),
    Capture("empty_shell", Outcome.EMPTY, _html("<div id='app'></div><script src='/static/js/app.3f2a.js'></script>", "<title>湖北省应急管理厅</title>")),
    Capture("image", Outcome.NOT_HTML, b"\x89PNG\r\n\x1a\n" + bytes(64), 200, (("Content-Type", "image/png"),)),
    Capture("image_called_html", Outcome.NOT_HTML, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 4, 200, (("Content-Type", "text/html"),)),
    Capture("old_word", Outcome.NOT_HTML, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    Capture("json", Outcome.NOT_HTML, b'{"code":200,"data":{"list":[]}}', 200, (("Content-Type", "application/json"),)),
    Capture("archive", Outcome.NOT_HTML, b"PK\x03\x04" + bytes(64)),
    Capture("noise", Outcome.UNDECODABLE, bytes(range(128, 256)) * 60),
    Capture("bottomless", Outcome.TOO_LARGE, b"<div>" * 40_000),
    Capture("endless_text", Outcome.TOO_LARGE, _html(f"<div class='TRS_UEDITOR'><p>{'加强应急管理监管。' * 30_000}</p></div>")),
)  # fmt: skip
