"""A panel at its desk, with both stores in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from dokja.errors import Conflict
from dokja.evidence.canonical import act_digest
from dokja.evidence.values import Act
from dokja.panel import assign_experts, find_interests
from dokja.panel.desk import PanelDesk, PanelOffice, PanelSetup, SheetName
from dokja.panel.ports import Draft
from dokja.panel.values import Criterion, SheetRound, Tie
from dokja.programme.interest_rules import PanelRules
from tests.unit.panel.people import CRITERIA, NOTE, TODAY, needs, register, rules, tie

EXPERTS = ("e1", "e2", "e3")
TEAMS = ("t1", "t2")
NOON = "2026-01-05T12:00:00+09:00"
LATER = "2026-01-06T12:00:00+09:00"
WORKS_FOR_T1 = (tie("employment", "e1", "o1"), tie("consortium", "o1", "t1"))


class MemoryActs:
    """The acts of one stage."""

    def __init__(self) -> None:
        self.kept: list[Act] = []

    def append(self, acts: Sequence[Act]) -> None:
        for act in acts:
            same = [a for a in self.kept if (a.kind, a.subject) == _key(act)]
            if same and act_digest(same[0]) != act_digest(act):
                raise Conflict("the name is taken", remedy="append nothing else")
            if not same:
                self.kept.append(act)

    def find(self, kind: str) -> tuple[Act, ...]:
        return tuple(act for act in self.kept if act.kind == kind)


class MemoryDrafts:
    """Drafts by owner and name."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Draft] = {}

    def find(self, owner: str, name: str) -> Draft | None:
        return self.kept.get((owner, name))

    def save(self, draft: Draft) -> Draft:
        kept = self.find(draft.owner, draft.name)
        if (0 if kept is None else kept.version) != draft.version:
            raise Conflict("another window saved", remedy="reload")
        saved = msgspec.structs.replace(draft, version=draft.version + 1)
        self.kept[draft.owner, draft.name] = saved
        return saved

    def discard(self, owner: str, name: str) -> None:
        self.kept.pop((owner, name), None)


class Room:
    """A desk and the office over the same stores."""

    def __init__(
        self,
        *ties: Tie,
        calibration: bool = False,
        discussion: bool = False,
        experts: Sequence[str] = EXPERTS,
        each: int = 3,
    ) -> None:
        people = register(*ties, experts=experts, teams=TEAMS)
        found = find_interests(people, rules(), on=TODAY)
        wanted = needs(experts, each_team=each, each_expert=2)
        self.setup = PanelSetup(
            programme="p",
            stage="s",
            synthetic=True,
            note=NOTE,
            criteria=tuple(Criterion(id=c, name=NOTE, max=10) for c in CRITERIA),
            teams=TEAMS,
            register=people,
            on=TODAY,
            interest_rules=rules(),
            panel_rules=PanelRules(
                experts_per_team=each,
                teams_per_expert=2,
                quorum=each,
                calibration=calibration,
                discussion=discussion,
            ),
            assignment=assign_experts(found, wanted),
            anchor="anchor" if calibration else "",
        )
        self.acts, self.drafts = MemoryActs(), MemoryDrafts()
        self.desk = PanelDesk(self.setup, acts=self.acts, drafts=self.drafts)
        self.office = PanelOffice(self.setup, acts=self.acts)

    def fill(self, name: SheetName, score: int, *, at: str = NOON) -> None:
        """The whole sheet, typed, saved and handed in."""
        opened = self.desk.open_sheet(name)
        self.desk.save_draft(name, typed(score), version=opened.version)
        assert self.desk.hand_in(name, at=at).problems == ()

    def fill_all(self, moment: SheetRound, score: int = 5) -> None:
        """Every sheet of the round that is owed and not handed in."""
        for name in self.office.status().missing:
            if name.round is moment:
                self.fill(name, score)


def typed(score: object) -> dict[str, Any]:
    """A form with one score throughout and a comment."""
    return {"scores": dict.fromkeys(CRITERIA, score), "comments": {"plan": "clear"}}


def after(expert: str, team: str) -> SheetName:
    """The sheet that counts."""
    return SheetName(expert=expert, team=team, round=SheetRound.AFTER)


def before(expert: str, team: str) -> SheetName:
    """The sheet from before the discussion."""
    return SheetName(expert=expert, team=team, round=SheetRound.BEFORE)


def anchor(expert: str) -> SheetName:
    """The sheet of the calibration round."""
    return SheetName(expert=expert, team="anchor", round=SheetRound.CALIBRATION)


def _key(act: Act) -> tuple[str, str]:
    return act.kind, act.subject
