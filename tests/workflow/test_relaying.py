"""The relay marks what it hands over before a worker can ask for it, and takes the mark back when nobody took it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from notifier.tasks import hand_over, in_queue, make_app
from schema.alerts import Alert, AlertKind, Subscription
from workflow import relaying
from workflow.house import open_house
from workflow.relaying import relay_once
from workflow.settings import load_settings

TEAM = Subscription("team", "mailbox", "")


def test_what_is_handed_over_is_marked_before(tmp_path: Path, valkey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker passes over rows that are locked: a mark that came after would hide them for a minute."""
    waiting: list[list[int]] = []
    with open_house(load_settings({}, data=tmp_path / "d")) as house:
        house.ledger.queue([(Alert(f"k{n}", "team", AlertKind.TEST, "s", "t", "h", "{}"), TEAM) for n in range(12)])

        def away(_app: Celery, _groups: Sequence[Sequence[int]]) -> None:
            waiting.append(house.ledger.due(for_relay=True))
            raise OperationalError

        app = make_app(valkey)
        monkeypatch.setattr(relaying, "hand_over", away)
        assert relay_once(house, app) == 0
        assert (waiting, len(house.ledger.due(for_relay=True))) == ([[]], 12)
        monkeypatch.setattr(relaying, "hand_over", hand_over)
        assert (relay_once(house, app), in_queue(app)) == (12, 2)
        assert house.ledger.due(for_relay=True) == []
        app.close()
