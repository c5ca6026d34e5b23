"""Announcements that live in a PDF or a DOCX, paragraph by paragraph; the one file that knows both formats."""

from __future__ import annotations

import logging
import re
from io import BytesIO
from zipfile import BadZipFile

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from crawler.read.outcome import PDF

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file is an outcome, not a log line
MOST_PAGES = 300
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SCANNED = 40
"""Fewer Chinese characters than this in a whole file: pictures of text."""
_ENDS = re.compile(r"[。；！？：:]$")
_BEGINS = re.compile(
    r"^\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十]+|[一二三四五六七八九十]+是)"
)


class NoText(Exception):
    """The file holds no text that can be read; the message says why."""


def text_of_file(body: bytes) -> str:
    """The text, one paragraph a line. NoText for a scan, a broken or an encrypted file, another zip."""
    text = _pdf(body) if body.startswith(PDF) else _docx(body)
    if len(_HAN.findall(text)) < _SCANNED:
        message = "no text in the file: a scan?"
        raise NoText(message)
    return text


def _pdf(body: bytes) -> str:
    try:
        reader = PdfReader(BytesIO(body))
        if reader.is_encrypted:
            message = "encrypted PDF"
            raise NoText(message)
        lines = [line for page in reader.pages[:MOST_PAGES] for line in page.extract_text().splitlines()]
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"broken PDF: {error}"
        raise NoText(message) from error
    return "\n".join(_paragraphs([line.strip() for line in lines if line.strip()]))


def _paragraphs(lines: list[str]) -> list[str]:
    """Printed lines put together again: a paragraph ends with a stop, or where an item begins."""
    joined: list[str] = []
    for line in lines:
        if joined and not _ENDS.search(joined[-1]) and not _BEGINS.match(line):
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _docx(body: bytes) -> str:
    try:
        document = Document(BytesIO(body))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        message = f"not a DOCX: {error}"
        raise NoText(message) from error
    rows = ["　".join(cell.text.strip() for cell in row.cells) for table in document.tables for row in table.rows]
    lines = [paragraph.text.strip() for paragraph in document.paragraphs] + rows
    return "\n".join(line for line in lines if line)
