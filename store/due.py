"""Which comparisons are still to be made, by numbers alone, and whether only our own code asks for them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import tables as t
from store.standing import Contender, Key, choose, contenders


@dataclass(frozen=True, slots=True)
class Due:
    """Two version numbers to compare; ``earlier`` 0 for a baseline."""

    earlier: int
    later: int
    technical: bool = False


@dataclass(frozen=True, slots=True)
class _Made:
    """A yearly diff that is kept."""

    earlier: int
    later: int
    seen: int
    """The newest version any diff had spoken of by then: what is newer came later."""


def due(session: Session, instrument: str, provinces: AbstractSet[str] | None = None) -> list[Due]:
    """Pairs without a diff made with this instrument, by province and year, revisions before the yearly one."""
    versions = contenders(session)
    made, yearly = _made(session, instrument)
    years: dict[str, list[int]] = defaultdict(list)
    for province, year in sorted(versions):
        if provinces is None or province in provinces:
            years[province].append(year)
    found: list[Due] = []
    for province, known in years.items():
        earlier: Contender | None = None
        for year in known:
            found += _revisions(versions[province, year], made)
            later = choose(versions[province, year])
            if later is None:
                continue
            pair = (earlier.id if earlier else 0, later.id)
            if pair not in made:
                found.append(Due(*pair, technical=_technical(pair, (earlier, later), yearly, versions)))
            earlier = later
    return found


def _made(session: Session, instrument: str) -> tuple[set[tuple[int, int]], dict[Key, list[_Made]]]:
    d = t.DiffRow
    query = select(d.earlier_id, d.later_id, d.instrument, d.outcome, d.province, d.year_new).order_by(d.id)
    seen = 0
    made: set[tuple[int, int]] = set()
    yearly: dict[Key, list[_Made]] = defaultdict(list)
    for earlier, later, with_what, outcome, province, year in session.execute(query):
        seen = max(seen, earlier, later)
        if with_what == instrument:
            made.add((earlier, later))
        if outcome != "revision":
            yearly[province, year].append(_Made(earlier, later, seen))
    return made, yearly


def _revisions(versions: Sequence[Contender], made: AbstractSet[tuple[int, int]]) -> Iterator[Due]:
    """Consecutive captures of one address that say different things."""
    by_address: dict[str, list[Contender]] = defaultdict(list)
    for one in versions:
        if not one.quarantined:
            by_address[one.url].append(one)
    for found in by_address.values():
        for before, after in itertools.pairwise(found):
            new = not after.technical and before.page_id != after.page_id
            if new and (before.id, after.id) not in made:
                yield Due(before.id, after.id)


def _technical(
    pair: tuple[int, int],
    sides: tuple[Contender | None, Contender],
    yearly: dict[Key, list[_Made]],
    versions: dict[Key, list[Contender]],
) -> bool:
    """True when nobody need be told: the same two texts, or no word from outside since the last diff.

    Without a diff so far it is news that the edition is there, unless only a newer normaliser found it.
    """
    earlier, later = sides
    before = yearly.get((later.province, later.plan_year), [])
    if any((one.earlier, one.later) == pair for one in before):
        return True
    seen = max((one.seen for one in before), default=0)
    compared = [later, earlier] if before and earlier is not None else [later]
    return not any(
        _is_news(one, stands, seen) for stands in compared for one in versions[stands.province, stands.plan_year]
    )


def _is_news(one: Contender, stands: Contender, seen: int) -> bool:
    """A text the world gave us, worth no less than the one that stands, not held back, that came since then."""
    return not (one.technical or one.quarantined) and one.rank <= stands.rank and one.id > seen
