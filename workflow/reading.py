"""Local files read exactly as crawled pages are; stores nothing."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.read.as_json import reading_to_json
from crawler.read.outcome import LARGEST
from crawler.read.page import read_page
from schema.announcements import Outcome, Page, Reading

_PLAIN = frozenset({".txt", ".md"})


def read_file(file: Path, url: str | None) -> dict[str, Any]:
    """One file's reading in its JSON form; what cannot be opened, or is no file, says so under "error"."""
    name = str(file).encode("utf-8", "backslashreplace").decode()  # a name that is no UTF-8 is still printed
    try:
        size = _size(file)
        body = file.read_bytes() if size is not None and size <= LARGEST else b""
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        return reading_to_json(name, Reading(Outcome.UNDECODABLE)) | {"error": f"读不了 cannot be read: {why}"}
    if size is None:
        no_file = "不是文件 not a file; 文件夹请给出其中的文件 of a folder, give the files in it"
        return reading_to_json(name, Reading(Outcome.NOT_HTML)) | {"error": no_file}
    if size > LARGEST:
        return reading_to_json(name, Reading(Outcome.TOO_LARGE, detail=f"{size} bytes"))
    kind = "text/plain" if file.suffix.lower() in _PLAIN else "text/html"
    address = url or file.absolute().as_uri()
    page = Page(address, "import", 200, body, datetime.now(UTC), (("Content-Type", kind),), (address,))
    return reading_to_json(name, read_page(page))


def _size(file: Path) -> int | None:
    """Bytes in a regular file; None for a folder, a pipe, a device, which would block or never end."""
    told = file.stat()
    return told.st_size if stat.S_ISREG(told.st_mode) else None


def outline(found: dict[str, Any]) -> Iterator[str]:
    """A reading as lines for a person."""
    detail = found.get("error", found.get("detail", ""))
    yield f"{found['file']}: {found['outcome']}  {found['title']} {detail}".rstrip()
    for announcement in found["announcements"]:
        held = f"  [{announcement['quarantine']}]" if announcement["quarantine"] else ""
        yield f"  {announcement['province']} {announcement['plan_year']}{held}"
        for directive in announcement["directives"]:
            yield f"    {directive['marker']}{directive['heading']}"
            yield from (f"      {one['id']} {one['text']}" for one in directive["commitments"])
