"""Passwords as argon2 hashes; the one file that knows argon2."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schema.errors import AccountRefused

SHORTEST, LONGEST = 12, 1024
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_TURN = threading.BoundedSemaphore(2)
"""Each hash takes 32 MiB: a crowd at the door waits instead of filling the memory."""
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str, name: str = "") -> str:
    """What is kept of a password. Raises AccountRefused for one that is too short, too long, or the name."""
    if not SHORTEST <= len(password) <= LONGEST or password.casefold() == name.casefold():
        raise AccountRefused("weak_password")
    with _TURN:
        return _HASHER.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """True for the right password. Takes as long for an account that does not exist, or has no password."""
    with _TURN:
        try:
            return _HASHER.verify(kept or _NOBODY, password[: LONGEST + 1]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False
