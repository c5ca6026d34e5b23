"""Lines of list pages that were never fetched, with the reason"""

import sqlalchemy as sa
from alembic import op

from store.guards import guard
from store.tables import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "refused_candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("published", sa.Date(), nullable=True),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_candidates")),
        sa.UniqueConstraint("source", "url", "reason", name="uq_refused_candidates_source"),
    )
    guard("refused_candidates")


def downgrade() -> None:
    op.drop_table("refused_candidates")
