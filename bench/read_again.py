"""Kept pages read again a second, on every core; ``python -m bench.read_again --full`` measures 10,000 pages."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from sample.sites import SITES
from sample.templates import Article, article_page
from sample.texts import all_texts
from schema.announcements import Check, CheckOutcome, Outcome, Page, Rank, Reading, Source, SourceKind
from workflow import rereading
from workflow.comparing import CompareSummary
from workflow.house import House, open_house
from workflow.settings import load_settings

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SMALL, FULL = 600, 10_000


def pages(count: int) -> Iterator[Page]:
    """Sample articles in their sites' templates, each with a number of its own."""
    texts = all_texts()
    for serial in range(count):
        text, site = texts[serial % len(texts)], SITES[serial % len(SITES)]
        words = tuple(text.body.splitlines())
        path = f"/{text.slug}/{serial}.html"
        article = Article(path, text.title, text.published, text.source, (*words, f"浏览次数：{serial}"))
        body = article_page(site, "示例省应急管理厅", article).encode()
        url = f"http://{text.slug}.gov{path}"
        yield Page(url, text.slug, 200, body, NOW, (("Content-Type", "text/html; charset=utf-8"),), (url,))


def fill(house: House, count: int) -> None:
    """Keep the pages with a first reading that said something else, so that every version is new."""
    source = Source("bench", "bench", SourceKind.ARTICLE, Rank.OFFICIAL)
    for page in pages(count):
        house.archive.keep_visit(page, Check(page.source, page.url, NOW, CheckOutcome.NEW, 200, page.sha256))
    while batch := house.archive.unread("before", 500):
        house.archive.readings.keep([(kept, Reading(Outcome.LIST), source) for kept in batch], "before")


def measure(count: int = SMALL) -> dict[str, float]:
    """Pages read again a second with all cores, their versions kept; diffs are not counted."""
    with (
        tempfile.TemporaryDirectory(prefix="chengnuo-bench-") as folder,
        open_house(load_settings({}, data=Path(folder))) as house,
        patch.object(rereading, "compare_pending", lambda _house: CompareSummary()),
    ):
        fill(house, count)
        start = time.perf_counter()
        found = rereading.read_again(house, [], lambda _n: None)
        seconds = time.perf_counter() - start
    assert found.pages == count
    return {"pages_per_second": count / seconds}


if __name__ == "__main__":
    for name, value in measure(FULL if "--full" in sys.argv else SMALL).items():
        print(f"{name:<45} {value:12.4f}")
