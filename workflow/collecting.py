"""Crawl, then read what is kept, then look for trouble. Every step can be repeated and killed at any point."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.national import as_told_by
from crawler.read import NORMALISER
from crawler.read.page import read_page
from schema.announcements import Check, CheckOutcome, Outcome, Page, QuarantineReason, Rank, Reading, Source, SourceKind
from schema.errors import UnreadableInput
from store.archive import KeptPage
from workflow.files import import_source, page_of_file
from workflow.house import House
from workflow.logs import event, trail

_FOREIGN = QuarantineReason.NOT_PROVINCIAL
PROVINCE, YEAR = "Chengnuo-Province", "Chengnuo-Plan-Year"
"""Headers of our own on imported files."""


@dataclass(slots=True)
class ReadSummary:
    """What came of reading: captures by outcome, versions that are new."""

    outcomes: Counter[str] = field(default_factory=Counter)
    versions: list[int] = field(default_factory=list)


PORTION = 50
"""Captures read and kept together: a kill costs at most this many readings, never a page."""


class SourceBook:
    """The source of every capture; one that is registered no more keeps the rank its pages had."""

    def __init__(self, house: House, sources: Sequence[Source]) -> None:
        self._house = house
        self._known = {source.slug: source for source in sources}

    def of(self, page: Page) -> Source:
        """The page's source."""
        if page.source not in self._known:
            rank = self._house.archive.readings.rank_of(page.source) if page.source != "import" else None
            former = Source(page.source, page.source, SourceKind.ARTICLE, Rank(rank)) if rank is not None else None
            self._known[page.source] = former or import_source()
        return self._known[page.source]


def read_capture(page: Page, source: Source) -> Reading:
    """What today's normaliser reads in a capture; what a person said on import stands."""
    return told_on_import(as_told_by(read_page(page, source), source), page)


def read_kept(
    house: House,
    sources: Sequence[Source],
    advance: Callable[[int], None] = lambda _n: None,
    only: Collection[str] | None = None,
    between: tuple[int, int] | None = None,
) -> ReadSummary:
    """Read every capture that today's normaliser has not read yet.

    Or only those of the sources named, or of a portion (``Backlog.portions``).
    """
    book, summary, last = SourceBook(house, sources), ReadSummary(), 0
    while batch := house.archive.backlog.unread(NORMALISER, PORTION, only, after=last, between=between):
        last = batch[-1].id
        timed = [_timed(kept, book.of(kept.page)) for kept in batch]
        for one in house.archive.readings.keep((read for read, _ in timed), NORMALISER):
            summary.versions += one.versions
        for (kept, reading, source), took in timed:
            summary.outcomes[reading.outcome.value] += 1
            found = {"outcome": reading.outcome.value, "announcements": len(reading.announcements), "seconds": took}
            event("read", **trail(kept.page.sha256), source=source.slug, url=kept.page.url, **found)
        advance(len(batch))
    return summary


def _timed(kept: KeptPage, source: Source) -> tuple[tuple[KeptPage, Reading, Source], float]:
    began = time.monotonic()
    return (kept, read_capture(kept.page, source), source), round(time.monotonic() - began, 3)


def import_files(
    house: House, files: Sequence[Path], *, province: str | None, year: int | None, url: str | None
) -> list[Reading]:
    """Keep local files as pages of rank import. All are read first: one bad file, and nothing is kept.

    Raises UnreadableInput naming the file and the way out.
    """
    pages = [_with_word(page_of_file(file, url, datetime.now(UTC)), province, year) for file in files]
    readings = [_readable(file, page, province, year) for file, page in zip(files, pages, strict=True)]
    for page, reading in zip(pages, readings, strict=True):
        check = Check(page.source, page.url, page.fetched_at, CheckOutcome.NEW, 200, page.sha256, "import")
        house.archive.keep_visit(page, check)
        for kept in house.archive.backlog.of_address(page.url, NORMALISER):
            house.archive.keep_reading(kept, reading, import_source(province), NORMALISER)
    return readings


def _with_word(page: Page, province: str | None, year: int | None) -> Page:
    """What a person says about a file is kept with it, so that reading it again does not forget it."""
    word = (*(((PROVINCE, province),) if province else ()), *(((YEAR, str(year)),) if year else ()))
    return replace(page, headers=(*page.headers, *word))


def told_on_import(reading: Reading, page: Page) -> Reading:
    """The reading of an imported page with the person's word about province and year in place of what was read."""
    if page.source != "import":
        return reading
    year = page.header(YEAR)
    return _overruled(reading, page.header(PROVINCE), int(year) if year else None)


def _readable(file: Path, page: Page, province: str | None, year: int | None) -> Reading:
    if not page.body:
        raise UnreadableInput(file, "空文件 the file is empty; nothing was imported")
    reading = read_page(page, import_source(province))
    if reading.outcome is not Outcome.ARTICLE:
        raise UnreadableInput(file, f"不是通报 not an announcement: {reading.outcome.value} {reading.detail}".strip())
    if not reading.announcements:
        why = reading.refused or "没有找到年度部署 no yearly work conference found; give --province and --year"
        raise UnreadableInput(file, why)
    foreign = [q.detail for a in reading.announcements if (q := a.quarantine) and q.reason is _FOREIGN]
    if len(foreign) == len(reading.announcements):
        raise UnreadableInput(file, f"不是省级年度工作会议 not a province's yearly work conference: {foreign[0]}")
    told = _overruled(reading, province, year)
    lacking = [
        a for a in told.announcements if a.quarantine is None and not (a.province and a.plan_year and a.directives)
    ]
    if lacking:
        raise UnreadableInput(
            file, "看不出省份、年度或部署 province, year or directives unknown; give --province and --year"
        )
    return told


def _overruled(reading: Reading, province: str | None, year: int | None) -> Reading:
    """What the person said about province and year stands in place of what was read."""
    if province is None and year is None:
        return reading
    told = tuple(
        replace(
            a,
            province=province or a.province,
            plan_year=year or a.plan_year,
            year_evidence=a.year_evidence if year is None else "given on import",
        )
        for a in reading.announcements
    )
    return replace(reading, announcements=told)
