"""Local files read exactly as crawled pages are; stores nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crawler.read.as_json import reading_to_json
from crawler.read.page import read_page
from schema.announcements import Outcome, Page, Reading

_PLAIN = frozenset({".txt", ".md"})


def read_file(file: Path, url: str | None) -> dict[str, Any]:
    """One file's reading in its JSON form; a file that cannot be opened says so under "error"."""
    try:
        body = file.read_bytes()
    except OSError as error:
        unread = reading_to_json(str(file), Reading(Outcome.UNDECODABLE))
        return unread | {"error": f"读不了 cannot be read: {error.strerror}"}
    kind = "text/plain" if file.suffix.lower() in _PLAIN else "text/html"
    address = url or file.absolute().as_uri()
    page = Page(address, "import", 200, body, datetime.now(UTC), (("Content-Type", kind),), (address,))
    return reading_to_json(str(file), read_page(page))


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
