"""A page becomes a reading: an announcement, or an outcome with its evidence."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.read.cms import cms_of
from crawler.read.page import read_page
from schema.announcements import Outcome, Page

SEED = Path(__file__).parents[4] / "shared" / "seed"
SHELLS = ("early_html", "gb18030", "jcms", "trs_ueditor", "vsb", "webplus")
NOW = datetime(2026, 2, 1, tzinfo=UTC)
WORDS = "<p>全省应急管理工作会议召开。会议要求，2026年要组建不少于10人的专职消防队，每季度通报一次进展情况。</p>"


def _page(body: str, status: int = 200, *headers: tuple[str, str]) -> Page:
    return Page("http://127.0.0.1/a.html", "sample", status, body.encode(), NOW, headers)


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (_page("<p>x</p>", 412), Outcome.BLOCKED),
        (_page("<html><script>eval(function(p){})</script></html>"), Outcome.BLOCKED),
        (_page("<html><body><p>当前环境异常，完成验证后即可继续访问。</p></body></html>"), Outcome.BLOCKED),
        (_page("<html><body><h1>抱歉，您访问的页面不存在</h1></body></html>"), Outcome.SOFT_404),
        (_page("<html><body><form><input type='password' name='p'></form>登录</body></html>"), Outcome.LOGIN),
        (_page(""), Outcome.EMPTY),
        (_page("<div>" * 30_000), Outcome.TOO_LARGE),
        (_page(f"<div class='TRS_UEDITOR'><p>{'加强监管。' * 50_000}</p></div>"), Outcome.TOO_LARGE),
        (_page("加强监管。" * 50_000, 200, ("Content-Type", "text/plain")), Outcome.TOO_LARGE),
        (_page("%PDF-1.7 x"), Outcome.NOT_HTML),
        (_page("x", 200, ("Content-Type", "image/png")), Outcome.NOT_HTML),
        (_page(f"<div id='zoom'><xmp>< a><></xmp><p>{WORDS}</p></div>"), Outcome.ARTICLE),
        (_page("<ul>" + "<li><a href='a'>全省应急管理工作会议召开部署任务</a></li>" * 30 + "</ul>"), Outcome.LIST),
        (_page(f"<html><body><div class='TRS_UEDITOR'>{WORDS}</div></body></html>"), Outcome.ARTICLE),
    ],
)
def test_every_page_has_its_outcome(page: Page, outcome: Outcome) -> None:
    """Only an article holds announcements; whatever else it is says what gave it away."""
    reading = read_page(page)
    assert reading.outcome is outcome
    assert (reading.announcements != ()) == (outcome is Outcome.ARTICLE)


@pytest.mark.skipif(not SEED.is_dir(), reason="the real digest is not here")
@pytest.mark.parametrize("shell", SHELLS)
def test_the_real_digest_gives_three_announcements_and_one_is_stale(shell: str) -> None:
    """Directives 5, 6 and 5; three originals; the text of another plan period is held back with its evidence."""
    body = (SEED / f"digest-huazhong-2025.{shell}.html").read_bytes()
    reading = read_page(Page("http://127.0.0.1/d.html", "digest", 200, body, NOW))
    found = {one.province: one for one in reading.announcements}
    assert {slug: len(one.directives) for slug, one in found.items()} == {"henan": 5, "hubei": 6, "hunan": 5}
    assert [len(one.links) for one in reading.announcements] == [1, 1, 1]
    held = {slug: one.quarantine for slug, one in found.items()}
    assert (held["henan"], held["hubei"]) == (None, None)
    assert held["hunan"] is not None
    assert held["hunan"].reason.value == "stale_text"
    assert held["hunan"].evidence != ()


@pytest.mark.parametrize(
    ("html", "url", "cms"),
    [
        ("<div class=TRS_Editor>x</div>", "", "trs_wcm"),
        ("<p>x</p>", "http://yjt.invalid/fbjd/202601/t20260114_1.html", "trs_wcm"),
        ("<!--ZJEG_RSS.content.begin-->", "", "dahan_jcms"),
        ("<script>'/api-gateway/jpaas-publish-server/x'</script>", "", "dahan_jpaas"),
        ("<div class=v_news_content></div>", "", "vsb"),
        ("<div class=wp_articlecontent></div>", "", "webplus"),
        ("<div id='js_content'></div>", "", "wechat"),
        ("<div id=UCAPCONTENT></div>", "", "ucap"),
        ("<p>x</p>", "", None),
    ],
)
def test_a_content_system_is_told_by_its_fingerprint(html: str, url: str, cms: str | None) -> None:
    """The family's key as the registry writes it."""
    assert cms_of(html, url) == cms
