"""Commitments can be searched by substring: FTS5 trigrams on SQLite, pg_trgm on PostgreSQL where it is installed"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        _postgres(connection)
        return
    op.execute(
        "CREATE VIRTUAL TABLE commitment_search USING fts5("
        "text, content='commitments', content_rowid='id', tokenize='trigram')"
    )
    op.execute("INSERT INTO commitment_search(rowid, text) SELECT id, text FROM commitments")
    # commitments are append-only, so an insert is all the index ever has to follow
    op.execute(
        "CREATE TRIGGER commitments_searchable AFTER INSERT ON commitments BEGIN "
        "INSERT INTO commitment_search(rowid, text) VALUES (new.id, new.text); END"
    )


def _postgres(connection: sa.Connection) -> None:
    """An extension that is not installed, or not ours to create, leaves plain scans; `chengnuo doctor` says so."""
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except sa.exc.DBAPIError:
        return
    op.execute("CREATE INDEX commitments_searchable ON commitments USING gin (text gin_trgm_ops)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS commitments_searchable")
        return
    op.execute("DROP TRIGGER commitments_searchable")
    op.execute("DROP TABLE commitment_search")
