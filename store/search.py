"""Finds commitments by words and substrings: FTS5 trigrams on SQLite, pg_trgm on PostgreSQL, plain scans without.

The index follows the commitments by itself: a trigger on SQLite, an index on PostgreSQL. Terms of one or two
characters have no trigram: they are looked for in the standing texts, one by one, of which there are as many as
provinces and years.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from store import tables as t
from store.database import Database
from store.memory import Memory
from store.standing import Contender, Key, standing

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
        self._database, self._memory = database, Memory(database, 1)

    def find(self, query: SearchQuery, limit: int = 50, offset: int = 0) -> Found:
        """The newest year first, then by province and place in the text."""
        stand = [one for key, one in self._standing().items() if _within(query, key)]
        if not query.terms or not stand:
            return Found((), 0)
        chosen = _chosen(query, self._database.dialect, [one.id for one in stand])
        with self._database.reading() as session:
            found = session.execute(chosen.limit(limit).offset(offset)).all()
            total = found[0].total if found else session.scalar(_count(chosen)) or 0
            rows = {row.id: row for row in session.execute(_details([row.id for row in found]))}
        where = {one.id: one for one in stand}
        return Found(tuple(_hit(rows[row.id], where, query.terms) for row in found), total)

    def _standing(self) -> dict[Key, Contender]:
        def now() -> dict[Key, Contender]:
            with self._database.reading() as session:
                return standing(session)

        return self._memory.get("standing", now)


def _within(query: SearchQuery, key: Key) -> bool:
    return query.province in (None, key[0]) and query.year in (None, key[1])


def has_trigrams(session: Session) -> bool:
    """True when PostgreSQL has pg_trgm in this database."""
    return session.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")) is not None


def _chosen(query: SearchQuery, dialect: str, stand: Sequence[int]) -> Select[int, int]:
    """Numbers of the commitments in the order of the list, each with how many there are in all."""
    c, a = t.CommitmentRow, t.AnnouncementRow
    chosen = (
        select(c.id, func.count().over().label("total"))
        .join(a, a.id == c.announcement_id)
        .where(_in(c.announcement_id, stand), _matching(query.terms, dialect))
        .order_by(a.plan_year.desc(), a.province, c.id)
    )
    if query.topic:
        chosen = chosen.join(t.DirectiveRow, t.DirectiveRow.id == c.directive_id)
        chosen = chosen.where(t.DirectiveRow.heading.contains(query.topic, autoescape=True))
    return chosen


def _in(column: InstrumentedAttribute[int], numbers: Sequence[int]) -> ColumnElement[bool]:
    """Written into the statement: our own numbers, more than SQLite once took as parameters."""
    return column.in_(bindparam("stand", numbers, expanding=True, literal_execute=True))


def _count(chosen: Select[int, int]) -> Select[int]:
    return select(func.count()).select_from(chosen.order_by(None).subquery())


def _details(numbers: Sequence[int]) -> Select[int, int, str, str, str]:
    c, d = t.CommitmentRow, t.DirectiveRow
    query = select(c.id, c.announcement_id, d.heading, c.label, c.text).join(d, d.id == c.directive_id)
    return query.where(c.id.in_(numbers))


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
    """Letters of either case. ILIKE, not lower(): it is what PostgreSQL's trigram index answers; LIKE where no letter
    has a case, as in Chinese, since ILIKE folds every text it compares.
    """
    pattern = "%" + "".join(f"/{sign}" if sign in "%_/" else sign for sign in term) + "%"
    words = t.CommitmentRow.text
    if dialect == "sqlite" or term.lower() == term.upper():
        return words.like(pattern, escape="/")
    return words.ilike(pattern, escape="/")


def _hit(row: Row[int, int, str, str, str], where: Mapping[int, Contender], terms: tuple[str, ...]) -> Hit:
    _, announcement, heading, label, words = row
    stand = where[announcement]
    return Hit(stand.province, stand.plan_year, heading, label, words, stand.sha256, _marks(words, terms))


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
