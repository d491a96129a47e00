"""Who reads a page of the programme, and what that lets them see and do."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dokja.people import Permission, may
from dokja.people.values import Account
from dokja.programme.agenda import TimelineEntry


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """A reader of the programme's pages; the public has no account."""

    account: Account | None

    @property
    def sees_all(self) -> bool:
        """Whether every team's part is shown: to the office and to auditors."""
        return may(self.account, Permission.SEE_RECORD)

    @property
    def runs(self) -> bool:
        """Whether they act for the office."""
        return may(self.account, Permission.RUN_PROGRAMME)

    @property
    def team(self) -> str:
        """The team they act for; empty for everybody else."""
        account = self.account
        if account is None or not may(account, Permission.ACT_FOR_TEAM):
            return ""
        return account.subject

    def history(self, rows: Sequence[TimelineEntry]) -> tuple[TimelineEntry, ...]:
        """What happened; who acted is left out for whoever may not see it."""
        if self.sees_all:
            return tuple(rows)
        return tuple(msgspec.structs.replace(row, by="") for row in rows)
