"""The append-only table of acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "acts_0001"
down_revision = None

_REASON = (
    "acts are evidence: published numbers are derived from them, so the record "
    "only grows; append a correcting act instead"
)

_SQLITE_TRIGGERS = (
    f"""
    CREATE TRIGGER acts_never_updated BEFORE UPDATE ON acts
    BEGIN SELECT RAISE(ABORT, '{_REASON}'); END
    """,
    f"""
    CREATE TRIGGER acts_never_deleted BEFORE DELETE ON acts
    BEGIN SELECT RAISE(ABORT, '{_REASON}'); END
    """,
    # INSERT OR REPLACE deletes the old row without firing the delete trigger.
    f"""
    CREATE TRIGGER acts_never_replaced BEFORE INSERT ON acts
    WHEN EXISTS (
      SELECT 1 FROM acts WHERE sequence = NEW.sequence OR digest = NEW.digest
    ) OR EXISTS (
      SELECT 1 FROM acts
      WHERE programme = NEW.programme AND stage = NEW.stage
        AND kind = NEW.kind AND subject = NEW.subject
    )
    BEGIN SELECT RAISE(ABORT, '{_REASON}'); END
    """,  # noqa: S608 - no outside text
)

_POSTGRESQL_TRIGGERS = (
    f"""
    CREATE FUNCTION acts_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION '{_REASON}' USING ERRCODE = 'restrict_violation';
    END $$
    """,
    """
    CREATE TRIGGER acts_only_grow BEFORE UPDATE OR DELETE OR TRUNCATE ON acts
    FOR EACH STATEMENT EXECUTE FUNCTION acts_only_grow()
    """,
    # Without ALWAYS a session in replica mode would pass by the trigger.
    "ALTER TABLE acts ENABLE ALWAYS TRIGGER acts_only_grow",
)


def upgrade() -> None:
    """Create the table, its two unique names and the triggers."""
    op.create_table(
        "acts",
        sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("programme", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("canonical", sa.LargeBinary, nullable=False),
        sa.UniqueConstraint("digest", name="acts_digest"),
        sa.UniqueConstraint("programme", "stage", "kind", "subject", name="acts_name"),
    )
    dialect = op.get_bind().dialect.name
    for trigger in _SQLITE_TRIGGERS if dialect == "sqlite" else _POSTGRESQL_TRIGGERS:
        op.execute(trigger)
