"""Keeps readings in bulk: a few statements a group, however many captures and versions are in it."""

from __future__ import annotations

import hashlib
import itertools
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from schema.announcements import Announcement, Outcome, Page, QuarantineReason, Reading, Source
from store import rows
from store import tables as t
from store.announcements import many, write_directives
from store.appending import Values, append
from store.duplicates import Originals, without_copies


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A capture with its number in the archive."""

    id: int
    page: Page


@dataclass(frozen=True, slots=True)
class Read:
    """What one reading changed. ``before`` None: the capture was read for the first time."""

    page: KeptPage
    before: Outcome | None
    after: Outcome
    refused: str | None = None
    versions: tuple[int, ...] = ()
    """Versions that say something new."""
    taken_back: tuple[int, ...] = ()
    """Versions that say: today's normaliser no longer reads this here."""


Given = tuple[KeptPage, Reading, Source]


def keep_readings(session: Session, given: Iterable[Given], normaliser: str, at: datetime) -> list[Read]:
    """Append what was read, in the order given; a capture this normaliser has read already is left out."""
    by_page = {one[0].id: one for one in given}
    before = _outcomes(session, list(by_page), normaliser)
    fresh = [by_page[number] for number in before]
    readings = [rows.reading_values(reading, kept.id, normaliser, at) for kept, reading, _ in fresh]
    append(session, t.ReadingRow, readings)
    history = _History(session, [kept for kept, _, _ in fresh])
    originals = Originals(session, [(kept.page.url, reading.announcements) for kept, reading, _ in fresh])
    added: list[tuple[Values, Announcement]] = []
    lost: list[tuple[int, Values]] = []
    for (kept, reading, source), row in zip(fresh, readings, strict=True):
        technical = before[kept.id] is not None
        for one in without_copies(reading.announcements):
            announcement = originals.judged(one, kept.id, kept.page.url, source)
            version = rows.announcement_values(announcement, kept.page.url, source, row) | {"technical": technical}
            if history.is_news(version):
                added.append((version, announcement))
        if technical:
            lost += [(number, row) for number in history.unread(kept.id, reading)]
            originals.take_back(kept.id, reading.announcements)
    taken_back = _held_back(session, lost)
    append(session, t.AnnouncementRow, [version for version, _ in added] + taken_back)
    write_directives(session, [(version["id"], announcement) for version, announcement in added])
    new, back = _by_page(version for version, _ in added), _by_page(taken_back)
    return [
        Read(kept, before[kept.id], reading.outcome, reading.refused, new[kept.id], back[kept.id])
        for kept, reading, _ in fresh
    ]


def _outcomes(session: Session, numbers: Sequence[int], normaliser: str) -> dict[int, Outcome | None]:
    """Capture → what its newest reading came to; those this normaliser has read are left out."""
    r = t.ReadingRow
    found: dict[int, Outcome | None] = dict.fromkeys(numbers)
    for portion in many(numbers):
        query = select(r.page_id, r.normaliser, r.outcome).where(r.page_id.in_(portion)).order_by(r.id)
        read = session.execute(query).all()
        found |= {page: Outcome(outcome) for page, _, outcome in read}
        for page in {page for page, name, _ in read if name == normaliser}:
            del found[page]
    return found


class _History:
    """What the addresses of a group said before, and what the group itself adds on the way."""

    def __init__(self, session: Session, pages: Sequence[KeptPage]) -> None:
        self._said: dict[tuple[Any, ...], list[tuple[int, int, str]]] = defaultdict(list)
        """Address, province, plan year → page, place among its versions, content hash."""
        self._stood: dict[int, dict[tuple[Any, ...], tuple[int, bool]]] = defaultdict(dict)
        """Page → province, plan year → newest version, whether it is held back."""
        self._added = itertools.count(sys.maxsize)
        a = t.AnnouncementRow
        query = select(a.id, a.page_id, a.url, a.province, a.plan_year, a.content_hash, a.quarantine).order_by(a.id)
        for portion in many([page.id for page in pages]):
            urls = {page.page.url for page in pages if page.id in set(portion)}
            chosen = query.where(or_(a.url.in_(urls), a.page_id.in_(portion)))
            for number, page_id, url, *place, content, quarantine in session.execute(chosen):
                self._said[url, *place].append((page_id, number, content))
                self._stood[page_id][tuple(place)] = (number, quarantine is not None)

    def is_news(self, version: Values) -> bool:
        """False when the capture before (or an earlier reading of this one) says the same."""
        page, content = version["page_id"], version["content_hash"]
        said = self._said[version["url"], version["province"], version["plan_year"]]
        before = max((one for one in said if one[0] <= page), default=None)
        if before is not None and before[2] == content:
            return False
        said.append((page, next(self._added), content))
        return True

    def unread(self, page: int, reading: Reading) -> list[int]:
        """What an earlier reading found in this capture and this one does not."""
        read = {(one.province, one.plan_year) for one in reading.announcements}
        stood = self._stood[page].items()
        return [number for place, (number, held) in stood if place[0] and place not in read and not held]


def _held_back(session: Session, lost: Sequence[tuple[int, Values]]) -> list[Values]:
    """Versions that take earlier ones back: kept, but no longer able to stand."""
    table = t.AnnouncementRow.__table__
    earlier: dict[int, Mapping[str, Any]] = {}
    for portion in many([number for number, _ in lost]):
        found = session.execute(select(table).where(table.c.id.in_(portion))).mappings()
        earlier |= {row["id"]: row for row in found}
    return [_taking_back(earlier[number], by) for number, by in lost]


def _taking_back(version: Mapping[str, Any], by: Values) -> Values:
    why = f"今天的规整器不再读出 no longer read: {by['refused'] or by['outcome']} {by['detail']}".strip()
    return {
        **version,
        "reading_id": by["id"],
        "quarantine": QuarantineReason.NOT_PROVINCIAL.value,
        "quarantine_evidence": [],
        "quarantine_period": None,
        "quarantine_detail": why,
        "content_hash": hashlib.sha256(f"taken back {version['content_hash']}".encode()).hexdigest(),
        "normaliser": by["normaliser"],
        "technical": True,
        "known_at": by["read_at"],
    }


def _by_page(versions: Iterable[Values]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for version in versions:
        found[version["page_id"]] += (version["id"],)
    return found
