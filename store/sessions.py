"""Who is signed in, and who failed to: sessions as rows, so that signing out works at once and everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from schema.accounts import Person, Role
from store import tables as t
from store.accounts import end_sessions
from store.archive import utc_now
from store.audit import note
from store.database import Database
from store.secrets import hashed, new_secret

IDLE = timedelta(hours=12)
"""A session unused for so long is over."""
LONGEST = timedelta(days=7)
"""And every session is, after so long."""
NOTED = timedelta(minutes=5)
"""How exactly the last use is kept; a row is not written for every page."""
WINDOW = timedelta(minutes=15)
"""Failed sign-ins within it count."""
FAILURES_OF_NAME = 8
FAILURES_FROM_ADDRESS = 24


class SessionBook:
    """The signed-in browsers."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def begin(self, account_id: int, address: str, *, ending: str = "") -> str:
        """A new session's secret; the session whose secret the browser sent is ended, so that none is reused."""
        secret, now = new_secret(), self._clock()
        with self._database.writing() as session:
            account = session.get_one(t.AccountRow, account_id)
            session.execute(_ending(ending, now))
            session.add(
                t.SessionRow(account_id=account_id, secret_hash=hashed(secret), made_at=now, seen_at=now, ended_at=None)
            )
            session.execute(delete(t.FailedSignInRow).where(t.FailedSignInRow.name == account.name))
            note(session, now, account.name, "sign_in", account.name, address=address)
        return secret

    def person(self, secret: str) -> Person | None:
        """Whose session this is; None when it is unknown, ended or too old, or the account is disabled."""
        now = self._clock()
        query = (
            select(t.SessionRow, t.AccountRow)
            .join(t.AccountRow, t.AccountRow.id == t.SessionRow.account_id)
            .where(t.SessionRow.secret_hash == hashed(secret), t.SessionRow.ended_at.is_(None), t.AccountRow.enabled)
            .where(t.SessionRow.seen_at > now - IDLE, t.SessionRow.made_at > now - LONGEST)
        )
        with self._database.reading() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            return None
        row, account = found
        if now - row.seen_at > NOTED:
            with self._database.writing() as session:
                session.execute(update(t.SessionRow).where(t.SessionRow.id == row.id).values(seen_at=now))
        return Person(account.name, Role(account.role), account.id, session=row.id)

    def end(self, secret: str, name: str, address: str) -> None:
        """Sign out."""
        now = self._clock()
        with self._database.writing() as session:
            session.execute(_ending(secret, now))
            note(session, now, name, "sign_out", name, address=address)

    def end_all(self, account_id: int, name: str) -> None:
        """Sign out everywhere."""
        now = self._clock()
        with self._database.writing() as session:
            end_sessions(session, account_id, now)
            note(session, now, name, "sign_out_everywhere", name)

    def wait(self, name: str, address: str) -> timedelta | None:
        """How long this name or address must wait before it may try again; None when it need not."""
        now = self._clock()
        recent = t.FailedSignInRow.at > now - WINDOW
        with self._database.reading() as session:
            for column, value, limit in (
                (t.FailedSignInRow.name, name, FAILURES_OF_NAME),
                (t.FailedSignInRow.address, address, FAILURES_FROM_ADDRESS),
            ):
                count, oldest = session.execute(
                    select(func.count(), func.min(t.FailedSignInRow.at)).where(column == value, recent)
                ).one()
                if count >= limit:
                    return WINDOW - (now - oldest)
        return None

    def failed(self, name: str, address: str) -> None:
        """Remember a failed sign-in; those that no longer count are swept."""
        now = self._clock()
        with self._database.writing() as session:
            session.execute(delete(t.FailedSignInRow).where(t.FailedSignInRow.at < now - WINDOW))
            session.add(t.FailedSignInRow(name=name[:64], address=address, at=now))
            note(session, now, name[:64], "sign_in_failed", name[:64], address=address)


def _ending(secret: str, now: datetime):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the type is SQLAlchemy's own
    open_one = (t.SessionRow.secret_hash == hashed(secret), t.SessionRow.ended_at.is_(None))
    return update(t.SessionRow).where(*open_one).values(ended_at=now)
