"""An announcement in a DOCX is read; a scan, a broken PDF and another zip are outcomes with a reason."""

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfWriter

from crawler.read.files import NoText, _paragraphs, text_of_file
from crawler.read.page import read_page
from schema.announcements import Outcome, Page

LINES = (
    "湖北省应急管理工作会议在武汉召开",
    "1月20日，全省应急管理工作会议在武汉召开。会议总结2025年工作，部署2026年任务。",
    "会议要求，2026年要重点抓好以下工作。",
    "（一）建强救援力量",
    "每个乡镇组建不少于10人的专职消防队。每季度开展一次联合演练。",
)


def _page(body: bytes) -> Page:
    return Page("http://127.0.0.1/a", "sample", 200, body, datetime(2026, 2, 1, tzinfo=UTC))


def _docx(lines: tuple[str, ...]) -> bytes:
    document, target = Document(), BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(target)
    return target.getvalue()


def _blank_pdf() -> bytes:
    writer, target = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(target)
    return target.getvalue()


def _zip() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("a.txt", "x")
    return target.getvalue()


def test_a_docx_is_read_like_a_page() -> None:
    """Directives, commitments and targets; the body is the document's text."""
    reading = read_page(_page(_docx(LINES)))
    assert reading.outcome is Outcome.ARTICLE
    (announcement,) = reading.announcements
    assert (announcement.province, announcement.plan_year) == ("hubei", 2026)
    assert [len(directive.commitments) for directive in announcement.directives] == [2]
    assert announcement.commitments[0].targets[0].quote == "不少于10人"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (_blank_pdf(), "scan"),
        (b"%PDF-1.7 broken", "PDF"),
        (_zip(), "DOCX"),
        (_docx(("short",)), "scan"),
    ],
)
def test_a_file_without_text_says_why(body: bytes, reason: str) -> None:
    """Never an empty announcement."""
    reading = read_page(_page(body))
    assert (reading.outcome, reading.announcements) == (Outcome.NOT_HTML, ())
    assert reason in reading.detail
    with pytest.raises(NoText):
        text_of_file(body)


def test_printed_lines_become_paragraphs() -> None:
    """A line goes on until a stop, or until an item begins."""
    printed = ["会议要求，2026年要", "抓好以下工作。", "（一）建强救援力量", "一是组建队", "伍。二是演练"]
    assert _paragraphs(printed) == ["会议要求，2026年要抓好以下工作。", "（一）建强救援力量", "一是组建队伍。二是演练"]
