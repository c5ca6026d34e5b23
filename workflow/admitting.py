"""How people reach the desk: the access made from the settings, the first admin's link."""

from __future__ import annotations

from review.guard import Access, is_loopback
from store.accounts import AccountBook
from workflow.house import House
from workflow.keys import signing_key
from workflow.say import Voice
from workflow.settings import Settings


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
