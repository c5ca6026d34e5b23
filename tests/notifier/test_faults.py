"""Eight kinds of fault under a stream of deliveries: nothing lost, nothing told twice, counts printed.

Three faults each under 212 deliveries; `make faults` puts ten each under 1,050, which takes the better part of an hour.

Real worker, relay, calendar, Valkey and PostgreSQL; a receiver that honours the idempotency key, and group robots,
which cannot.
"""

import importlib.util
import json
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import redis

from notifier.deliver import GROUP
from schema.alerts import Alert, AlertKind, DeliveryState, Subscription
from store.database import Database
from store.ledger import Ledger

pytestmark = pytest.mark.full
ROOT = Path(__file__).parents[2]
WHOLE = os.environ.get("FAULTS") == "whole"
HOOKS, ROBOTS, EACH = (1000, 10, 5) if WHOLE else (200, 4, 3)
TOTAL = HOOKS + ROBOTS * EACH
FAULTS = 10 if WHOLE else 3
PATIENCE = 400.0 if WHOLE else 180.0


def _conftest() -> ModuleType:
    spec = importlib.util.spec_from_file_location("real_servers", ROOT / "tests" / "conftest.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


SERVERS = _conftest()


class Receiver:
    """Takes webhooks by id and robot messages by their words; remembers every single one, in order."""

    def __init__(self) -> None:
        self.hooks: list[str] = []
        self.robots: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path.startswith("/robot"):
                    receiver.robots.append(json.loads(body)["content"]["text"])
                else:
                    receiver.hooks.append(self.headers["webhook-id"])
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"code": 0}')

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True  # the sender was killed

            def log_message(self, *_args: object) -> None:
                """Stay quiet."""

        class Server(ThreadingHTTPServer):
            request_queue_size = 64

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    """A server of this module's own: it is restarted in the middle of things."""
    with SERVERS.postgres_running() as server:
        yield server
        _control(server, "stop", "-m", "immediate")


def _control(server: Any, *words: str) -> None:
    who: dict[str, Any] = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    command = [
        server.binaries / "pg_ctl",
        "-D",
        server.folder / "data",
        "-w",
        "-l",
        server.folder / "data" / "again.log",
        *words,
    ]
    subprocess.run(command, check=False, cwd=server.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **who)


class Stage:
    """The processes of one run; any of them can be struck."""

    def __init__(self, folder: Path, postgres: Any) -> None:
        self.folder, self.postgres = folder, postgres
        self.port = SERVERS.free_port()
        self.database_url = postgres.fresh()
        name = self.database_url.split("@/")[1].split("?")[0]
        postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = on")
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.log = folder / "log"
        self.never = folder / "calendar.toml"
        self.never.write_text('every = "never"\n')

    def start(self, *names: str) -> None:
        for name in names:
            out = self.log.open("ab")
            command, variables = self._command(name)
            self.running[name] = subprocess.Popen(
                [*SERVERS._mortal("KILL"), *command],
                stdout=out,
                stderr=out,
                env=variables,
                cwd=ROOT,
                start_new_session=True,
            )
            out.close()

    def _command(self, name: str) -> tuple[list[str], dict[str, str]]:
        if name == "valkey":
            server = [
                SERVERS.valkey_binary(),
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--dir",
                str(self.folder),
            ]
            return [*server, "--save", "", "--appendonly", "no"], {}
        words = {"worker": ["--concurrency", "2", "--only", "deliver"], "relay": ["--every", "0.2"], "beat": []}[
            name.rstrip("0123456789")
        ]
        data = self.folder / name
        command = [sys.executable, str(Path(__file__).with_name("faults_main.py")), "--data", str(data)]
        variables = {
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "C_FORCE_ROOT": "1",
            "CHENGNUO_DATABASE_URL": self.database_url,
            "CHENGNUO_BROKER_URL": f"redis://127.0.0.1:{self.port}/0",
            "CHENGNUO_ALLOW_NETWORKS": "127.0.0.0/8",
            "CHENGNUO_CALENDAR": str(self.never),  # nobody is visited
            "CHENGNUO_SECRET_KEY": "0123456789abcdef0123456789abcdef",
        }
        return [*command, name.rstrip("0123456789"), *words], variables

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        process = self.running[name]
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)
        process.wait(timeout=60)

    def again(self, name: str, number: int = signal.SIGKILL) -> None:
        self.kill(name, number)
        self.start(name)

    def supervise(self) -> None:
        """What a restart policy does: a process that ended by itself is started anew."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.start(name)

    def end(self) -> None:
        for name, process in self.running.items():
            if process.poll() is None:
                self.kill(name)


def _pool_child(stage: Stage) -> None:
    parent = stage.running["worker"].pid
    found = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    if found:
        os.kill(int(found[0]), signal.SIGKILL)


def _flush(stage: Stage) -> None:
    client = redis.Redis(port=stage.port)
    client.flushall()
    client.close()


FAULTS_BY_NAME: dict[str, Callable[[Stage], None]] = {
    "worker_killed": lambda stage: stage.again("worker"),
    "pool_child_killed": _pool_child,
    "relay_killed": lambda stage: stage.again("relay"),
    "calendar_killed": lambda stage: stage.again("beat"),
    "worker_terminated": lambda stage: stage.again("worker", signal.SIGTERM),
    "valkey_killed": lambda stage: stage.again("valkey"),
    "valkey_flushed": _flush,
    "postgresql_restarted": lambda stage: _control(stage.postgres, "restart", "-m", "immediate"),
}


@contextmanager
def _stage(folder: Path, postgres: Any, *names: str) -> Iterator[Stage]:
    stage = Stage(folder, postgres)
    try:
        stage.start("valkey", *names)
        yield stage
    finally:
        stage.end()


def _queue(ledger: Ledger, url: str) -> None:
    pairs = [
        (Alert(f"h{n}", "hook", AlertKind.TEST, "s", "t", "h", "{}"), Subscription("hook", "webhook", f"{url}/hook"))
        for n in range(HOOKS)
    ]
    for robot in range(ROBOTS):
        to = Subscription(f"robot{robot}", "feishu", f"{url}/robot/{robot}")
        for n in range(EACH):
            words = f"message {robot}-{n}"
            pairs.append((Alert(f"r{robot}-{n}", to.name, AlertKind.TEST, words, words, "", "{}"), to))
    assert ledger.queue(pairs) == TOTAL


def _wait(true: Callable[[], bool], stage: Stage, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        stage.supervise()
        if time.monotonic() > end:
            raise AssertionError(f"{what}\n{stage.log.read_text(errors='replace')[-4000:]}")
        time.sleep(0.05)


def _sent(database_url: str) -> int:
    database = Database.open(database_url)
    try:
        return Ledger(database).counts()[DeliveryState.SENT]
    finally:
        database.close()


@pytest.mark.parametrize("fault", FAULTS_BY_NAME)
def test_faults_lose_and_double_nothing(
    tmp_path: Path, receiver: Receiver, postgres: Any, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """All arrive; to a receiver that honours the key each counts once; a robot hears at most one repeat a kill."""
    began = time.monotonic()
    with _stage(tmp_path, postgres) as stage:
        database = Database.open(stage.database_url)
        _queue(Ledger(database), receiver.url)
        database.close()
        stage.start("worker", "relay", "beat")
        for number in range(1, FAULTS + 1):
            _wait(lambda n=number: len(receiver.hooks) >= n * HOOKS // (FAULTS + 2), stage, f"before fault {number}")
            FAULTS_BY_NAME[fault](stage)
        _wait(lambda: _sent(stage.database_url) == TOTAL, stage, "the end")
    told, robots = Counter(receiver.hooks), Counter(text.removeprefix("〔重发〕") for text in receiver.robots)
    repeats = sum(robots.values()) - len(robots)
    marked = sum(text.startswith("〔重发〕") for text in receiver.robots)
    with capsys.disabled():
        sys.stdout.write(
            f"\n{fault}: {FAULTS} faults, {TOTAL} deliveries, lost {TOTAL - len(told) - len(robots)}, told twice 0 of "
            f"{len(told)} keys ({sum(told.values()) - len(told)} repeats with the same key), robots repeated {repeats}"
            f" (marked {marked}), {time.monotonic() - began:.0f} s\n"
        )
    assert (len(told), len(robots)) == (HOOKS, ROBOTS * EACH)
    assert repeats <= FAULTS
    assert all(text.startswith("〔重发〕") or receiver.robots.count(text) == 1 for text in receiver.robots)
    assert sum(told.values()) - len(told) <= 2 * GROUP * FAULTS  # two groups were in flight


def test_two_of_everything_send_each_once(
    tmp_path: Path, receiver: Receiver, postgres: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two workers, two relays, two calendars at once: not one repeat."""
    with _stage(tmp_path, postgres) as stage:
        database = Database.open(stage.database_url)
        _queue(Ledger(database), receiver.url)
        database.close()
        stage.start("worker1", "worker2", "relay1", "relay2", "beat1", "beat2")
        _wait(lambda: _sent(stage.database_url) == TOTAL, stage, "the end")
    told, robots = Counter(receiver.hooks), Counter(receiver.robots)
    with capsys.disabled():
        sys.stdout.write(
            f"\ntwo of everything: {TOTAL} deliveries, each {max(told.values())} time, robots {max(robots.values())}\n"
        )
    assert (len(told), max(told.values())) == (HOOKS, 1)
    assert (len(robots), max(robots.values())) == (ROBOTS * EACH, 1)
