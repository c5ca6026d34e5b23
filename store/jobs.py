"""Jobs as rows: added by the calendar, claimed with a lease, finished or taken over; one worker at a time a host."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from schema.jobs import Claim, Job, JobKind, JobState
from store import tables as t
from store.archive import utc_now
from store.database import Database

HAND_OVER_PAUSE = timedelta(minutes=1)
"""The same job is handed to the broker at most this often."""
WIDE = 8
"""A crawl that may ask more hosts than this (a digest's) is wide: it needs a quiet moment."""
PATIENCE = timedelta(minutes=10)
"""A wide crawl that has waited this long goes before all others."""
ALONE = frozenset({JobKind.READ_AGAIN})
"""One at a time, in order: which of two addresses had a text first must come out as when one process reads them all."""
MOST_ATTEMPTS = 5
"""A job whose workers died this often is given up: the work itself may be what kills them."""
_LOCK = 0x6368656E67
"""PostgreSQL's advisory lock behind every claim; SQLite's writers queue by themselves."""


class JobBook:
    """All scheduled work. Each method is one transaction."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def add(self, kind: JobKind, subjects: Iterable[tuple[str, datetime]]) -> int:
        """Add jobs for (subject, scheduled moment); how many were new."""
        with self._database.writing() as session:
            self._exclusive(session)
            return sum(self._add(session, kind, subject, scheduled) for subject, scheduled in subjects)

    def ask(self, kind: JobKind, subjects: Iterable[str]) -> int:
        """Add a job for now for each subject that has none waiting; how many were new."""
        now = self._clock()
        waiting = select(t.JobRow.subject).where(t.JobRow.kind == kind.value, t.JobRow.state == JobState.WAITING.value)
        with self._database.writing() as session:
            self._exclusive(session)
            known = set(session.scalars(waiting))
            return sum(self._add(session, kind, subject, now) for subject in sorted({*subjects} - known))

    def last(self, kind: JobKind) -> dict[str, datetime]:
        """The newest scheduled moment of every subject."""
        query = select(t.JobRow.subject, func.max(t.JobRow.scheduled)).where(t.JobRow.kind == kind.value)
        with self._database.reading() as session:
            return dict(session.execute(query.group_by(t.JobRow.subject)).all())

    def open(self, kind: JobKind) -> int:
        """How many jobs of a kind wait or run."""
        states = (JobState.WAITING.value, JobState.RUNNING.value)
        query = select(func.count()).where(t.JobRow.kind == kind.value, t.JobRow.state.in_(states))
        with self._database.reading() as session:
            return session.scalar(query) or 0

    def finished(self, kind: JobKind) -> datetime | None:
        """When the last job of a kind was done or given up; None when none was."""
        with self._database.reading() as session:
            return session.scalar(select(func.max(t.JobRow.finished_at)).where(t.JobRow.kind == kind.value))

    def due(self, limit: int = 500) -> list[tuple[int, JobKind]]:
        """Jobs to hand to the broker now, oldest first: claimable, and not handed over within a minute."""
        now = self._clock()
        rested = or_(t.JobRow.handed_at.is_(None), t.JobRow.handed_at < now - HAND_OVER_PAUSE)
        query = select(t.JobRow.id, t.JobRow.kind).where(_claimable(now), rested)
        with self._database.reading() as session:
            found = session.execute(query.order_by(t.JobRow.scheduled, t.JobRow.id).limit(limit))
            return [(number, JobKind(kind)) for number, kind in found]

    def waits(self, kind: JobKind) -> bool:
        """Whether a job of this kind could be claimed, were its hosts free."""
        query = select(t.JobRow.id).where(t.JobRow.kind == kind.value, _claimable(self._clock()))
        with self._database.reading() as session:
            return session.scalar(query.limit(1)) is not None

    def mark_handed(self, numbers: Sequence[int]) -> None:
        """Remember that these were handed to the broker just now."""
        with self._database.writing() as session:
            session.execute(update(t.JobRow).where(t.JobRow.id.in_(numbers)).values(handed_at=self._clock()))

    def claim_crawls(self, claim: Claim) -> list[Job]:
        """Take crawls whose hosts nobody holds, oldest first, and their hosts with them.

        A crawl of a host that is taken already waits until no other can be: its requests queue up behind the first
        one's, and the whole batch would last for all of them.
        """
        now = self._clock()
        until = now + timedelta(seconds=claim.seconds)
        with self._database.writing() as session:
            self._exclusive(session)
            held = set(session.scalars(select(t.HostLeaseRow.host).where(t.HostLeaseRow.until > now)))
            chosen = _choose(list(_fit(session, JobKind.CRAWL, now)), held, claim, now)
            hosts = frozenset[str]().union(*(_wanted(row, claim) for row in chosen))
            for host in hosts:
                session.merge(t.HostLeaseRow(host=host, owner=claim.owner, until=until))
            return [_take(row, claim.owner, until) for row in chosen]

    def claim(self, kinds: Sequence[JobKind], owner: str, seconds: float) -> Job | None:
        """Take the oldest job of these kinds whose subject nobody works on."""
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        running = select(t.JobRow.kind, t.JobRow.subject).where(
            t.JobRow.state == JobState.RUNNING.value, t.JobRow.lease_until > now
        )
        with self._database.writing() as session:
            self._exclusive(session)
            busy = {(kind, subject) for kind, subject in session.execute(running)}
            running_kinds = {kind for kind, _ in busy}
            for kind in kinds:
                if kind in ALONE and kind.value in running_kinds:
                    continue
                for row in _fit(session, kind, now):
                    if (row.kind, row.subject) not in busy:
                        return _take(row, owner, until)
        return None

    def renew(self, jobs: Sequence[Job], owner: str, seconds: float) -> bool:
        """Hold the jobs and their hosts longer; False when another worker has taken one over."""
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        with self._database.writing() as session:
            self._exclusive(session)
            mine = update(t.JobRow).where(*_held(jobs, owner)).values(lease_until=until)
            kept = len(session.scalars(mine.returning(t.JobRow.id)).all())
            session.execute(update(t.HostLeaseRow).where(t.HostLeaseRow.owner == owner).values(until=until))
        return kept == len(jobs)

    def done(self, jobs: Sequence[Job], owner: str, rest: float = 0.0) -> None:
        """The work is done; its hosts rest for ``rest`` seconds."""
        now = self._clock()
        with self._database.writing() as session:
            values: dict[str, Any] = {
                "state": JobState.DONE.value,
                "lease_until": None,
                "finished_at": now,
                "detail": "",
            }
            session.execute(update(t.JobRow).where(*_held(jobs, owner)).values(**values))
            self._release(session, owner, now + timedelta(seconds=rest))

    def failed(self, jobs: Sequence[Job], owner: str, detail: str, again: datetime | None, rest: float = 0.0) -> None:
        """The work failed; it is tried again at ``again``, or given up. Its hosts rest all the same."""
        now = self._clock()
        state = JobState.WAITING if again else JobState.FAILED
        values: dict[str, Any] = {"state": state.value, "lease_until": None, "handed_at": None, "detail": detail}
        values |= {"not_before": again} if again else {"finished_at": now}
        with self._database.writing() as session:
            session.execute(update(t.JobRow).where(*_held(jobs, owner)).values(**values))
            self._release(session, owner, now + timedelta(seconds=rest))

    def give_back(self, jobs: Sequence[Job], owner: str, rest: float = 0.0) -> None:
        """The worker leaves before the work is done: others may take it at once, and no attempt is counted."""
        values: dict[str, Any] = {"state": JobState.WAITING.value, "lease_until": None, "handed_at": None}
        with self._database.writing() as session:
            session.execute(
                update(t.JobRow).where(*_held(jobs, owner)).values(**values, attempt=t.JobRow.attempt - 1, owner="")
            )
            self._release(session, owner, self._clock() + timedelta(seconds=rest))

    def states(self) -> dict[tuple[JobKind, JobState], int]:
        """How many jobs of each kind stand where."""
        query = select(t.JobRow.kind, t.JobRow.state, func.count()).group_by(t.JobRow.kind, t.JobRow.state)
        with self._database.reading() as session:
            return {(JobKind(kind), JobState(state)): number for kind, state, number in session.execute(query)}

    def failures(self, since: datetime) -> list[tuple[JobKind, str, datetime, str]]:
        """Jobs given up since a moment: kind, subject, scheduled, reason."""
        query = select(t.JobRow).where(t.JobRow.state == JobState.FAILED.value, t.JobRow.finished_at >= since)
        with self._database.reading() as session:
            rows = session.scalars(query.order_by(t.JobRow.id))
            return [(JobKind(row.kind), row.subject, row.scheduled, row.detail) for row in rows]

    def forget(self, before: datetime) -> None:
        """Remove finished jobs older than this, except each subject's newest: the calendar counts from it."""
        newest = select(func.max(t.JobRow.id)).group_by(t.JobRow.kind, t.JobRow.subject)
        old = (t.JobRow.finished_at < before, t.JobRow.id.not_in(newest))
        with self._database.writing() as session:
            session.execute(delete(t.JobRow).where(*old))

    def _exclusive(self, session: Session) -> None:
        if self._database.dialect == "postgresql":
            session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})

    def _add(self, session: Session, kind: JobKind, subject: str, scheduled: datetime) -> bool:
        same = (t.JobRow.kind == kind.value, t.JobRow.subject == subject, t.JobRow.scheduled == scheduled)
        if session.scalar(select(t.JobRow.id).where(*same)) is not None:
            return False
        row = t.JobRow(kind=kind.value, subject=subject, scheduled=scheduled, state=JobState.WAITING.value)
        row.not_before, row.attempt, row.owner, row.detail = self._clock(), 0, "", ""
        session.add(row)
        return True

    @staticmethod
    def _release(session: Session, owner: str, until: datetime) -> None:
        session.execute(update(t.HostLeaseRow).where(t.HostLeaseRow.owner == owner).values(until=until, owner=""))


def _wanted(row: t.JobRow, claim: Claim) -> frozenset[str]:
    return claim.hosts.get(row.subject, frozenset())


def _choose(rows: Sequence[t.JobRow], held: AbstractSet[str], claim: Claim, now: datetime) -> list[t.JobRow]:
    """A batch of those whose hosts are not held, a host each as far as that fills it; a wide one goes alone."""
    chosen: list[t.JobRow] = []
    behind: list[t.JobRow] = []
    hosts: set[str] = set()
    for row in rows:
        wanted = _wanted(row, claim)
        wide = len(wanted) > WIDE
        if wanted & held or (wide and chosen):
            if wide and now - row.scheduled > PATIENCE:
                break  # others hold some of its hosts; nothing new begins until it has had its turn
            continue
        if wanted & hosts:
            behind.append(row)
            continue
        chosen.append(row)
        hosts |= wanted
        if wide:
            return chosen
        if len(chosen) >= claim.limit:
            break
    return chosen + behind[: claim.limit - len(chosen)]


def _take(row: t.JobRow, owner: str, until: datetime) -> Job:
    row.state, row.owner, row.lease_until, row.attempt = JobState.RUNNING.value, owner, until, row.attempt + 1
    return Job(row.id, JobKind(row.kind), row.subject, row.scheduled, row.attempt)


def _fit(session: Session, kind: JobKind, now: datetime) -> Iterator[t.JobRow]:
    """Claimable jobs of a kind, oldest first; those that killed their workers too often are given up on the way."""
    query = select(t.JobRow).where(t.JobRow.kind == kind.value, _claimable(now))
    for row in session.scalars(query.order_by(t.JobRow.scheduled, t.JobRow.id)).all():
        if row.attempt < MOST_ATTEMPTS:
            yield row
        else:
            row.state, row.lease_until, row.finished_at = JobState.FAILED.value, None, now
            row.detail = row.detail or f"{MOST_ATTEMPTS} workers ended without a word"


def _held(jobs: Sequence[Job], owner: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the type is SQLAlchemy's own
    running = t.JobRow.state == JobState.RUNNING.value
    return t.JobRow.id.in_([job.id for job in jobs]), t.JobRow.owner == owner, running


def _claimable(now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as above
    waiting = (t.JobRow.state == JobState.WAITING.value) & (t.JobRow.not_before <= now)
    left_behind = (t.JobRow.state == JobState.RUNNING.value) & (t.JobRow.lease_until < now)
    return or_(waiting, left_behind)
