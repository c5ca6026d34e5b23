"""Finds commitments by words and substrings: FTS5 trigrams on SQLite, pg_trgm on PostgreSQL, plain scans without.

The index follows the commitments by itself: a trigger on SQLite, an index on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, text
from sqlalchemy.orm import Session

from store import tables as t
from store.database import Database

TRIGRAM = 3
"""Characters from which a trigram index can help."""
MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Terms separated by blanks must all occur in a commitment; ``topic`` must occur in its directive's heading."""

    words: str
    province: str | None = None
    year: int | None = None
    topic: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms, each once, longest first, a few at most."""
        found = dict.fromkeys(self.words.split())
        return tuple(sorted(found, key=len, reverse=True))[:MOST_TERMS]


@dataclass(frozen=True, slots=True)
class Hit:
    """One commitment found, where it stands. ``marks``: half-open offsets of the terms in ``text``."""

    province: str
    plan_year: int
    directive: str
    commitment: str
    text: str
    page_sha256: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int


class Search:
    """Over the commitments of all standing texts, of all years."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, query: SearchQuery, limit: int = 50, offset: int = 0) -> Found:
        """The newest year first, then by province and place in the text."""
        if not query.terms:
            return Found((), 0)
        chosen = _chosen(query, self._database.dialect)
        ranked = chosen.order_by(t.AnnouncementRow.plan_year.desc(), t.AnnouncementRow.province, t.CommitmentRow.id)
        with self._database.reading() as session:
            numbers = session.scalars(ranked.limit(limit).offset(offset)).all()
            full = len(numbers) == limit or (offset and not numbers)
            total = _count(session, chosen) if full else offset + len(numbers)
            found = {row[0]: row[1:] for row in session.execute(_details(numbers))}
            rows = [found[number] for number in numbers]
        return Found(tuple(_hit(row, query.terms) for row in rows), total)


def has_trigrams(session: Session) -> bool:
    """True when PostgreSQL has pg_trgm in this database."""
    return session.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")) is not None


def _chosen(query: SearchQuery, dialect: str) -> Any:
    chosen: Any = (
        select(t.CommitmentRow.id)
        .join(t.AnnouncementRow, t.AnnouncementRow.id == t.CommitmentRow.announcement_id)
        .where(t.CommitmentRow.announcement_id.in_(_standing(query)), _matching(query.terms, dialect))
    )
    if query.topic:
        chosen = chosen.join(t.DirectiveRow, t.DirectiveRow.id == t.CommitmentRow.directive_id)
        chosen = chosen.where(t.DirectiveRow.heading.contains(query.topic, autoescape=True))
    return chosen


def _details(numbers: Sequence[int]) -> Any:
    return (
        select(
            t.CommitmentRow.id,
            t.AnnouncementRow.province,
            t.AnnouncementRow.plan_year,
            t.DirectiveRow.heading,
            t.CommitmentRow.label,
            t.CommitmentRow.text,
            t.PageRow.sha256,
        )
        .join(t.DirectiveRow, t.DirectiveRow.id == t.CommitmentRow.directive_id)
        .join(t.AnnouncementRow, t.AnnouncementRow.id == t.CommitmentRow.announcement_id)
        .join(t.PageRow, t.PageRow.id == t.AnnouncementRow.page_id)
        .where(t.CommitmentRow.id.in_(numbers))
    )


def _standing(query: SearchQuery) -> Select[Any]:
    """Numbers of the versions that stand: of every province and year the best by rank, capture and reading."""
    row = t.AnnouncementRow
    place = func.row_number().over(
        partition_by=(row.province, row.plan_year), order_by=(row.rank, row.page_id.desc(), row.id.desc())
    )
    ranked = select(row.id, place.label("place")).where(
        row.quarantine.is_(None), row.province.is_not(None), row.plan_year.is_not(None)
    )
    if query.province is not None:
        ranked = ranked.where(row.province == query.province)
    if query.year is not None:
        ranked = ranked.where(row.plan_year == query.year)
    inner = ranked.subquery()
    return select(inner.c.id).where(inner.c.place == 1)


def _matching(terms: tuple[str, ...], dialect: str) -> ColumnElement[bool]:
    long = [term for term in terms if len(term) >= TRIGRAM]
    if dialect != "sqlite" or not long:
        return and_(*(_holds(term, dialect) for term in terms))
    phrases = " AND ".join('"' + term.replace('"', '""') + '"' for term in long)
    indexed = text("SELECT rowid FROM commitment_search WHERE commitment_search MATCH :phrases")
    hits = indexed.bindparams(bindparam("phrases", phrases)).columns(t.CommitmentRow.id)
    short = (_holds(term, dialect) for term in terms if len(term) < TRIGRAM)
    return and_(t.CommitmentRow.id.in_(hits), *short)


def _holds(term: str, dialect: str) -> ColumnElement[bool]:
    """Letters of either case. ILIKE, not lower(): it is what PostgreSQL's trigram index answers."""
    pattern = "%" + "".join(f"/{sign}" if sign in "%_/" else sign for sign in term) + "%"
    words = t.CommitmentRow.text
    return words.like(pattern, escape="/") if dialect == "sqlite" else words.ilike(pattern, escape="/")


def _count(session: Session, chosen: Any) -> int:
    return session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def _hit(row: Any, terms: tuple[str, ...]) -> Hit:
    province, year, heading, label, words, sha256 = row
    return Hit(province, year, heading, label, words, sha256, _marks(words, terms))


def _marks(words: str, terms: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """Where the terms stand, overlapping ones joined. Letters of either case are the same where that keeps lengths."""
    folded = words.lower() if len(words.lower()) == len(words) else words
    covered: set[int] = set()
    for term in terms:
        at = folded.find(term.lower())
        while at >= 0:
            covered.update(range(at, at + len(term)))
            at = folded.find(term.lower(), at + 1)
    starts = sorted(at for at in covered if at - 1 not in covered)
    ends = sorted(at + 1 for at in covered if at + 1 not in covered)
    return tuple(zip(starts, ends, strict=True))
