"""What a witness of training records must not forget."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "witness_0001"
down_revision = "acts_0002"


def upgrade() -> None:
    """Create the tables: latest heads, challenges, nonces, and which memory it is."""
    op.create_table(
        "witness_heads",
        sa.Column("origin", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    for name, key in (("witness_challenges", "id"), ("witness_nonces", "value")):
        op.create_table(
            name,
            sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
            sa.Column(key, sa.Text, nullable=False, unique=True),
            sa.Column("origin", sa.Text, nullable=False),
            *([sa.Column("entry", sa.BigInteger, nullable=False)] * (key == "id")),
            sa.Column("at", sa.BigInteger, nullable=False),
        )
    op.create_index("witness_challenges_origin", "witness_challenges", ["origin"])
    op.create_table(
        "witness_memory",
        sa.Column("only", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("identity", sa.Text, nullable=False),
        sa.Column("changes", sa.BigInteger, nullable=False),
        sa.Column("last_moment", sa.BigInteger, nullable=False),
    )
