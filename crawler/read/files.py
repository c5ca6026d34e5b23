"""Announcements that live in a PDF or a DOCX, paragraph by paragraph; the one file that knows both formats."""

from __future__ import annotations

import logging
import re
from io import BytesIO
from zipfile import ZipFile

from docx import Document
from pypdf import PageObject, PdfReader

from crawler.read.outcome import PDF

logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what is wrong with a file is an outcome, not a log line
MOST_PAGES = 300
LARGEST = 64_000_000
"""Bytes that a DOCX may unpack to; a zip can hold a thousand times its size."""
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
