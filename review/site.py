"""What every file of routes is given: ``add_X(app, site)``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from review.guard import Gate
from review.matrix import Desk
from review.rendering import Pages
from schema.alerts import Subscription
from store.database import Database


@dataclass(frozen=True, slots=True)
class Site:
    """The open desk: its data, its pages, its gate, its clock."""

    database: Database
    pages: Pages
    gate: Gate
    now: Callable[[], datetime]
    subscriptions: Callable[[], Sequence[Subscription]] = lambda: ()

    @property
    def desk(self) -> Desk:
        """What the pages read."""
        return self.pages.desk
