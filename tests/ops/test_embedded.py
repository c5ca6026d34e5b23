"""One process without a broker: by the calendar from a page to a message; what was missed is caught up once."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from crawler.source_file import source_toml
from sample.server import SampleWeb
from schema.alerts import DeliveryState
from schema.announcements import Source
from schema.jobs import JobKind, JobState
from workflow.embedded import one_round
from workflow.house import open_house
from workflow.jobs import tick
from workflow.settings import Settings, load_settings

WATCHED = ("hubei", "zhejiang")


@pytest.fixture
def web():
    with SampleWeb(season=2025) as web:
        yield web


def _watch(data: Path, sources: tuple[Source, ...]) -> Settings:
    """A house that watches some sample sites and nothing else."""
    folder = data / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        (folder / f"{source.slug}.toml").write_text(source_toml(source, "sample"), encoding="utf-8")
    lines = ['every = "never"', *(f'[source.{source.slug}]\nevery = "1h"' for source in sources)]
    (data / "calendar.toml").write_text("\n".join(lines), encoding="utf-8")
    return load_settings({"CHENGNUO_PRIVATE_HOSTS": "127.0.0.1", "CHENGNUO_CRAWL_DELAY": "0.1"}, data=data)


def _some(web: SampleWeb) -> tuple[Source, ...]:
    return tuple(source for source in web.sources() if source.slug in WATCHED)


def test_by_the_calendar_from_a_page_to_a_message(web: SampleWeb, tmp_path: Path) -> None:
    """Two years, two rounds: crawled once each, compared, told; a third round at the same hour does nothing."""
    settings, start = _watch(tmp_path, _some(web)), datetime.now(UTC)
    one_round(settings, lambda: start)
    with open_house(settings, clock=lambda: start) as house:
        assert house.jobs.states()[JobKind.CRAWL, JobState.DONE] == 2
        asked = len(web.asked)
        assert tick(house) == 0
    one_round(settings, lambda: start)
    assert len(web.asked) == asked
    web.season = 2026
    one_round(settings, lambda: start + timedelta(hours=2))  # the minute wanders: one hour on may hold no visit
    with open_house(settings) as house:
        assert house.jobs.states()[JobKind.CRAWL, JobState.DONE] == 4
        assert {year for _, year in house.archive.editions()} >= {2025, 2026}
        assert house.ledger.counts()[DeliveryState.SENT] > 2
        assert house.ledger.counts()[DeliveryState.DEAD] == 0
    letters = [message_from_bytes(file.read_bytes(), policy=default) for file in settings.mailbox.glob("*.eml")]
    subjects = sorted(letter["subject"] for letter in letters)
    assert [one for one in subjects if "湖北" in one and "2026" in one], subjects


def test_what_was_missed_is_caught_up_once(tmp_path: Path, web: SampleWeb) -> None:
    """A week away makes one visit a source, and a changed calendar is in force at the next tick."""
    settings = _watch(tmp_path, _some(web))
    with open_house(settings) as house:
        assert tick(house) == 2
    with open_house(settings, clock=lambda: datetime.now(UTC) + timedelta(days=7)) as house:
        assert tick(house) == 2
        assert tick(house) == 0
        (tmp_path / "calendar.toml").write_text('every = "never"\n[source.hubei]\nevery = "1h"\n', encoding="utf-8")
    with open_house(settings, clock=lambda: datetime.now(UTC) + timedelta(days=8)) as house:
        assert tick(house) == 1


def test_a_broken_calendar_names_its_line(tmp_path: Path) -> None:
    """`chengnuo run --once` ends with one line and exit code 2."""
    (tmp_path / "calendar.toml").write_text('every = "often"\n', encoding="utf-8")
    command = [sys.executable, "-m", "workflow", "--data", str(tmp_path), "run", "--once"]
    made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert made.returncode == 2
    assert "calendar.toml: every: 'often'" in made.stderr.splitlines()[-1]
