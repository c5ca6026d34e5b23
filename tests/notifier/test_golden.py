"""Golden messages: what every channel is sent for one alert, in Chinese and English, kept as files beside this one.

A missing file is written and fails once: read it, then run again.
"""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from notifier.channel import ChannelOptions, channel_names, load_channels
from notifier.compose import Context, compose_alerts
from notifier.section import Place
from notifier.tokens import Tokens
from schema.alerts import Alert, Delivery, Subscription
from schema.changes import Change, Confidence, DiffOutcome, Dimension, Direction, Finding, Kind, Unit, YearlyDiff
from store.database import Database

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 3, 3, 3, tzinfo=UTC)
BASE = "http://127.0.0.1:8765"
PLACE = Place(
    f"{BASE}/province/hubei/2026",
    "http://site.invalid/2026",
    f"{BASE}/page/b",
    "http://site.invalid/2025",
    f"{BASE}/page/a",
)
OLD, NEW = "国家级重点镇组建不少于8人的政府专职消防队", "国家级重点镇组建不少于10人的政府专职消防队"
RAISED = Change(
    "k1",
    Kind.STRENGTHENED,
    ("o1",),
    ("n1",),
    OLD,
    NEW,
    findings=(Finding("target.raised", Dimension.TARGET, Direction.UP, "不少于8人", "不少于10人"),),
    old_highlights=((11, 12),),
    new_highlights=((11, 13),),
)
DROPPED = Change("k2", Kind.DROPPED, ("o2",), (), "修订《示例》<b>预案</b>", "", confidence=Confidence.MEDIUM)
UNITS = (Unit("n1", NEW, 0, len(NEW), "（一）建强救援力量", 1), *(Unit(f"o{n}", "x", 0, 1) for n in range(1, 9)))
DIFF = YearlyDiff("hubei", 2025, 2026, DiffOutcome.OK, UNITS, UNITS, (DROPPED, RAISED))
CHANNELS = [name for name in channel_names() if name != "apprise"]


def _alert(channel: str, language: str) -> Alert:
    team = Subscription("湖北组", channel, "x", language=language)
    context = Context(NOW, PLACE, doubt=lambda _name, key: f"{BASE}/wrong/token-{key}")
    (alert,) = compose_alerts(DIFF, (team,), context=context)
    return alert


@pytest.fixture
def platform() -> Iterator[tuple[str, list[bytes]]]:
    seen: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok" if "slack" in self.path else b'{"errcode":0,"code":0}')

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", seen
    server.shutdown()
    thread.join()
    server.server_close()


def _mail(raw: bytes) -> str:
    """Headers and parts as a person would compare them; boundaries are random and left out."""
    message = message_from_bytes(raw, policy=policy.default)
    lines = [f"{name}: {value}" for name, value in message.items() if name not in ("Content-Type", "MIME-Version")]
    for part in message.walk():
        if not part.is_multipart():
            content = part.get_content()
            lines += ["", f"== {part.get_content_type()}", content if isinstance(content, str) else content.decode()]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_is_sent_its_golden_message(
    tmp_path: Path, platform: tuple[str, list[bytes]], monkeypatch: pytest.MonkeyPatch, channel: str, language: str
) -> None:
    """Old and new sentence with the change marked, why, where, how sure, the evidence, and where to object."""
    url, seen = platform
    database = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    options = ChannelOptions(
        tmp_path / "box",
        smtp_url="smtp://127.0.0.1:1",
        allow_networks=("127.0.0.0/8",),
        clock=lambda: NOW,
        robots=Tokens(database, lambda: NOW),
        unsubscribe=lambda _name: f"{BASE}/unsubscribe/token",
    )
    address = {"mailbox": str(tmp_path / "box"), "email": "team@example.invalid"}.get(channel, f"{url}/{channel}")
    delivery = Delivery(1, _alert(channel, language), channel, address, 1, "0123456789abcdef0123456789abcdef")
    if channel == "email":
        monkeypatch.setattr("notifier.channels.email._connect", lambda _url: _Server(seen))
    receipt = load_channels(options)[channel].send(delivery)
    database.close()
    if channel in ("mailbox", "email"):
        got = _mail(Path(receipt.reference).read_bytes() if channel == "mailbox" else seen[0])
    else:
        got = json.dumps(json.loads(seen[0]), ensure_ascii=False, indent=1) + "\n"
    file = GOLDEN / f"{channel}.{language}.txt"
    if not file.exists():
        file.write_text(got, encoding="utf-8")
        pytest.fail(f"{file} was written; read it and run again")
    assert got == file.read_text(encoding="utf-8")


class _Server:
    """What the mail channel would hand to a mail server."""

    def __init__(self, seen: list[bytes]) -> None:
        self._seen = seen

    def __enter__(self):
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to close."""

    def send_message(self, message: object) -> dict[str, object]:
        self._seen.append(bytes(message))  # type: ignore[call-overload]
        return {}
