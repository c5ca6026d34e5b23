"""Heartbeats, readiness and metrics: asked of rows, by a person, a health check and Prometheus."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
import uvicorn
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from review.app import make_app
from schema.alerts import Alert, AlertKind, Delivery, Receipt, Subscription
from schema.announcements import Check, CheckOutcome
from schema.incidents import IncidentKind
from workflow.health import LIMITS, PROCESSES, health, readiness
from workflow.heartbeats import Rhythm
from workflow.house import House, open_house
from workflow.metrics import exposition
from workflow.serving import probes
from workflow.settings import Settings, load_settings
from workflow.watchdog import BACK, LEFT, look

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 3, 4, tzinfo=UTC)
TEAM = Subscription("team", "email", "a@example.invalid")


class _Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(load_settings({}, data=tmp_path / "d"), broker_url="redis://127.0.0.1:1/0")


@pytest.fixture
def house(settings: Settings, clock: _Clock) -> Iterator[House]:
    with open_house(settings, clock) as opened:
        yield opened


def _figures(house: House) -> dict[tuple[str, ...], float]:
    families = text_string_to_metric_families(exposition(house).decode())
    return {
        (sample.name, *(f"{k}={v}" for k, v in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_readiness_names_what_is_missing(house: House, clock: _Clock) -> None:
    """Database and schema at once; each process from its first heartbeat until its last is too old."""
    assert {sign.name: sign.good for sign in readiness(house)} == {
        "database": True, "schema": True, "worker": False, "relay": False, "beat": False,
    }  # fmt: skip
    for process in LIMITS:
        house.pulse.beat(process)
    assert all(sign.good for sign in readiness(house))
    clock.now += timedelta(seconds=LIMITS["relay"] + 1)
    assert [sign.name for sign in readiness(house) if not sign.good] == ["relay"]


def test_of_several_workers_the_silent_one_is_named(house: House, clock: _Clock) -> None:
    """The other's heartbeat does not speak for it; after an hour it is not expected back, and that is what is said."""
    for name in ("worker1@a", "worker2@a"):
        house.pulse.beat(name)
    clock.now += timedelta(seconds=LIMITS["worker"] + 1)
    house.pulse.beat("worker1@a")
    (opened,) = look(house, ("worker",))
    assert (opened.kind, opened.source, opened.closed_at) == (IncidentKind.WORKER_SILENT, "worker2@a", None)
    assert house.pulse.last_beat("worker") == clock.now
    clock.now += timedelta(hours=1)
    house.pulse.beat("worker1@a")
    (closed,) = look(house, ("worker",))
    assert (closed.id, closed.closing_detail) == (opened.id, LEFT)
    assert list(house.pulse.beats()) == ["worker1@a"]


def test_the_last_worker_of_all_stays_missed(house: House, clock: _Clock) -> None:
    """However long it is gone; and when it beats again the incident closes as mended."""
    house.pulse.beat("worker1@a")
    clock.now += timedelta(days=2)
    (opened,) = look(house, ("worker",))
    assert (opened.source, look(house, ("worker",))) == ("worker1@a", ())
    house.pulse.beat("worker1@a")
    (closed,) = look(house, ("worker",))
    assert closed.closing_detail == BACK


def test_without_a_broker_no_heartbeat_is_asked_for(tmp_path: Path) -> None:
    """The embedded driver needs none of the three processes."""
    with open_house(load_settings({}, data=tmp_path)) as house:
        assert [sign.name for sign in readiness(house)] == ["database", "schema"]


def test_metrics_are_the_ledgers_figures(house: House, clock: _Clock) -> None:
    """The oldest alert that could have been sent, deliveries by state, incidents, visits, heartbeats."""
    waiting = Alert("later", "team", AlertKind.TEST, "", "", "", "{}", not_before=NOON + timedelta(hours=5))
    house.ledger.queue([(Alert(f"k{n}", "team", AlertKind.TEST, "", "", "", "{}"), TEAM) for n in range(3)])
    house.ledger.queue([(waiting, TEAM), (replace(waiting, key="held", not_before=None, held=True), TEAM)])
    (first, *_) = house.ledger.due()
    claimed = house.ledger.claim(first)
    assert isinstance(claimed, Delivery)
    house.ledger.sent(claimed, Receipt("email", NOON, "x"))
    house.incidents.observe(IncidentKind.BLOCKED, "hunan", "412")
    house.archive.keep_visit(
        None, Check("henan", "http://a.invalid/", NOON - timedelta(hours=1), CheckOutcome.TIMEOUT, None)
    )
    house.pulse.beat("relay")
    clock.now += timedelta(seconds=90)
    figures = _figures(house)
    assert figures["chengnuo_oldest_unsent_alert_seconds",] == 90
    by_state = {state: figures["chengnuo_deliveries", "channel=email", f"state={state}"] for state in _STATES}
    assert by_state == {"held": 1, "pending": 3, "sending": 0, "sent": 1, "dead": 0}
    assert figures["chengnuo_open_incidents", "kind=blocked"] == 1
    assert figures["chengnuo_open_incidents", "kind=tls"] == 0
    assert figures["chengnuo_crawl_age_seconds", "source=henan"] == 3690
    assert figures["chengnuo_heartbeat_age_seconds", "process=relay"] == 90


_STATES = ("held", "pending", "sending", "sent", "dead")


def test_the_pages_answer_for_health(house: House) -> None:
    """Alive whatever happens; ready only when all is well; metrics as Prometheus wants them."""
    with TestClient(make_app(house.database, probes=probes(house)), base_url="http://127.0.0.1") as client:
        assert client.get("/healthz").json() == {"ok": True}
        refused = client.get("/readyz")
        assert (refused.status_code, refused.json()["checks"]["relay"]["ok"]) == (503, False)
        for process in LIMITS:
            house.pulse.beat(process)
        assert client.get("/readyz").json()["ready"] is True
        page = client.get("/metrics")
        assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
        assert "chengnuo_heartbeat_age_seconds" in page.text


def test_the_command_says_one_line_a_process(tmp_path: Path, run) -> None:
    """0 for well, 1 for not; an unknown process is refused."""
    data = tmp_path / "d"
    answer = run("health", "worker", data=data)
    assert (answer.returncode, answer.stdout, answer.stderr) == (1, "✗ worker: no heartbeat yet\n", "")
    with open_house(load_settings({}, data=data)) as house:
        house.pulse.beat("worker")
    assert run("health", "worker", data=data).returncode == 0
    assert run("health", "nobody", data=data).returncode == 2


def test_web_is_well_when_it_answers(house: House, settings: Settings) -> None:
    """A real server on loopback; a port nobody listens on."""
    own = socket.socket()
    own.bind(("127.0.0.1", 0))  # bound, not listening: ours alone, and it refuses
    port = own.getsockname()[1]
    settings = replace(settings, port=port)
    assert not health(settings, "web").good
    server = uvicorn.Server(uvicorn.Config(make_app(house.database), log_level="warning"))
    thread = threading.Thread(target=server.run, args=([own],))
    thread.start()
    while not server.started:
        time.sleep(0.02)
    assert health(settings, "web").good
    with urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
        assert json.load(answer) == {"ok": True}
    server.should_exit = True
    thread.join()
    own.close()


def test_every_process_has_its_answer(tmp_path: Path) -> None:
    """An empty house is well in nothing; a visit just now makes the crawl well."""
    settings = replace(load_settings({}, data=tmp_path), port=9)
    assert [sign.good for sign in (health(settings, process) for process in PROCESSES)] == [False] * len(PROCESSES)
    with open_house(settings) as house:
        visit = Check("henan", "http://a.invalid/", datetime.now(UTC), CheckOutcome.TIMEOUT, None)
        house.archive.keep_visit(None, visit)
    assert health(settings, "crawl").good


def test_a_database_that_is_away_is_a_bad_sign_and_no_error(tmp_path: Path) -> None:
    """One line, whatever the database says."""
    blocked = tmp_path / "file"
    blocked.write_text("no database\n" * 200)
    settings = replace(load_settings({}, data=tmp_path), database_url=f"sqlite:///{blocked}")
    assert not health(settings, "relay").good


def test_a_heartbeat_is_written_now_and_then(house: House) -> None:
    """Not in every round of a loop."""
    beats: list[int] = []
    rhythm = Rhythm(lambda: beats.append(1), 60)
    for _ in range(100):
        rhythm()
    assert beats == [1]


def test_the_three_processes_prove_that_they_work(tmp_path: Path, valkey: str) -> None:
    """Real worker, relay and calendar: ready within seconds, well by the command, and ended by SIGTERM in order."""
    data, variables = (
        tmp_path / "d",
        {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "CHENGNUO_BROKER_URL": valkey, "C_FORCE_ROOT": "1"},
    )
    data.mkdir()
    (data / "calendar.toml").write_text('every = "never"\n', encoding="utf-8")  # no real site is visited from here
    settings = load_settings({"CHENGNUO_BROKER_URL": valkey}, data=data)
    with open_house(settings) as house, (tmp_path / "log").open("wb") as log:
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "workflow", "--data", str(data), *words], env=variables, stdout=log, stderr=log
            )
            for words in (("worker", "--concurrency", "1"), ("relay", "--every", "0.2"), ("beat",))
        ]
        try:
            deadline = time.monotonic() + 150
            while not all(sign.good for sign in readiness(house)):
                assert time.monotonic() < deadline, readiness(house)
                time.sleep(0.1)
            for process in running:
                process.terminate()
            assert [process.wait(timeout=90) for process in running] == [0, 0, 0]
        finally:
            for process in running:
                process.kill()
                process.wait()
