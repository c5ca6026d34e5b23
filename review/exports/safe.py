"""Text that a spreadsheet or a word processor takes as text and nothing else."""

from __future__ import annotations

import re

CELL = 32_767
"""Characters that one cell of a workbook holds."""
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 has no place for, and the C1 control characters."""
_FORMULA = re.compile(r"\s*[=+\-@\t\r\n＝＋－＠﹢﹣﹦﹫−]")
"""How a formula begins: ASCII, full-width and small forms, also behind white space."""


def printable(text: str) -> str:
    """Without control characters and lone surrogates; every line end is a newline."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def parts(text: str, longest: int = CELL) -> list[str]:
    """The printable text cut into pieces that each fit one cell; put together they are the text.

    A cell counts UTF-16 code units, so a character outside the basic plane counts twice.
    """
    clean = printable(text)
    if len(clean) * 2 <= longest or len(clean.encode("utf-16-le")) // 2 <= longest:
        return [clean]
    found, start, size = [], 0, 0
    for at, character in enumerate(clean):
        width = 2 if character > "\uffff" else 1
        if size + width > longest:
            found.append(clean[start:at])
            start, size = at, 0
        size += width
    return [*found, clean[start:]]


def csv_text(text: str) -> str:
    """A value no spreadsheet takes for a formula: an apostrophe goes before what would begin one."""
    clean = printable(text)
    return "'" + clean if _FORMULA.match(clean) else clean
