"""Sessions, attempts to sign in, and what browsers carry between steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from dokja.adapters.store import operations_schema as schema
from dokja.adapters.store.database import changing, reported, writing
from dokja.adapters.store.people_rows import account_in, value_in
from dokja.people.values import Account, Passage, Session

_SESSION = schema.sessions.c
_ATTEMPT = schema.login_attempts.c
_PASSAGE = schema.passages.c


class SqlSessionBook:
    """Implements `SessionBook`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, session: Session) -> None:
        """Keep a session."""
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(
                sa.insert(schema.sessions).values(**msgspec.structs.asdict(session))
            )

    def find(self, digest: str) -> tuple[Session, Account] | None:
        """The session of this token with its account."""
        query = (
            sa.select(
                *(c for c in schema.accounts.c if c.name != "password_hash"),
                *(c.label(f"session_{c.name}") for c in _SESSION),
            )
            .join(schema.accounts, schema.accounts.c.id == _SESSION.account_id)
            .where(_SESSION.digest == digest)
        )
        with reported(self._engine), self._engine.connect() as connection:
            row = connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        session = {n: row[f"session_{n}"] for n in Session.__struct_fields__}
        return msgspec.convert(session, Session), account_in(dict(row))

    def touch(self, digest: str, now: datetime) -> None:
        """Note that it was used."""
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(
                sa.update(schema.sessions)
                .where(_SESSION.digest == digest)
                .values(seen_at=now)
            )

    def end(self, digest: str) -> None:
        """Forget the session."""
        self._delete(_SESSION.digest == digest)

    def end_all(self, account_id: str, *, but: str = "") -> int:
        """How many sessions of the account were ended, but for one digest."""
        return self._delete(_SESSION.account_id == account_id, _SESSION.digest != but)

    def end_expired(self, now: datetime, idle_since: datetime) -> int:
        """How many had expired, or had not been used since `idle_since`."""
        return self._delete(
            (_SESSION.expires_at <= now) | (_SESSION.seen_at <= idle_since)
        )

    def _delete(self, *which: sa.ColumnElement[bool]) -> int:
        with reported(self._engine), changing(self._engine) as connection:
            return connection.execute(sa.delete(schema.sessions).where(*which)).rowcount


class SqlAttemptBook:
    """Implements `AttemptBook`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def admit(
        self,
        attempt: str,
        limits: Mapping[str, int],
        *,
        now: datetime,
        since: datetime,
    ) -> bool:
        """Whether every key has fewer attempts since then than its limit."""
        counted = (
            sa.select(_ATTEMPT.key, sa.func.count())
            .where(_ATTEMPT.key.in_(list(limits)), _ATTEMPT.at > since)
            .group_by(_ATTEMPT.key)
        )
        # The one write transaction: counted and added in two steps.
        with reported(self._engine), writing(self._engine) as connection:
            connection.execute(
                sa.delete(schema.login_attempts).where(_ATTEMPT.at <= since)
            )
            for key, count in connection.execute(counted):
                if count >= limits[key]:
                    return False
            connection.execute(
                sa.insert(schema.login_attempts),
                [{"attempt": attempt, "key": key, "at": now} for key in limits],
            )
        return True

    def forgive(self, attempt: str, key: str) -> None:
        """Forget this attempt, and every one that was counted for the key."""
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(
                sa.delete(schema.login_attempts).where(
                    (_ATTEMPT.attempt == attempt) | (_ATTEMPT.key == key)
                )
            )


class SqlPassageBook:
    """Implements `PassageBook`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def put(self, passage: Passage) -> None:
        """Keep it until it is taken or expires."""
        row: dict[str, Any] = msgspec.structs.asdict(passage)
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(sa.insert(schema.passages).values(**row))

    def take(self, digest: str, purpose: str, now: datetime) -> Passage | None:
        """The passage, which is gone by this; None if taken, expired or unknown."""
        with reported(self._engine), changing(self._engine) as connection:
            connection.execute(
                sa.delete(schema.passages).where(_PASSAGE.expires_at <= now)
            )
            taken = connection.execute(
                sa.delete(schema.passages)
                .where(_PASSAGE.digest == digest, _PASSAGE.purpose == purpose)
                .returning(*_PASSAGE)
            )
            row = taken.mappings().one_or_none()
        return None if row is None else value_in(dict(row), Passage)
