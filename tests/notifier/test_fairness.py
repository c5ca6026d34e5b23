"""A server that does not answer delays nobody but those who are to be told through it."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from notifier.channel import ChannelOptions, load_channels
from notifier.deliver import deliver_due
from schema.alerts import Alert, AlertKind, DeliveryState, Subscription
from store.database import Database
from store.ledger import Ledger

PATIENCE = 60.0


class BlackHole:
    """Takes connections and never says a word, until it is told to let go."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()
        self.url = f"smtp://127.0.0.1:{self._listener.getsockname()[1]}"
        self.came = 0

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.came += 1
            self._held.append(connection)

    def let_go(self) -> None:
        """End what is open; nobody is taken any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for connection in self._held:
            connection.close()


@pytest.fixture
def black_hole() -> Iterator[BlackHole]:
    made = BlackHole()
    yield made
    made.let_go()


@pytest.fixture
def hook() -> Iterator[tuple[str, list[float]]]:
    """A receiver that answers; when each message came."""
    came: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            came.append(time.monotonic())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", came
    server.shutdown()
    thread.join()
    server.server_close()


def _queue(ledger: Ledger, *wanted: tuple[Subscription, int]) -> None:
    pairs = [
        (Alert(f"k{number}", one.name, AlertKind.TEST, "s", "t", "h", "{}"), one)
        for one, count in wanted
        for number in range(count)
    ]
    assert ledger.queue(pairs) == len(pairs)


def test_a_dead_mail_server_delays_no_webhook(
    tmp_path: Path, black_hole: BlackHole, hook: tuple[str, list[float]]
) -> None:
    """1,000 mails wait for a server that hangs: the twenty webhooks behind them leave while it still does."""
    database = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    ledger = Ledger(database)
    mail, team = Subscription("m", "email", "a@example.invalid"), Subscription("w", "webhook", hook[0])
    _queue(ledger, (mail, 1000), (team, 20))
    options = ChannelOptions(tmp_path / "box", smtp_url=black_hole.url, allow_networks=("127.0.0.0/8",))
    sent: list[int] = []
    driver = threading.Thread(
        target=lambda: sent.append(deliver_due(ledger, load_channels(options), lambda: datetime.now(UTC)))
    )
    driver.start()
    end = time.monotonic() + PATIENCE
    while (len(hook[1]) < 20 or not black_hole.came) and time.monotonic() < end:
        time.sleep(0.02)
    assert (len(hook[1]), driver.is_alive()) == (20, True)
    black_hole.let_go()
    driver.join()
    counts = ledger.counts()
    assert (sent, black_hole.came) == ([20], 1)
    assert (counts[DeliveryState.PENDING], counts[DeliveryState.DEAD]) == (1000, 0)
    assert len({reason for *_, reason in ledger.failures()}) == 1
    assert ledger.due() == []
    database.close()


def test_the_relay_hands_over_each_recipient_in_turn(tmp_path: Path) -> None:
    """A long queue for one address fills the relay's hands only when nobody else waits."""
    database = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    ledger = Ledger(database)
    _queue(ledger, (Subscription("a", "email", "a@example.invalid"), 300), (Subscription("b", "webhook", "B"), 3))
    first = ledger.due(8, for_relay=True)
    assert set(first) >= {301, 302, 303}
    database.close()


def test_an_address_that_is_away_is_left_alone_and_others_are_not(
    tmp_path: Path, hook: tuple[str, list[float]]
) -> None:
    """Of fifty for a port nobody listens on one is tried; those for another address go out."""
    database = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    moment = datetime(2026, 3, 3, tzinfo=UTC)
    ledger = Ledger(database, lambda: moment)
    away, there = Subscription("away", "webhook", "http://127.0.0.1:1/"), Subscription("there", "webhook", hook[0])
    _queue(ledger, (away, 50), (there, 5))
    channels = load_channels(ChannelOptions(tmp_path, allow_networks=("127.0.0.0/8",)))
    assert deliver_due(ledger, channels, lambda: moment) == 5
    with database.reading() as session:
        attempts = [row[0] for row in session.execute(text("SELECT attempt FROM deliveries WHERE state = 'pending'"))]
    assert sorted(attempts) == [0] * 49 + [1]
    moment += timedelta(minutes=2)
    assert len(ledger.due()) == 50
    database.close()
