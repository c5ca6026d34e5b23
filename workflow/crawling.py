"""Runs one crawl in a child process, with a wall clock and a memory limit, and reports what it kept.

A reactor starts once in a process (docs/decisions), and a child bounds time and memory; what the child
kept is in the archive whatever becomes of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field

from schema.announcements import Source
from schema.errors import ChengnuoError
from workflow.logs import event as log
from workflow.logs import trail
from workflow.settings import Settings


class CrawlFailed(ChengnuoError):
    """The child process ended without a report; everything it kept stays kept."""


class CrawlStopped(ChengnuoError):
    """We were asked to leave in the middle of a crawl; everything it kept stays kept."""


LAST_WORDS = 5.0
"""Seconds a crawl has to end by itself when its starter is asked to leave."""
OVERTIME = 90.0
"""Seconds a crawl whose time is over has for the answers under way, each of which may take its whole timeout."""
LOOK = 0.5
"""Seconds between two looks at whether it is."""


def staying() -> bool:
    """The default of ``leaving``: nobody asks us to."""
    return False


@dataclass(frozen=True, slots=True)
class CrawlTask:
    """What the child is told, as JSON on its standard input."""

    database_url: str
    sources: tuple[Source, ...]
    memory_mb: int
    contact: str = ""
    private_hosts: tuple[str, ...] = ()
    allow_loopback: bool = False
    delay: float | None = None
    """Seconds between two requests to one host; None: the manners of crawler/settings.py."""
    since: int | None = None
    only: tuple[str, ...] | None = None
    """Slugs to visit; the other sources only own the addresses a digest names. None: all."""
    dry_run: bool = False
    at: str | None = None
    """ISO time that stands for "now" in the sample web's story; None: the clock."""


@dataclass(slots=True)
class CrawlSummary:
    """What a crawl came to. ``outcomes`` counts checks; ``refused`` lists candidates left out, with the reason."""

    outcomes: Counter[str] = field(default_factory=Counter)
    by_source: dict[str, Counter[str]] = field(default_factory=dict)
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    left_alone: dict[str, str] = field(default_factory=dict)
    """Sources that were not asked, or not to the end, and why."""
    planned: list[str] = field(default_factory=list)
    entries: Counter[str] = field(default_factory=Counter)
    """Lines found on list pages, by source."""
    errors: int = 0
    seconds: float = 0.0
    complete: bool = False
    out_of_time: bool = False
    """The wall clock ended it; what was kept is kept, the rest comes with the next crawl."""


def run_crawl(
    task: CrawlTask,
    settings: Settings,
    watch: Callable[[str, str, str], None],
    leaving: Callable[[], bool] = staying,
) -> CrawlSummary:
    """Crawl in a child; ``watch(source, url, outcome)`` is called for every check as it happens.

    Raises CrawlFailed when the child dies without its closing line, CrawlStopped when ``leaving()`` became true.
    """
    command = [sys.executable, "-m", "workflow.crawl_child"]
    pipe = subprocess.PIPE
    child = subprocess.Popen(  # noqa: S603 - our own module
        command, text=True, encoding="utf-8", stdin=pipe, stdout=pipe, stderr=pipe
    )
    over = time.monotonic() + settings.crawl_seconds
    errors: list[str] = []
    drain = threading.Thread(target=lambda: errors.extend(child.stderr or ()), daemon=True)
    drain.start()
    ended = threading.Event()
    threading.Thread(target=_end_in_time, args=(child, leaving, over, ended), daemon=True).start()
    try:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(asdict(task)))
        child.stdin.close()
        summary = _follow(child.stdout, watch)
        child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise
    finally:
        ended.set()
    drain.join(timeout=5)
    for stream in (child.stdout, child.stderr):
        if stream is not None:
            stream.close()
    if leaving():
        raise CrawlStopped("停止抓取，交还未完成的 asked to leave: the crawl was stopped and its work given back")
    summary.out_of_time = time.monotonic() >= over
    if summary.out_of_time:
        log("crawl_out_of_time", seconds=settings.crawl_seconds, checks=summary.outcomes.total())
    if not summary.complete:
        last = errors[-1].strip() if errors else "no message"
        if summary.out_of_time:
            last = f"CHENGNUO_CRAWL_SECONDS ({settings.crawl_seconds:g}) 用完 ran out; {last}"
        raise CrawlFailed(f"抓取中断 crawl ended early (exit {child.returncode}): {last}")
    return summary


def _end_in_time(
    child: subprocess.Popen[str], leaving: Callable[[], bool], over: float, ended: threading.Event
) -> None:
    """Ask the child to end when its time is over or we leave, and end it when it does not."""
    while not ended.wait(LOOK):
        if leaving() or time.monotonic() >= over:
            child.terminate()
            if not ended.wait(LAST_WORDS if leaving() else OVERTIME):
                child.kill()
            return


def _follow(lines: Iterable[str], watch: Callable[[str, str, str], None]) -> CrawlSummary:
    summary = CrawlSummary()
    for line in lines:
        event = json.loads(line)
        match event["event"]:
            case "check":
                summary.outcomes[event["outcome"]] += 1
                summary.by_source.setdefault(event["source"], Counter())[event["outcome"]] += 1
                log("check", **trail(event["sha256"]), **{key: event[key] for key in ("source", "url", "outcome")})
                watch(event["source"], event["url"], event["outcome"])
            case "refused":
                summary.refused.append((event["source"], event["url"], event["reason"]))
            case "left_alone":
                summary.left_alone[event["source"]] = event["reason"]
            case "source":
                summary.entries[event["source"]] = event["entries"]
            case "planned":
                summary.planned.append(event["url"])
            case "done":
                summary.errors, summary.seconds, summary.complete = event["errors"], event["seconds"], True
    return summary
