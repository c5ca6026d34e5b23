"""A broken page is read a second time, with tolerance; a sound one is not."""

from datetime import UTC, datetime

import pytest

from crawler.read.gate import fails_gate
from crawler.read.page import read_page
from crawler.read.repair import mended
from schema.announcements import Outcome, Page

NOW = datetime(2026, 2, 1, tzinfo=UTC)
SENTENCE = "会议要求，2026年每个乡镇组建不少于10人的专职消防队，每季度通报一次进展情况，年底前建成省级应急物资储备库。"
ARTICLE = "<h1>湖北省应急管理工作会议召开</h1>" + "".join(f"<p>{SENTENCE}{n}</p>" for n in range(12))
BROKEN = {
    "a comment that never ends": f"<html><body><!-- 导航 {ARTICLE}</body></html>",
    "a script that never ends": f"<html><head><script>var a=1;</head><body>{ARTICLE}</body></html>",
    "a title that never ends": f"<html><head><title>会议</head><body>{ARTICLE}</body></html>",
    "a style that never ends": f"<html><head><style>p{{}}</head><body>{ARTICLE}</body></html>",
    "text in a textarea": f"<html><body><textarea>{ARTICLE}</textarea></body></html>",
    "text in a noscript": f"<html><body><noscript>{ARTICLE}</noscript></body></html>",
    "text in a template": f"<html><body><template>{ARTICLE}</template></body></html>",
    "text in a comment": f"<html><body><!--{ARTICLE}--></body></html>",
}


def _read(html: str):
    return read_page(Page("http://127.0.0.1/a.html", "sample", 200, html.encode(), NOW))


@pytest.mark.parametrize("html", BROKEN.values(), ids=list(BROKEN))
def test_a_broken_page_gives_its_article(html: str) -> None:
    """Every sentence is read, and the reading says that the page was mended."""
    reading = _read(html)
    assert reading.outcome is Outcome.ARTICLE
    assert reading.body.count("专职消防队") == 12
    assert (reading.body_selector or "").startswith("mended")


def test_a_sound_page_is_read_once() -> None:
    """No mending where the first reading found the article."""
    reading = _read(f"<html><body><div class='TRS_UEDITOR'>{ARTICLE}</div></body></html>")
    assert reading.body.count("专职消防队") == 12
    assert not (reading.body_selector or "").startswith("mended")


def test_the_gate_looks_at_chinese_text() -> None:
    """A short page is short, not broken."""
    assert fails_gate("", "", ARTICLE)
    assert not fails_gate("", ARTICLE, ARTICLE)
    assert not fails_gate("", "", "<p>页面正在维护</p>")
    assert not fails_gate(SENTENCE * 6, "", ARTICLE)


def test_mending_sound_markup_keeps_its_text() -> None:
    """What was right stays right."""
    assert mended(ARTICLE).count(SENTENCE) == 12
