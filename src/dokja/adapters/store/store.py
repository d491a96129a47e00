"""The record and everything that is operated beside it, in one database."""

from __future__ import annotations

from types import TracebackType

import sqlalchemy as sa

from dokja.adapters.store.act_log import SqlActLog
from dokja.adapters.store.database import connect
from dokja.adapters.store.kept_texts import SqlAudit, SqlDraftBook, SqlKeyBook
from dokja.adapters.store.people_book import SqlPeopleBook
from dokja.adapters.store.session_book import (
    SqlAttemptBook,
    SqlPassageBook,
    SqlSessionBook,
)
from dokja.adapters.store.vote_log import SqlVoteLog


class Store:
    """One database; `open_store` opens it."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self.acts = SqlActLog(engine)
        self.votes = SqlVoteLog(engine)
        self.people = SqlPeopleBook(engine)
        self.sessions = SqlSessionBook(engine)
        self.attempts = SqlAttemptBook(engine)
        self.passages = SqlPassageBook(engine)
        self.audit = SqlAudit(engine)
        self.drafts = SqlDraftBook(engine)
        self.keys = SqlKeyBook(engine)

    def close(self) -> None:
        """Give the connections back to the database."""
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(url: str) -> Store:
    """The store at a database URL, created or brought up to date as needed.

    Raises: what `open_act_log` raises.
    """
    return Store(connect(url))
