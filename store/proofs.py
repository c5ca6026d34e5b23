"""Gathers everything kept about one change: both texts, their captures, every visit, what analysts decided."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from schema.announcements import Check, Page
from store import rows
from store import tables as t
from store.archive import Archive
from store.backlog import bytes_of
from store.bundle import Proof
from store.comparisons import Comparisons
from store.database import Database
from store.verdicts import VerdictBook


def gather(database: Database, key: str) -> Proof | None:
    """The proof of the newest change with this key (or a beginning of it); None when there is none."""
    archive = Archive(database)
    found = Comparisons(database, archive).change(key)
    if found is None:
        return None
    kept, change = found
    numbers = [number for number in (kept.earlier_id, kept.later_id) if number]
    editions = archive.versions_by_number(numbers)
    pages = _captures(database, numbers)
    return Proof(
        diff=kept.diff,
        change=change,
        instrument=kept.instrument,
        made_at=kept.made_at,
        earlier=editions.get(kept.earlier_id),
        later=editions[kept.later_id],
        pages=pages,
        checks=_visits(database, sorted({page.url for page in pages})),
        verdicts=VerdictBook(database).of_diff(kept.diff).get(change.key, ()),
    )


def _captures(database: Database, numbers: Sequence[int]) -> tuple[Page, ...]:
    """The captures these versions were read from, oldest first."""
    query = (
        select(t.PageRow)
        .where(t.PageRow.id.in_(select(t.AnnouncementRow.page_id).where(t.AnnouncementRow.id.in_(numbers))))
        .order_by(t.PageRow.id)
    )
    with database.reading() as session:
        return tuple(rows.page_record(row, bytes_of(session, row)) for row in session.scalars(query).all())


def _visits(database: Database, urls: Sequence[str]) -> tuple[Check, ...]:
    """Every visit to these addresses, oldest first."""
    query = select(t.CheckRow).where(t.CheckRow.url.in_(urls)).order_by(t.CheckRow.id)
    with database.reading() as session:
        return tuple(rows.check_record(row) for row in session.scalars(query))
