"""``python -m bench.desk_serving DATABASE_URL``: serves the desk on a free port until standard input ends."""

from __future__ import annotations

import sys
import threading

import uvicorn

from review.app import make_app
from review.guard import Access
from store.database import Database


def main() -> None:
    """Serve until standard input closes."""
    app = make_app(Database.open(sys.argv[1]), access=Access(single_user=True))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        pass
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    sys.stdin.read()
    server.should_exit = True
    thread.join()


if __name__ == "__main__":
    main()
