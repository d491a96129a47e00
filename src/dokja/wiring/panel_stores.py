"""What an expert's desk works with: the office's drafts, one stage's acts."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime

from dokja.adapters.store.act_log import SqlActLog
from dokja.evidence.values import Act
from dokja.panel.ports import Draft
from dokja.people.ports import DraftBook


class DeskDrafts:
    """The drafts of one account as a desk asks for them.

    The book keeps them by account, so that erasing a person takes them along;
    the desk knows the pseudonym only.
    """

    def __init__(
        self, book: DraftBook, account_id: str, *, now: Callable[[], datetime]
    ) -> None:
        self._book = book
        self._account_id = account_id
        self._now = now

    def find(self, owner: str, name: str) -> Draft | None:
        """The draft as it was last saved."""
        kept = self._book.find(self._account_id, name)
        if kept is None:
            return None
        return Draft(
            owner=owner, name=name, body=json.loads(kept.body), version=kept.version
        )

    def save(self, draft: Draft) -> Draft:
        """The draft with its next version. Raises: Conflict."""
        kept = self._book.save(
            self._account_id,
            draft.name,
            json.dumps(draft.body, ensure_ascii=False, sort_keys=True).encode(),
            based_on=draft.version,
            now=self._now(),
        )
        return Draft(
            owner=draft.owner,
            name=draft.name,
            body=json.loads(kept.body),
            version=kept.version,
        )

    def discard(self, owner: str, name: str) -> None:
        """Nothing; the draft is gone."""
        del owner
        self._book.discard(self._account_id, name)


class StageActs:
    """The acts of one stage by kind."""

    def __init__(self, log: SqlActLog, programme: str, stage: str) -> None:
        self._log = log
        self._programme = programme
        self._stage = stage

    def append(self, acts: Sequence[Act]) -> None:
        """Add the acts, all or none. Raises: Conflict."""
        self._log.append(acts)

    def find(self, kind: str) -> tuple[Act, ...]:
        """Every act of the kind, in the order of appending."""
        return self._log.of_kind(self._programme, self._stage, kind)
