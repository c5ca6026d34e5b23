"""A real worker process: `python worker_main.py BROKER DATABASE SECONDS_AHEAD`, sending to webhooks on 127.0.0.1."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from notifier.channel import ChannelOptions, load_channels
from notifier.deliver import deliver_group
from notifier.tasks import make_app, serve
from store.database import Database
from store.ledger import Ledger
from store.pulse import Pulse


def main(broker: str, url: str, ahead: str) -> None:
    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(ahead))

    channels = load_channels(ChannelOptions(Path("unused"), allow_networks=("127.0.0.0/8",), clock=clock))

    def deliver(numbers: list[int]) -> None:
        database = Database.open(url)
        deliver_group(Ledger(database, clock), channels, numbers, clock)
        database.close()

    def beat() -> None:
        database = Database.open(url)
        Pulse(database, clock).beat("worker")
        database.close()

    app = make_app(broker)
    serve(app, deliver, beat, print)  # a builtin has no signature to copy: the app must not need one
    app.worker_main(["worker", "--concurrency=1", "--loglevel=WARNING", "--without-gossip", "--without-mingle"])


if __name__ == "__main__":
    main(*sys.argv[1:])
