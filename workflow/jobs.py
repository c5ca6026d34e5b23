"""Does scheduled work, one claimed job after another; the same for a Celery worker and for one process alone."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta

from crawler.read import NORMALISER
from schema.announcements import Source
from schema.errors import ChengnuoError
from schema.jobs import Claim, Job, JobKind
from workflow.calendar import load_calendar
from workflow.collecting import read_kept
from workflow.comparing import compare_pending
from workflow.crawling import CrawlStopped, CrawlTask, run_crawl, staying
from workflow.delivering import queue_incidents
from workflow.house import House, all_sources, open_house
from workflow.logs import event
from workflow.settings import Settings
from workflow.watch import watch

STEPS = (JobKind.READ, JobKind.WATCH, JobKind.COMPARE, JobKind.READ_AGAIN)
"""What follows a crawl, and what may wait until nothing else does."""
REREAD_PORTION = 200
"""Pages of one reading-again job: a few seconds of work."""
ALL = "all"
CRAWLER = "crawl"
"""The name its heartbeat goes by."""
RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20))
GIVE_UP = timedelta(days=1)
KEEP_FINISHED = timedelta(days=90)


class LeaseLost(ChengnuoError):
    """Another worker has taken the work over; this one stops asking the hosts at once."""


def tick(house: House) -> int:
    """Add a job for every source that has become due, once however many moments were missed; how many were new.

    Pages that no normaliser has read become reading jobs, a source each; pages that only yesterday's has read (after
    an upgrade) become portions to be read again.
    """
    now, calendar, last = house.clock(), load_calendar(house.settings.calendar), house.jobs.last(JobKind.CRAWL)
    due = []
    for source in all_sources(house.settings):
        moment = calendar.latest(source.slug, now) if source.urls else None
        if moment is not None and (source.slug not in last or moment > last[source.slug]):
            due.append((source.slug, moment))
    added = house.jobs.add(JobKind.CRAWL, due)
    house.jobs.ask(JobKind.READ, house.archive.backlog.sources(NORMALISER))
    plan_rereading(house)
    house.jobs.forget(now - KEEP_FINISHED)
    event("tick", due=added)
    return added


def plan_rereading(house: House) -> int:
    """Add a job for every portion of pages to be read again, when no such job is open; how many.

    What is due from the world is compared and told first, so that it does not hide behind our own change. A portion
    that was given up is not asked for again within a day.
    """
    compare_reread(house)
    if house.jobs.open(JobKind.READ_AGAIN):
        return 0
    given_up = {
        subject for kind, subject, *_ in house.jobs.failures(house.clock() - GIVE_UP) if kind is JobKind.READ_AGAIN
    }
    portions = [f"{first:09}-{last:09}" for first, last in house.archive.backlog.portions(NORMALISER, REREAD_PORTION)]
    wanted = [subject for subject in portions if subject not in given_up]
    if wanted:
        compare_pending(house)
    return house.jobs.ask(JobKind.READ_AGAIN, wanted)


def compare_reread(house: House) -> int:
    """When the last portion has been read again: a comparing job for every province not compared since; how many."""
    done = house.jobs.finished(JobKind.READ_AGAIN)
    if done is None or house.jobs.open(JobKind.READ_AGAIN):
        return 0
    last = house.jobs.last(JobKind.COMPARE)
    provinces = {source.province for source in all_sources(house.settings) if source.province}
    return house.jobs.ask(JobKind.COMPARE, {one for one in provinces if one not in last or last[one] < done})


def work(house: House, *, crawls: bool = True, steps: bool = True, leaving: Callable[[], bool] = staying) -> int:
    """Claim and do what waits until nothing can be claimed, or a crawl's wall clock is over; how many were done.

    Once ``leaving()`` is true nothing more is claimed, and a crawl under way is stopped and given back.
    """
    done, over = 0, time.monotonic() + house.settings.crawl_seconds
    while not leaving():
        did = (_one_step(house) if steps else 0) or (_one_batch(house, leaving) if crawls else 0)
        done += did
        if not did or time.monotonic() > over:
            break
    return done


def source_hosts(sources: Sequence[Source]) -> dict[str, frozenset[str]]:
    """The hosts that visiting each source may ask; a digest may lead to every department."""
    everywhere = frozenset(host for source in sources for host in source.hosts)
    return {s.slug: frozenset(s.hosts) if s.province else everywhere for s in sources}


def _one_batch(house: House, leaving: Callable[[], bool]) -> int:
    if not house.jobs.waits(JobKind.CRAWL):
        return 0  # most nudges find nothing left; reading every source file for them would cost more than the work
    settings, sources = house.settings, all_sources(house.settings)
    owner = uuid.uuid4().hex
    claim = Claim(owner, source_hosts(sources), settings.crawl_batch, _lease(settings))
    jobs = house.jobs.claim_crawls(claim)
    if not jobs:
        return 0
    slugs = tuple(job.subject for job in jobs)
    event("crawl_started", sources=slugs)
    with _held(house, jobs, owner, rest=settings.crawl_delay) as check:
        made = run_crawl(_task(house, sources, slugs), settings, lambda *_: check(), leaving)
        read = read_kept(house, sources, only=slugs)
        event("crawl_done", sources=slugs, outcomes=dict(made.outcomes), versions=len(read.versions))
        touched = {s.province for s in sources if s.province and (s.slug in slugs or _wide(sources, slugs))}
        house.jobs.ask(JobKind.COMPARE, touched)
        house.jobs.ask(JobKind.WATCH, (ALL,))
    return len(jobs)


def _lease(settings: Settings) -> float:
    """Seconds a worker's word holds: longer than a host's pause, which is over before another takes the host over."""
    return max(settings.lease_seconds, 2 * settings.crawl_delay)


def _wide(sources: Sequence[Source], slugs: Sequence[str]) -> bool:
    return any(source.province is None for source in sources if source.slug in slugs)


def _task(house: House, sources: Sequence[Source], slugs: tuple[str, ...]) -> CrawlTask:
    settings = house.settings
    known = sources if _wide(sources, slugs) else [source for source in sources if source.slug in slugs]
    return CrawlTask(
        database_url=settings.database_url,
        sources=tuple(known),
        only=slugs,
        memory_mb=settings.crawl_memory_mb,
        contact=settings.contact,
        private_hosts=settings.private_hosts,
        delay=settings.crawl_delay,
    )


def _one_step(house: House) -> int:
    owner = uuid.uuid4().hex
    job = house.jobs.claim(STEPS, owner, house.settings.lease_seconds)
    if job is None:
        return 0
    with _held(house, [job], owner):
        _step(house, job)
    if job.kind is JobKind.READ_AGAIN:
        compare_reread(house)
    return 1


def _step(house: House, job: Job) -> None:
    sources = all_sources(house.settings)
    match job.kind:
        case JobKind.READ:
            read_kept(house, sources, only=(job.subject,))
            house.jobs.ask(JobKind.COMPARE, {s.province for s in sources if s.province})
        case JobKind.READ_AGAIN:
            first, last = map(int, job.subject.split("-"))
            read_kept(house, sources, between=(first, last))
        case JobKind.WATCH:
            seen = watch(house, sources)
            queue_incidents(house, (*seen.opened, *seen.closed))
            event("watch", opened=len(seen.opened), closed=len(seen.closed))
        case JobKind.COMPARE:
            compare_pending(house, (job.subject,))
        case JobKind.CRAWL:
            raise AssertionError("crawls are claimed in batches")


@contextmanager
def _held(house: House, jobs: Sequence[Job], owner: str, rest: float = 0.0) -> Iterator[Callable[[], None]]:
    """Hold the leases while the work goes on; finish it, give it back, or say why it failed."""
    lost, ended = threading.Event(), threading.Event()
    seconds = _lease(house.settings)

    def renew() -> None:
        while not ended.wait(seconds / 4):  # most work is done before its lease has to be renewed
            # with the database away, the next renewal says whether the lease ran out meanwhile; a connection of its
            # own, as the work keeps the other one busy
            with suppress(ChengnuoError), open_house(house.settings) as own:
                if not own.jobs.renew(jobs, owner, seconds):
                    lost.set()
                if jobs[0].kind is JobKind.CRAWL:
                    own.pulse.beat(CRAWLER)

    def check() -> None:
        if lost.is_set():
            raise LeaseLost("工作已由别人接手 the work was taken over")

    keeper = threading.Thread(target=renew, daemon=True)
    keeper.start()
    try:
        yield check
    except CrawlStopped:
        event("given_back", jobs=[f"{job.kind.value} {job.subject}" for job in jobs])
        house.jobs.give_back(jobs, owner, rest)
    except ChengnuoError as error:
        attempt = max(job.attempt for job in jobs)
        again = house.clock() + RETRIES[attempt - 1] if attempt <= len(RETRIES) else None
        event("job_failed", jobs=[f"{job.kind.value} {job.subject}" for job in jobs], reason=str(error))
        house.jobs.failed(jobs, owner, str(error), again, rest)
    else:
        house.jobs.done(jobs, owner, rest)
    finally:
        ended.set()
        keeper.join()
