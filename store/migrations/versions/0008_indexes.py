"""Indexes for what is asked often: versions of an address, the newest visit of a source"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_announcements_url", "announcements", ["url"])
    op.create_index("ix_checks_moment", "checks", ["source", "at"])


def downgrade() -> None:
    op.drop_index("ix_checks_moment", "checks")
    op.drop_index("ix_announcements_url", "announcements")
