"""A canary in every secret, the whole way from a page to a message at debug level: it is seen nowhere."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _variables(folder: Path, platform: str) -> dict[str, str]:
    file = folder / "subscriptions.toml"
    file.write_text(SUBSCRIPTIONS, encoding="utf-8")
    given = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "CHENGNUO_SUBSCRIPTIONS": str(file),
        "CHENGNUO_ALLOW_NETWORKS": "127.0.0.0/8",
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
    command = [sys.executable, "-m", "workflow", "--data", str(data), "--debug", *map(str, words)]
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    return f"$ {words}\n{done.stdout}{done.stderr}"


def _pages(data: Path, variables: dict[str, str]) -> str:
    """Every page's headers and body."""
    port = _free_port()
    command = [sys.executable, "-m", "workflow", "--data", str(data), "--debug", "review", "--port", str(port)]
    server = subprocess.Popen(
        command, env=variables, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
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
        said, _ = server.communicate(timeout=60)
    assert "chengnuo_deliveries" in "".join(found)
    return "\n".join([*found, said])


def test_no_secret_is_ever_shown(tmp_path: Path, years: tuple[Path, Path], platform: str) -> None:
    """Output, errors, tracebacks, pages, metrics, messages, exports, the database itself: not one occurrence."""
    data, variables = tmp_path / "d", _variables(tmp_path, platform)
    said = [_command(data, variables, "import", file) for file in years]
    steps: list[tuple[str, ...]] = [("compare",), ("deliver",), ("deliver",), ("subscriptions", "check")]
    steps += [("subscriptions", "preview", "robot"), ("doctor",), ("relay", "--once"), ("health", "worker")]
    steps += [
        ("sources", "list"),
        ("settings",),
        ("export", "2026", "--format", "json"),
        ("deliver", "--replay", "all"),
    ]
    said += [_command(data, variables, *words) for words in steps]
    away = variables | {"CHENGNUO_DATABASE_URL": f"postgresql://user:{CANARY}@127.0.0.1:1/chengnuo"}
    said += [_command(data, away, *words) for words in (("compare",), ("doctor",), ("health", "relay"))]
    odd = variables | {"CHENGNUO_DATABASE_URL": f"mysql://user:{CANARY}@127.0.0.1:1/x", "CHENGNUO_SECRET_KEY": CANARY}
    said += [_command(data, odd, *words) for words in (("compare",), ("doctor",))]
    said.append(_pages(data, variables))
    shown = {f"output {number}": text for number, text in enumerate(said)}
    for file in sorted(tmp_path.rglob("*")):
        if file.is_file() and file.parent != tmp_path:
            shown[str(file)] = file.read_bytes().decode("utf-8", "replace")
    assert [name for name, text in shown.items() if CANARY in text] == []
    assert os.path.exists(data / "chengnuo.sqlite3")  # noqa: PTH110 - the database was looked at, too
    assert "45009" in "".join(said)
