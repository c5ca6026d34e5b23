"""Whatever the text: offsets resolve, reading is repeatable, width and spaces change nothing."""

from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.read.announcements import read_body, read_text
from crawler.read.attachments import attachments
from crawler.read.page import read_page
from language.deadlines import deadlines
from language.quantities import quantities
from schema.announcements import Outcome, Page

PIECES = (
    "会议要求，", "会议指出，2025年", "一是", "二要", "（一）", "（二）", "1.", "加强矿山监管",
    "每个乡镇组建不少于10人的专职消防队", "，", "。", "；", "\n", "“叫应”", "《条例》", "30分钟内到户",
    "6月底前完成", "年底前", "覆盖率达到95%", "（责任单位：", "）", "——", "①", "要", "将其纳入考核", " ",
    "\u3000", "湖北省", "2026年", "“", "”", "（", "三分之二", "一、湖北省", "原文链接", "不少于", "每季度",
    "参加会议。", "总体要求：", "百", "千家万户", "万", "：", "!", ",", ";", "\u200b", "𠮷", "🚒", "a1", "‰",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80)
MANY = settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(TEXTS)
def test_offsets_resolve(text: str) -> None:
    """body[start:end] == text for every commitment and every target; no word is in two commitments."""
    for one in (*read_text(text, province="hubei", plan_year=2026), read_body(text, "hubei", 2026)):
        at = 0
        for commitment in sorted(one.commitments, key=lambda commitment: commitment.start):
            assert one.body[commitment.start : commitment.end] == commitment.text
            assert at <= commitment.start < commitment.end
            at = commitment.end
            for target in commitment.targets:
                assert one.body[target.start : target.end] == target.quote


@MANY
@given(TEXTS)
def test_a_body_is_kept_exactly_and_reading_is_repeatable(text: str) -> None:
    """The announcement's body is the text as given; reading it twice gives the same."""
    first = read_body(text, "hubei", 2026)
    assert first.body == text
    assert first == read_body(text, "hubei", 2026)


@MANY
@given(st.lists(st.sampled_from([p for p in PIECES if p.strip()]), max_size=30).map("".join))
def test_width_changes_no_commitment(text: str) -> None:
    """Full-width and half-width commas and semicolons read the same."""
    narrow = text.replace("，", ",").replace("；", ";")
    wide = [c.text.replace("，", ",").replace("；", ";") for c in read_body(text, "hubei", 2026).commitments]
    assert wide == [c.text for c in read_body(narrow, "hubei", 2026).commitments]


MARKUP = (
    "<div id=zoom>", "<div class='TRS_UEDITOR'>", "<p>", "</p>", "</div>", "<span>", "</span>",
    "<font id='Zoom'>", "<xmp>", "</xmp>", "< a>", "<>", "<br>", "<table><tr><td>", "</td><td>",
    "</tr></table>", "<a href='a.pdf'>", '<a href="', "</a>", "<!--", "-->", "<script>", "</script>", "<title>",
    "</title>", "<h1>", "</h1>", "<meta name=PubDate content='2026-1-9'>", "&#x0;", "&#55296;", "&nbsp;",
    "</html>", "<!--ZJEG_RSS.content.begin-->", "<!--ZJEG_RSS.content.end-->", "<base href='http://[' >",
    "<plaintext>", "序号", "任务", "责任单位", "湖北",
)  # fmt: skip
PAGES = st.lists(st.sampled_from((*MARKUP, *PIECES)), max_size=60).map("".join)


@MANY
@given(PAGES)
def test_whatever_the_markup_a_page_has_an_outcome(html: str) -> None:
    """Never an error; what is read from it resolves."""
    page = Page("http://127.0.0.1/t20260109_1.html", "sample", 200, html.encode(), datetime(2026, 2, 1, tzinfo=UTC))
    reading = read_page(page)
    assert (reading.announcements == ()) or reading.outcome is Outcome.ARTICLE
    for one in reading.announcements:
        for commitment in one.commitments:
            assert one.body[commitment.start : commitment.end] == commitment.text
    attachments(page)


@MANY
@given(TEXTS)
def test_numbers_and_dates_never_raise_and_lie_in_the_text(text: str) -> None:
    """Quotes are verbatim stretches; values are numbers."""
    for one in (*quantities(text), *deadlines(text)):
        assert text[one.start : one.end] == one.quote
        assert one.start < one.end
