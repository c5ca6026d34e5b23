"""Frozen pages read as a person has said they read: tests/pages/SLUG/{page.html, page.json, expected.json}.

`chengnuo sources add` freezes a page. The first run writes the expected reading beside it and fails; read it,
correct the reader if it is wrong, then commit it.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.lists import read_list
from crawler.read.page import read_page
from schema.announcements import Page, Rank, Source, SourceKind

PAGES = Path(__file__).parents[1] / "pages"


def frozen(folder: Path) -> tuple[Page, Source]:
    about = json.loads((folder / "page.json").read_text(encoding="utf-8"))
    headers = (("Content-Type", about["content_type"] or "text/html"),)
    fetched_at = datetime.fromisoformat(about["fetched_at"])
    body = (folder / "page.html").read_bytes()
    page = Page(about["url"], folder.name, about["status"], body, fetched_at, headers)
    source = Source(
        folder.name,
        folder.name,
        SourceKind(about["kind"]),
        Rank.OFFICIAL,
        province=about["province"],
        article_pattern=about["article_pattern"],
    )
    assert page.sha256 == about["sha256"]
    return page, source


def reading_of(page: Page, source: Source) -> dict[str, Any]:
    """What is worth a person's eyes."""
    if source.kind is SourceKind.COLUMN:
        listing = read_list(page, source)
        entries = [[str(entry.published), entry.title, entry.url] for entry in listing.entries]
        return {"entries": entries, "next": listing.next.url if listing.next else None}
    reading = read_page(page, source)
    told = [
        {"province": a.province, "plan_year": a.plan_year, "commitments": [c.text for c in a.commitments]}
        for a in reading.announcements
    ]
    published = str(reading.published) if reading.published else None
    return {"outcome": reading.outcome.value, "title": reading.title, "published": published, "announcements": told}


@pytest.mark.parametrize("folder", sorted(p for p in PAGES.glob("*") if p.is_dir()), ids=lambda folder: folder.name)
def test_a_frozen_page_reads_as_expected(folder: Path) -> None:
    """Today's reader reads what a person has confirmed."""
    expected = folder / "expected.json"
    found = reading_of(*frozen(folder))
    if not expected.exists():
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was written just now: read it, then commit it")
    assert found == json.loads(expected.read_text(encoding="utf-8"))
