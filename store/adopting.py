"""Seals the rows of an archive that was kept before there was a chain; once, in the upgrade's own transaction."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from store.chain import CHAINED, Appended, key_of, mark, table_of, write_seal

PORTION = 20_000


def adopt(connection: Connection) -> None:
    """Seal all rows as they stand now."""
    with Session(connection) as session:
        for name in CHAINED:
            table = table_of(name)
            found: list[Appended] = []
            query = select(table).order_by(table.c[key_of(table)]).execution_options(yield_per=1000)
            for row in session.execute(query).mappings():
                found.append((name, row[key_of(table)], mark(table, dict(row))))
                if len(found) == PORTION:
                    write_seal(session, found)
                    found = []
            if found:
                write_seal(session, found)
        session.commit()
