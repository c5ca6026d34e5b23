"""Secrets that are shown once and kept as hashes: session cookies, invitation links, bearer tokens."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """256 random bits, safe in a URL and a header."""
    return secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    """What is kept of a secret. A plain hash will do: the secret has 256 bits of its own."""
    return hashlib.sha256(secret.encode()).hexdigest()
