"""Drafts that must not be lost, the audit that only grows, and secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from dokja.adapters.store import operations_schema as schema
from dokja.adapters.store.database import changing, reported, writing
from dokja.adapters.store.people_rows import value_in
from dokja.errors import Conflict
from dokja.people.values import AuditEntry, Draft

_DRAFT = schema.drafts.c


class SqlAudit:
    """Implements `Audit`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, entry: AuditEntry) -> None:
        """Append a line."""
        last = sa.select(sa.func.coalesce(sa.func.max(schema.audit.c.sequence), 0) + 1)
        row = msgspec.structs.asdict(entry) | {"sequence": last.scalar_subquery()}
        # Under the lock, so that numbers have no gap a deleted line could hide in.
        with reported(self._engine), writing(self._engine) as connection:
            connection.execute(sa.insert(schema.audit).values(**row))

    def entries(self, *, after: int = 0, limit: int = 200) -> tuple[AuditEntry, ...]:
        """Lines that follow number `after`, in order."""
        sequence = schema.audit.c.sequence
        query = sa.select(schema.audit).where(sequence > after).order_by(sequence)
        return self._read(query.limit(limit))

    def latest(self, limit: int = 200) -> tuple[AuditEntry, ...]:
        """The newest lines, newest first."""
        newest = schema.audit.c.sequence.desc()
        return self._read(sa.select(schema.audit).order_by(newest).limit(limit))

    def _read(self, query: sa.Select[Any]) -> tuple[AuditEntry, ...]:
        with reported(self._engine), self._engine.connect() as connection:
            rows = connection.execute(query).mappings()
            return tuple(value_in(dict(row), AuditEntry) for row in rows)


class SqlDraftBook:
    """Implements `DraftBook`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def save(
        self, owner: str, name: str, body: bytes, *, based_on: int, now: datetime
    ) -> Draft:
        """The draft as it now stands, one version up.

        Saving the same text again from the same version changes nothing.
        Raises: Conflict where another save came between; the newer text stays.
        """
        draft = Draft(
            owner=owner, name=name, body=body, version=based_on + 1, saved_at=now
        )
        with reported(self._engine), changing(self._engine) as connection:
            if _write_draft(connection, draft):
                return draft
        kept = self.find(owner, name)
        if kept and kept.version == draft.version and kept.body == body:
            return kept
        raise Conflict(
            f"the draft was saved elsewhere in the meantime: version "
            f"{kept.version if kept else 0} stands, this one goes on from {based_on}",
            remedy="look at the newer text, then save again from there",
        )

    def find(self, owner: str, name: str) -> Draft | None:
        """The draft of this name."""
        with reported(self._engine), self._engine.connect() as connection:
            return _find_draft(connection, owner, name)

    def of(self, owner: str) -> tuple[Draft, ...]:
        """Every draft of the owner, by name."""
        query = sa.select(schema.drafts).where(_DRAFT.owner == owner)
        with reported(self._engine), self._engine.connect() as connection:
            rows = connection.execute(query).mappings()
            drafts = [value_in(dict(row), Draft) for row in rows]
        return tuple(sorted(drafts, key=lambda draft: draft.name))

    def discard(self, owner: str, name: str) -> None:
        """Delete the draft, once it was handed in."""
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(
                sa.delete(schema.drafts).where(
                    _DRAFT.owner == owner, _DRAFT.name == name
                )
            )


class SqlKeyBook:
    """Implements `KeyBook`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def keep(self, name: str, value: bytes) -> bytes:
        """The secret of this name; `value` where there was none.

        Raises: Conflict where the secret of this name was destroyed.
        """
        kept = self.find(name)
        if kept is not None:
            return kept
        with reported(self._engine), writing(self._engine) as connection:
            row = connection.execute(_secret(name)).one_or_none()
            if row is None:
                connection.execute(
                    sa.insert(schema.secrets).values(name=name, value=value)
                )
                return value
        if row.value is None:
            raise Conflict(
                f"the secret {name!r} was destroyed, and none may follow it",
                remedy="what it served for is over; start another contest",
            )
        return bytes(row.value)

    def find(self, name: str) -> bytes | None:
        """The secret; None where there is none, or none any more."""
        with reported(self._engine), self._engine.connect() as connection:
            row = connection.execute(_secret(name)).one_or_none()
        return None if row is None or row.value is None else bytes(row.value)

    def destroy(self, name: str, now: datetime) -> bool:
        """Whether there was one; its name stays taken, so none can follow it."""
        table = schema.secrets
        with reported(self._engine), changing(self._engine) as connection:
            changed = connection.execute(
                sa.update(table)
                .where(table.c.name == name, table.c.value.is_not(None))
                .values(value=None, destroyed_at=now)
            )
            return changed.rowcount == 1


def _secret(name: str) -> sa.Select[Any]:
    return sa.select(schema.secrets.c.value).where(schema.secrets.c.name == name)


def _find_draft(connection: sa.Connection, owner: str, name: str) -> Draft | None:
    query = sa.select(schema.drafts).where(_DRAFT.owner == owner, _DRAFT.name == name)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else value_in(dict(row), Draft)


def _write_draft(connection: sa.Connection, draft: Draft) -> bool:
    """Whether the version before it was the one that stood."""
    row = msgspec.structs.asdict(draft)
    if draft.version == 1:
        try:
            connection.execute(sa.insert(schema.drafts).values(**row))
        except IntegrityError:
            connection.rollback()
            return False
        return True
    earlier = sa.update(schema.drafts).where(
        _DRAFT.owner == draft.owner,
        _DRAFT.name == draft.name,
        _DRAFT.version == draft.version - 1,
    )
    return connection.execute(earlier.values(**row)).rowcount == 1
