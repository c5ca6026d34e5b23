"""xlsx: a sheet for each kind, text cells only, with a header that stays, filters, colours, and columns to fill in."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from review.exports.columns import COLUMNS, Column, Cut, kind_words
from review.exports.safe import parts
from review.gathered import Gathered
from review.labels import DECISIONS
from review.lines import Line
from review.rendering import CHINA
from review.words import WORDS
from schema.changes import Kind
from schema.verdicts import Decision
from schema.words import KINDS

COLOURS: dict[Kind | None, str] = {
    Kind.STRENGTHENED: "E3F3E8",
    Kind.WEAKENED: "FBE8EB",
    Kind.MIXED: "EFE9FB",
    Kind.NEW: "E4EEFA",
    Kind.DROPPED: "FCF0DA",
    Kind.REWORDED: "F1F3F5",
    Kind.UNCHANGED: "FFFFFF",
    None: "E9ECEF",
}
OFFERED = (Decision.CONFIRM, Decision.RECLASSIFY, Decision.NOT_A_COMMITMENT, Decision.COMMENT)
"""What a row of the workbook may decide; matching anew is done on the pages, where both years are seen."""
_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="1C2127")
_EDIT_FILL = PatternFill("solid", fgColor="0B4F9E")
_TOP = Alignment(wrap_text=True, vertical="top")
_THIN = Side(style="thin", color="DDE2E8")
_LINE = Border(bottom=_THIN)


def as_workbook(gathered: Gathered, lang: str) -> bytes:
    """The workbook's bytes."""
    book = Workbook(write_only=True)
    _about(book, gathered, lang)
    for kind in (*KINDS, None):
        lines = [line for line in gathered.lines if line.kind is kind]
        if kind or lines:
            _sheet(book.create_sheet(kind_words(kind, lang)), gathered, lines, lang)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _about(book: Workbook, gathered: Gathered, lang: str) -> None:
    which = 0 if lang == "zh" else 1
    sheet = book.create_sheet(("说明", "About")[which])
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 22, 90
    rows = [
        (WORDS["title"][which], str(gathered.year)),
        (WORDS["generated"][which], f"{gathered.made_at.astimezone(CHINA):%Y-%m-%d %H:%M} Asia/Shanghai"),
        *((WORDS["as_of"][which], f"{one.astimezone(CHINA):%Y-%m-%d %H:%M}") for one in [gathered.as_of] if one),
        (WORDS["import"][which], WORDS["import_about"][which]),
    ]
    rows += [
        (kind_words(kind, lang), str(sum(line.kind is kind for line in gathered.lines))) for kind in (*KINDS, None)
    ]
    bold, plain = _look(sheet, font=Font(bold=True)), _look(sheet)
    for name, value in rows:
        sheet.append([_cell(sheet, name, bold), _cell(sheet, value, plain)])


def _sheet(sheet: Worksheet, gathered: Gathered, lines: Sequence[Line], lang: str) -> None:
    which = 0 if lang == "zh" else 1
    rows = [[parts(column.value(Cut(gathered, line, lang))) for column in COLUMNS] for line in lines]
    needed = [max((len(row[n]) for row in rows), default=1) for n in range(len(COLUMNS))]
    spread = [(column, part) for column, count in zip(COLUMNS, needed, strict=True) for part in range(count)]
    for n, (column, _) in enumerate(spread, 1):
        sheet.column_dimensions[get_column_letter(n)].width = column.width
    sheet.freeze_panes = "C2"
    last = get_column_letter(len(spread))
    sheet.auto_filter.ref = f"A1:{last}{len(rows) + 1}"
    _choices(sheet, [column for column, _ in spread], len(rows) + 1, which)
    heads = {edited: _look(sheet, fill=_EDIT_FILL if edited else _HEAD_FILL, font=_HEAD) for edited in (False, True)}
    sheet.append([_cell(sheet, _head(column, part, which), heads[column.edited]) for column, part in spread])
    look = _look(sheet, fill=PatternFill("solid", fgColor=COLOURS[lines[0].kind])) if lines else None
    for row in rows:
        sheet.append([_cell(sheet, text, look) for text in _spread(row, needed)])


def _spread(row: Sequence[Sequence[str]], needed: Sequence[int]) -> Iterable[str]:
    """A row's values, the continued ones in as many cells as the sheet has for them."""
    for texts, count in zip(row, needed, strict=True):
        for _, text in zip_longest(range(count), texts, fillvalue=""):
            yield text


def _head(column: Column, part: int, which: int) -> str:
    return column.names[which] + (f" ({part + 1})" if part else "")


def _look(sheet: Worksheet, *, fill: PatternFill | None = None, font: Font | None = None) -> StyleArray:
    """How cells look, worked out once: openpyxl takes 40 µs for each style of each cell."""
    cell = WriteOnlyCell(sheet)
    cell.number_format, cell.quotePrefix = "@", True
    cell.alignment, cell.border = _TOP, _LINE
    if fill:
        cell.fill = fill
    if font:
        cell.font = font
    return cell._style  # noqa: SLF001 - the library has no other name for a finished style


def _cell(sheet: Worksheet, text: str, look: StyleArray) -> WriteOnlyCell:
    """A text cell: openpyxl would make a formula of a value that begins with =, so the type is set by hand."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type, cell._style = "s", look  # noqa: SLF001
    return cell


def _choices(sheet: Worksheet, columns: Sequence[Column], last: int, which: int) -> None:
    """Lists to choose from in the columns people fill in."""
    offered = {
        "decision": [DECISIONS[one][which] for one in OFFERED],
        "decided_kind": [names[1 + which] for names in KINDS.values()],
    }
    for n, column in enumerate(columns, 1):
        if column.key in offered and last > 1:
            rule = DataValidation("list", formula1='"' + ",".join(offered[column.key]) + '"', allow_blank=True)
            rule.add(f"{get_column_letter(n)}2:{get_column_letter(n)}{last}")
            sheet.data_validations.append(rule)
