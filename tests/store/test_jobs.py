"""Scheduled work: added once, claimed by one, taken over when its worker dies, one worker at a time a host."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from schema.jobs import Claim, Job, JobKind, JobState
from store.database import Database
from store.jobs import MOST_ATTEMPTS, PATIENCE, JobBook

NOON = datetime(2026, 1, 20, 12, tzinfo=UTC)
HOSTS = {"a": frozenset({"one"}), "b": frozenset({"one"}), "c": frozenset({"two"})}


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(database_url: str, clock: Clock):
    database = Database.open(database_url)
    yield JobBook(database, clock)
    database.close()


def _claim(book: JobBook, owner: str, limit: int = 9, hosts: dict[str, frozenset[str]] | None = None) -> list[Job]:
    return book.claim_crawls(Claim(owner, hosts or HOSTS, limit, 60))


def _add(book: JobBook, *slugs: str) -> None:
    assert book.add(JobKind.CRAWL, [(slug, NOON) for slug in slugs]) == len(slugs)


def test_two_calendars_make_one_job(book: JobBook) -> None:
    """The same source at the same moment is one row."""
    _add(book, "a")
    assert book.add(JobKind.CRAWL, [("a", NOON)]) == 0
    assert book.last(JobKind.CRAWL) == {"a": NOON}


def test_one_worker_at_a_time_asks_a_host(book: JobBook, clock: Clock) -> None:
    """While one worker holds a host the other gets only what stands elsewhere, and afterwards the host rests."""
    _add(book, "a", "b", "c")
    first = _claim(book, "x", limit=1)
    assert [job.subject for job in first] == ["a"]
    assert [job.subject for job in _claim(book, "y")] == ["c"]
    assert _claim(book, "z") == []
    book.done(first, "x", rest=5)
    assert _claim(book, "z") == []
    clock.later(5.1)
    assert [job.subject for job in _claim(book, "z")] == ["b"]


def test_one_worker_may_take_all_sources_of_a_host(book: JobBook) -> None:
    """Inside one crawl Scrapy keeps the manners."""
    _add(book, "a", "b", "c")
    assert {job.subject for job in _claim(book, "x")} == {"a", "b", "c"}


def test_a_batch_is_filled_from_many_hosts_first(book: JobBook, clock: Clock) -> None:
    """What waits behind another source of its host comes next, before those who were added later."""
    _add(book, "a", "b", "c")
    clock.later(1)
    first = _claim(book, "x", limit=2)
    assert [job.subject for job in first] == ["a", "c"]
    assert book.add(JobKind.CRAWL, [("a", clock())]) == 1
    book.done(first, "x", rest=5)
    clock.later(5.1)
    assert [job.subject for job in _claim(book, "y", limit=1)] == ["b"]


def test_a_dead_worker_s_work_is_taken_over_and_its_late_word_does_not_count(book: JobBook, clock: Clock) -> None:
    """After the lease another worker gets the job; the first can neither renew nor finish it."""
    _add(book, "a")
    first = _claim(book, "x")
    clock.later(61)
    (second,) = _claim(book, "y")
    assert second.attempt == 2
    assert not book.renew(first, "x", 60)
    book.done(first, "x")
    assert book.states() == {(JobKind.CRAWL, JobState.RUNNING): 1}
    assert book.renew([second], "y", 60)


def test_a_renewed_lease_keeps_job_and_hosts(book: JobBook, clock: Clock) -> None:
    """A long crawl is nobody else's."""
    _add(book, "a", "b")
    jobs = _claim(book, "x", limit=1)
    clock.later(50)
    assert book.renew(jobs, "x", 60)
    clock.later(50)
    assert _claim(book, "y") == []


def test_work_that_kills_its_workers_is_given_up(book: JobBook, clock: Clock) -> None:
    """Five workers ended without a word: the sixth does not get it, and it is listed."""
    _add(book, "a")
    for n in range(MOST_ATTEMPTS):
        assert len(_claim(book, f"w{n}")) == 1
        clock.later(61)
    assert _claim(book, "last") == []
    assert [subject for _, subject, _, _ in book.failures(NOON)] == ["a"]


def test_a_failure_is_tried_again_at_its_time_then_listed(book: JobBook, clock: Clock) -> None:
    """Not before; and without a time it is given up with its reason."""
    _add(book, "a")
    book.failed(_claim(book, "x"), "x", "crawl ended early", clock() + timedelta(seconds=60))
    assert _claim(book, "y") == []
    clock.later(61)
    book.failed(_claim(book, "y"), "y", "crawl ended early", None)
    assert [(kind, subject, detail) for kind, subject, _, detail in book.failures(NOON)] == [
        (JobKind.CRAWL, "a", "crawl ended early")
    ]


def test_a_digest_that_may_lead_anywhere_gets_its_quiet_moment(book: JobBook, clock: Clock) -> None:
    """It runs alone, and when it has waited long enough nothing new begins before it."""
    wide = {f"s{n}": frozenset({f"h{n}"}) for n in range(12)}
    hosts = {**wide, "digest": frozenset(host for one in wide.values() for host in one)}
    _add(book, "s0")
    held = _claim(book, "x", hosts=hosts)
    _add(book, "digest", "s1", "s2")
    assert [job.subject for job in _claim(book, "y", limit=1, hosts=hosts)] == ["s1"]
    clock.later(PATIENCE.total_seconds() + 1)
    assert book.renew(held, "x", 60)
    assert _claim(book, "z", hosts=hosts) == []
    book.done(held, "x")
    assert [job.subject for job in _claim(book, "z", hosts=hosts)] == ["digest"]


def test_ask_adds_one_job_a_subject_while_it_waits(book: JobBook, clock: Clock) -> None:
    """Ten crawls of one province make one comparison; a running one does not stop the next from being asked for."""
    assert book.ask(JobKind.COMPARE, ["hubei", "hunan"]) == 2
    assert book.ask(JobKind.COMPARE, ["hubei"]) == 0
    job = book.claim([JobKind.COMPARE], "x", 60)
    assert job is not None
    clock.later(1)
    assert book.ask(JobKind.COMPARE, [job.subject]) == 1
    other = book.claim([JobKind.COMPARE], "y", 60)
    assert other is not None
    assert other.subject != job.subject
    assert book.claim([JobKind.COMPARE], "z", 60) is None


def test_jobs_are_handed_over_once_a_minute(book: JobBook, clock: Clock) -> None:
    """The broker may lose them; the next minute hands them over again."""
    _add(book, "a")
    due = book.due()
    assert [kind for _, kind in due] == [JobKind.CRAWL]
    book.mark_handed([number for number, _ in due])
    assert book.due() == []
    clock.later(61)
    assert book.due() == due


def test_old_jobs_go_but_each_source_s_newest_stays(book: JobBook, clock: Clock) -> None:
    """The calendar counts from the newest."""
    for n in range(3):
        book.add(JobKind.CRAWL, [("a", NOON + timedelta(hours=n))])
        book.done(_claim(book, f"x{n}"), f"x{n}")
    clock.later(10)
    book.forget(clock())
    assert book.states() == {(JobKind.CRAWL, JobState.DONE): 1}
    assert book.last(JobKind.CRAWL) == {"a": NOON + timedelta(hours=2)}


def test_eight_threads_never_share_a_job_or_a_host(database_url: str) -> None:
    """Forty sources on ten hosts, eight claimants at once: each source once, no host held twice at a time."""
    hosts = {f"s{n}": frozenset({f"h{n % 10}"}) for n in range(40)}
    database = Database.open(database_url)
    book = JobBook(database)
    book.add(JobKind.CRAWL, [(slug, NOON) for slug in hosts])
    taken: list[str] = []
    holding: set[str] = set()
    clashes: list[str] = []
    guard = threading.Lock()

    def worker(name: str) -> None:
        empty = 0
        while empty < 5:
            owner = f"{name}-{len(taken)}-{threading.get_ident()}"
            jobs = book.claim_crawls(Claim(owner, hosts, 2, 60))
            mine = {host for job in jobs for host in hosts[job.subject]}
            with guard:
                clashes.extend(mine & holding)
                holding.update(mine)
                taken.extend(job.subject for job in jobs)
            empty = 0 if jobs else empty + 1
            with guard:
                holding.difference_update(mine)
            book.done(jobs, owner)

    threads = [threading.Thread(target=worker, args=(f"w{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database.close()
    assert clashes == []
    assert sorted(taken) == sorted(hosts)
