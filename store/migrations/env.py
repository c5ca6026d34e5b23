"""Alembic's entry: runs on the connection that store/database.py hands over."""

from alembic import context

from store.database import ours
from store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True, include_name=ours
)
with context.begin_transaction():
    context.run_migrations()
