"""What an operator would see: a crawl by the calendar ends in a letter and a page; killed services come back.

`python compose_story.py RUN LETTERS DATABASE_URL`; runs inside tools/compose_run.py, prints one line a step.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import httpx2 as httpx

from review.guard import SESSION_COOKIE
from schema.accounts import Role
from schema.alerts import Alert, AlertKind, DeliveryState, Subscription
from schema.errors import StoreError
from schema.jobs import JobKind, JobState
from store.accounts import AccountBook
from store.comparisons import Comparisons
from store.database import Database
from store.jobs import JobBook
from store.ledger import Ledger
from store.sessions import SessionBook

PATIENCE = 120.0 * float(os.environ.get("COMPOSE_SLOW", "1"))
KILLED = ("worker", "relay", "beat", "crawl", "web", "valkey", "postgres")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def until(what: str, true: Callable[[], object]) -> float:
    began = time.monotonic()
    while True:
        try:
            if true():
                break
        except (StoreError, httpx.HTTPError):
            pass  # it was killed and is on its way back
        if time.monotonic() - began > PATIENCE:
            raise SystemExit(f"{what}: not within {PATIENCE:.0f} s")
        time.sleep(0.3)
    return time.monotonic() - began


def subjects(letters: Path) -> list[str]:
    return [message_from_bytes(one.read_bytes(), policy=default)["subject"] for one in letters.glob("*.eml")]


def tell(letters: Path, database: Database, number: int) -> float:
    """Queue one test alert; seconds until its letter is there."""
    subject = f"story {number}"
    alert = Alert(subject, "story", AlertKind.TEST, subject, "text", "html", "{}")
    until("a row", lambda: Ledger(database).queue([(alert, Subscription("story", "email", "team@example.org"))]) == 1)
    return until(f"the letter {subject}", lambda: any(subject in one for one in subjects(letters)))


def signed_in(database: Database) -> str:
    """The cookie of a reviewer who came by an invitation."""
    book = AccountBook(database)
    account = book.accept(book.invite(Role.ADMIN, "story"), "story", "a long enough pass phrase")
    return SessionBook(database).begin(account.id, "127.0.0.1")


def main(run: Path, letters: Path, url: str) -> None:
    ports = json.loads(os.environ["COMPOSE_PORTS"])
    web = f"http://127.0.0.1:{ports['web']}"
    database = Database.open(url.replace("postgres:5432", f"127.0.0.1:{ports['postgres']}"))  # no names without root
    seconds = until("a letter about Hubei", lambda: any("湖北" in one and "2026" in one for one in subjects(letters)))
    say(f"story: crawled by the calendar, compared and delivered after {seconds:.1f} s")
    comparisons = Comparisons(database, None)  # type: ignore[arg-type]
    kept = comparisons.diff("hubei", 2026)
    assert kept is not None
    assert kept.diff.changes
    until("readiness", lambda: httpx.get(f"{web}/readyz").status_code == 200)
    assert httpx.get(f"{web}/province/hubei/2026").status_code in (303, 401), "a stranger gets in"
    page = httpx.get(f"{web}/province/hubei/2026", cookies={SESSION_COOKIE: signed_in(database)})
    assert page.status_code == 200, page.status_code
    assert "湖北" in page.text
    say(f"story: {web}/readyz is 200, the province's page answers {page.status_code}")
    states = JobBook(database).states()
    assert states.get((JobKind.CRAWL, JobState.FAILED), 0) == 0, states
    for number, name in enumerate(KILLED):
        pid = run / f"{name}.pid"
        killed = pid.read_text()
        os.killpg(int(killed), signal.SIGKILL)
        back = until(f"{name} again", lambda pid=pid, killed=killed: pid.read_text() != killed)
        seconds = tell(letters, database, number)
        say(
            f"story: {name} killed, restarted after {back:.1f} s, a new alert delivered {seconds:.1f} s later",
        )
    until("readiness", lambda: httpx.get(f"{web}/readyz").status_code == 200)
    counts = Ledger(database).counts()
    database.close()
    assert counts[DeliveryState.DEAD] == 0, counts
    told = subjects(letters)
    assert sum("story" in one for one in told) == len(KILLED), told
    say(f"story: {counts[DeliveryState.SENT]} sent, none lost, none twice")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
