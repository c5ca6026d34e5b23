"""A chain of seals over the append-only tables; unchanged checks may be pruned, by the book; indexes by address"""

import sqlalchemy as sa
from alembic import op

from store.guards import guard, guard_truncate, is_postgres
from store.tables import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GUARDED = (
    "blobs",
    "checks",
    "pages",
    "readings",
    "announcements",
    "directives",
    "commitments",
    "targets",
    "diffs",
    "changes",
    "findings",
    "receipts",
    "verdicts",
    "audit",
    "subscription_log",
)
BY_THE_BOOK = """
    {old}.outcome = 'unchanged' AND EXISTS (
        SELECT 1 FROM prunings AS p
        WHERE p.id = (SELECT max(id) FROM prunings)
          AND {old}.id BETWEEN p.first AND p.last AND {old}.at < p.before
    )
"""
"""A check may go when the newest pruning, written before in the same transaction, says so."""


def upgrade() -> None:
    op.create_table(
        "seals",
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_seals")),
    )
    heads = op.create_table(
        "chain_heads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_heads")),
    )
    op.bulk_insert(heads, [{"id": 1, "no": 0, "chain": bytes(32)}])
    op.create_table(
        "prunings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("keep", sa.Text(), nullable=False),
        sa.Column("before", UtcDateTime(timezone=True), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prunings")),
    )
    guard("seals", "prunings")
    for table in GUARDED:
        guard_truncate(table)
    _allow_pruning()
    op.drop_index("ix_checks_source", "checks")
    op.create_index("ix_checks_address", "checks", ["source", "url", "id"])
    op.create_index("ix_checks_url", "checks", ["url", "id"])
    op.drop_index("ix_pages_url", "pages")
    op.create_index("ix_pages_address", "pages", ["url", "id"])


def _allow_pruning() -> None:
    if not is_postgres():
        op.execute("DROP TRIGGER checks_no_delete")
        op.execute(
            f"CREATE TRIGGER checks_no_delete BEFORE DELETE ON checks WHEN NOT ({BY_THE_BOOK.format(old='OLD')}) "
            "BEGIN SELECT RAISE(ABORT, 'checks is append-only'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION chengnuo_prune_checks() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {BY_THE_BOOK.format(old='OLD')} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    op.execute("DROP TRIGGER checks_no_delete ON checks")
    op.execute(
        "CREATE TRIGGER checks_no_delete BEFORE DELETE ON checks FOR EACH ROW EXECUTE FUNCTION chengnuo_prune_checks()"
    )


def downgrade() -> None:
    raise NotImplementedError("the chain is not taken off again; restore a backup made before the upgrade")
