"""Reads kept pages again with today's normaliser, on every core; what changed is technical and alerts nobody."""

from __future__ import annotations

import itertools
import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from crawler.read import NORMALISER
from schema.announcements import Page, Reading, Source
from schema.errors import StoreError
from store.archive import KeptPage, Read
from workflow.collecting import SourceBook, read_capture
from workflow.comparing import compare_pending
from workflow.house import House

PORTION = 100
"""Pages kept together: a kill costs at most the portions on their way, never a page."""
AHEAD = 2
"""Portions that are being read while one is kept; more would only take memory."""
CHUNK = 10
"""Pages handed to a process at once."""
SHOWN = 20

Task = tuple[Page, Source]
Readings = Callable[[], list[Reading]]
"""Waits for a portion's readings, in order."""
Hand = Callable[[Sequence[Task]], Readings]


@dataclass(slots=True)
class Reread:
    """What reading again came to. ``changed``: captures that read otherwise than before, or say something new."""

    pages: int = 0
    changed: int = 0
    shown: list[str] = field(default_factory=list)
    """The first of them, a line each."""
    reasons: Counter[str] = field(default_factory=Counter)
    """"before → after" and how many captures."""
    diffs: int = 0
    queued: int = 0


def read_again(
    house: House, sources: Sequence[Source], advance: Callable[[int], None], processes: int | None = None
) -> Reread:
    """Read every capture today's normaliser has not read. May be killed and run again.

    What is due from the world is compared and told first, so that it does not hide behind our own change; then the
    diffs of what stands otherwise than before are made anew. Raises StoreError when a reading process dies.
    """
    compare_pending(house)
    found = Reread()
    with _readers(processes or len(os.sched_getaffinity(0))) as hand:
        for read in _read(house, SourceBook(house, sources), hand):
            for one in house.archive.readings.keep(read, NORMALISER):
                _note(found, one)
            advance(len(read))
    compared = compare_pending(house)
    found.diffs, found.queued = len(compared.diffs), compared.queued
    return found


def _read(house: House, book: SourceBook, hand: Hand) -> Iterator[list[tuple[KeptPage, Reading, Source]]]:
    """Portions with their readings, oldest captures first; the next ones are read while one is kept."""
    waiting: deque[tuple[list[KeptPage], list[Task], Readings]] = deque()
    for batch in _portions(house):
        tasks = [(kept.page, book.of(kept.page)) for kept in batch]
        waiting.append((batch, tasks, hand(tasks)))
        if len(waiting) > AHEAD:
            yield _together(*waiting.popleft())
    while waiting:
        yield _together(*waiting.popleft())


def _together(batch: list[KeptPage], tasks: list[Task], readings: Readings) -> list[tuple[KeptPage, Reading, Source]]:
    return [(kept, reading, task[1]) for kept, task, reading in zip(batch, tasks, readings(), strict=True)]


def _portions(house: House) -> Iterator[list[KeptPage]]:
    last = 0
    while batch := house.archive.backlog.unread(NORMALISER, PORTION, after=last):
        yield batch
        last = batch[-1].id


@contextmanager
def _readers(processes: int) -> Iterator[Hand]:
    """Hands pages to so many processes; with one, to this process."""
    if processes == 1:
        yield lambda tasks: partial(read_tasks, tasks)
        return
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        try:
            yield lambda tasks: partial(_gathered, [pool.submit(read_tasks, chunk) for chunk in _chunks(tasks)])
        except BrokenProcessPool as error:
            raise StoreError(
                "规整进程意外结束 a reading process ended unexpectedly (out of memory?); run again, it goes on"
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _chunks(tasks: Sequence[Task]) -> Iterator[Sequence[Task]]:
    return (tasks[start : start + CHUNK] for start in range(0, len(tasks), CHUNK))


def _gathered(futures: Sequence[Future[list[Reading]]]) -> list[Reading]:
    return list(itertools.chain.from_iterable(future.result() for future in futures))


def read_tasks(tasks: Sequence[Task]) -> list[Reading]:
    """Some pages, in a process of its own."""
    return [read_capture(page, source) for page, source in tasks]


def _note(found: Reread, one: Read) -> None:
    found.pages += 1
    otherwise = one.before is not None and one.before is not one.after
    if one.versions or one.taken_back or otherwise:
        found.changed += 1
        if len(found.shown) < SHOWN:
            found.shown.append(_line(one))
    if otherwise and one.before is not None:
        found.reasons[f"{one.before.value} → {one.after.value}"] += 1
    if one.versions:
        found.reasons["new wording or structure" if one.before else "read for the first time"] += 1
    if one.taken_back:
        found.reasons[f"no longer read: {one.refused or one.after.value}"] += 1


def _line(one: Read) -> str:
    before = one.before.value if one.before else "—"
    told = f"+{len(one.versions)} −{len(one.taken_back)}"
    return f"  {one.page.page.url}  {before} → {one.after.value} {one.refused or ''} {told}".rstrip()


def summary_lines(found: Reread) -> list[str]:
    """What changed and why, the first captures named."""
    lines = [f"  {number} × {reason}" for reason, number in sorted(found.reasons.items())] + found.shown
    return [*lines, f"  … {found.changed}"] if found.changed > len(found.shown) else lines
