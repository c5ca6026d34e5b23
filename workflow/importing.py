"""Imports whole folders and web archives of old pages; may be stopped and resumed, and one bad file stops nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from crawler.read import NORMALISER
from crawler.read.page import read_page
from schema.announcements import Check, CheckOutcome, Outcome, Page
from schema.errors import UnreadableInput
from store.archive import KeptPage
from store.warc import read_warc
from workflow.collecting import told_on_import
from workflow.files import TYPES, import_source, page_of_file
from workflow.house import House

PAGES = frozenset({*TYPES, ".html", ".htm", ".shtml", ".doc"})
ARCHIVES = (".warc", ".warc.gz", ".arc", ".arc.gz")


@dataclass(slots=True)
class Imported:
    """What an import came to."""

    files: int = 0
    pages: int = 0
    """Pages kept now."""
    known: int = 0
    """Pages that were kept before."""
    versions: int = 0
    editions: set[tuple[str, int]] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    """Files that could not be read, and pages that hold no announcement: a line each."""


def is_archive(path: Path) -> bool:
    """A WARC or ARC by its name."""
    return path.name.lower().endswith(ARCHIVES)


def import_all(house: House, places: Sequence[Path], *, resume: bool, advance: Callable[[int], None]) -> Imported:
    """Keep and read every page below these folders and in these archives, oldest capture first within each.

    ``resume``: what is kept and read already is passed over without being opened again.
    """
    found = Imported()
    for file in _files(places):
        found.files += 1
        try:
            for page in _pages(house, file):
                _import_page(house, page, found, resume=resume)
        except UnreadableInput as error:
            found.troubles.append(str(error))
        advance(1)
    return found


def _files(places: Sequence[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            inside = sorted(path for path in place.rglob("*") if path.is_file())
            yield from (path for path in inside if path.suffix.lower() in PAGES or is_archive(path))
        else:
            yield place


def _pages(house: House, file: Path) -> Iterator[Page]:
    if is_archive(file):
        yield from sorted(read_warc(file, "import"), key=lambda page: page.fetched_at)
    else:
        yield page_of_file(file, None, house.clock())


def _import_page(house: House, page: Page, found: Imported, *, resume: bool) -> None:
    if not page.body:
        found.troubles.append(f"{page.url}: 空文件 empty file")
        return
    if resume and house.archive.readings.has_read(page.url, page.sha256, NORMALISER):
        found.known += 1
        return
    check = Check(page.source, page.url, page.fetched_at, CheckOutcome.NEW, page.status, page.sha256, "import")
    if house.archive.keep_visit(page, check) is CheckOutcome.UNCHANGED:
        found.known += 1
    else:
        found.pages += 1
    for kept in house.archive.backlog.of_address(page.url, NORMALISER):
        _read(house, kept, found)


def _read(house: House, kept: KeptPage, found: Imported) -> None:
    source = import_source()
    reading = told_on_import(read_page(kept.page, source), kept.page)
    found.versions += len(house.archive.keep_reading(kept, reading, source, NORMALISER))
    held = [a for a in reading.announcements if a.province and a.plan_year]
    found.editions |= {(a.province, a.plan_year) for a in held if a.province and a.plan_year}
    if not held and reading.outcome is not Outcome.LIST:
        why = reading.refused or reading.detail or "没有年度部署 no yearly work conference"
        found.troubles.append(f"{kept.page.url}: {reading.outcome.value}: {why}")
