"""What the acts of a panel say so far; nothing is counted beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from dokja.evidence.canonical import read_as
from dokja.evidence.values import Act
from dokja.panel.desk.values import (
    HandedIn,
    OwnConcern,
    PanelSetup,
    SheetCorrection,
    SheetName,
)
from dokja.panel.ports import PanelActs
from dokja.panel.values import Concern, Declaration, ExpertSheet, SheetRound

HANDED_IN = "sheet_handed_in"
CORRECTED = "sheet_corrected"
CONFLICT = "conflict_declared"
CONCERN = "concern_raised"
DISCUSSION = "discussion_opened"
CLOSED = "sheets_closed"
PANEL_CLOSED = "panel_closed"
"""The stage's own act, which holds the panel's value."""


@dataclass(frozen=True)
class DeskRecord:
    """The acts of the desk, read once."""

    sheets: Mapping[SheetName, HandedIn]
    declared: tuple[Declaration, ...]
    concerns: Mapping[str, tuple[OwnConcern, ...]]
    """By expert."""
    discussed: frozenset[str]
    is_closed: bool

    def of_round(self, moment: SheetRound) -> dict[tuple[str, str], ExpertSheet]:
        """The sheets that count in a round, by expert and team."""
        return {
            (name.expert, name.team): handed.sheet
            for name, handed in sorted(self.sheets.items(), key=lambda i: i[0].subject)
            if name.round is moment
        }


def read_record(acts: PanelActs) -> DeskRecord:
    """The record as the acts give it."""
    corrected: dict[SheetName, list[SheetCorrection]] = {}
    for act in acts.find(CORRECTED):
        corrected.setdefault(sheet_name(act.subject), []).append(
            SheetCorrection(
                at=act.at, reason=str(act.body["reason"]), sheet=_sheet(act, "sheet")
            )
        )
    sheets = {}
    for act in acts.find(HANDED_IN):
        name = sheet_name(act.subject)
        first, later = _sheet(act, ""), tuple(corrected.get(name, ()))
        sheets[name] = HandedIn(
            name=name,
            at=act.at,
            first=first,
            sheet=later[-1].sheet if later else first,
            corrections=later,
        )
    concerns: dict[str, tuple[OwnConcern, ...]] = {}
    for expert, concern in _concerns(acts):
        concerns[expert] = (*concerns.get(expert, ()), concern)
    return DeskRecord(
        sheets=sheets,
        declared=tuple(
            read_as(act.body, Declaration, where=CONFLICT)
            for act in acts.find(CONFLICT)
        ),
        concerns=concerns,
        discussed=frozenset(act.subject for act in acts.find(DISCUSSION)),
        is_closed=bool(acts.find(CLOSED)),
    )


def sheet_name(subject: str) -> SheetName:
    """The name in a subject `ROUND/EXPERT/TEAM`, with or without a number."""
    moment, expert, team, *_ = subject.split("/")
    return SheetName(expert=expert, team=team, round=SheetRound(moment))


def desk_act(
    setup: PanelSetup, kind: str, subject: str, *, at: str, body: object
) -> Act:
    """An act of the panel's stage."""
    return Act(
        programme=setup.programme,
        stage=setup.stage,
        kind=kind,
        subject=subject,
        at=at,
        body=msgspec.to_builtins(body),
    )


def _sheet(act: Act, key: str) -> ExpertSheet:
    body = act.body[key] if key else act.body
    return read_as(body, ExpertSheet, where=f"{act.kind}/{act.subject}")


def _concerns(acts: PanelActs) -> Iterator[tuple[str, OwnConcern]]:
    for act in acts.find(CONCERN):
        expert, team, _ = act.subject.split("/")
        concern = read_as(act.body, Concern, where=CONCERN)
        yield expert, OwnConcern(team=team, at=act.at, concern=concern)
