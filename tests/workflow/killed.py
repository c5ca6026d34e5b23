"""One whole trip in a process that kills itself at a named point: keep, diff, send, or nowhere."""

import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from notifier.channels.mailbox import Mailbox
from store.archive import Archive
from workflow import collecting, comparing, delivering
from workflow.house import open_house
from workflow.settings import load_settings


def die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(point: str, data: Path, files: list[Path], minutes: int) -> None:
    sent = Mailbox.send

    def send_and_die(self, delivery):
        sent(self, delivery)
        die()

    if point == "keep":
        Archive.keep_reading = die  # type: ignore[assignment]
    if point == "diff":
        delivering.deliver_due = die  # type: ignore[assignment]
    if point == "send":
        Mailbox.send = send_and_die  # type: ignore[method-assign]
    settings = load_settings({}, data=data)
    with open_house(settings, clock=lambda: datetime.now(UTC) + timedelta(minutes=minutes)) as house:
        for file in files:
            collecting.import_files(house, [file], province=None, year=None, url=None)
        comparing.compare_pending(house)
        delivering.deliver_all(house)


main(sys.argv[1], Path(sys.argv[2]), [Path(name) for name in sys.argv[4:]], int(sys.argv[3]))
