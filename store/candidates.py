"""Lines of list pages that were never fetched, with the reason: why a title was not taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from schema.announcements import RefusedCandidate
from store import tables as t
from store.appending import append
from store.database import Database

_GROUP = 500
_LONGEST = 300
"""Characters kept of a title; what is longer is no title."""
_LONGEST_URL = 2083
"""Longer addresses are not asked for either (crawler/settings.py)."""


class Candidates:
    """Refused candidates of every source; each source, address and reason once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, refused: Sequence[RefusedCandidate]) -> int:
        """Keep those that are not known yet; how many. Repeating it keeps nothing."""
        refused = [one for one in refused if len(one.url) <= _LONGEST_URL]
        groups = [refused[at : at + _GROUP] for at in range(0, len(refused), _GROUP)]
        return sum(self._keep(group) for group in groups)

    def _keep(self, group: Sequence[RefusedCandidate]) -> int:
        with self._database.writing() as session:
            known = _known(session, {one.url for one in group})
            fresh = {key: one for one in reversed(group) if (key := (one.source, one.url, one.reason)) not in known}
            append(session, t.RefusedCandidateRow, [_values(one) for one in reversed(fresh.values())])
            return len(fresh)

    def of_source(
        self, source: str | None = None, reason: str | None = None, limit: int = 500
    ) -> list[RefusedCandidate]:
        """The newest first; of all sources or one, for all reasons or one."""
        row = t.RefusedCandidateRow
        query = select(row).order_by(row.id.desc()).limit(limit)
        if source is not None:
            query = query.where(row.source == source)
        if reason is not None:
            query = query.where(row.reason == reason)
        with self._database.reading() as session:
            return [_record(one) for one in session.scalars(query)]

    def reasons(self, source: str) -> Counter[str]:
        """How many of a source were refused for each reason."""
        row = t.RefusedCandidateRow
        query = select(row.reason, func.count()).where(row.source == source).group_by(row.reason)
        with self._database.reading() as session:
            return Counter(dict(session.execute(query).all()))

    def counts(self) -> Counter[str]:
        """How many there are of each source."""
        row = t.RefusedCandidateRow
        with self._database.reading() as session:
            found = session.execute(select(row.source, func.count()).group_by(row.source))
            return Counter(dict(found.all()))


def _known(session: Session, urls: set[str]) -> set[tuple[str, str, str]]:
    row = t.RefusedCandidateRow
    query = select(row.source, row.url, row.reason).where(row.url.in_(urls))
    return {(source, url, reason) for source, url, reason in session.execute(query)}


def _values(one: RefusedCandidate) -> dict[str, object]:
    return {
        "source": one.source,
        "url": one.url,
        "title": one.title[:_LONGEST],
        "reason": one.reason,
        "published": one.published,
        "seen_at": one.seen_at,
    }


def _record(row: t.RefusedCandidateRow) -> RefusedCandidate:
    return RefusedCandidate(row.source, row.url, row.title, row.reason, row.seen_at, row.published)
