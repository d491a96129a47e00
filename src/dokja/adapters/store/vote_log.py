"""The record as a contest uses it: one act at a time, found by its subject."""

from __future__ import annotations

import sqlalchemy as sa

from dokja.adapters.store.act_log import SqlActLog, read_act
from dokja.adapters.store.database import reported
from dokja.adapters.store.schema import FILED, acts_table
from dokja.evidence.values import Act

_AFTER = "\U0010ffff"
"""Sorts after whatever a subject can go on with."""


class SqlVoteLog:
    """Acts of a contest in a database; implements `VoteLog` and `TurnoutLog`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._log = SqlActLog(engine)

    def append(self, act: Act) -> None:
        """Add one act. Raises: as `SqlActLog.append`."""
        self._log.append((act,))

    def named(self, programme: str, stage: str, subject: str) -> tuple[Act, ...]:
        """Acts of exactly this subject, in the order of appending."""
        return self._found(programme, stage, self._bytes == subject)

    def under(self, programme: str, stage: str, prefix: str) -> tuple[Act, ...]:
        """Acts whose subject starts with `prefix`, in the order of appending."""
        return self._found(programme, stage, self._starts(prefix))

    def count(self, programme: str, stage: str, kind: str, prefix: str) -> int:
        """How many acts of this kind have a subject that starts with `prefix`."""
        counted = sa.select(sa.func.count()).where(
            *self._of_kind(programme, stage, kind, prefix)
        )
        with reported(self._engine), self._engine.connect() as connection:
            return int(connection.scalar(counted) or 0)

    def by_day(
        self, programme: str, stage: str, kind: str, prefix: str
    ) -> dict[str, int]:
        """How many acts of this kind each day has, by the date of the acts."""
        day = sa.func.substr(acts_table.c.at, 1, 10)
        counted = (
            sa.select(day, sa.func.count())
            .where(*self._of_kind(programme, stage, kind, prefix))
            .group_by(day)
            .order_by(day)
        )
        with reported(self._engine), self._engine.connect() as connection:
            return {row[0]: int(row[1]) for row in connection.execute(counted)}

    def latest(self, programme: str, stage: str, kind: str, prefix: str) -> str | None:
        """When the last act of this kind was appended; None where there is none."""
        last = (
            sa.select(acts_table.c.at)
            .where(*self._of_kind(programme, stage, kind, prefix))
            .order_by(acts_table.c.sequence.desc())
            .limit(1)
        )
        with reported(self._engine), self._engine.connect() as connection:
            found = connection.scalar(last)
        return None if found is None else str(found)

    def owners(
        self, programme: str, stage: str, kind: str, prefix: str, width: int
    ) -> int:
        """How many different subjects there are when cut to `width` characters."""
        owner = sa.func.substr(acts_table.c.subject, 1, width)
        counted = sa.select(sa.func.count(sa.distinct(owner))).where(
            *self._of_kind(programme, stage, kind, prefix)
        )
        with reported(self._engine), self._engine.connect() as connection:
            return int(connection.scalar(counted) or 0)

    def of_kind(
        self, programme: str, stage: str, kind: str, prefix: str
    ) -> tuple[Act, ...]:
        """Acts of this kind whose subject starts with `prefix`, in their order."""
        condition = sa.and_(acts_table.c.kind == kind, self._starts(prefix))
        return self._found(programme, stage, condition)

    def _of_kind(
        self, programme: str, stage: str, kind: str, prefix: str
    ) -> tuple[sa.ColumnElement[bool], ...]:
        return (
            acts_table.c.programme == programme,
            acts_table.c.stage == stage,
            acts_table.c.kind == kind,
            self._starts(prefix),
        )

    def _found(
        self, programme: str, stage: str, condition: sa.ColumnElement[bool]
    ) -> tuple[Act, ...]:
        named = (
            sa.select(*FILED)
            .where(
                acts_table.c.programme == programme,
                acts_table.c.stage == stage,
                condition,
            )
            .order_by(acts_table.c.sequence)
        )
        with reported(self._engine), self._engine.connect() as connection:
            rows = connection.execute(named).mappings()
            return tuple(read_act(dict(row)) for row in rows)

    def _starts(self, prefix: str) -> sa.ColumnElement[bool]:
        return sa.and_(self._bytes >= prefix, self._bytes < prefix + _AFTER)

    @property
    def _bytes(self) -> sa.ColumnElement[str]:
        """The subject as the index orders it: byte by byte."""
        if self._engine.dialect.name == "postgresql":
            return sa.collate(acts_table.c.subject, "C")
        return acts_table.c.subject
