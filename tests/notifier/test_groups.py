"""Deliveries to one recipient travel together, and each is still claimed once, proven once and blamed alone."""

import itertools
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from notifier import deliver
from notifier.channel import ChannelOptions, load_channels
from notifier.deliver import deliver_due, deliver_group
from schema.alerts import Alert, AlertKind, Delivery, DeliveryState, Receipt, Subscription
from schema.errors import SendFailed
from store.attempts import LEASE
from store.database import Database
from store.ledger import Ledger

NOON = datetime(2026, 3, 3, 4, tzinfo=UTC)
HOOK = frozenset({"hook"})


class _Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class _Channel:
    """Takes everything but the numbers in ``away``."""

    def __init__(self, *, idempotent: bool, away: int = 0) -> None:
        self.idempotent, self.away = idempotent, away
        self.seen: list[Delivery] = []

    def send(self, delivery: Delivery) -> Receipt:
        self.seen.append(delivery)
        if len(self.seen) == self.away:
            raise SendFailed("no route", unreachable="address")
        return Receipt(delivery.channel, NOON, "ok")


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def ledger(database_url: str, clock: _Clock) -> Iterator[Ledger]:
    database = Database.open(database_url)
    yield Ledger(database, clock)
    database.close()


def _queue(ledger: Ledger, channel: str, count: int, address: str = "a") -> list[int]:
    known = set(ledger.due(1000))
    to = Subscription(f"{channel}-{address}", channel, address)
    alerts = [(Alert(f"k{n}", to.name, AlertKind.TEST, "s", "t", "h", "{}"), to) for n in range(count)]
    assert ledger.queue(alerts) == count
    return [number for number in ledger.due(1000) if number not in known]


def _rows(ledger: Ledger, columns: str) -> list[tuple[object, ...]]:
    with ledger._database.reading() as session:
        return [tuple(row) for row in session.execute(text(f"SELECT {columns} FROM deliveries ORDER BY id"))]


def test_groups_are_of_one_recipient_in_fair_turns(ledger: Ledger) -> None:
    """A long queue of one, a short one of another: at most so many together, and the short one is not behind."""
    _queue(ledger, "hook", 25, "a")
    _queue(ledger, "hook", 3, "b")
    assert [len(group) for group in ledger.due_groups(100, 10)] == [10, 3, 10, 5]
    by_channel = ledger.due_by_channel(10)
    assert [len(group) for group in by_channel["hook"]] == [10, 10, 5, 3]


def test_several_are_claimed_only_where_a_repeat_counts_once(ledger: Ledger) -> None:
    """One transaction for all of a webhook's; a robot's go one by one."""
    hooks, robots = _queue(ledger, "hook", 4), _queue(ledger, "robot", 3)
    assert [one.id for one in ledger.claim_some(hooks, HOOK)] == hooks
    assert [one.id for one in ledger.claim_some(robots, HOOK)] == robots[:1]
    assert ledger.claim_some(hooks, HOOK) == []


def test_one_left_behind_is_taken_alone_and_last(ledger: Ledger, clock: _Clock) -> None:
    """It may be what its process died of: the others of its group must not die with it again and again."""
    first = _queue(ledger, "hook", 3)
    ledger.claim_some(first, HOOK)  # and the process dies
    clock.now += LEASE + timedelta(seconds=1)
    fresh = _queue_more(ledger, 2)
    claims = [[one.id for one in ledger.claim_some(first + fresh, HOOK)] for _ in range(5)]
    assert claims == [fresh, [first[0]], [first[1]], [first[2]], []]
    assert [repeated for (repeated,) in _rows(ledger, "repeated")] == [True] * 3 + [False] * 2


def _queue_more(ledger: Ledger, count: int) -> list[int]:
    to = Subscription("more", "hook", "a")
    ledger.queue([(Alert(f"m{n}", "more", AlertKind.TEST, "s", "t", "h", "{}"), to) for n in range(count)])
    return [row[0] for row in _rows(ledger, "id")][-count:]


def test_receipts_of_a_group_are_one_seal(ledger: Ledger, clock: _Clock) -> None:
    """Ten deliveries, ten receipts, one transaction that appends."""
    numbers, channel = _queue(ledger, "hook", 10), _Channel(idempotent=True)
    assert deliver_group(ledger, {"hook": channel}, numbers, clock) == (10, [])
    with ledger._database.reading() as session:
        seals = [row[0] for row in session.execute(text("SELECT rows FROM seals"))]
        receipts = session.execute(text("SELECT count(*) FROM receipts")).scalar()
    assert (len([one for one in seals if "receipts" in one]), receipts) == (1, 10)
    assert ledger.counts()[DeliveryState.SENT] == 10


def test_when_nobody_answers_the_rest_is_not_tried(ledger: Ledger, clock: _Clock) -> None:
    """The third finds nobody: two are proven, seven wait with it, and neither an attempt nor a repeat is counted."""
    numbers, channel = _queue(ledger, "hook", 10), _Channel(idempotent=True, away=3)
    sent, left = deliver_group(ledger, {"hook": channel}, numbers, clock)
    assert (sent, left, len(channel.seen)) == (2, numbers[3:], 3)
    assert ledger.counts()[DeliveryState.SENT] == 2
    assert ledger.due() == []
    assert [tuple(row) for row in _rows(ledger, "attempt, repeated")] == [(1, False)] * 3 + [(0, False)] * 7
    assert {reason for (reason,) in _rows(ledger, "reason")[2:]} == {"no route"}


@pytest.mark.parametrize("idempotent", [True, False])
def test_a_task_that_runs_out_of_time_gives_the_rest_back(
    ledger: Ledger, clock: _Clock, monkeypatch: pytest.MonkeyPatch, *, idempotent: bool
) -> None:
    """Due at once, for the relay too, as if it had never been touched."""

    class Slow(_Channel):
        def send(self, delivery: Delivery) -> Receipt:
            if len(self.seen) == 3:
                monkeypatch.setattr(deliver, "GROUP_SECONDS", -1.0)
            return super().send(delivery)

    numbers, channel = _queue(ledger, "hook", 10), Slow(idempotent=idempotent)
    ledger.mark_relayed(numbers)
    assert deliver_group(ledger, {"hook": channel}, numbers, clock) == (4, numbers[4:])
    assert ledger.due(for_relay=True) == numbers[4:]
    assert [tuple(row) for row in _rows(ledger, "attempt, repeated")[4:]] == [(0, False)] * 6


def test_the_embedded_driver_comes_back_to_what_ran_out_of_time(
    ledger: Ledger, clock: _Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time runs out at every fourth look: one call sends all, each once."""
    _queue(ledger, "hook", 12)
    looks, channel = itertools.count(1), _Channel(idempotent=True)
    monkeypatch.setattr(deliver._Group, "over", lambda _group: next(looks) % 4 == 0)
    assert deliver_due(ledger, {"hook": channel}, clock) == 12
    assert len({one.id for one in channel.seen}) == len(channel.seen)
    assert {attempt for (attempt,) in _rows(ledger, "attempt")} == {1}


def test_many_at_once_claim_each_once(ledger: Ledger) -> None:
    """Eight threads ask for the same forty: nobody waits for another, nobody gets what another has."""
    numbers = _queue(ledger, "hook", 40)
    claimed: list[int] = []

    def take() -> None:
        while found := ledger.claim_some(numbers, HOOK if len(claimed) % 2 else frozenset()):
            claimed.extend(one.id for one in found)

    threads = [threading.Thread(target=take) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(claimed) == numbers


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[int], list[str]]]:
    """Ends its third connection after one answer without saying so; ports it was asked from, and ids."""
    ports: list[int] = []
    ids: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            ports.append(self.client_address[1])
            ids.append(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()
            if len(ids) == 3:
                self.close_connection = True  # as a server that is told to restart

        def log_message(self, *_args: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", ports, ids
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_group_shakes_hands_once_and_outlives_a_hang_up(
    ledger: Ledger, clock: _Clock, tmp_path: Path, receiver: tuple[str, list[int], list[str]]
) -> None:
    """Three over one connection; the server hangs up; the other three over a new one, each once."""
    url, ports, ids = receiver
    numbers = _queue(ledger, "webhook", 6, url)
    channels = load_channels(ChannelOptions(tmp_path, allow_networks=("127.0.0.0/8",), clock=clock))
    assert deliver_group(ledger, channels, numbers, clock) == (6, [])
    assert [ports.count(port) for port in dict.fromkeys(ports)] == [3, 3]
    assert len(set(ids)) == 6
