"""Reading again shared by real Celery workers comes to what one process comes to, and tells nobody."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bench.read_again import pages
from crawler.read import NORMALISER
from schema.announcements import Check, CheckOutcome, Rank, Reading, Source, SourceKind
from schema.jobs import JobKind, JobState
from store.tables import AnnouncementRow, DiffRow, JobRow
from store.verifying import verify_database
from workflow import jobs
from workflow.collecting import read_capture
from workflow.comparing import compare_pending
from workflow.fanout import hand_over_jobs
from workflow.house import House, all_sources, open_house
from workflow.rereading import read_again
from workflow.settings import load_settings
from workflow.worker import celery_app

COUNT, PORTION = 24, 5
PATIENCE = 120.0
ROOT = Path(__file__).parents[2]


def shortened(reading: Reading) -> Reading:
    """As an older normaliser might have read it: the first commitment of every directive."""
    told = tuple(
        replace(one, directives=tuple(replace(d, commitments=d.commitments[:1]) for d in one.directives))
        for one in reading.announcements
    )
    return replace(reading, announcements=told)


def fill(house: House) -> None:
    """Some addresses captured twice, all read by an older normaliser, compared and told."""
    source = Source("sample", "sample", SourceKind.ARTICLE, Rank.OFFICIAL)
    captures = list(pages(COUNT))
    captures += [replace(one, body=one.body + b"<!-- counted -->") for one in captures[:4]]
    for page in captures:
        house.archive.keep_visit(page, Check(page.source, page.url, page.fetched_at, CheckOutcome.NEW, 200))
    read = [
        (kept, shortened(read_capture(kept.page, source)), source) for kept in house.archive.unread("older", COUNT * 2)
    ]
    house.archive.readings.keep(read, "older")
    compare_pending(house)


def state(house: House) -> tuple[Any, ...]:
    """Versions and technical diffs without numbers and moments; how many alerts there are."""
    columns = [c for c in AnnouncementRow.__table__.columns if c.name not in ("id", "reading_id", "known_at")]
    order = (AnnouncementRow.page_id, AnnouncementRow.province, AnnouncementRow.normaliser)
    diffs = select(DiffRow.province, DiffRow.year_old, DiffRow.year_new, DiffRow.outcome, DiffRow.new_units)
    with house.database.reading() as session:
        versions = [tuple(row) for row in session.execute(select(*columns).order_by(*order))]
        technical = diffs.where(DiffRow.technical).order_by(DiffRow.province, DiffRow.year_new)
        return versions, [tuple(row) for row in session.execute(technical)], house.archive.count("alerts")


@contextmanager
def worker(data: Path, broker: str) -> Iterator[None]:
    """A Celery worker of its own that does steps and crawls."""
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "CHENGNUO_BROKER_URL": broker}
    command = [sys.executable, "-m", "workflow", "--data", str(data), "worker", "--concurrency", "1"]
    with (data / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, cwd=data, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(PATIENCE)


@pytest.mark.full
def test_two_workers_come_to_what_one_process_comes_to(
    tmp_path: Path, valkey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Portions by address, each claimed once and in order; then every province is compared; nobody is told anything."""
    expected = _alone(tmp_path)
    monkeypatch.setattr(jobs, "REREAD_PORTION", PORTION)
    settings = load_settings({"CHENGNUO_BROKER_URL": valkey}, data=tmp_path / "shared")
    with open_house(settings) as shared:
        fill(shared)
        before = shared.archive.count("alerts")
        portions = jobs.plan_rereading(shared)
        assert portions >= COUNT // PORTION
        assert jobs.plan_rereading(shared) == 0, "while portions are open none are added"
        with worker(settings.data, valkey), worker(settings.data, valkey):
            app, end = celery_app(settings), time.monotonic() + PATIENCE
            while not _finished(shared):
                assert time.monotonic() < end, (settings.data / "worker.log").read_text(errors="replace")
                hand_over_jobs(shared, app)
                time.sleep(0.2)
        found = state(shared)
        assert (found[2], len(found[0]), len(found[1])) == (expected[2], len(expected[0]), len(expected[1]))
        assert [(a, b) for a, b in zip(found[0], expected[0], strict=True) if a != b] == []
        assert found == expected
        assert expected[2] == before
        assert len(expected[1]) > 0
        assert shared.archive.unread(NORMALISER) == []
        assert jobs.plan_rereading(shared) == 0
        with shared.database.reading() as session:
            again = session.scalars(select(JobRow).where(JobRow.kind == JobKind.READ_AGAIN.value)).all()
        assert [(job.state, job.attempt) for job in again] == [(JobState.DONE.value, 1)] * portions
        assert verify_database(shared.database).problems == []


def _alone(folder: Path) -> tuple[Any, ...]:
    """What the command comes to."""
    with open_house(load_settings({}, data=folder / "alone")) as alone:
        fill(alone)
        read_again(alone, all_sources(alone.settings), lambda _n: None, processes=1)
        return state(alone)


def test_the_calendar_comes_to_what_the_command_comes_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process that does the jobs, as ``chengnuo run`` does: the same versions, diffs and alerts."""
    monkeypatch.setattr(jobs, "REREAD_PORTION", PORTION)
    with open_house(load_settings({}, data=tmp_path / "run")) as house:
        fill(house)
        portions = jobs.plan_rereading(house)
        assert jobs.work(house, crawls=False) > portions
        assert _finished(house)
        assert state(house) == _alone(tmp_path)


def _finished(house: House) -> bool:
    """All portions are read, and what they asked to be compared is compared."""
    done = house.jobs.finished(JobKind.READ_AGAIN) is not None
    reread = done and not house.jobs.open(JobKind.READ_AGAIN)
    return reread and not jobs.compare_reread(house) and not house.jobs.open(JobKind.COMPARE)


def test_a_portion_that_was_given_up_is_not_asked_for_at_once(tmp_path: Path) -> None:
    """A page that kills its worker must not do so every minute; a day later it is tried again."""
    moment = [datetime(2026, 1, 20, 4, tzinfo=UTC)]
    with open_house(load_settings({}, data=tmp_path), clock=lambda: moment[0]) as house:
        fill(house)
        assert jobs.plan_rereading(house) == 1
        job = house.jobs.claim([JobKind.READ_AGAIN], "me", 60)
        assert job is not None
        house.jobs.failed([job], "me", "out of memory", again=None)
        assert jobs.plan_rereading(house) == 0
        moment[0] += timedelta(days=2)
        assert jobs.plan_rereading(house) == 1
