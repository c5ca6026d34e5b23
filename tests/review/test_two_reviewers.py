"""Two people decide at the same moment, over real HTTP, on both databases: one is kept, the other sees the conflict."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
import pytest
import uvicorn

from review.app import make_app
from review.guard import Access
from schema.accounts import Role
from schema.verdicts import Decision
from store.api_tokens import TokenBook
from store.database import Database
from store.verdicts import VerdictBook

from .conftest import fill

AT = datetime(2026, 3, 3, tzinfo=UTC)
ROUNDS = 8


@pytest.fixture
def served(database_url: str) -> Iterator[tuple[Database, str]]:
    """A desk on a real port, and its database."""
    database = Database.open(database_url)
    fill(database)
    config = uvicorn.Config(make_app(database, access=Access(), now=lambda: AT), port=0, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    yield database, f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
    database.close()


def test_of_two_at_once_the_second_sees_the_conflict(served: tuple[Database, str]) -> None:
    """Every round both start from the same state: exactly one verdict is kept, the other gets 409; none is lost."""
    database, base = served
    secrets = [TokenBook(database).make(name, Role.REVIEWER, "local")[1] for name in ("one", "two")]
    book, newest = VerdictBook(database), 0
    both = threading.Barrier(2)

    def decide(secret: str) -> int:
        with httpx2.Client(base_url=base, headers={"Authorization": f"Bearer {secret}"}) as client:
            both.wait(30)
            body = {"decision": "confirm", "after": newest}
            return client.post("/api/v1/changes/abc123/verdicts", json=body).status_code

    with ThreadPoolExecutor(2) as pool:
        for number in range(1, ROUNDS + 1):
            assert sorted(pool.map(decide, secrets)) == [201, 409]
            history = book.of_change("abc123")
            assert [one.decision for one in history] == [Decision.CONFIRM] * number
            newest = history[-1].id or 0
    assert {one.by for one in book.of_change("abc123")} <= {"token:one", "token:two"}
