"""Asked to end in the middle of a crawl: a service leaves at once and gives back what it did not finish."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.source_file import source_toml
from sample.server import SampleWeb
from schema.jobs import JobKind, JobState
from workflow.house import open_house
from workflow.jobs import tick, work
from workflow.settings import load_settings
from workflow.worker import celery_app

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0


def _watch(data: Path, web: SampleWeb) -> None:
    (data / "sources").mkdir(parents=True)
    (hubei,) = (source for source in web.sources() if source.slug == "hubei")
    (data / "sources" / "hubei.toml").write_text(source_toml(hubei, "sample"), encoding="utf-8")
    (data / "calendar.toml").write_text('every = "never"\n[source.hubei]\nevery = "1h"\n', encoding="utf-8")


def _until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.parametrize("words", [("run",), ("worker", "--only", "crawl")])
def test_a_crawl_is_given_back_when_its_service_ends(words: tuple[str, ...], tmp_path: Path, valkey: str) -> None:
    """SIGTERM while a site is being asked: exit code 0; the job waits as if nobody had tried, and is done later."""
    given = {"CHENGNUO_PRIVATE_HOSTS": "127.0.0.1", "CHENGNUO_CRAWL_DELAY": "12", "CHENGNUO_BROKER_URL": valkey}
    settings = load_settings(given, data=tmp_path)
    with SampleWeb(season=2026) as web:
        _watch(tmp_path, web)
        settings = load_settings(given, data=tmp_path)
        with open_house(settings) as house:
            assert tick(house) == 1
        celery_app(settings).send_task("chengnuo.crawl")
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "C_FORCE_ROOT": "1", **given}
        with (tmp_path / "log").open("wb") as log:
            service = subprocess.Popen(
                [sys.executable, "-m", "workflow", "--data", str(tmp_path), *words],
                env=environment, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            _until(lambda: web.asked)
            service.send_signal(signal.SIGTERM)
            assert service.wait(timeout=PATIENCE) == 0, (tmp_path / "log").read_text()
        finally:
            service.kill()
            service.wait()
        with open_house(settings) as house:
            assert house.jobs.states() == {(JobKind.CRAWL, JobState.WAITING): 1}
        quick = load_settings({**given, "CHENGNUO_CRAWL_DELAY": "0.1"}, data=tmp_path)
        with open_house(quick) as house:
            _until(lambda: work(house, steps=False))  # the host rests first
            assert house.jobs.states()[JobKind.CRAWL, JobState.DONE] == 1
