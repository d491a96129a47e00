"""The append-only record of acts in a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

import msgspec
import sqlalchemy as sa

from dokja.adapters.store.database import connect, reported
from dokja.adapters.store.schema import FILED, NAME, acts_table
from dokja.adapters.store.together import add_together
from dokja.errors import Conflict, InvalidInput
from dokja.evidence.canonical import canonical_bytes, digest_bytes
from dokja.evidence.values import Act

_NAMES_A_QUERY = 500
_LONGEST_NAME = 2000
"""Bytes; PostgreSQL keeps no longer entry in an index page."""

Name = tuple[str, str, str, str]


class SqlActLog:
    """The record in a database; `open_act_log` opens one."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def append(self, acts: Sequence[Act]) -> None:
        """Add the acts in one transaction, all or none.

        An act whose name and body are already there is left as it is, with
        the time it was first recorded at.

        Raises: Conflict where a name is taken by another body; InvalidInput
        where an act has no canonical form or its name does not fit an index;
        Unavailable where the database does not answer.
        """
        rows = [_row(act) for act in acts]
        if not rows:
            return
        with reported(self._engine):
            add_together(self._engine, rows, _add_rows)

    def acts(self, programme: str, stage: str) -> tuple[Act, ...]:
        """Every act of the stage, in the order in which it was appended.

        Raises: Conflict where a row was altered or is gone; Unavailable where
        the database does not answer.
        """
        of_stage = (
            sa.select(*FILED)
            .where(acts_table.c.programme == programme, acts_table.c.stage == stage)
            .order_by(acts_table.c.sequence)
        )
        with reported(self._engine), self._engine.connect() as connection:
            _refuse_gaps(connection)
            rows = connection.execute(of_stage).mappings()
            return tuple(read_act(dict(row)) for row in rows)

    def find(
        self, programme: str, stage: str, kind: str, subjects: Sequence[str]
    ) -> tuple[Act, ...]:
        """The acts of these names that are there, in the order of appending.

        Raises: Conflict where a row of them was altered; Unavailable where the
        database does not answer.
        """
        found: dict[int, Act] = {}
        with reported(self._engine), self._engine.connect() as connection:
            for start in range(0, len(subjects), _NAMES_A_QUERY):
                named = sa.select(*FILED).where(
                    *_of_kind(programme, stage, kind),
                    acts_table.c.subject.in_(subjects[start : start + _NAMES_A_QUERY]),
                )
                rows = connection.execute(named).mappings()
                found |= {row["sequence"]: read_act(dict(row)) for row in rows}
        return tuple(found[sequence] for sequence in sorted(found))

    def of_kind(self, programme: str, stage: str, kind: str) -> tuple[Act, ...]:
        """Every act of the kind, in the order of appending.

        Raises: Conflict where a row of them was altered; Unavailable where the
        database does not answer.
        """
        named = (
            sa.select(*FILED)
            .where(*_of_kind(programme, stage, kind))
            .order_by(acts_table.c.sequence)
        )
        with reported(self._engine), self._engine.connect() as connection:
            rows = connection.execute(named).mappings()
            return tuple(read_act(dict(row)) for row in rows)

    def tally(self, programme: str, stage: str) -> dict[str, int]:
        """How many acts of each kind the stage has."""
        counted = (
            sa.select(acts_table.c.kind, sa.func.count())
            .where(acts_table.c.programme == programme, acts_table.c.stage == stage)
            .group_by(acts_table.c.kind)
            .order_by(acts_table.c.kind)
        )
        with reported(self._engine), self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(counted)}

    def close(self) -> None:
        """Give the connections back to the database."""
        self._engine.dispose()

    def __enter__(self) -> SqlActLog:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_act_log(url: str) -> SqlActLog:
    """The record at a database URL, created or brought up to date as needed.

    `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/DATABASE`.

    Raises: InvalidInput where the address is none Dokja can use; Unavailable
    where driver or database is missing, or the schema is newer than this code.
    """
    return SqlActLog(connect(url))


def add_acts(connection: sa.Connection, acts: Sequence[Act]) -> None:
    """Add the acts within a write transaction that does other things besides.

    Raises: what `SqlActLog.append` raises.
    """
    _add_rows(connection, [_row(act) for act in acts])


def _add_rows(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    fresh = _without_known(rows, _known(connection, rows))
    if fresh:
        last = connection.scalar(sa.select(sa.func.max(acts_table.c.sequence))) or 0
        connection.execute(
            sa.insert(acts_table),
            [
                {"sequence": sequence, **row}
                for sequence, row in enumerate(fresh, start=last + 1)
            ],
        )


def _of_kind(
    programme: str, stage: str, kind: str
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        acts_table.c.programme == programme,
        acts_table.c.stage == stage,
        acts_table.c.kind == kind,
    )


def _row(act: Act) -> dict[str, Any]:
    name = (act.programme, act.stage, act.kind, act.subject)
    canonical = canonical_bytes(act)
    if "\0" in "".join((*name, act.at)) or len("".join(name).encode()) > _LONGEST_NAME:
        raise InvalidInput(
            f"act {act.kind} of {act.subject[:80]!r} cannot be filed under its name",
            remedy=f"use names without NUL, of {_LONGEST_NAME} bytes in all",
        )
    return {
        "digest": digest_bytes(canonical),
        "programme": act.programme,
        "stage": act.stage,
        "kind": act.kind,
        "subject": act.subject,
        "at": act.at,
        "canonical": canonical,
    }


def _name(row: Mapping[str, Any]) -> Name:
    return row["programme"], row["stage"], row["kind"], row["subject"]


def _known(
    connection: sa.Connection, rows: Sequence[Mapping[str, Any]]
) -> dict[Name, Mapping[str, Any]]:
    """The rows of the record that bear the names of `rows`."""
    known: dict[Name, Mapping[str, Any]] = {}
    for start in range(0, len(rows), _NAMES_A_QUERY):
        names = [_name(row) for row in rows[start : start + _NAMES_A_QUERY]]
        found = connection.execute(
            sa.select(*FILED).where(sa.tuple_(*NAME).in_(names))
        ).mappings()
        known |= {_name(row): row for row in map(dict, found)}
    return known


def _without_known(
    rows: Sequence[dict[str, Any]], known: dict[Name, Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The rows whose names are new; `known` takes them up as they come."""
    fresh: list[dict[str, Any]] = []
    for row in rows:
        earlier = known.setdefault(_name(row), row)
        if earlier is row:
            fresh.append(row)
        elif earlier["digest"] != row["digest"]:
            _refuse_other_body(earlier, row)
    return fresh


def _refuse_other_body(earlier: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    if canonical_bytes(read_act(earlier).body) == canonical_bytes(read_act(row).body):
        return
    raise Conflict(
        f"the record already holds another {row['kind']} of {row['subject']}: "
        f"{earlier['digest']} stands, {row['digest']} was handed in",
        remedy="append the correction as an act of its own, or start a new record",
    )


def _refuse_gaps(connection: sa.Connection) -> None:
    counted = sa.select(sa.func.count(), sa.func.max(acts_table.c.sequence))
    count, last = connection.execute(counted.select_from(acts_table)).one()
    if count != (last or 0):
        raise _altered(f"the last act is number {last}, but {count} are left")


def read_act(row: Mapping[str, Any]) -> Act:
    """The act a row holds, after its digest and its columns were checked."""
    canonical = bytes(row["canonical"])
    place = f"act {row['sequence']}" if "sequence" in row else "the act handed in"
    if digest_bytes(canonical) != row["digest"]:
        raise _altered(
            f"{place} is filed as {row['digest']} and is {digest_bytes(canonical)}"
        )
    try:
        act = msgspec.json.decode(canonical, type=Act)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _altered(f"{place} is no act: {error}") from error
    filed_as = (*_name(row), row["at"])
    if filed_as != (act.programme, act.stage, act.kind, act.subject, act.at):
        raise _altered(f"{place} is filed under {filed_as}, which it does not say")
    return act


def _altered(fact: str) -> Conflict:
    return Conflict(
        f"the record was altered after the fact: {fact}",
        remedy="stop using it; restore a backup and compare it with the last "
        "published bundle",
    )
