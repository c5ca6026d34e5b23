"""Real workers: each has a heartbeat of its own, and one that takes nothing while tasks wait ends itself."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from notifier.tasks import hand_over, make_app
from schema.alerts import Alert, AlertKind, DeliveryState, Subscription
from workflow.house import House, open_house
from workflow.relaying import relay_once
from workflow.settings import load_settings

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0
MANY = 6


class Stage:
    """A house with a broker, and its workers."""

    def __init__(self, folder: Path, broker: str) -> None:
        self.folder, self.broker, self.log = folder, broker, folder / "log"
        self.running: list[subprocess.Popen[bytes]] = []

    def worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(Path(__file__).with_name("deaf_main.py")), "--data", str(self.folder / "d")]
        variables = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "C_FORCE_ROOT": "1",
            "TMPDIR": str(self.folder),
            "CHENGNUO_BROKER_URL": self.broker,
        }
        with self.log.open("ab") as out:
            words = ("worker", "--concurrency", "1", "--only", "deliver")
            process = subprocess.Popen(
                [*command, *words], env=variables, cwd=ROOT, stdout=out, stderr=out, start_new_session=True
            )
        self.running.append(process)
        return process

    def until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, self.log.read_text(errors="replace")
            time.sleep(0.05)

    def end(self) -> None:
        for process in self.running:
            try:
                os.killpg(process.pid, signal.SIGKILL)  # a pool child may have outlived it
            except ProcessLookupError:
                continue
            process.wait()


@pytest.fixture
def stage(tmp_path: Path, valkey: str) -> Iterator[Stage]:
    made = Stage(tmp_path, valkey)
    yield made
    made.end()


@pytest.fixture
def house(stage: Stage) -> Iterator[House]:
    with open_house(load_settings({}, data=stage.folder / "d")) as opened:
        yield opened


def _queue(house: House, stage: Stage, word: str) -> None:
    to = Subscription("team", "mailbox", str(stage.folder / "box"))
    alerts = [(Alert(f"{word}{n}", "team", AlertKind.TEST, "s", "t", "h", "{}"), to) for n in range(MANY)]
    assert house.ledger.queue(alerts) == MANY
    app = make_app(stage.broker)
    hand_over(app, [(number,) for number in house.ledger.due()])
    app.close()


def _sent(house: House) -> int:
    return house.ledger.counts()[DeliveryState.SENT]


def test_a_worker_that_takes_nothing_while_tasks_wait_ends_itself(stage: Stage, house: House) -> None:
    """Its one child hangs, tasks wait: it says so and ends, and the next one sends every message, each once.

    The task that the hanging child had taken is lost with it; the relay's next round hands its row over again.
    """
    deaf = stage.worker()
    stage.until(lambda: len(house.pulse.beats()) == 1)
    (child,) = Path(f"/proc/{deaf.pid}/task/{deaf.pid}/children").read_text().split()[:1]
    os.kill(int(child), signal.SIGSTOP)
    _queue(house, stage, "a")
    stage.until(lambda: deaf.poll() is not None)
    assert "nothing was taken from the broker" in stage.log.read_text()
    assert _sent(house) == 0
    stage.end()
    stage.worker()
    with make_app(stage.broker) as app:
        relay_once(house, app)
    stage.until(lambda: _sent(house) == MANY)
    assert len(list((stage.folder / "box").glob("*.eml"))) == MANY


def test_a_worker_with_nothing_to_do_lives_on(stage: Stage, house: House) -> None:
    """Silence without waiting tasks is no deafness: it sends what comes long afterwards."""
    idle = stage.worker()
    stage.until(lambda: len(house.pulse.beats()) == 1)
    time.sleep(12.0)  # longer than it would hear nothing for while tasks wait
    assert idle.poll() is None
    _queue(house, stage, "a")
    stage.until(lambda: _sent(house) == MANY)
    assert (idle.poll(), "nothing was taken" in stage.log.read_text()) == (None, False)


def test_each_worker_has_a_heartbeat_of_its_own(stage: Stage, house: House) -> None:
    """Two on one machine are told apart; one killed and started anew is the same; one that ends in order is gone."""
    host = socket.gethostname()
    first, _second = stage.worker(), stage.worker()
    stage.until(lambda: sorted(house.pulse.beats()) == [f"worker1@{host}", f"worker2@{host}"])
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    before = house.pulse.beats()
    again = stage.worker()
    stage.until(lambda: sum(house.pulse.beats()[name] > before[name] for name in before) >= 1)
    assert sorted(house.pulse.beats()) == sorted(before)
    again.terminate()
    assert again.wait(timeout=PATIENCE) == 0
    assert len(house.pulse.beats()) == 1
