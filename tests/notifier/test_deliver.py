"""Every delivery ends as sent or dead with a reason; in between it waits in its row."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier.channel import ChannelOptions, load_channels
from notifier.deliver import ATTEMPTS, CLAIMS, deliver_due, deliver_one, waiting
from schema.alerts import Alert, AlertKind, Delivery, DeliveryState, Receipt, Subscription
from schema.errors import SendFailed
from store.database import Database
from store.ledger import Ledger

NOON = datetime(2026, 3, 3, 4, tzinfo=UTC)


class _Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


class _Scripted:
    """A channel that answers with each item in turn, the last for ever: an error is raised, None is a receipt."""

    idempotent = False

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.seen: list[Delivery] = []

    def send(self, delivery: Delivery) -> Receipt:
        self.seen.append(delivery)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is not None:
            raise answer
        return Receipt("scripted", NOON, "ok")


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def ledger(tmp_path: Path, clock: _Clock) -> Iterator[Ledger]:
    database = Database.open(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    yield Ledger(database, clock)
    database.close()


def _queue(ledger: Ledger, *channels: str) -> list[int]:
    pairs = [
        (
            Alert(f"k{number}", f"s{number}", AlertKind.TEST, "主题", "正文", "<p>正文</p>", "{}"),
            Subscription(f"s{number}", name, ""),
        )
        for number, name in enumerate(channels)
    ]
    assert ledger.queue(pairs) == len(pairs)
    return ledger.due()


def test_what_is_sent_is_sent_once(ledger: Ledger, clock: _Clock, tmp_path: Path) -> None:
    """A second call, and the same alert queued again, send nothing."""
    channels = load_channels(ChannelOptions(tmp_path / "box", clock=clock))
    (number,) = _queue(ledger, "mailbox")
    assert deliver_one(ledger, channels, number, clock)
    assert not deliver_one(ledger, channels, number, clock)
    alert = Alert("k0", "s0", AlertKind.TEST, "", "", "", "")
    assert ledger.queue([(alert, Subscription("s0", "mailbox", ""))]) == 0
    assert deliver_due(ledger, channels, clock) == 0
    assert len(list((tmp_path / "box").iterdir())) == 1
    assert ledger.counts()[DeliveryState.SENT] == 1


@pytest.mark.parametrize("attempt", range(1, 15))
def test_waits_double_up_to_six_hours(attempt: int) -> None:
    """min(2^n x 30 s, 6 h) +/- 20 %."""
    middle = min(30 * 2 ** (attempt - 1), 6 * 3600)
    waits = [waiting(attempt).total_seconds() for _ in range(200)]
    assert min(waits) >= 0.8 * middle
    assert max(waits) <= 1.2 * middle
    assert max(waits) - min(waits) > 0.1 * middle


def test_a_day_of_failures_ends_as_dead_and_can_be_replayed(ledger: Ledger, clock: _Clock) -> None:
    """Each wait is kept in the row; the reason stays; a replay starts afresh."""
    channel = _Scripted(SendFailed("no route"))
    (number,) = _queue(ledger, "scripted")
    for _ in range(ATTEMPTS):
        deliver_due(ledger, {"scripted": channel}, clock)
        assert ledger.due() == []
        clock.now += timedelta(hours=8)
    assert len(channel.seen) == ATTEMPTS
    assert ledger.failures() == [(number, "dead", "scripted", "no route")]
    assert deliver_due(ledger, {"scripted": channel}, clock) == 0
    assert ledger.replay(number)
    assert deliver_due(ledger, {"scripted": _Scripted(None)}, clock) == 1


def test_retry_after_is_honoured_to_the_second(ledger: Ledger, clock: _Clock) -> None:
    """Not a second earlier."""
    channel = _Scripted(SendFailed("busy", retry_after=90), None)
    _queue(ledger, "scripted")
    assert deliver_due(ledger, {"scripted": channel}, clock) == 0
    clock.now += timedelta(seconds=89)
    assert deliver_due(ledger, {"scripted": channel}, clock) == 0
    clock.now += timedelta(seconds=1)
    assert deliver_due(ledger, {"scripted": channel}, clock) == 1
    assert [one.idempotency_key for one in channel.seen] == [channel.seen[0].idempotency_key] * 2


def test_what_cannot_help_is_given_up_at_once(ledger: Ledger, clock: _Clock) -> None:
    """A refused key, and a channel that is not there."""
    channel = _Scripted(SendFailed("310000 sign not match", permanent=True))
    _queue(ledger, "scripted", "pigeon")
    assert deliver_due(ledger, {"scripted": channel}, clock) == 0
    assert [(state, reason) for _, state, _, reason in ledger.failures()] == [
        ("dead", "310000 sign not match"),
        ("dead", "no channel pigeon; there are scripted"),
    ]


def test_waiting_for_a_turn_is_never_a_reason_to_give_up(ledger: Ledger, clock: _Clock) -> None:
    """Far more often than there are attempts."""
    channel = _Scripted(*[SendFailed("its turn", retry_after=60, deferred=True)] * 40, None)
    _queue(ledger, "scripted")
    sent = 0
    for _ in range(41):
        sent += deliver_due(ledger, {"scripted": channel}, clock)
        clock.now += timedelta(minutes=1)
    assert (sent, len(channel.seen)) == (1, 41)


def test_one_that_fails_never_blocks_the_others(ledger: Ledger, clock: _Clock) -> None:
    """Not even with an error nobody foresaw; its kind is kept, its words may hold a secret and are not."""
    broken, fine = _Scripted(RuntimeError("canary-7f3a")), _Scripted(None)
    _queue(ledger, "broken", "fine", "broken", "fine")
    assert deliver_due(ledger, {"broken": broken, "fine": fine}, clock) == 2
    assert [reason for *_, reason in ledger.failures()] == ["internal error: RuntimeError"] * 2


def test_a_delivery_that_kills_its_process_is_parked(ledger: Ledger, clock: _Clock) -> None:
    """Claims without an answer: the receiver is told of a repeat, and in the end nobody tries any more."""
    (number,) = _queue(ledger, "scripted")
    channel = _Scripted(SendFailed("later"))
    assert ledger.claim(number) is not None  # and the process dies
    clock.now += timedelta(minutes=5)
    deliver_one(ledger, {"scripted": channel}, number, clock)
    assert channel.seen[0].repeated
    (other,) = _queue_one_more(ledger)
    for _ in range(CLAIMS):
        assert ledger.claim(other) is not None
        clock.now += timedelta(minutes=5)
    deliver_one(ledger, {"scripted": channel}, other, clock)
    assert [state for found, state, *_ in ledger.failures() if found == other] == ["dead"]
    assert len(channel.seen) == 1


def _queue_one_more(ledger: Ledger) -> list[int]:
    known = set(ledger.due())
    alert = Alert("more", "more", AlertKind.TEST, "", "", "", "{}")
    ledger.queue([(alert, Subscription("more", "scripted", ""))])
    return [number for number in ledger.due() if number not in known]
