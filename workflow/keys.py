"""The key that signs forms and links: a setting, or made once and kept in the data folder."""

from __future__ import annotations

import secrets
from pathlib import Path

from schema.errors import ConfigurationError, StoreError
from workflow.settings import PREFIX, Settings

KEY_FILE = "secret.key"
SHORTEST_KEY = 32


def signing_key(settings: Settings) -> bytes:
    """CHENGNUO_SECRET_KEY, or one kept in the data folder, made at first use and readable by its owner only.

    Raises ConfigurationError for a key of fewer than 32 characters, StoreError when the folder cannot be written.
    """
    given = settings.secret("SECRET_KEY")
    if given:
        if len(given) < SHORTEST_KEY:
            raise ConfigurationError("environment", PREFIX + "SECRET_KEY", f"give at least {SHORTEST_KEY} characters")
        return given.encode()
    file = settings.data / KEY_FILE
    try:
        return _kept_key(file)
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}; set {PREFIX}SECRET_KEY") from error


def _kept_key(file: Path) -> bytes:
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        kept = file.read_bytes()
        if len(kept) >= SHORTEST_KEY:
            return kept
    file.write_bytes(secrets.token_hex(32).encode())
    return file.read_bytes()
