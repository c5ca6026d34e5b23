"""How people reach the desk: the access made from the settings, the signing key, the first admin's link."""

from __future__ import annotations

import secrets
from pathlib import Path

from review.guard import Access, is_loopback
from schema.errors import ConfigurationError, StoreError
from store.accounts import AccountBook
from workflow.house import House
from workflow.say import Voice
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


def access_of(settings: Settings, host: str, base_url: str | None = None) -> Access:
    """Who gets in: on loopback, without accounts, the one person at this machine; elsewhere everybody signs in."""
    return Access(
        single_user=settings.sign_in == "auto" and is_loopback(host),
        base_url=base_url or settings.base_url,
        secret=signing_key(settings),
        proxy_header=settings.proxy_header,
        proxies=settings.proxies,
    )


def first_admin_link(house: House, base_url: str | None = None) -> str | None:
    """A fresh link, good once and for a day, that makes the first admin; None when there is an admin."""
    secret = AccountBook(house.database, house.clock).first_link()
    return f"{base_url or house.settings.base_url}/welcome/{secret}" if secret else None


def tell_first_link(house: House, voice: Voice, base_url: str | None = None) -> None:
    """Print the first admin's link where one is needed."""
    link = first_admin_link(house, base_url)
    if link:
        voice.line(
            f"还没有管理员。用这个链接建立（一天内有效，只能用一次）：\n  {link}",
            f"There is no admin yet. This link makes one (good for a day, once):\n  {link}",
            "bold yellow",
        )
