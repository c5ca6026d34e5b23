"""The same announcement at another address: kept, held back as duplicate_of, so that nobody is told twice."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from schema.announcements import Announcement, Quarantine, QuarantineReason, Rank, Source
from store import tables as t
from store.announcements import many

_PUNCTUATION = re.compile(r"\W+")

Place = tuple[str | None, int | None]
"""Province and plan year."""


def without_copies(announcements: Sequence[Announcement]) -> list[Announcement]:
    """What one page says, without the entries its reader found to be in another entry of the same page."""
    return [one for one in announcements if _reason(one) is not QuarantineReason.DUPLICATE_OF]


@dataclass(slots=True)
class _Text:
    """What one capture is read as today."""

    page: int
    url: str
    rank: int
    held: bool
    says: frozenset[str] = frozenset()


class Originals:
    """What is kept for the provinces and years of a group of readings, and what the group adds on the way."""

    def __init__(self, session: Session, read: Sequence[tuple[str, Sequence[Announcement]]]) -> None:
        """``read``: each capture's address, and what was read from it."""
        addresses: dict[Place, set[str]] = defaultdict(set)
        for url, announcements in read:
            for one in announcements:
                addresses[one.province, one.plan_year].add(one.url or url)
        self._texts: dict[Place, dict[int, _Text]] = defaultdict(dict)
        numbers: dict[int, _Text] = {}
        for number, place, text in _kept(session, addresses):
            addresses[place].add(text.url)
            numbers[number] = self._texts[place][text.page] = text
        contested = {id(text) for place, urls in addresses.items() if len(urls) > 1 for text in self._of(place)}
        # what is held back is nobody's original: its words are not asked for, however many copies an edition has
        able = {number: text for number, text in numbers.items() if id(text) in contested and not text.held}
        _fill(session, able)

    def _of(self, place: Place) -> Iterable[_Text]:
        return self._texts[place].values()

    def judged(self, announcement: Announcement, page: int, url: str, source: Source) -> Announcement:
        """The announcement, held back where an earlier text of another address and no lower rank says all of it.

        What an address says first may be a part of the other text (a relay, a newsletter). A later capture of an
        address that was read before, and a file that a person imports, may be a correction: they must be the same.
        """
        place, says = (announcement.province, announcement.plan_year), said(announcement)
        own = _Text(page, announcement.url or url, int(source.rank), announcement.quarantine is not None, says)
        copied = None if own.held or None in place else self._copied(place, own)
        own.held = own.held or copied is not None
        self._texts[place][page] = own
        if copied is None:
            return announcement
        detail = "the same announcement" if copied.says == says else "a part of the same announcement"
        return replace(announcement, quarantine=Quarantine(QuarantineReason.DUPLICATE_OF, (copied.url,), detail=detail))

    def _copied(self, place: Place, own: _Text) -> _Text | None:
        known = sorted(self._of(place), key=lambda text: text.page)
        is_first = all(text.url != own.url or text.page == own.page for text in known)
        may_be_part = is_first and own.rank != Rank.IMPORT
        for text in known:
            able = not text.held and text.url != own.url and text.page < own.page and text.rank <= own.rank
            if able and own.says and (own.says == text.says or (may_be_part and own.says < text.says)):
                return text
        return None

    def take_back(self, page: int, read: Sequence[Announcement]) -> None:
        """A capture read again: what it no longer says is nobody's original."""
        said_today = {(one.province, one.plan_year) for one in read}
        for place, texts in self._texts.items():
            if place not in said_today and page in texts:
                texts[page].held = True


def said(announcement: Announcement) -> frozenset[str]:
    """The wordings of its commitments without width, punctuation and blanks."""
    return _said(one.text for one in announcement.commitments)


def _said(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(_PUNCTUATION.sub("", unicodedata.normalize("NFKC", text)) for text in texts)


def _reason(one: Announcement) -> QuarantineReason | None:
    return one.quarantine.reason if one.quarantine else None


def _kept(session: Session, places: Iterable[Place]) -> Iterator[tuple[int, Place, _Text]]:
    """The newest version of every capture that speaks of these provinces and years, by their numbers."""
    wanted = {place for place in places if None not in place}
    a = t.AnnouncementRow
    query = select(a.id, a.province, a.plan_year, a.page_id, a.url, a.rank, a.quarantine.is_not(None)).order_by(a.id)
    chosen = query.where(a.province.in_({place[0] for place in wanted}), a.plan_year.in_({p[1] for p in wanted}))
    for number, province, year, page, url, rank, held in session.execute(chosen) if wanted else ():
        if (province, year) in wanted:
            yield number, (province, year), _Text(page, url, rank, held)


def _fill(session: Session, texts: dict[int, _Text]) -> None:
    """What these versions commit to."""
    c = t.CommitmentRow
    found: dict[int, list[str]] = defaultdict(list)
    for portion in many(list(texts)):
        for number, words in session.execute(
            select(c.announcement_id, c.text).where(c.announcement_id.in_(portion)).order_by(c.id)
        ):
            found[number].append(words)
    for number, all_of_them in found.items():
        texts[number].says = _said(all_of_them)
