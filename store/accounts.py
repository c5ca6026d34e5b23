"""Keeps accounts and the invitations they come from. Names are compared without case and width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from schema.accounts import LOCAL, Account, Invitation, Role
from schema.errors import AccountRefused
from store import tables as t
from store.archive import utc_now
from store.audit import note
from store.database import Database
from store.secrets import hashed, new_secret

NAME = re.compile(r"[\w.@+-]{1,64}")
INVITED = timedelta(days=7)
FIRST_LINK = timedelta(days=1)


def plain_name(name: str) -> str:
    """The one spelling of an account's name. Raises AccountRefused for what cannot be one."""
    found = unicodedata.normalize("NFKC", name).strip().casefold()
    if not NAME.fullmatch(found) or found == LOCAL:
        raise AccountRefused("bad_name")
    return found


class AccountBook:
    """The people of the desk. Every change is in the audit log."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def any(self) -> bool:
        """True once there is an account: from then on people sign in."""
        with self._database.reading() as session:
            return session.scalar(select(t.AccountRow.id).limit(1)) is not None

    def has_admin(self) -> bool:
        """True when somebody enabled can administer."""
        with self._database.reading() as session:
            return _admins(session) > 0

    def all(self) -> list[Account]:
        """Every account by name."""
        with self._database.reading() as session:
            return [_account(row) for row in session.scalars(select(t.AccountRow).order_by(t.AccountRow.name))]

    def by_name(self, name: str) -> tuple[Account, str] | None:
        """An account and its password hash; disabled ones included."""
        known = unicodedata.normalize("NFKC", name).strip().casefold()
        with self._database.reading() as session:
            row = session.scalar(select(t.AccountRow).where(t.AccountRow.name == known))
            return (_account(row), row.password) if row else None

    def invite(self, role: Role, by: str, *, name: str | None = None, lasts: timedelta = INVITED) -> str:
        """A new link's secret, told once. With ``name`` it renews that account's password."""
        secret, now = new_secret(), self._clock()
        with self._database.writing() as session:
            session.add(
                t.InvitationRow(
                    secret_hash=hashed(secret),
                    role=role.value,
                    name=plain_name(name) if name else None,
                    made_by=by,
                    made_at=now,
                    expires_at=now + lasts,
                )
            )
            note(session, now, by, "renew_password" if name else "invite", name or role.value)
        return secret

    def first_link(self) -> str | None:
        """The secret of a fresh link for the first admin, earlier ones void; None when there is an admin."""
        now = self._clock()
        with self._database.reading() as session:
            if _admins(session):
                return None
        with self._database.writing() as session:
            stale = (t.InvitationRow.made_by == LOCAL, t.InvitationRow.used_at.is_(None))
            session.execute(update(t.InvitationRow).where(*stale).values(expires_at=now))
        return self.invite(Role.ADMIN, LOCAL, lasts=FIRST_LINK)

    def invitation(self, secret: str) -> Invitation | None:
        """What a link is good for; None when it is unknown, used or too old."""
        with self._database.reading() as session:
            row = _open_invitation(session, secret, self._clock())
            return _invitation(row) if row else None

    def accept(self, secret: str, name: str, password: str, address: str = "") -> Account:
        """Use a link: make the account, or renew its password and end its sessions. ``password`` is a hash.

        Raises AccountRefused: the link is spent, or the name is taken or cannot be one.
        """
        now = self._clock()
        with self._database.writing() as session:
            row = _open_invitation(session, secret, now)
            claim = update(t.InvitationRow).where(
                t.InvitationRow.secret_hash == hashed(secret), t.InvitationRow.used_at.is_(None)
            )
            if row is None or session.scalar(claim.values(used_at=now).returning(t.InvitationRow.id)) is None:
                raise AccountRefused("link_spent")
            account = _renewed(session, row, password, now) if row.name else _made(session, row, name, password, now)
            note(session, now, account.name, "accept", account.name, detail=account.role, address=address)
            return _account(account)

    def change(self, account_id: int, by: str, *, role: Role | None = None, enabled: bool | None = None) -> Account:
        """Another role, or on or off; ends the account's sessions. Raises AccountRefused for the last admin."""
        now = self._clock()
        with self._database.writing() as session:
            row = session.get(t.AccountRow, account_id)
            if row is None:
                raise AccountRefused("no_account")
            row.role = role.value if role else row.role
            row.enabled = row.enabled if enabled is None else enabled
            session.flush()
            if not _admins(session):
                raise AccountRefused("last_admin")
            end_sessions(session, account_id, now)
            note(session, now, by, "change_account", row.name, detail=f"{row.role} {'on' if row.enabled else 'off'}")
            return _account(row)

    def add_for_proxy(self, name: str, role: Role, by: str) -> Account:
        """An account that only a trusted proxy can sign in: it has no password."""
        now = self._clock()
        with self._database.writing() as session:
            row = _new_row(session, plain_name(name), role, "", now)
            note(session, now, by, "add_account", row.name, detail=role.value)
            return _account(row)


def end_sessions(session: Session, account_id: int, now: datetime) -> None:
    """Sign an account out everywhere, in a running transaction."""
    open_ones = (t.SessionRow.account_id == account_id, t.SessionRow.ended_at.is_(None))
    session.execute(update(t.SessionRow).where(*open_ones).values(ended_at=now))


def _admins(session: Session) -> int:
    query = select(func.count()).where(t.AccountRow.role == Role.ADMIN.value, t.AccountRow.enabled)
    return session.scalar(query) or 0


def _open_invitation(session: Session, secret: str, now: datetime) -> t.InvitationRow | None:
    query = select(t.InvitationRow).where(
        t.InvitationRow.secret_hash == hashed(secret),
        t.InvitationRow.used_at.is_(None),
        t.InvitationRow.expires_at > now,
    )
    return session.scalar(query)


def _made(session: Session, row: t.InvitationRow, name: str, password: str, now: datetime) -> t.AccountRow:
    return _new_row(session, plain_name(name), Role(row.role), password, now)


def _new_row(session: Session, name: str, role: Role, password: str, now: datetime) -> t.AccountRow:
    if session.scalar(select(t.AccountRow.id).where(t.AccountRow.name == name)) is not None:
        raise AccountRefused("name_taken")
    if role is not Role.ADMIN and not _admins(session):
        raise AccountRefused("first_is_admin")
    account = t.AccountRow(name=name, role=role.value, password=password, made_at=now, enabled=True)
    session.add(account)
    session.flush()
    return account


def _renewed(session: Session, row: t.InvitationRow, password: str, now: datetime) -> t.AccountRow:
    account = session.scalar(select(t.AccountRow).where(t.AccountRow.name == row.name, t.AccountRow.enabled))
    if account is None:
        raise AccountRefused("no_account")
    account.password = password
    end_sessions(session, account.id, now)
    return account


def _account(row: t.AccountRow) -> Account:
    return Account(row.id, row.name, Role(row.role), row.made_at, row.enabled)


def _invitation(row: t.InvitationRow) -> Invitation:
    return Invitation(row.id, Role(row.role), row.made_at, row.expires_at, row.made_by, row.name, row.used_at)
