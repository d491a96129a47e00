"""Who reads a page of support, and how much of it is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException

from dokja.people import Permission, require
from dokja.support.overview import SupportOverview, of_team
from dokja.web.reader import Reader
from dokja.web.support.acts.making import record_of
from dokja.web.visit import Visit
from dokja.wiring.support import SupportRecord


@dataclass(frozen=True, kw_only=True)
class SupportReader:
    """What somebody is shown of support."""

    record: SupportRecord
    team: str
    """Own team; empty for everybody else."""
    sees_all: bool
    may_act: bool

    @property
    def standing(self) -> SupportOverview:
        """How everything stands that is theirs to see, for whoever is no stranger."""
        found = self.record.overview
        return found if self.sees_all else of_team(found, self.team)

    @property
    def is_member(self) -> bool:
        """Whether anything beyond what is public is theirs to see."""
        return self.sees_all or bool(self.team)

    def sees(self, team: str) -> bool:
        """Whether what is this team's is theirs to see."""
        return self.sees_all or team == self.team


def reader_of(visit: Visit) -> SupportReader:
    """Whoever visits, the public included.

    Raises: HTTPException where the rulebook says nothing of support.
    """
    if not visit.office.rulebook.support_rules:
        raise HTTPException(404)
    reader = Reader(account=visit.account)
    return SupportReader(
        record=record_of(visit.office),
        team=reader.team,
        sees_all=reader.sees_all,
        may_act=reader.runs,
    )


def member_reader(visit: Visit) -> SupportReader:
    """The office, an auditor or a team. Raises: NotAllowed for everybody else."""
    require(visit.account, Permission.SEE_SUPPORT)
    return reader_of(visit)
