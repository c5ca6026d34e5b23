"""Group robots against a stand-in platform: what is posted, what each answer means, how many a minute."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from notifier.channel import Channel, ChannelOptions, load_channels
from notifier.channels import dingtalk, feishu
from notifier.robot import fitted, wide
from notifier.tokens import Tokens
from schema.alerts import Alert, AlertKind, Delivery
from schema.errors import SendFailed
from store.database import Database

NOW = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)  # 1700000000
LINK = "http://127.0.0.1:8765/province/hubei/2026"
TEXT = (
    '【承诺】湖北\n\n↑ 加强\n  不少于[-8-]人<at user_id="all">\n  ' + LINK + "#c-k1\n\n新一版原文：http://x.invalid/a\n"
)
ALERT = Alert("k", "湖北组", AlertKind.CHANGES, "【承诺】湖北", TEXT, "", json.dumps({"links": {"review": LINK}}))
CANARY = "canary-7f3a"


class _Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class _Platform:
    """Answers with ``answers`` in turn, then with the last one for ever."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[tuple[int, str]] = [(200, '{"errcode": 0, "code": 0}')]
        self.url = ""


@pytest.fixture
def platform() -> Iterator[_Platform]:
    stand_in = _Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            stand_in.seen.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            status, text = stand_in.answers.pop(0) if len(stand_in.answers) > 1 else stand_in.answers[0]
            self.send_response(status)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}/send?access_token={CANARY}"
    yield stand_in
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    yield opened
    opened.close()


def _channel(name: str, platform: _Platform, database: Database, clock: _Clock | None = None) -> Channel:
    moment = clock or _Clock()
    secrets = {"ROBOT": platform.url, "SIGN": "SECabc"}
    options = ChannelOptions(
        Path("unused"),
        secret=lambda given: secrets.get(given, ""),
        allow_networks=("127.0.0.0/8",),
        clock=moment,
        robots=Tokens(database, moment),
    )
    return load_channels(options)[name]


def _delivery(name: str, number: int = 1, *, secret: str | None = None, repeated: bool = False) -> Delivery:
    return Delivery(number, ALERT, name, "ROBOT", 1, f"{number:032d}", repeated=repeated, secret=secret)


def test_signatures_are_the_platforms_own() -> None:
    """The published vectors."""
    assert dingtalk.signature("SECabc", 1700000000000) == "jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM="
    assert feishu.signature("abc", 1700000000) == "VIS10b0EBvzzSdFnuk4tznEmK5wHaruvf/WnViv2yR4="


def test_dingtalk_signs_in_the_query_encoded_once(platform: _Platform, database: Database) -> None:
    """The address comes from a named secret and is kept; the signature decodes to the vector."""
    _channel("dingtalk", platform, database).send(_delivery("dingtalk", secret="SIGN"))
    query = parse_qs(urlsplit(platform.seen[0][0]).query)
    assert query == {
        "access_token": [CANARY],
        "timestamp": ["1700000000000"],
        "sign": ["jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM="],
    }


def test_golden_bodies(platform: _Platform, database: Database) -> None:
    """What each platform is sent for one alert: nothing in it is markup, the links are whole."""
    for name in ("wecom", "dingtalk", "feishu"):
        _channel(name, platform, database).send(_delivery(name))
    platform.answers = [(200, "ok")]
    _channel("slack", platform, database).send(_delivery("slack", repeated=True))
    shared = f'【承诺】湖北\n\n↑ 加强\n  不少于［-8-］人＜at user_id="all"＞\n  {LINK}#c-k1\n\n新一版原文：http://x.invalid/a'
    narrow = (
        f'【承诺】湖北\n\n↑ 加强\n  不少于[-8-]人<at user_id="all">\n  {LINK}#c-k1\n\n新一版原文：http://x.invalid/a'
    )
    assert [body for _, body in platform.seen] == [
        {"msgtype": "markdown", "markdown": {"content": shared}},
        {
            "msgtype": "markdown",
            "markdown": {
                "title": "【承诺】湖北",
                "text": shared.replace("\n", "  \n").replace("  \n  \n", "\n\n"),
            },
        },
        {"msg_type": "text", "content": {"text": narrow.replace("<", "＜").replace(">", "＞")}},
        {"text": "〔重发〕" + narrow.replace("<", "&lt;").replace(">", "&gt;"), "mrkdwn": False},
    ]


ANSWERS = [
    ("wecom", 200, '{"errcode": 45009}', False, 60.0),
    ("wecom", 200, '{"errcode": 93000}', True, None),
    ("wecom", 200, '{"errcode": 40058}', True, None),
    ("wecom", 200, '{"errcode": -1}', False, None),
    ("dingtalk", 200, '{"errcode": 310000, "errmsg": "sign not match"}', True, None),
    ("dingtalk", 200, '{"errcode": 130101}', False, 600.0),
    ("dingtalk", 200, '{"errcode": 300001}', True, None),
    ("feishu", 200, '{"code": 19021, "msg": "sign match fail"}', True, None),
    ("feishu", 200, '{"code": 19024}', True, None),
    ("feishu", 400, '{"code": 9499}', True, None),
    ("feishu", 200, '{"code": 11232}', False, 60.0),
    ("slack", 404, "no_service", True, None),
    ("slack", 200, "<html>maintenance</html>", False, None),
    ("slack", 503, "busy", False, None),
    ("wecom", 200, "<html>login</html>", False, None),
    ("dingtalk", 500, '{"errcode": 0}', False, None),
    ("feishu", 200, "[]", False, None),
    ("feishu", 200, "{}", False, None),
]


@pytest.mark.parametrize(("name", "status", "text", "permanent", "wait"), ANSWERS)
def test_only_the_platforms_own_zero_is_sent(  # noqa: PLR0917
    platform: _Platform, database: Database, name: str, status: int, text: str, permanent: bool, wait: float | None
) -> None:
    """Every other answer is a failure that says whether, and when, to try again; no token is in its words."""
    platform.answers = [(status, text)]
    with pytest.raises(SendFailed) as failure:
        _channel(name, platform, database).send(_delivery(name))
    assert (failure.value.permanent, failure.value.retry_after) == (permanent, wait)
    assert CANARY not in str(failure.value)


def _most(sent: list[datetime], seconds: int) -> int:
    """The largest number in any sliding window."""
    return max(sum(start <= at < start + timedelta(seconds=seconds) for at in sent) for start in sent)


def test_never_more_than_fifteen_in_any_sliding_minute(platform: _Platform, database: Database) -> None:
    """A hundred deliveries in a queue, asked again at the promised moment: all go, none asks often."""
    del platform
    clock = _Clock()
    tokens = Tokens(database, clock)
    due = dict.fromkeys((f"d{n}" for n in range(100)), NOW)
    asked = dict.fromkeys(due, 0)
    sent: list[datetime] = []
    while due:
        key = min(due, key=lambda name: due[name])
        clock.now = max(clock.now, due[key])
        asked[key] += 1
        wait = tokens.take("r", key, 15)
        if wait == 0:
            sent.append(clock.now)
            del due[key]
        else:
            due[key] = clock.now + timedelta(seconds=wait)
    assert len(sent) == 100
    assert _most(sent, 60) <= 15
    assert _most(sent, 1) <= 5
    assert all(later >= earlier for earlier, later in pairwise(sent))
    assert max(asked.values()) <= 4


def test_late_comers_do_not_come_all_at_once(database: Database) -> None:
    """Forty were promised turns, the worker was away, then all ask every five seconds: asking early loses no turn."""
    clock = _Clock()
    tokens = Tokens(database, clock)
    waiting = [f"d{n}" for n in range(40)]
    sent: list[datetime] = []
    for second in (0, *range(100, 400, 5)):
        clock.now = NOW + timedelta(seconds=second)
        went = [key for key in waiting if tokens.take("r", key, 15) == 0]
        sent += [clock.now] * len(went)
        waiting = [key for key in waiting if key not in went]
    assert waiting == []
    assert _most(sent, 60) <= 15


def test_many_processes_share_one_count(database_url: str) -> None:
    """Eight askers at the same moment, each with its own connection, on both databases: no turn is given twice."""
    gone: list[float] = []

    def ask(name: str) -> None:
        own = Database.open(database_url)
        tokens = Tokens(own, lambda: NOW)
        gone.extend(tokens.take("r", f"{name}{n}", 15) for n in range(4))
        own.close()

    threads = [threading.Thread(target=ask, args=(f"t{n}-",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(gone), gone.count(0)) == (32, 5)


def test_dingtalks_signature_is_percent_encoded_whatever_it_holds() -> None:
    """Slash, plus and equals sign never stand in the query as they are."""
    signs = [dingtalk.signature("SECabc", 1700000000000 + n) for n in range(50)]
    assert any("/" in sign for sign in signs)
    for n, sign in enumerate(signs):
        url, _ = dingtalk._request("http://h/send", "", "", ((1700000000000 + n) / 1000, "SECabc"))
        raw = url.split("sign=")[1]
        assert not set(raw) & set("/+=")
        assert parse_qs(urlsplit(url).query)["sign"] == [sign]


def test_a_muted_robot_is_left_alone_for_ten_minutes(platform: _Platform, database: Database) -> None:
    """130101: nothing is posted until then, other robots go on."""
    clock = _Clock()
    channel = _channel("dingtalk", platform, database, clock)
    platform.answers = [(200, '{"errcode": 130101}'), (200, '{"errcode": 0}')]
    with pytest.raises(SendFailed):
        channel.send(_delivery("dingtalk", 1))
    clock.now += timedelta(seconds=599)
    with pytest.raises(SendFailed) as waiting:
        channel.send(_delivery("dingtalk", 2))
    assert (waiting.value.deferred, waiting.value.retry_after, len(platform.seen)) == (True, 1.0, 1)
    _channel("wecom", platform, database, clock).send(_delivery("wecom", 3))
    clock.now += timedelta(seconds=1)
    channel.send(_delivery("dingtalk", 2))
    assert len(platform.seen) == 3


def test_a_long_digest_says_what_it_leaves_out() -> None:
    """Whole changes only, within the platform's bytes, the number of the others and their address at the end."""
    blocks = "\n\n".join(f"↑ 加强 {n}\n  " + "承诺" * 60 for n in range(30))
    alert = Alert("k", "s", AlertKind.CHANGES, "主题", f"主题\n\n{blocks}\n", "", ALERT.data)
    _, text = fitted(Delivery(1, alert, "wecom", "r", 1, "k"), 4096, wide)
    parts = text.split("\n\n")
    assert len(text.encode()) <= 4096
    assert parts[-1] == f"另有 {30 - (len(parts) - 2)} 段 {30 - (len(parts) - 2)} more: {LINK}"
    assert all(part.endswith("承诺") for part in parts[1:-1])


def test_without_a_book_of_turns_a_robot_waits(platform: _Platform) -> None:
    """Nothing is posted uncounted, and nothing is given up."""
    options = ChannelOptions(Path("unused"), secret=lambda _name: platform.url, allow_networks=("127.0.0.0/8",))
    with pytest.raises(SendFailed) as failure:
        load_channels(options)["wecom"].send(_delivery("wecom"))
    assert (failure.value.permanent, platform.seen) == (False, [])
