"""An announcement in a DOCX is read; a scan, a broken PDF and another zip are outcomes with a reason."""

import random
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfWriter

from crawler.read.files import LARGEST, NoText, _paragraphs, text_of_file
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
    """A line goes on until a stop, until one that is too short to be full, or until an item begins."""
    printed = [
        "全省应急管理工作会议召开",
        "会议要求，2026年要重点抓好以下工作，",
        "一项一项落实。",
        "（一）建强救援力量",
        "每个乡镇组建不少于10人的专职消防队，每",
        "季度演练一次。一是组建专职消防救援队",
        "伍。二是演练",
    ]
    assert _paragraphs(printed) == [
        "全省应急管理工作会议召开",
        "会议要求，2026年要重点抓好以下工作，一项一项落实。",
        "（一）建强救援力量",
        "每个乡镇组建不少于10人的专职消防队，每季度演练一次。一是组建专职消防救援队伍。二是演练",
    ]
    assert _paragraphs([]) == []


def test_a_damaged_file_is_an_outcome_whatever_the_parser_raises() -> None:
    """Bytes changed inside a package and inside its parts: read as far as it goes, or one short line that says why."""
    chance, whole = random.Random(5), _docx(LINES * 6)
    damaged = [_broken(whole, chance) for _ in range(40)] + [_broken_inside(whole, chance) for _ in range(40)]
    readings = [read_page(_page(body)) for body in damaged]
    assert {reading.outcome for reading in readings} <= {Outcome.NOT_HTML, Outcome.ARTICLE}
    held = [reading.detail for reading in readings if reading.outcome is Outcome.NOT_HTML]
    assert len(held) > 40
    assert all(0 < len(detail) < 200 and "\n" not in detail for detail in held)


def _broken(body: bytes, chance: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.choice((1, 20, 200))):
        changed[chance.randrange(4, len(changed))] = chance.randrange(256)
    return bytes(changed)


def _broken_inside(body: bytes, chance: random.Random) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(body)) as whole, zipfile.ZipFile(target, "w") as package:
        for part in whole.namelist():
            package.writestr(part, _broken(whole.read(part), chance))
    return target.getvalue()


def test_a_package_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    """What a zip says of its sizes is enough to refuse it."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * (LARGEST + 1))
    with pytest.raises(NoText, match="unpacks to"):
        text_of_file(target.getvalue())
