"""Documented answers of four platforms, each to the state in which its delivery stands afterwards; counts printed."""

import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from notifier.channel import ChannelOptions, load_channels
from notifier.deliver import deliver_one
from notifier.tokens import Tokens
from schema.alerts import Alert, AlertKind, DeliveryState, Subscription
from store.database import Database
from store.ledger import Ledger

NOW = datetime(2026, 3, 3, 4, tzinfo=UTC)
SENT, DEAD, PENDING = DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.PENDING
OWN_WAIT = (24.0, 36.0)
"""Our own first wait, ± 20 %."""
CODES: list[tuple[str, int, str, DeliveryState, tuple[float, float]]] = [
    ("wecom", 200, '{"errcode":0,"errmsg":"ok"}', SENT, (0, 0)),
    ("wecom", 200, '{"errcode":-1,"errmsg":"system busy"}', PENDING, OWN_WAIT),
    ("wecom", 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', PENDING, (60, 60)),
    ("wecom", 200, '{"errcode":45033,"errmsg":"api concurrent out of limit"}', PENDING, (60, 60)),
    ("wecom", 200, '{"errcode":93000,"errmsg":"invalid webhook url"}', DEAD, (0, 0)),
    ("wecom", 200, '{"errcode":40058,"errmsg":"markdown.content exceed max length 4096"}', DEAD, (0, 0)),
    ("wecom", 200, '{"errcode":40008,"errmsg":"invalid message type"}', DEAD, (0, 0)),
    ("dingtalk", 200, '{"errcode":0,"errmsg":"ok"}', SENT, (0, 0)),
    ("dingtalk", 200, '{"errcode":130101,"errmsg":"send too fast"}', PENDING, (600, 600)),
    ("dingtalk", 200, '{"errcode":410100,"errmsg":"too fast"}', PENDING, (600, 600)),
    ("dingtalk", 200, '{"errcode":310000,"errmsg":"sign not match"}', DEAD, (0, 0)),
    ("dingtalk", 200, '{"errcode":300001,"errmsg":"token is not exist"}', DEAD, (0, 0)),
    ("dingtalk", 200, '{"errcode":400013,"errmsg":"group dismissed"}', DEAD, (0, 0)),
    ("dingtalk", 200, '{"errcode":400101,"errmsg":"token not exist"}', DEAD, (0, 0)),
    ("dingtalk", 200, '{"errcode":400102,"errmsg":"robot stopped"}', DEAD, (0, 0)),
    ("dingtalk", 200, '{"errcode":460101,"errmsg":"message too long"}', DEAD, (0, 0)),
    ("feishu", 200, '{"code":0,"msg":"success"}', SENT, (0, 0)),
    ("feishu", 200, '{"code":9499,"msg":"Bad Request"}', DEAD, (0, 0)),
    ("feishu", 200, '{"code":11232,"msg":"frequency limited"}', PENDING, (60, 60)),
    ("feishu", 200, '{"code":19001,"msg":"incoming webhook access token invalid"}', DEAD, (0, 0)),
    ("feishu", 200, '{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}', DEAD, (0, 0)),
    ("feishu", 200, '{"code":19022,"msg":"Ip Not Allowed"}', DEAD, (0, 0)),
    ("feishu", 200, '{"code":19024,"msg":"Key Words Not Found"}', DEAD, (0, 0)),
    ("slack", 200, "ok", SENT, (0, 0)),
    ("slack", 400, "invalid_payload", DEAD, (0, 0)),
    ("slack", 404, "no_service", DEAD, (0, 0)),
    ("slack", 403, "action_prohibited", DEAD, (0, 0)),
    ("slack", 410, "channel_is_archived", DEAD, (0, 0)),
    ("slack", 429, "rate_limited", PENDING, (30, 30)),
    ("slack", 500, "rollup_error", PENDING, OWN_WAIT),
]


@pytest.fixture
def platform() -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """A stand-in that gives one answer after the other, 429 with Retry-After."""
    answers: list[tuple[int, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            status, text = answers.pop(0)
            self.send_response(status)
            if status == 429:
                self.send_header("Retry-After", "30")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/robot", answers
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_documented_code_ends_in_its_state(
    tmp_path: Path, platform: tuple[str, list[tuple[int, str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Only the platform's own zero is sent; too often waits as long as it asked; what cannot help is dead at once."""
    url, answers = platform
    database = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    ledger = Ledger(database, lambda: NOW)
    tokens = Tokens(database, lambda: NOW)
    options = ChannelOptions(tmp_path, allow_networks=("127.0.0.0/8",), clock=lambda: NOW, robots=tokens)
    channels = load_channels(options)
    wrong = []
    for number, (name, status, text, state, wait) in enumerate(CODES):
        alert = Alert(f"k{number}", "team", AlertKind.TEST, "s", "t", "", "{}")
        ledger.queue([(alert, Subscription("team", name, f"{url}/{number}"))])
        answers.append((status, text))
        deliver_one(ledger, channels, number + 1, lambda: NOW)
        found, seconds = _standing(database, number + 1)
        if found != state.value or not wait[0] <= seconds <= wait[1]:
            wrong.append((name, text, found, seconds))
    database.close()
    counts = Counter(state.value for *_, state, _ in CODES)
    with capsys.disabled():
        sys.stdout.write(f"\n{len(CODES)} documented answers: {dict(counts)}, wrong {len(wrong)}\n")
    assert wrong == []


def _standing(database: Database, number: int) -> tuple[str, float]:
    """State, and seconds until the next attempt when there is one."""
    from store.tables import DeliveryRow

    with database.reading() as session:
        row = session.get_one(DeliveryRow, number)
        waits = (row.next_attempt_at - NOW).total_seconds() if row.state == PENDING.value else 0.0
        return row.state, waits
