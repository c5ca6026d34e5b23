"""``python -m bench.desk_serving DATABASE_URL``: serves the desk on a free port until standard input ends.

A line on standard input is answered with the seconds of processor time this process has used so far.
"""

from __future__ import annotations

import sys
import threading
import time

import uvicorn

from review.app import make_app, make_ready
from review.guard import Access
from store.database import Database


def main() -> None:
    """Serve until standard input closes."""
    app = make_app(Database.open(sys.argv[1]), access=Access(single_user=True))
    make_ready(app)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        pass
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    for _ in sys.stdin:
        print(time.process_time(), flush=True)
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
