"""Local files as pages, so that they are read exactly as crawled ones are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from schema.announcements import Page, Rank, Source, SourceKind
from schema.errors import UnreadableInput

TYPES = {
    ".txt": "text/plain",
    ".md": "text/plain",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def page_of_file(file: Path, url: str | None, now: datetime, source: str = "import") -> Page:
    """A page with the file's bytes; the type comes from the ending. Raises UnreadableInput."""
    try:
        body = file.read_bytes()
    except OSError as error:
        raise UnreadableInput(file, f"读不了 cannot be read: {error.strerror}") from error
    headers = (("Content-Type", TYPES.get(file.suffix.lower(), "text/html")),)
    address = url or file.absolute().as_uri()
    return Page(address, source, 200, body, now, headers, (address,))


def import_source(province: str | None = None) -> Source:
    """The source that imported files belong to."""
    return Source("import", "导入文件", SourceKind.IMPORT, Rank.IMPORT, province, verified=True)
