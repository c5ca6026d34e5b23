"""Goes through everything kept and names what was altered, removed or slipped in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import zstandard
from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from store import tables as t
from store.chain import CHAINED, Appended, Key, key_of, link, mark, spread, table_of, unpacked
from store.database import Database

PORTION = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """One row that is not as it was sealed. ``what``: altered, removed, added, unsealed …"""

    table: str
    key: Key
    what: str


@dataclass(slots=True)
class Verified:
    """What was gone through, and what is wrong."""

    rows: int = 0
    blobs: int = 0
    seals: int = 0
    pruned: int = 0
    head: str = ""
    """Hex of the chain's head: note it down elsewhere, and even a rewritten chain will show."""
    problems: list[Problem] = field(default_factory=list)


def verify_database(database: Database, advance: Callable[[int], None] = lambda _n: None) -> Verified:
    """Re-hash every blob and every sealed row, and follow the chain. Alters nothing."""
    found = Verified()
    with database.reading() as session:
        expected = _follow(session, found)
        pruned = _pruned(session)
        for name in CHAINED:
            sealed = expected.pop(name, {})
            for row in _rows(session, table_of(name)):
                _compare(name, row, sealed.pop(row[0], None), found)
                advance(1)
            gone = pruned & sealed.keys() if name == "checks" else set()
            found.pruned += len(gone)
            found.problems += [Problem(name, key, "removed") for key in sealed if key not in gone]
        for name, left in expected.items():
            found.problems += [Problem(name, key, "sealed in an unknown table") for key in left]
    found.problems = list(dict.fromkeys(found.problems))
    return found


def _follow(session: Session, found: Verified) -> dict[str, dict[Key, bytes]]:
    """Walk the chain; what it says about every row. A seal that cannot even be read is one that was altered."""
    expected: dict[str, dict[Key, bytes]] = {}
    no, chain = 0, bytes(32)
    for key, values in _rows(session, table_of("seals")):
        at = int(key)
        found.problems += [Problem("seals", missing, "removed") for missing in range(no + 1, at)]
        told = _told(values)
        if told is None or (at == no + 1 and link(chain, values or {}) != _raw(values, "chain")):
            found.problems.append(Problem("seals", at, "altered"))
        no, chain = at, _raw(values, "chain")
        for name, row, sealed in told or ():
            if row in expected.setdefault(name, {}):
                found.problems.append(Problem(name, row, "sealed twice: removed and written anew"))
            expected[name][row] = sealed
    found.seals, found.head = no, chain.hex()
    _check_head(session, found, chain)
    return expected


def _told(values: dict[str, Any] | None) -> list[Appended] | None:
    """What a seal says about its rows; None when it is no seal any more."""
    if values is None or not all(isinstance(values[name], bytes) for name in ("marks", "chain")):
        return None
    try:
        return list(unpacked(values["rows"], values["marks"]))
    except (TypeError, ValueError, LookupError):
        return None


def _raw(values: Mapping[str, Any] | None, name: str) -> bytes:
    """A value that should be bytes; none when it is something else."""
    value = values[name] if values is not None else None
    return value if isinstance(value, bytes) else b""


def _check_head(session: Session, found: Verified, chain: bytes) -> None:
    last = session.execute(select(t.ChainHeadRow.no, t.ChainHeadRow.chain)).one_or_none()
    if last is None:
        found.problems.append(Problem("chain_heads", 1, "removed"))
    elif last[0] > found.seals:
        found.problems += [Problem("seals", missing, "removed") for missing in range(found.seals + 1, last[0] + 1)]
    elif last[0] < found.seals or last[1] != chain:
        found.problems.append(Problem("chain_heads", 1, "altered"))


def _pruned(session: Session) -> set[Key]:
    return {key for removed in session.scalars(select(t.PruningRow.removed)) for key in spread(removed)}


def _compare(name: str, row: tuple[Key, dict[str, Any] | None], sealed: bytes | None, found: Verified) -> None:
    key, values = row
    found.rows += 1
    if sealed is None:
        found.problems.append(Problem(name, key, "added outside the chain"))
    elif values is None or mark(table_of(name), values) != sealed:
        found.problems.append(Problem(name, key, "altered"))
    if name == "blobs" and values is not None:
        found.blobs += 1
        if not sound_blob(values):
            found.problems.append(Problem(name, key, "altered"))


def sound_blob(values: Mapping[str, Any]) -> bool:
    """True when a blob holds the bytes its key promises."""
    try:
        body = zstandard.ZstdDecompressor().decompress(values["data"], max_output_size=max(int(values["size"]), 1))
    except (zstandard.ZstdError, ValueError, TypeError):
        return False
    return (len(body), hashlib.sha256(body).hexdigest()) == (values["size"], values["sha256"])


def _rows(session: Session, table: Table) -> Iterator[tuple[Key, dict[str, Any] | None]]:
    """Every row by its key; None for values that cannot even be read."""
    key = table.c[key_of(table)]
    last: Any = None
    while True:
        query = select(key).order_by(key).limit(PORTION)
        keys = list(session.scalars(query if last is None else query.where(key > last)))
        if not keys:
            return
        yield from _portion(session, table, keys)
        last = keys[-1]


def _portion(session: Session, table: Table, keys: Sequence[Key]) -> Iterator[tuple[Key, dict[str, Any] | None]]:
    """A row that was altered into something unreadable must not hide its neighbours: halve until it stands alone."""
    key = table.c[key_of(table)]
    try:
        read = session.execute(select(table).where(key.in_(keys)).order_by(key)).mappings().all()
    except (ValueError, TypeError, LookupError):
        if len(keys) == 1:
            yield keys[0], None
            return
        half = len(keys) // 2
        yield from _portion(session, table, keys[:half])
        yield from _portion(session, table, keys[half:])
        return
    yield from ((row[key.name], dict(row)) for row in read)


def total_rows(database: Database) -> int:
    """How many rows there are to go through."""
    with database.reading() as session:
        return sum(session.scalar(select(func.count()).select_from(table_of(name))) or 0 for name in CHAINED)
