"""Reads kept pages again with today's normaliser, on every core; what changed is technical and alerts nobody."""

from __future__ import annotations

import itertools
import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Self

from crawler.national import as_told_by
from crawler.read import NORMALISER
from crawler.read.page import read_page
from schema.announcements import Page, Rank, Reading, Source, SourceKind
from store.archive import KeptPage, Read
from workflow.collecting import told_on_import
from workflow.comparing import compare_pending
from workflow.files import import_source
from workflow.house import House

PORTION = 100
"""Pages read and kept together: a kill costs at most this many readings, never a page."""
SHOWN = 20


@dataclass(slots=True)
class Reread:
    """What reading again came to."""

    pages: int = 0
    changed: list[Read] = field(default_factory=list)
    """Captures that read otherwise than before, or say something new."""
    reasons: Counter[str] = field(default_factory=Counter)
    """"before → after" and how many captures."""
    diffs: int = 0
    queued: int = 0


def read_again(
    house: House, sources: Sequence[Source], advance: Callable[[int], None], processes: int | None = None
) -> Reread:
    """Read every capture today's normaliser has not read, then make the diffs anew. May be killed and run again.

    What is due from the world is compared and told first, so that it does not hide behind our own change.
    """
    compare_pending(house)
    found, by_slug = Reread(), {source.slug: source for source in sources}
    workers = processes or len(os.sched_getaffinity(0))
    with multiprocessing.get_context("spawn").Pool(workers) if workers > 1 else _Alone() as pool:
        for batch in _portions(house):
            tasks = [(kept.page, _source(house, kept.page, by_slug)) for kept in batch]
            readings = pool.imap(read_task, tasks, chunksize=max(1, len(tasks) // (workers * 4)))
            read = [(kept, reading, task[1]) for kept, task, reading in zip(batch, tasks, readings, strict=True)]
            for one in house.archive.readings.keep(read, NORMALISER):
                _note(found, one)
            advance(len(batch))
    compared = compare_pending(house)
    found.diffs, found.queued = len(compared.diffs), compared.queued
    return found


def _portions(house: House) -> Iterator[list[KeptPage]]:
    """Unread captures, the next portion loaded only when the last was kept."""
    return iter(lambda: house.archive.unread(NORMALISER, PORTION), [])


def read_task(task: tuple[Page, Source]) -> Reading:
    """One page, in a process of its own; what a person said on import stands."""
    page, source = task
    return told_on_import(as_told_by(read_page(page, source), source), page)


def _source(house: House, page: Page, known: dict[str, Source]) -> Source:
    """The page's source; one that is registered no more keeps the rank its pages had."""
    if page.source in known:
        return known[page.source]
    rank = house.archive.readings.rank_of(page.source)
    if rank is None or page.source == "import":
        return import_source()
    return Source(page.source, page.source, SourceKind.ARTICLE, Rank(rank))


def _note(found: Reread, one: Read) -> None:
    found.pages += 1
    otherwise = one.before is not None and one.before is not one.after
    if one.versions or one.taken_back or otherwise:
        found.changed.append(one)
    if otherwise and one.before is not None:
        found.reasons[f"{one.before.value} → {one.after.value}"] += 1
    if one.versions:
        found.reasons["new wording or structure" if one.before else "read for the first time"] += 1
    if one.taken_back:
        found.reasons[f"no longer read: {one.refused or one.after.value}"] += 1


def summary_lines(found: Reread) -> list[str]:
    """What changed and why, the captures named."""
    lines = [f"  {number} × {reason}" for reason, number in sorted(found.reasons.items())]
    for one in itertools.islice(found.changed, SHOWN):
        before = one.before.value if one.before else "—"
        told = f"+{len(one.versions)} −{len(one.taken_back)}"
        lines.append(f"  {one.page.page.url}  {before} → {one.after.value} {one.refused or ''} {told}".rstrip())
    if len(found.changed) > SHOWN:
        lines.append(f"  … {len(found.changed)}")
    return lines


class _Alone:
    """A pool of one: this process."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to end."""

    def imap(
        self, function: Callable[[tuple[Page, Source]], Reading], tasks: Sequence[tuple[Page, Source]], chunksize: int
    ) -> Iterator[Reading]:
        """As Pool.imap."""
        del chunksize
        return map(function, tasks)
