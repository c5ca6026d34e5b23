"""Triggers that refuse to alter or delete what was kept; used by migrations, hence never changed, only added to."""

from __future__ import annotations

from alembic import op


def guard(*tables: str) -> None:
    """Refuse UPDATE, DELETE and (on PostgreSQL) TRUNCATE on these tables. For a new append-only table's migration."""
    for table in tables:
        for action in ("UPDATE", "DELETE"):
            name = f"{table}_no_{action.lower()}"
            op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} {_body(table)}")
        guard_truncate(table)


def _body(table: str) -> str:
    if is_postgres():
        return "FOR EACH ROW EXECUTE FUNCTION chengnuo_append_only()"
    return f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"


def guard_truncate(table: str) -> None:
    """Refuse TRUNCATE, which PostgreSQL does without asking row triggers."""
    if is_postgres():
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION chengnuo_append_only()"
        )


def is_postgres() -> bool:
    """The dialect the running migration speaks."""
    return op.get_bind().dialect.name == "postgresql"
