"""Finds commitments by words and substrings: FTS5 trigrams on SQLite, pg_trgm on PostgreSQL, plain scans without.

The index follows the commitments by itself: a trigger on SQLite, an index on PostgreSQL. Terms of one or two
characters have no trigram: they are looked for in the standing texts, one by one, of which there are as many as
provinces and years.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, select, text

from store import tables as t
from store.database import Database
from store.memory import TEXTS, Memory, Stamp
from store.standing import Contender, Key, standing

TRIGRAM = 3
"""Characters from which a trigram index can help."""
MOST_TERMS = 8
MOST_KEPT = 64
"""Queries whose hits are still counted when their next page is asked for."""


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
        self._database, self._memory = database, Memory(database, MOST_KEPT, TEXTS)

    def find(self, query: SearchQuery, limit: int = 50, offset: int = 0) -> Found:
        """The newest year first, then by province and place in the text.

        Two queries: how many hits each text has, and the hits of those few texts that the page shows.
        """
        at = self._memory.stamp()
        stand = {one.id: one for key, one in self._standing(at).items() if _within(query, key)}
        if not query.terms or not stand:
            return Found((), 0)
        holds = holding(query, self._database.dialect)
        texts = self._memory.get(query, lambda: self._counts(query, holds), at)
        counts = {number: count for number, count in texts.items() if number in stand}
        with self._database.reading() as session:
            order = sorted(counts, key=lambda n: (-stand[n].plan_year, stand[n].province))
            before, shown = _on_page([(number, counts[number]) for number in order], limit, offset)
            rows: dict[int, list[_Row]] = defaultdict(list)
            for row in session.execute(_hits(holds, shown)):
                rows[row.announcement_id].append(row)
        found = [row for number in shown for row in rows[number]][offset - before : offset - before + limit]
        return Found(tuple(_hit(row, stand, query.terms) for row in found), sum(counts.values()))

    def indexed(self) -> bool:
        """False on a PostgreSQL without the trigram index: there every search reads all commitments."""
        if self._database.dialect == "sqlite":
            return True
        with self._database.reading() as session:
            return session.scalar(text("SELECT to_regclass('commitments_searchable')")) is not None

    def _counts(self, query: SearchQuery, holds: ColumnElement[bool]) -> dict[int, int]:
        with self._database.reading() as session:
            return dict(session.execute(counted(query, holds)).all())

    def _standing(self, at: Stamp) -> dict[Key, Contender]:
        def now() -> dict[Key, Contender]:
            with self._database.reading() as session:
                return standing(session)

        return self._memory.get("standing", now, at)


def _within(query: SearchQuery, key: Key) -> bool:
    return query.province in (None, key[0]) and query.year in (None, key[1])


_Row = Row[int, int, str, str, str]


def holding(query: SearchQuery, dialect: str) -> ColumnElement[bool]:
    """True of a commitment that was asked for."""
    holds = _matching(query.terms, dialect)
    return and_(holds, t.DirectiveRow.heading.contains(query.topic, autoescape=True)) if query.topic else holds


def counted(query: SearchQuery, holds: ColumnElement[bool]) -> Select[int, int]:
    """Number of a text → how many hits it has; texts that no longer stand are among them."""
    c, d = t.CommitmentRow, t.DirectiveRow
    found = select(c.announcement_id, func.count()).where(holds).group_by(c.announcement_id)
    return found.join(d, d.id == c.directive_id) if query.topic else found


def _on_page(counts: Sequence[tuple[int, int]], limit: int, offset: int) -> tuple[int, list[int]]:
    """The texts that hold the hits from ``offset`` on, in order, and how many hits stand before the first of them."""
    at, before = 0, 0
    shown: list[int] = []
    for number, count in counts:
        if at + count > offset and at < offset + limit:
            before = at if not shown else before
            shown.append(number)
        at += count
    return before, shown


def _hits(holds: ColumnElement[bool], texts: Sequence[int]) -> Select[int, int, str, str, str]:
    c, d = t.CommitmentRow, t.DirectiveRow
    chosen = select(c.id, c.announcement_id, d.heading, c.label, c.text).join(d, d.id == c.directive_id)
    return chosen.where(c.announcement_id.in_(texts), holds).order_by(c.id)


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


def _hit(row: _Row, where: Mapping[int, Contender], terms: tuple[str, ...]) -> Hit:
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
