"""Keeps bearer tokens by their hashes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, update

from schema.accounts import ApiToken, Person, Role
from store import tables as t
from store.archive import utc_now
from store.audit import note
from store.database import Database
from store.secrets import hashed, new_secret

PREFIX = "chengnuo_"
"""Begins every token, so that a scanner for leaked secrets can know one."""
NOTED = timedelta(minutes=5)


class TokenBook:
    """The bearer tokens of the API and the feeds."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def make(
        self, label: str, role: Role, by: str, *, account_id: int | None = None, lasts: timedelta | None = None
    ) -> tuple[ApiToken, str]:
        """A new token and its secret, which is told this once. It never may more than the account it borrows from."""
        secret, now = PREFIX + new_secret(), self._clock()
        row = t.ApiTokenRow(
            secret_hash=hashed(secret),
            label=label,
            role=role.value,
            made_by=by,
            account_id=account_id,
            made_at=now,
            expires_at=now + lasts if lasts else None,
        )
        with self._database.writing() as session:
            session.add(row)
            session.flush()
            note(session, now, by, "make_token", f"{row.id} {label}", detail=role.value)
        return _record(row), secret

    def all(self) -> list[ApiToken]:
        """Every token, newest first, revoked ones included."""
        with self._database.reading() as session:
            return [_record(row) for row in session.scalars(select(t.ApiTokenRow).order_by(t.ApiTokenRow.id.desc()))]

    def revoke(self, number: int, by: str) -> bool:
        """Void a token; False when there is none such, or it was revoked before."""
        now = self._clock()
        open_one = (t.ApiTokenRow.id == number, t.ApiTokenRow.revoked_at.is_(None))
        with self._database.writing() as session:
            found = session.scalar(
                update(t.ApiTokenRow).where(*open_one).values(revoked_at=now).returning(t.ApiTokenRow.label)
            )
            if found is None:
                return False
            note(session, now, by, "revoke_token", f"{number} {found}")
            return True

    def person(self, secret: str) -> Person | None:
        """Whose token this is; None when it is unknown, revoked or expired, or its account is disabled.

        Without an account it is called "token:" and its label, as no account can be.
        """
        now = self._clock()
        query = (
            select(t.ApiTokenRow, t.AccountRow)
            .outerjoin(t.AccountRow, t.AccountRow.id == t.ApiTokenRow.account_id)
            .where(t.ApiTokenRow.secret_hash == hashed(secret), t.ApiTokenRow.revoked_at.is_(None))
        )
        with self._database.reading() as session:
            found = session.execute(query).one_or_none()
        if found is None or (found[0].expires_at is not None and found[0].expires_at <= now):
            return None
        row, account = found
        if account is not None and not account.enabled:
            return None
        if row.last_used_at is None or now - row.last_used_at > NOTED:
            with self._database.writing() as session:
                session.execute(update(t.ApiTokenRow).where(t.ApiTokenRow.id == row.id).values(last_used_at=now))
        role = Role(row.role)
        if account is not None and not Role(account.role).covers(role):
            role = Role(account.role)
        return Person(account.name if account else f"token:{row.label}", role, row.account_id, token=row.id)


def _record(row: t.ApiTokenRow) -> ApiToken:
    return ApiToken(
        row.id, row.label, Role(row.role), row.made_by, row.made_at, row.expires_at, row.revoked_at, row.last_used_at
    )
