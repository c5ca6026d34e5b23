"""Work that waits to be done: one row a piece, so that any number of workers can share it and none is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobKind(StrEnum):
    """What is to be done; ``Job.subject`` says to what."""

    CRAWL = "crawl"
    """Visit a source; subject: its slug."""
    READ = "read"
    """Read a source's kept pages that today's normaliser has not read; subject: its slug."""
    READ_AGAIN = "read_again"
    """Read a portion of the kept pages again (``Backlog.portions``); subject: "first-last", two captures' numbers."""
    WATCH = "watch"
    """Open and close incidents; subject: "all"."""
    COMPARE = "compare"
    """Compare what is due for a province; subject: its slug."""


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """Given up after the last attempt; the reason is kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed piece of work. ``attempt`` is 1 at the first; ``scheduled`` is the calendar's moment, UTC."""

    id: int
    kind: JobKind
    subject: str
    scheduled: datetime
    attempt: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What one worker asks for: at most ``limit`` crawls whose hosts are all free, held for ``seconds``."""

    owner: str
    hosts: Mapping[str, frozenset[str]]
    """Hosts that visiting a source may ask, by its slug."""
    limit: int
    seconds: float
