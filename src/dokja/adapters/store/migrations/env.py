"""Runs the revisions on the connection, and in the transaction, it is handed.

Alembic executes this file; the caller holds the lock and commits, so that a
schema is there whole or not at all.
"""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
)
context.run_migrations()
