"""A scanned PDF is recognised where its source says so and the extra is there; what comes of it is never sure."""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfWriter

from crawler.read.announcements import Framing, announcements_in
from crawler.read.page import read_page
from crawler.registry import load_source_file
from differ.compare import compare, side_of
from differ.lexicon import load_lexicon
from schema.announcements import OCR_FLAG, Outcome, Page, Rank, Source, SourceKind
from schema.changes import Confidence, Kind

SCANNED = Source("hubei", "湖北", SourceKind.COLUMN, Rank.OFFICIAL, "hubei", ocr=True)
LINES = (
    "全省应急管理工作会议部署2026年重点任务",
    "1月20日，全省应急管理工作会议在武汉召开。",
    "会议要求，2026年要抓好以下工作。",
    "（一）建强救援力量",
    "每个乡镇组建不少于10人的专职消防队。",
    "每季度开展一次联合演练。",
)
FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")


def _page(body: bytes) -> Page:
    return Page("http://127.0.0.1/a.pdf", "hubei", 200, body, datetime(2026, 2, 1, tzinfo=UTC))


def _blank() -> bytes:
    writer, target = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(target)
    return target.getvalue()


def test_without_the_switch_a_scan_is_the_outcome_it_was() -> None:
    """No source, or one that does not ask for it: nothing is recognised."""
    for source in (None, replace(SCANNED, ocr=False)):
        reading = read_page(_page(_blank()), source)
        assert (reading.outcome, reading.detail) == (Outcome.NOT_HTML, "no text in the file: a scan?")


def test_without_the_extra_a_scan_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The way out is named."""
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    reading = read_page(_page(_blank()), SCANNED)
    assert reading.outcome is Outcome.NOT_HTML
    assert "pip install chengnuo[ocr]" in reading.detail


def test_the_switch_stands_in_the_source_s_file(tmp_path: Path) -> None:
    """One line: ocr = true."""
    file = tmp_path / "hubei.toml"
    file.write_text('slug = "hubei"\nname = "湖北"\nkind = "column"\nrank = "official"\nocr = true\n', encoding="utf-8")
    assert load_source_file(file).ocr


def test_what_was_recognised_is_flagged_and_no_change_of_it_is_sure() -> None:
    """A misread figure must not be an alert: every change is of low confidence and says why."""
    text = "\n".join(LINES)
    (seen,) = announcements_in(text, Framing(province="hubei", recognised=True))
    (read,) = announcements_in(text.replace("2026", "2025").replace("10人", "8人"), Framing(province="hubei"))
    assert OCR_FLAG in seen.flags
    assert OCR_FLAG not in read.flags
    lexicon = load_lexicon()
    sure = compare(side_of(read), side_of(replace(seen, flags=())), lexicon).changes
    unsure = compare(side_of(read), side_of(seen), lexicon).changes
    assert [change.kind for change in sure] == [change.kind for change in unsure]
    assert {c.confidence for c in unsure if c.kind is not Kind.UNCHANGED} == {Confidence.LOW}
    assert Confidence.HIGH in {c.confidence for c in sure if c.kind is Kind.STRENGTHENED}
    assert all("match.recognised" in c.notes for c in unsure if c.kind is not Kind.UNCHANGED)


def test_a_misread_letter_is_no_poison() -> None:
    """1O人 in a scan is the recogniser's slip; in a page it is somebody's."""
    text = "\n".join(LINES).replace("10人", "1O人").replace("一次", "5O次")
    (seen,) = announcements_in(text, Framing(province="hubei", recognised=True))
    (read,) = announcements_in(text, Framing(province="hubei"))
    assert seen.quarantine is None
    assert read.quarantine is not None


def test_a_scan_is_recognised() -> None:
    """A picture of an announcement, drawn here: its task and its figure are found, with the method and little trust."""
    for module in ("rapidocr", "pypdfium2"):
        pytest.importorskip(module)
    if not FONT.exists():
        pytest.skip("no Chinese font to draw with")
    reading = read_page(_page(_scan()), SCANNED)
    assert reading.outcome is Outcome.ARTICLE
    assert reading.origins["body"].method == "ocr"
    assert reading.origins["body"].confidence <= 0.5
    (announcement,) = reading.announcements
    assert announcement.flags[-1] == OCR_FLAG
    assert [one.text for one in announcement.commitments] == [line.rstrip("。") for line in LINES[-2:]]


def _scan() -> bytes:
    from PIL import Image, ImageDraw, ImageFont

    sheet, target = Image.new("RGB", (1654, 2339), "white"), BytesIO()
    pen, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(FONT), 40)
    for number, line in enumerate(LINES):
        pen.text((200, 240 + 90 * number), line, "black", font)
    sheet.save(target, "PDF", resolution=200)
    return target.getvalue()
