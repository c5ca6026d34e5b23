"""One door to every format: its name, its media type, and the bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from review.exports.as_json import as_json
from review.exports.document import as_document
from review.exports.printed import as_print
from review.exports.report import report_of
from review.exports.table import as_csv
from review.exports.workbook import as_workbook
from review.gathered import Gathered


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is made."""

    media_type: str
    make: Callable[[Gathered, str], bytes]
    """From what was gathered, in a language (zh or en)."""


FORMATS: Mapping[str, Format] = {
    "xlsx": Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_workbook),
    "csv": Format("text/csv; charset=utf-8", as_csv),
    "json": Format("application/json", lambda gathered, _: as_json(gathered)),
    "docx": Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda gathered, lang: as_document(report_of(gathered), lang),
    ),
    "html": Format("text/html; charset=utf-8", lambda gathered, lang: as_print(report_of(gathered), lang)),
}


def file_name(gathered: Gathered, ending: str) -> str:
    """chengnuo-2026-hubei.xlsx: only of a year and a slug, never of anything a reader typed."""
    place = f"-{gathered.province}" if gathered.province else ""
    return f"chengnuo-{gathered.year}{place}.{ending}"
