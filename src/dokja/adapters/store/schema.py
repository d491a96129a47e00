"""The table of acts, as queries see it; the migrations create it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, Table, Text, cast

acts_table = Table(
    "acts",
    MetaData(),
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("programme", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("canonical", LargeBinary, nullable=False),
)

NAME = (
    acts_table.c.programme,
    acts_table.c.stage,
    acts_table.c.kind,
    acts_table.c.subject,
)
"""The columns that together name an act."""

FILED = (
    acts_table.c.sequence,
    acts_table.c.digest,
    *NAME,
    acts_table.c.at,
    # SQLite lets a tampering hand store text here; its bytes still get a digest.
    cast(acts_table.c.canonical, LargeBinary).label("canonical"),
)
"""What is read of an act."""
