"""An announcement in a linked file is fetched from there; a page that has it in words sends nobody on."""

from datetime import UTC, datetime

import pytest

from crawler.read.attachments import attachments
from schema.announcements import Page, Rank, Source, SourceKind

HERE = "http://yjt.example.invalid/xwzx/t20260115_1.html"
COLUMN = Source("hubei", "湖北", SourceKind.COLUMN, Rank.OFFICIAL, "hubei")
TITLE = "全省应急管理工作会议召开"
SHORT = "<p>1月14日，全省应急管理工作会议在武汉召开，会议材料详见附件。</p>"
LONG = SHORT + "<p>会议要求，2026年要组建不少于10人的专职消防队。每季度通报一次进展。完善应急物资储备库网络。</p>"


def _page(words: str, title: str = TITLE) -> Page:
    body = f"<h1>{title}</h1><div class='TRS_UEDITOR'>{words}</div>"
    html = f"<html><head><title>{title}</title></head><body>{body}</body></html>"
    return Page(HERE, "hubei", 200, html.encode(), datetime(2026, 2, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("words", "file"),
    [
        (f'{SHORT}<p>附件：<a href="./P020260115.pdf">会议部署.pdf</a></p>', "xwzx/P020260115.pdf"),
        (f"{SHORT}<a href='/attach/1.DOCX' title=x><b>附件1</b></a>", "attach/1.DOCX"),
        (f'{SHORT}<div class="wp_pdf_player" pdfsrc="/_upload/a.pdf"></div>', "_upload/a.pdf"),
        (f'{SHORT}<script>showVsbpdfIframe("/__local/0/a.pdf","100%")</script>', "__local/0/a.pdf"),
        (f'{SHORT}<iframe src="/pdfjs/web/viewer.html?file=%2Ffiles%2Fa.pdf"></iframe>', "files/a.pdf"),
        (f'{SHORT}<iframe src="/files/b.pdf#page=1"></iframe>', "files/b.pdf"),
        ('<iframe src="/files/c.pdf"></iframe>', "files/c.pdf"),
    ],
)
def test_the_file_that_holds_the_announcement_is_named(words: str, file: str) -> None:
    """Linked, framed, or shown by a content system's own player; on a page with a line of text or with none."""
    assert [link.url for link in attachments(_page(words), COLUMN)] == [f"http://yjt.example.invalid/{file}"]


@pytest.mark.parametrize(
    "page",
    [
        _page(f'{LONG}<p>附件：<a href="a.pdf">会议部署.pdf</a></p>'),
        _page(f'{SHORT}<a href="a.pdf">参会人员名单.pdf</a><a href="b.docx">参会回执</a>'),
        _page(f'{SHORT}<a href="javascript:open(\'a.pdf\')">附件</a><a href="mailto:x.pdf">附件</a>'),
        _page('<p>关于印发办公用房管理办法的通知，详见附件。</p><a href="a.pdf">办法.pdf</a>', "关于印发办法的通知"),
        _page(SHORT),
        Page(HERE, "hubei", 404, _page(SHORT).body, datetime(2026, 2, 1, tzinfo=UTC)),
        Page(HERE, "hubei", 200, b"%PDF-1.4 a.pdf", datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
def test_nothing_else_is_fetched(page: Page) -> None:
    """Annexes of a page that has the words, paperwork, other texts' files, addresses nobody can ask for."""
    assert attachments(page, COLUMN) == ()
