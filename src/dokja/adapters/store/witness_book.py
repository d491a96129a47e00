"""A witness's memory in a database; every change is counted."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from dokja.adapters.store.database import connect, reported, writing
from dokja.errors import Conflict
from dokja.training.values import Challenge, Nonce, TreeHead, WitnessedHead

_tables = sa.MetaData()
_heads = sa.Table(
    "witness_heads",
    _tables,
    sa.Column("origin", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
_challenges = sa.Table(
    "witness_challenges",
    _tables,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("entry", sa.BigInteger, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
_nonces = sa.Table(
    "witness_nonces",
    _tables,
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
)
_memory = sa.Table(
    "witness_memory",
    _tables,
    sa.Column("only", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("identity", sa.Text, nullable=False),
    sa.Column("changes", sa.BigInteger, nullable=False),
    sa.Column("last_moment", sa.BigInteger, nullable=False),
)


class SqlWitnessBook:
    """Implements `WitnessBook`; `open_witness_book` opens one."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def memory(self) -> tuple[str, int] | None:
        """Identity of this memory and its changes so far; None for an empty one."""
        row = self._one(sa.select(_memory.c.identity, _memory.c.changes))
        return None if row is None else (row["identity"], row["changes"])

    def begin(self, identity: str) -> None:
        """Give an empty memory its identity.

        Raises: Unavailable where it has one.
        """
        row = {"only": 1, "identity": identity, "changes": 0, "last_moment": 0}
        with reported(self._engine), writing(self._engine) as connection:
            connection.execute(sa.insert(_memory).values(**row))

    def latest(self, origin: str) -> WitnessedHead | None:
        """The latest head of the log that was cosigned."""
        row = self._one(sa.select(_heads).where(_heads.c.origin == origin))
        return None if row is None else _head(row)

    def advance(self, old: WitnessedHead | None, new: WitnessedHead) -> None:
        """Put the new head in the place of the old one, durably.

        Raises: Conflict where another head stands there by now.
        """
        origin = new.head.origin
        with reported(self._engine), writing(self._engine) as connection:
            query = sa.select(_heads).where(_heads.c.origin == origin)
            row = connection.execute(query).mappings().one_or_none()
            if (None if row is None else _head(dict(row))) != old:
                raise Conflict(
                    f"the log {origin} was cosigned meanwhile",
                    remedy="send the head again with a proof from the newer size",
                )
            connection.execute(sa.delete(_heads).where(_heads.c.origin == origin))
            fresh = msgspec.structs.asdict(new.head) | {"at": new.at}
            connection.execute(sa.insert(_heads).values(**fresh))
            _count(connection, new.at)

    def add_challenge(self, challenge: Challenge) -> None:
        """Keep a challenge that is handed out."""
        self._add(_challenges, msgspec.structs.asdict(challenge))

    def challenges(self, origin: str) -> tuple[Challenge, ...]:
        """The challenges to a log, in the order in which they were drawn."""
        query = (
            sa.select(*(c for c in _challenges.c if c.name != "sequence"))
            .where(_challenges.c.origin == origin)
            .order_by(_challenges.c.sequence)
        )
        with reported(self._engine), self._engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return tuple(Challenge(**row) for row in rows)

    def add_nonce(self, nonce: Nonce) -> None:
        """Keep a nonce that is handed out."""
        self._add(_nonces, msgspec.structs.asdict(nonce))

    def last_moment(self) -> int:
        """The latest time this witness has signed; 0 before the first."""
        row = self._one(sa.select(_memory.c.last_moment))
        return 0 if row is None else int(row["last_moment"])

    def close(self) -> None:
        """Give the connections back to the database."""
        self._engine.dispose()

    def _add(self, table: sa.Table, row: dict[str, Any]) -> None:
        last = sa.select(sa.func.coalesce(sa.func.max(table.c.sequence), 0) + 1)
        with reported(self._engine), writing(self._engine) as connection:
            numbered = row | {"sequence": last.scalar_subquery()}
            connection.execute(sa.insert(table).values(**numbered))
            _count(connection, row["at"])

    def _one(self, query: sa.Select[Any]) -> dict[str, Any] | None:
        with reported(self._engine), self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else dict(row)


def open_witness_book(url: str) -> SqlWitnessBook:
    """The memory at a database URL, created or brought up to date as needed.

    Raises: what `open_act_log` raises.
    """
    return SqlWitnessBook(connect(url))


def _count(connection: sa.Connection, at: int) -> None:
    latest = sa.case((_memory.c.last_moment < at, at), else_=_memory.c.last_moment)
    connection.execute(
        sa.update(_memory).values(changes=_memory.c.changes + 1, last_moment=latest)
    )


def _head(row: dict[str, Any]) -> WitnessedHead:
    head = TreeHead(origin=row["origin"], size=row["size"], root=bytes(row["root"]))
    return WitnessedHead(head=head, at=row["at"])
