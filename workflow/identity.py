"""What a worker process is called: the lowest free number on its machine, so that one started anew is the same."""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import logging
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schema.errors import ChengnuoError
from workflow.house import open_house
from workflow.settings import Settings

LOG = logging.getLogger(__name__)


@contextmanager
def worker_name(settings: Settings) -> Iterator[str]:
    """``worker1@host`` while the block runs.

    The number is held by a lock that ends with this process and that its children do not inherit. A worker that ends
    in order takes its heartbeat along; one that is killed leaves it, and falls silent unless it is started anew.
    """
    with _number(settings.database_url) as number:
        name = f"worker{number}@{socket.gethostname()}"
        _forget(settings, "worker")  # of the version that had one heartbeat for all
        yield name
        _forget(settings, name)


@contextmanager
def _number(house: str) -> Iterator[int]:
    folder = Path(tempfile.gettempdir()) / f"chengnuo-{os.getuid()}-{hashlib.sha256(house.encode()).hexdigest()[:12]}"
    folder.mkdir(mode=0o700, exist_ok=True)
    for number in itertools.count(1):
        with (folder / f"worker{number}").open("a") as file:
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            yield number
            return


def _forget(settings: Settings, name: str) -> None:
    """A database that is away stops no worker, neither at its start nor at its end."""
    try:
        with open_house(settings) as house:
            house.pulse.forget(name)
    except ChengnuoError as error:
        LOG.warning("heartbeat of %s: %s", name, error)
