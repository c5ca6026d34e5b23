"""Real servers on this machine: what arrives, and what a failure is called."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from standardwebhooks import Webhook

from notifier.channel import Channel, ChannelOptions, channel_names, load_channels
from schema.alerts import Alert, AlertKind, Delivery
from schema.errors import SendFailed

NOW = datetime(2026, 3, 3, 3, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ALERT = Alert(
    "k", "湖北组", AlertKind.CHANGES, "【承诺】湖北 2026 对 2025：加强 1", "正文", "<p>正文</p>", '{"a": "承诺"}'
)


def _delivery(channel: str, address: str, secret: str | None = None, *, repeated: bool = False) -> Delivery:
    return Delivery(5, ALERT, channel, address, 1, "0123456789abcdef0123", repeated=repeated, secret=secret)


class _Inbox:
    """Keeps what it is sent; answers with ``answers`` in turn."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.answers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002
        answer = self.answers.pop(0) if self.answers else "250 kept"
        if answer.startswith("250"):
            self.messages.append(envelope.content)
        return answer


@pytest.fixture
def inbox() -> Iterator[tuple[_Inbox, str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = _Inbox()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def hook() -> Iterator[tuple[list[tuple[dict[str, str], bytes]], list[tuple[int, dict[str, str]]], str]]:
    seen: list[tuple[dict[str, str], bytes]] = []
    answers: list[tuple[int, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
            status, headers = answers.pop(0) if answers else (204, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield seen, answers, f"http://127.0.0.1:{server.server_address[1]}/hook?team=1"
    server.shutdown()
    thread.join()
    server.server_close()


def _channel(name: str, tmp_path: Path, **options: Any) -> Channel:
    return load_channels(ChannelOptions(tmp_path / "mailbox", **options))[name]


def test_every_channel_file_can_be_loaded(tmp_path: Path) -> None:
    """The folder is the list."""
    assert set(load_channels(ChannelOptions(tmp_path))) == set(channel_names())


def test_the_mailbox_keeps_one_file_a_delivery(tmp_path: Path) -> None:
    """A repeat replaces its own file; subject and text survive as written."""
    channel = _channel("mailbox", tmp_path)
    receipt = channel.send(_delivery("mailbox", str(tmp_path / "box")))
    channel.send(_delivery("mailbox", str(tmp_path / "box"), repeated=True))
    (file,) = (tmp_path / "box").iterdir()
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert str(file) == receipt.reference
    assert message["Subject"] == "〔重发〕" + ALERT.subject
    assert message.get_body(("plain",)).get_content().strip() == "正文"  # type: ignore[union-attr]


def test_a_mail_arrives_with_its_headers(tmp_path: Path, inbox: tuple[_Inbox, str]) -> None:
    """CJK subject, list id, one message id over all attempts."""
    handler, url = inbox
    channel = _channel("email", tmp_path, smtp_url=url, clock=lambda: NOW)
    receipt = channel.send(_delivery("email", "a@example.invalid, b@example.invalid"))
    message = message_from_bytes(handler.messages[0], policy=policy.default)
    assert message["Subject"] == ALERT.subject
    assert message["Message-ID"] == receipt.reference == "<0123456789abcdef0123@chengnuo.invalid>"
    assert "List-Id" in message
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain", "text/html", "application/json",
    ]  # fmt: skip


@pytest.mark.parametrize(("answer", "permanent"), [("451 busy", False), ("550 no such user", True)])
def test_a_refused_mail_says_whether_to_try_again(
    tmp_path: Path, inbox: tuple[_Inbox, str], answer: str, permanent: bool
) -> None:
    """4yz later, 5yz never."""
    handler, url = inbox
    handler.answers.append(answer)
    with pytest.raises(SendFailed) as failure:
        _channel("email", tmp_path, smtp_url=url).send(_delivery("email", "a@example.invalid"))
    assert failure.value.permanent is permanent


def test_no_mail_server_is_retried(tmp_path: Path) -> None:
    """Nobody listens on the port."""
    with pytest.raises(SendFailed) as failure:
        _channel("email", tmp_path, smtp_url="smtp://127.0.0.1:1").send(_delivery("email", "a@example.invalid"))
    assert failure.value.permanent is False


def test_a_webhook_is_signed_and_verifies(tmp_path: Path, hook: Any) -> None:
    """Standard Webhooks: id, timestamp, signature over the very bytes."""
    seen, _, url = hook
    options = {"allow_networks": ("127.0.0.0/8",), "secret": {"TEAM": SECRET}.get}
    _channel("webhook", tmp_path, **options).send(_delivery("webhook", url, "TEAM"))
    headers, body = seen[0]
    assert headers["webhook-id"] == "0123456789abcdef0123"
    assert Webhook(SECRET).verify(body, headers) == json.loads(ALERT.data)


@pytest.mark.parametrize(
    ("status", "headers", "permanent", "wait"),
    [
        (500, {}, False, None),
        (429, {"Retry-After": "17"}, False, 17.0),
        (404, {}, True, None),
        (302, {"Location": "http://127.0.0.1:1/"}, True, None),
    ],
)
def test_what_an_http_answer_means(  # noqa: PLR0917
    tmp_path: Path, hook: Any, status: int, headers: dict[str, str], permanent: bool, wait: float | None
) -> None:
    """5xx and 429 later, other 4xx never, a redirect is not followed."""
    seen, answers, url = hook
    answers.append((status, headers))
    with pytest.raises(SendFailed) as failure:
        _channel("webhook", tmp_path, allow_networks=("127.0.0.0/8",)).send(_delivery("webhook", url))
    assert (failure.value.permanent, failure.value.retry_after, len(seen)) == (permanent, wait, 1)


INSIDE = [
    "127.0.0.1",
    "localhost",
    "0x7f.1",
    "2130706433",
    "[::1]",
    "[::ffff:10.0.0.1]",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
]


@pytest.mark.parametrize("host", INSIDE)
def test_a_webhook_never_reaches_inside(tmp_path: Path, host: str) -> None:
    """Internal addresses in any spelling are refused for good, or do not resolve."""
    with pytest.raises(SendFailed) as failure:
        _channel("webhook", tmp_path).send(_delivery("webhook", f"http://{host}:9/"))
    assert "public" in str(failure.value) or "gaierror" in str(failure.value)


def test_one_click_unsubscribe_is_offered_only_where_it_works(tmp_path: Path, inbox: tuple[_Inbox, str]) -> None:
    """The signed link as given; the one-click header for https alone; neither without a link."""
    handler, url = inbox
    for link in ("https://c.invalid/u/1", "http://c.invalid/u/1", ""):
        channel = _channel("email", tmp_path, smtp_url=url, unsubscribe=lambda _name, link=link: link)
        channel.send(_delivery("email", "a@example.invalid"))
    found = [message_from_bytes(message, policy=policy.default) for message in handler.messages]
    assert [(m["List-Unsubscribe"], m["List-Unsubscribe-Post"]) for m in found] == [
        ("<https://c.invalid/u/1>", "List-Unsubscribe=One-Click"),
        ("<http://c.invalid/u/1>", None),
        (None, None),
    ]


def test_a_long_unsubscribe_link_arrives_whole(tmp_path: Path, inbox: tuple[_Inbox, str]) -> None:
    """Signed links are longer than a line; the header holds them as they are, on one line, never as encoded words."""
    handler, url = inbox
    link = "https://c.invalid/unsubscribe/" + "Wz.E4-M_" * 30
    _channel("email", tmp_path, smtp_url=url, unsubscribe=lambda _name: link).send(
        _delivery("email", "a@example.invalid")
    )
    (message,) = handler.messages
    assert f"\nList-Unsubscribe: <{link}>\r\n".encode() in message


def test_an_address_may_be_the_name_of_a_secret(tmp_path: Path, hook: Any) -> None:
    """Webhook addresses hold tokens; a name that is not set is said, a key that is no key, too."""
    seen, _, url = hook
    options = {"allow_networks": ("127.0.0.0/8",), "secret": {"HOOK": url, "BAD": "whsec_%%%"}.get}
    channel = _channel("webhook", tmp_path, **options)
    channel.send(_delivery("webhook", "HOOK"))
    assert len(seen) == 1
    for address, secret, words in (("NONE", None, "NONE is not set"), ("HOOK", "BAD", "BAD is no whsec")):
        with pytest.raises(SendFailed, match=words) as failure:
            channel.send(_delivery("webhook", address, secret))
        assert failure.value.permanent


MALFORMED = [
    "http://127.0.0.1:port/canary",
    "http://127.0.0.1:9/canary b",
    "http://127.0.0.1:9/canary承诺",
    "ftp://127.0.0.1/canary",
    "http:///canary",
    "http://[::1/canary",
]


@pytest.mark.parametrize("address", MALFORMED)
def test_a_malformed_address_is_given_up_and_not_repeated(tmp_path: Path, hook: Any, address: str) -> None:
    """For good; what stands in it may be a token."""
    port = hook[2].rsplit(":", 1)[1].split("/")[0]
    with pytest.raises(SendFailed) as failure:
        _channel("webhook", tmp_path, allow_networks=("127.0.0.0/8",)).send(
            _delivery("webhook", address.replace(":9/", f":{port}/"))
        )
    assert failure.value.permanent
    assert "canary" not in str(failure.value)
