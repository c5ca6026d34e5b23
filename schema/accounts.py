"""Who works at the desk: accounts, roles, invitations, tokens, and the audit log of what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a person may do. Each role may do what the ones before it may."""

    VIEWER = "viewer"
    """Read everything."""
    REVIEWER = "reviewer"
    """Give verdicts."""
    ADMIN = "admin"
    """Invite people, change roles, make and revoke tokens, edit subscriptions."""

    def covers(self, needed: Role) -> bool:
        """True when this role may do what ``needed`` may."""
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


LOCAL = "local"
"""The name of the one person in single-user mode."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in. ``password`` is an argon2 hash, never shown."""

    id: int
    name: str
    role: Role
    made_at: datetime
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: an account, the one person of single-user mode, or a token's holder."""

    name: str
    role: Role
    account: int | None = None
    session: int | None = None
    """The session's number; None when no session cookie proved it."""
    token: int | None = None
    """The number of the bearer token that proved it."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that is good once: a new account, or a new password for the account named ``name``."""

    id: int
    role: Role
    made_at: datetime
    expires_at: datetime
    made_by: str
    name: str | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A bearer token as listed; its secret was shown once and only a hash is kept."""

    id: int
    label: str
    role: Role
    made_by: str
    made_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing a person did. Appended, never changed."""

    id: int
    at: datetime
    by: str
    action: str
    """As "sign_in", "invite", "verdict"; words.ACTIONS has the words."""
    subject: str
    detail: str = ""
    address: str = ""
    """Where the person came from."""
