"""What the reader says of everything the project ships, as one digest; when it changes, the version must change too."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.captures import CAPTURES
from bench.forms import forms
from bench.shells import SHELLS
from crawler.read.announcements import read_body, read_text
from crawler.read.page import read_page
from sample.texts import all_texts, stale_text
from schema.announcements import Page

GOLD = Path(__file__).parent / "gold"
RECORDED = GOLD / "normaliser.json"
"""The version, and the digest of what it says."""
_NOW = datetime(2027, 1, 1, tzinfo=UTC)


def said() -> Iterator[str]:
    """Every sample page, text, form and gold body as it is read today, in a fixed order."""
    pages = [Page(shell.url, "sample", 200, shell.write().encode(), _NOW) for shell in SHELLS]
    pages += [Page("http://a.invalid/", "sample", one.status, one.body, _NOW, one.headers) for one in CAPTURES]
    for page in pages:
        read = read_page(page)
        yield repr((read.outcome, read.title, read.published, read.source_name, read.refused, read.announcements))
    for text in (*all_texts(), stale_text()):
        yield repr(read_text(f"{text.title}\n{text.body}", published=text.published))
    for form in forms():
        yield repr(read_body(form.text, None, 2026))
    for file in sorted(GOLD.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            for side in ("old", "new"):
                if f"{side}_text" in pair:
                    yield repr(read_body(pair[f"{side}_text"], pair["province"], pair[f"year_{side}"]))


def digest() -> str:
    """Hex SHA-256 of all that is said."""
    found = hashlib.sha256()
    for one in said():
        found.update(one.encode() + b"\n")
    return found.hexdigest()
