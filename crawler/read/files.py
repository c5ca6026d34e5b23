"""Announcements that live in a PDF or a DOCX, paragraph by paragraph; the one file that knows both formats.

A scan is an outcome; where its source says so, and the extra is installed, its pictures are recognised.
"""

from __future__ import annotations

import logging
import re
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

from docx import Document
from pypdf import PageObject, PdfReader

from crawler.read.outcome import PDF

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file is an outcome, not a log line
OCR = "ocr"
MOST_PAGES = 300
LARGEST = 64_000_000
"""Bytes that a DOCX may unpack to; a zip can hold a thousand times its size."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SCANNED = 40
"""Fewer Chinese characters than this in a whole file: pictures of text."""
_SHORT = 0.7
"""A printed line shorter than this share of a full one is the last of its paragraph, or a heading."""
_ENDS = re.compile(r"[。；！？：:]$")
_BEGINS = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十]+|[一二三四五六七八九十]+是)"
)


class NoText(Exception):
    """The file holds no text that can be read; the message says why."""


class FileText(NamedTuple):
    """A file's words, one paragraph a line; how they were had, and how far they can be believed (0…1)."""

    words: str
    method: str
    confidence: float = 0.9

    @property
    def is_recognised(self) -> bool:
        """True for words that were seen in a picture, not read."""
        return self.method == OCR


def text_of_file(body: bytes, *, ocr: bool = False) -> FileText:
    """The text of a PDF or DOCX. NoText for a scan (unless ``ocr``), a broken or an encrypted file, another zip."""
    found = FileText(_pdf(body), "pdf") if body.startswith(PDF) else FileText(_docx(body), "docx")
    if _has_words(found):
        return found
    if not ocr or found.method != "pdf":
        raise NoText("no text in the file: a scan?")
    seen = _seen(body)
    if not _has_words(seen):
        raise NoText("no text in the file, and none recognised in its pictures")
    return seen


def _has_words(found: FileText) -> bool:
    return len(_HAN.findall(found.words)) >= _SCANNED


def _seen(body: bytes) -> FileText:
    """What OCR sees in the pictures of a scan; believed by half at most."""
    from crawler.read.ocr import NotInstalled, recognised

    try:
        lines = recognised(body)
    except NotInstalled as error:
        raise NoText("a scan; its source has ocr = true, which needs: pip install chengnuo[ocr]") from error
    except Exception as error:  # as above
        raise NoText(f"a scan that cannot be drawn: {_words(error)}") from error
    sure = sum(line.sure for line in lines) / max(1, len(lines))
    return FileText("\n".join(_paragraphs([line.words for line in lines])), OCR, round(sure / 2, 2))


def _pdf(body: bytes) -> str:
    try:
        reader = PdfReader(BytesIO(body))
        encrypted = reader.is_encrypted
        lines = [] if encrypted else [line for page in reader.pages[:MOST_PAGES] for line in _printed(page)]
    except Exception as error:  # a damaged file makes the parser raise nearly anything, and is an outcome
        raise NoText(f"broken PDF: {_words(error)}") from error
    if encrypted:
        raise NoText("encrypted PDF")
    return "\n".join(_paragraphs([line.strip() for line in lines if line.strip()]))


def _printed(page: PageObject) -> list[str]:
    return page.extract_text().splitlines()


def _words(error: Exception) -> str:
    """One short line, whatever a parser says."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:160]


def _paragraphs(lines: list[str]) -> list[str]:
    """Printed lines put together again: a paragraph ends with a stop, with a short line, or where an item begins."""
    widths = [_width(line) for line in lines]
    full = sorted(widths)[len(widths) * 9 // 10] if widths else 0
    joined: list[str] = []
    is_over = True
    for line, width in zip(lines, widths, strict=True):
        if is_over or _BEGINS.match(line):
            joined.append(line)
        else:
            joined[-1] += line
        is_short = width < _SHORT * full and not line.endswith(("，", "、", ","))
        is_over = is_short or bool(_ENDS.search(line))
    return joined


def _width(line: str) -> int:
    """Columns on paper: a Chinese character takes two."""
    return sum(1 if char.isascii() else 2 for char in line)


def _docx(body: bytes) -> str:
    try:
        with ZipFile(BytesIO(body)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
        text = _written(body) if unpacked <= LARGEST else None
    except Exception as error:  # as above: lxml, zlib and zipfile each have their own
        raise NoText(f"not a DOCX: {_words(error)}") from error
    if text is None:
        raise NoText(f"not a DOCX: unpacks to {unpacked} bytes")
    return text


def _written(body: bytes) -> str:
    document = Document(BytesIO(body))
    rows = ["　".join(cell.text.strip() for cell in row.cells) for table in document.tables for row in table.rows]
    lines = [paragraph.text.strip() for paragraph in document.paragraphs] + rows
    return "\n".join(line for line in lines if line)
