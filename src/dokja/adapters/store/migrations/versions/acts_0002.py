"""An index by subject: a contest reads the acts of one voter, whatever their kind."""

from __future__ import annotations

from alembic import op

revision = "acts_0002"
down_revision = "operations_0001"


def upgrade() -> None:
    """Create the index, byte by byte on PostgreSQL, so that prefixes are ranges."""
    collation = ' COLLATE "C"' if op.get_bind().dialect.name == "postgresql" else ""
    op.execute(
        f"CREATE INDEX acts_subject ON acts (programme, stage, subject{collation})"
    )
