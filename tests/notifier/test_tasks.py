"""A real worker and a real broker: the broker makes it prompt, the rows make it certain."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import redis

from notifier.tasks import HEARTBEAT, QUEUE, SETTINGS, hand_over, make_app
from schema.alerts import Alert, AlertKind, DeliveryState, Subscription
from store.database import Database
from store.ledger import Ledger
from store.pulse import Pulse

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
EACH = 4
LEASE = 200
"""Seconds by which the second worker's clock is ahead: every lease of the first has run out."""


def _until(true: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.05)


@pytest.fixture
def broker(valkey: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(valkey) as client:
        yield client


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[str]]]:
    """A slow webhook receiver; the ids of all it was sent."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(self.headers["webhook-id"])
            time.sleep(0.05)
            self.send_response(204)
            self.end_headers()

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the worker was killed

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", seen
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def _worker(url: str, database: str, ahead: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, str(Path(__file__).with_name("worker_main.py")), url, database, str(ahead)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "C_FORCE_ROOT": "1"}
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _queue(ledger: Ledger, address: str, count: int) -> list[tuple[int, ...]]:
    alerts = [
        (Alert(f"k{n}", "team", AlertKind.TEST, "s", "t", "h", "{}"), Subscription("team", "webhook", address))
        for n in range(count)
    ]
    assert ledger.queue(alerts) == count
    return ledger.due_groups(count, EACH)


def test_a_task_carries_numbers_and_nothing_else(broker: redis.Redis) -> None:
    """What lies in the broker under our prefix tells no words and no address."""
    app = make_app(f"redis://127.0.0.1:{broker.connection_pool.connection_kwargs['port']}/0")
    hand_over(app, [(41, 42)])
    app.close()
    (message,) = broker.lrange(f"chengnuo:{QUEUE}", 0, -1)
    envelope = json.loads(message)
    assert json.loads(base64.b64decode(envelope["body"]))[:2] == [[[41, 42]], {}]
    assert envelope["content-type"] == "application/json"


def test_nothing_rests_on_the_broker() -> None:
    """The settings without which messages were lost or stuck (docs/decisions/0002)."""
    wanted = {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_ignore_result": True,
        "accept_content": ["json"],
        "worker_enable_remote_control": False,
        "task_soft_time_limit": 60,
        "task_time_limit": 90,
        "worker_soft_shutdown_timeout": 25,
    }
    conf = make_app("redis://127.0.0.1:1/0").conf
    assert {name: conf[name] for name in wanted} == wanted
    assert conf.result_backend is None
    assert SETTINGS["broker_transport_options"]["visibility_timeout"] == 600


def test_two_workers_and_two_relays_send_everything_once(
    broker: redis.Redis, receiver: tuple[str, list[str]], tmp_path: Path
) -> None:
    """The same rows handed over twice, to two workers at once."""
    address, seen = receiver
    url = f"redis://127.0.0.1:{broker.connection_pool.connection_kwargs['port']}/0"
    place = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    database = Database.open(place)
    ledger = Ledger(database)
    groups = _queue(ledger, address, 30)
    app = make_app(url)
    hand_over(app, groups)
    hand_over(app, groups)
    app.close()
    with _worker(url, place, 0, tmp_path / "one.log"), _worker(url, place, 0, tmp_path / "two.log"):
        _until(lambda: ledger.counts()[DeliveryState.SENT] == 30, tmp_path / "one.log")
        _until(lambda: broker.llen(f"chengnuo:{QUEUE}") == 0, tmp_path / "two.log")
    database.close()
    assert Counter(seen) == Counter(set(seen))
    assert len(seen) == 30


def test_worker_killed_and_broker_emptied_lose_nothing(
    broker: redis.Redis, receiver: tuple[str, list[str]], tmp_path: Path
) -> None:
    """40 deliveries, kill -9, FLUSHALL: all arrive; only the group in flight is sent twice, with its ids."""
    address, seen = receiver
    url = f"redis://127.0.0.1:{broker.connection_pool.connection_kwargs['port']}/0"
    place = f"sqlite:///{tmp_path / 'a.sqlite3'}"
    database = Database.open(place)
    ledger = Ledger(database)
    groups = _queue(ledger, address, 40)
    app = make_app(url)
    hand_over(app, groups)
    with _worker(url, place, 0, tmp_path / "first.log") as worker:
        _until(lambda: len(seen) >= 10, tmp_path / "first.log")
        os.killpg(worker.pid, signal.SIGKILL)
    assert ledger.counts()[DeliveryState.SENT] < 40
    broker.flushall()
    later = Ledger(database, lambda: datetime.now(UTC) + timedelta(seconds=LEASE))
    hand_over(app, later.due_groups(100, EACH, for_relay=True))
    app.send_task(HEARTBEAT)
    app.close()
    with _worker(url, place, LEASE, tmp_path / "second.log"):
        _until(lambda: ledger.counts()[DeliveryState.SENT] == 40, tmp_path / "second.log")
        _until(lambda: Pulse(database).last_beat("worker") is not None, tmp_path / "second.log")
    database.close()
    told = Counter(seen)
    assert len(told) == 40
    assert sum(count - 1 for count in told.values()) <= EACH
