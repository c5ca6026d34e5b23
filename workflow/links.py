"""Signed links in messages: "this is wrong", and unsubscribe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from schema.signing import sign

GOOD_FOR = timedelta(days=400)
"""A plan year and a little."""
WRONG, UNSUBSCRIBE = "wrong", "unsubscribe"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses on our own pages that prove by themselves for whom they were made."""

    base_url: str
    key: bytes
    now: datetime

    def doubt(self, subscription: str, change_key: str) -> str:
        """Where the reader of a message says that one change in it is wrong."""
        return self._link(WRONG, (subscription, change_key))

    def unsubscribe(self, subscription: str) -> str:
        """Where one POST switches a subscription off."""
        return self._link(UNSUBSCRIBE, (subscription,))

    def _link(self, purpose: str, words: tuple[str, ...]) -> str:
        return f"{self.base_url}/{purpose}/{sign(self.key, purpose, words, self.now + GOOD_FOR)}"
