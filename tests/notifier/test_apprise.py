"""Apprise is an extra: without it a clear line; with it yes and no, and never an address from a form."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from notifier.channel import ChannelOptions, load_channels
from schema.alerts import Alert, AlertKind, Delivery
from schema.errors import SendFailed


class _Library:
    """Knows one address, and answers as told."""

    def __init__(self, answer: bool) -> None:
        self.answer, self.told = answer, []

    def add(self, address: str) -> bool:
        return address.startswith("good://")

    def notify(self, title: str, body: str) -> bool:
        self.told.append((title, body))
        return self.answer


def _send(address: str) -> None:
    secrets = {"GOOD": "good://canary", "BAD": "bad://canary"}
    options = ChannelOptions(Path("unused"), secret=lambda name: secrets.get(name, ""))
    alert = Alert("k", "s", AlertKind.TEST, "主题", "正文", "", "{}")
    load_channels(options)["apprise"].send(Delivery(1, alert, "apprise", address, 1, "k"))


def test_without_it_a_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """For good, with the way out."""
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(SendFailed, match=r"pip install 'chengnuo\[apprise\]'") as failure:
        _send("GOOD")
    assert failure.value.permanent


def test_yes_and_no(monkeypatch: pytest.MonkeyPatch) -> None:
    """A no is tried again, an address it cannot read is not; no address from a form, no secret in the words."""
    library = _Library(answer=True)
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=lambda: library))
    _send("GOOD")
    assert library.told == [("主题", "正文")]
    library.answer = False
    for address, permanent in (("GOOD", False), ("BAD", True), ("good://canary", True), ("NONE", True)):
        with pytest.raises(SendFailed) as failure:
            _send(address)
        assert (failure.value.permanent, "canary" in str(failure.value)) == (permanent, False)
