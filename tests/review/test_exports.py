"""The spreadsheet is given back as text and nothing else, and what people fill in comes back as verdicts."""

import csv
import html
import io
import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from starlette.testclient import TestClient

from review.exports.columns import COLUMNS
from review.exports.safe import CELL, csv_text, parts
from review.exports.table import as_csv
from review.exports.workbook import as_workbook
from review.gathered import Gathered
from review.lines import Line
from schema.changes import Change, DiffOutcome, Kind, YearlyDiff
from schema.effective import Effective
from schema.verdicts import Decision, Verdict, review_of
from store.comparisons import KeptYearlyDiff
from store.database import Database
from store.verdicts import VerdictBook

HOME = "http://127.0.0.1:8000"
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "−1",
    "=cmd|' /C calc'!A0",
)
AT = datetime(2026, 3, 3, tzinfo=UTC)
SHEETS = ["说明", "加强", "消失", "减弱", "升降并存", "新增", "改写", "不变"]


def _workbook(client: TestClient, path: str = "/export/2026.xlsx") -> Workbook:
    return load_workbook(io.BytesIO(client.get(path).content))


def _column(sheet, key: str) -> int:
    names = next(column.names for column in COLUMNS if column.key == key)
    return next(n for n, cell in enumerate(sheet[1], 1) if cell.value in names)


def _filled(client: TestClient, **values: str | int) -> bytes:
    """The year's workbook with the strengthened row filled in, as a person saves it."""
    book = _workbook(client)
    for key, value in values.items():
        cell = book["加强"].cell(2, _column(book["加强"], key))
        cell.value = value
        if isinstance(value, str):  # typed into a cell of text, "=1" is text; openpyxl alone makes a formula
            cell.data_type = "s"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _token(client: TestClient) -> str:
    found = re.search(r'name="token" value="(\w+)"', client.get("/verdicts/import").text)
    assert found is not None
    return found[1]


def _hand_in(client: TestClient, data: bytes):
    parts_ = {"file": ("verdicts.xlsx", data)}
    return client.post("/verdicts/import", data={"token": _token(client)}, files=parts_, headers={"Origin": HOME})


def _apply(client: TestClient, preview: str):
    rows = re.search(r"<textarea[^>]*>(.*?)</textarea>", preview, re.DOTALL)
    assert rows is not None
    fields = {"token": (None, _token(client)), "rows": (None, html.unescape(rows[1]))}
    return client.post("/verdicts/import/apply", files=fields, headers={"Origin": HOME})


def test_the_workbook_has_a_sheet_a_kind_and_text_cells_only(client: TestClient) -> None:
    """A header that stays, filters on it, and nothing a spreadsheet would run."""
    book = _workbook(client)
    assert book.sheetnames == SHEETS
    sheet = book["加强"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert {cell.data_type for sheet in book for row in sheet for cell in row if cell.value is not None} == {"s"}
    assert {cell.number_format for row in sheet["A2:U2"] for cell in row} == {"@"}
    assert sheet.cell(2, _column(sheet, "key")).value == "abc123"


def test_a_formula_stays_text() -> None:
    """Scraped or typed: a text cell in the workbook, an apostrophe before it in the csv."""
    lines = [_line(formula) for formula in FORMULAS]
    gathered = Gathered(2026, tuple(lines), (), {}, AT)
    sheet = load_workbook(io.BytesIO(as_workbook(gathered, "zh")))["加强"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    for column in ("old_text", "new_text", "new_directive", "reason"):
        found = [sheet.cell(n, _column(sheet, column)).value for n in range(2, len(FORMULAS) + 2)]
        assert found == [formula.replace("\r", "\n") for formula in FORMULAS]
    rows = list(csv.reader(io.StringIO(as_csv(gathered, "zh").decode("utf-8-sig"))))
    assert not [value for row in rows[1:] for value in row if re.match(r"\s*[=+\-@＝＋－＠−]", value)]


def _line(text: str) -> Line:
    change = Change("k", Kind.STRENGTHENED, ("1",), ("1",), text, text)
    diff = YearlyDiff("hubei", 2025, 2026, DiffOutcome.OK, changes=(change,))
    said = Verdict("k", Decision.CONFIRM, text, AT, Kind.STRENGTHENED, reason=text)
    effective = Effective(change, change, review_of([said]))
    return Line(KeptYearlyDiff(1, diff, 1, 2, "1", AT), effective, (said,), (text,), (text,))


def test_long_text_goes_on_in_the_next_cell_and_control_characters_go() -> None:
    """Nothing is cut; a cell counts UTF-16 units; what XML cannot hold is left out."""
    text = "承" * 40_000 + "😀" * 10
    found = parts(text)
    assert "".join(found) == text
    assert max(len(part.encode("utf-16-le")) // 2 for part in found) <= CELL
    assert parts("a\x00b\x1b[0m\ud800c\ufffe\r\nd") == ["ab[0mc\nd"]
    assert csv_text("普通 text") == "普通 text"


def test_csv_and_json_hold_every_change(client: TestClient) -> None:
    """A byte-order mark, one row a change; JSON with keys in English and offsets that fit."""
    raw = client.get("/export/2026.csv?lang=en").content
    assert raw.startswith(b"\xef\xbb\xbf")
    head, row = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert dict(zip(head, row, strict=True))["Province"] == "Hubei"
    value = json.loads(client.get("/export/2026.json").content)
    states = {one["province"]: one["state"] for one in value["provinces"]}
    assert (len(states), states["hubei"], states["fujian"]) == (31, "compared", "unfetched")
    (change,) = next(one for one in value["provinces"] if one["province"] == "hubei")["changes"]
    (span,) = change["new"]["highlights"]
    assert change["new"]["text"][slice(*span)] == "10"


def test_the_report_is_a_document_and_a_page_to_print(client: TestClient) -> None:
    """The summary, both wordings, the hash of the page; scraped markup is text in both."""
    document = Document(io.BytesIO(client.get("/export/2026/hubei.docx").content))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "2026 年共对照 1 个省份" in text
    assert "不少于10人<script>" in text
    page = client.get("/export/2026.html")
    assert page.headers["Content-Disposition"] == 'attachment; filename="chengnuo-2026.html"'
    assert "<script" not in page.text
    assert "default-src 'none'" in page.text
    assert "<svg" in page.text
    assert page.text.count("存疑") > 0


def test_verdicts_come_back_with_a_preview_first(client: TestClient, database: Database) -> None:
    """Filled in, handed in, previewed, written; a second time there is nothing to write."""
    data = _filled(client, decision="改判", decided_kind="改写", reason="只是换了说法")
    preview = _hand_in(client, data)
    assert preview.status_code == 200
    assert "将写入 1" in preview.text
    assert VerdictBook(database).of_change("abc123") == ()
    assert "已写入 1" in _apply(client, preview.text).text
    (kept,) = VerdictBook(database).of_change("abc123")
    assert (kept.decision, kept.kind, kept.by) == (Decision.RECLASSIFY, Kind.REWORDED, "local")
    assert kept.reason == "只是换了说法"
    assert "将写入 0 · 与现有结论相同，不变 1" in _hand_in(client, _filled(client)).text


def test_english_words_and_numbers_come_back_too(client: TestClient, database: Database) -> None:
    """What another program made of the cells is still understood."""
    preview = _hand_in(client, _filled(client, decision="confirm", seen=0))
    assert "将写入 1" in preview.text
    _apply(client, preview.text)
    assert [one.decision for one in VerdictBook(database).of_change("abc123")] == [Decision.CONFIRM]


def test_what_cannot_be_written_is_said(client: TestClient) -> None:
    """Row by row, with the reason; nothing is written."""
    cases = (
        ({"decision": "改判", "decided_kind": "改写"}, "必须写明理由"),
        ({"decision": "改判", "decided_kind": "新增", "reason": "x"}, "请选择一个与这些文字相符"),
        ({"decision": "也许"}, "请选择一个结论"),
        ({"decision": "确认", "key": "nothing"}, "没有这个变化编号"),
        ({"decision": "批注", "reason": "长" * 2001}, "最多 2000 字"),
        ({"decision": "确认", "seen": "7"}, "导出之后有人作了结论"),
    )
    for values, why in cases:
        preview = _hand_in(client, _filled(client, **values)).text
        assert why in preview
        assert "将写入 0" in preview


def test_whoever_was_quicker_is_not_overwritten(client: TestClient, database: Database) -> None:
    """A verdict between the preview and the writing stays, and the row says so."""
    preview = _hand_in(client, _filled(client, decision="确认")).text
    quicker = Verdict("abc123", Decision.CONFIRM, "li", AT, Kind.STRENGTHENED)
    VerdictBook(database).append(quicker)
    answer = _apply(client, preview).text
    assert "已写入 0" in answer
    assert [one.by for one in VerdictBook(database).of_change("abc123")] == ["li"]


def test_what_is_no_workbook_is_refused_in_words(client: TestClient) -> None:
    """A page that says so, never a failure of the server."""
    for data in (b"", b"not a workbook", b"PK\x03\x04broken"):
        answer = _hand_in(client, data)
        assert answer.status_code == 422
        assert "xlsx" in answer.text


def test_a_workbook_from_another_site_is_refused(client: TestClient) -> None:
    """The origin and the token are looked at as for every form."""
    files = {"file": ("a.xlsx", _filled(client, decision="确认"))}
    for token, origin in ((_token(client), "http://evil.invalid"), ("0" * 64, HOME)):
        answer = client.post("/verdicts/import", data={"token": token}, files=files, headers={"Origin": origin})
        assert answer.status_code == 403


def test_an_export_that_is_not_there_is_a_404(client: TestClient) -> None:
    """No such format, year or province."""
    paths = ("/export/2026.exe", "/export/1.xlsx", "/export/2026/atlantis.csv", "/report/1")
    assert [client.get(path).status_code for path in paths] == [404] * 4


@pytest.mark.full
def test_a_spreadsheet_program_opens_saves_and_gives_verdicts_back(
    client: TestClient, database: Database, tmp_path: Path
) -> None:
    """Through LibreOffice Calc and back: the sheets, the text and the filled-in columns survive."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    source, out = tmp_path / "verdicts.xlsx", tmp_path / "out"
    source.write_bytes(_filled(client, decision="改判", decided_kind="改写", reason="=只是换了说法"))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [office, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, str(source)], check=True, timeout=180, capture_output=True)
    saved = (out / "verdicts.xlsx").read_bytes()
    assert load_workbook(io.BytesIO(saved)).sheetnames == SHEETS
    _apply(client, _hand_in(client, saved).text)
    assert [one.reason for one in VerdictBook(database).of_change("abc123")] == ["=只是换了说法"]
