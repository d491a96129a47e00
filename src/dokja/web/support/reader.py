"""Who reads a page of support, and how much of it is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException

from dokja.people import Permission, may, require
from dokja.people.permissions import Reach, reach
from dokja.support.overview import SupportOverview, of_team
from dokja.web.support.acts.making import record_of
from dokja.web.visit import Visit
from dokja.wiring.support import SupportRecord


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What somebody is shown of support."""

    record: SupportRecord
    team: str
    """Own team; empty for everybody else."""
    sees_all: bool
    may_act: bool

    @property
    def standing(self) -> SupportOverview | None:
        """How everything stands that is theirs to see; None for the public."""
        found = self.record.overview
        if self.sees_all:
            return found
        return of_team(found, self.team) if self.team else None


def reader_of(visit: Visit) -> Reader:
    """Whoever visits, the public included.

    Raises: HTTPException where the rulebook says nothing of support.
    """
    if not visit.office.rulebook.support_rules:
        raise HTTPException(404)
    width, account = reach(visit.role, Permission.SEE_SUPPORT), visit.account
    is_own = width is Reach.OWN and account is not None
    return Reader(
        record=record_of(visit.office),
        team=account.subject if is_own and account else "",
        sees_all=width is Reach.ALL,
        may_act=may(account, Permission.RUN_PROGRAMME),
    )


def member_reader(visit: Visit) -> Reader:
    """The office, an auditor or a team. Raises: NotAllowed for everybody else."""
    require(visit.account, Permission.SEE_SUPPORT)
    return reader_of(visit)
