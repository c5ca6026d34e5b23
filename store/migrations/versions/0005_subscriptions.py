"""Subscriptions made on the pages, with their history; digests name the alert that told their parts"""

import sqlalchemy as sa
from alembic import op

from store.tables import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_subscriptions")),
    )
    op.create_table(
        "subscription_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription_log")),
    )
    op.create_index("ix_subscription_log_name", "subscription_log", ["name"])
    op.add_column("deliveries", sa.Column("merged_into", sa.Integer(), nullable=True))
    _guard_append_only()


def _guard_append_only() -> None:
    """The history refuses UPDATE and DELETE; the function of the first migration is used on PostgreSQL."""
    postgres = op.get_bind().dialect.name == "postgresql"
    for action in ("UPDATE", "DELETE"):
        body = (
            "FOR EACH ROW EXECUTE FUNCTION chengnuo_append_only()"
            if postgres
            else "BEGIN SELECT RAISE(ABORT, 'subscription_log is append-only'); END"
        )
        name = f"subscription_log_no_{action.lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON subscription_log {body}")


def downgrade() -> None:
    op.drop_column("deliveries", "merged_into")
    op.drop_index("ix_subscription_log_name", "subscription_log")
    op.drop_table("subscription_log")
    op.drop_table("subscriptions")
