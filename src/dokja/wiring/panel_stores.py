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
    """The office's drafts as a desk asks for them."""

    def __init__(self, book: DraftBook, now: Callable[[], datetime]) -> None:
        self._book = book
        self._now = now

    def find(self, owner: str, name: str) -> Draft | None:
        """The draft as it was last saved."""
        kept = self._book.find(owner, name)
        if kept is None:
            return None
        return Draft(
            owner=owner, name=name, body=json.loads(kept.body), version=kept.version
        )

    def save(self, draft: Draft) -> Draft:
        """The draft with its next version. Raises: Conflict."""
        kept = self._book.save(
            draft.owner,
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
        self._book.discard(owner, name)


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
