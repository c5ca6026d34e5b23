"""Keeps the subscriptions that were made on the pages, and who changed what; validation stands in notifier/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import tables as t
from store.archive import utc_now
from store.database import Database


@dataclass(frozen=True, slots=True)
class SubscriptionEvent:
    """One change of one subscription: create, update, disable, enable."""

    name: str
    action: str
    by: str
    at: datetime
    settings: dict[str, Any]


class SubscriptionBook:
    """The overlay over the reviewed file."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database, self._clock = database, clock

    def all(self) -> dict[str, dict[str, Any]]:
        """Name → settings, by name. ``{"enabled": false}`` alone switches one of the file off."""
        with self._database.reading() as session:
            found = session.scalars(select(t.SubscriptionRow).order_by(t.SubscriptionRow.name))
            return {row.name: dict(row.settings) for row in found}

    def put(self, name: str, settings: Mapping[str, Any], *, action: str, by: str) -> None:
        """Keep the settings of one, and the history in the same transaction."""
        with self._database.writing() as session:
            row = session.get(t.SubscriptionRow, name)
            if row is None:
                session.add(t.SubscriptionRow(name=name, settings=dict(settings), changed_at=self._clock()))
            else:
                row.settings, row.changed_at = dict(settings), self._clock()
            _log(session, SubscriptionEvent(name, action, by, self._clock(), dict(settings)))

    def remove(self, name: str, *, by: str) -> bool:
        """Take one out of the overlay (one of the file is in force again); False when it is not there."""
        with self._database.writing() as session:
            row = session.get(t.SubscriptionRow, name)
            if row is None:
                return False
            _log(session, SubscriptionEvent(name, "remove", by, self._clock(), dict(row.settings)))
            session.delete(row)
            return True

    def history(self, name: str | None = None, limit: int = 200) -> list[SubscriptionEvent]:
        """What was changed, the newest first."""
        row = t.SubscriptionLogRow
        query = select(row).order_by(row.id.desc()).limit(limit)
        if name is not None:
            query = query.where(row.name == name)
        with self._database.reading() as session:
            return [SubscriptionEvent(r.name, r.action, r.by, r.at, dict(r.settings)) for r in session.scalars(query)]


def _log(session: Session, event: SubscriptionEvent) -> None:
    session.add(
        t.SubscriptionLogRow(
            name=event.name, action=event.action, by=event.by, at=event.at, settings=dict(event.settings)
        )
    )
