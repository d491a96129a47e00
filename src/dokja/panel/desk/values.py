"""What an expert's desk is set up with, and what it shows."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from dokja.evidence.values import Text
from dokja.panel.values import (
    Assignment,
    Concern,
    Coverage,
    Criterion,
    ExpertSheet,
    InterestRegister,
    LeftOutSheet,
    Panel,
    SheetRound,
)
from dokja.programme.interest_rules import InterestRules, PanelRules


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what follows: unknown keys are errors."""


class PanelSetup(_Entry, frozen=True, kw_only=True):
    """A panel before anybody scored: who, whom, by which rubric and rules.

    Teams are named to the experts: they read technical reports and training
    records, which cannot be made anonymous. Blind are the contest's voters.
    """

    programme: str
    stage: str
    synthetic: bool
    note: Text
    criteria: tuple[Criterion, ...]
    teams: tuple[str, ...]
    register: InterestRegister
    on: date
    """Day on which interests are computed."""
    interest_rules: InterestRules
    panel_rules: PanelRules
    assignment: Assignment
    anchor: str = ""
    """Submission of the calibration round, where the rules have one."""


class SheetName(_Entry, frozen=True, kw_only=True):
    """Which sheet: of whom, for what, in which round."""

    expert: str
    team: str
    """The anchor submission in the calibration round."""
    round: SheetRound

    @property
    def subject(self) -> str:
        """Subject of the act by which it is handed in."""
        return f"{self.round.value}/{self.expert}/{self.team}"

    @property
    def draft(self) -> str:
        """Name of the expert's draft of it."""
        return f"sheet/{self.round.value}/{self.team}"


class TaskState(StrEnum):
    """Where a sheet stands."""

    OPEN = "open"
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    WAITING = "waiting"
    RECUSED = "recused"
    CLOSED = "closed"


class SheetTask(_Entry, frozen=True, kw_only=True):
    """One sheet on an expert's desk."""

    name: SheetName
    state: TaskState
    reason: Text | None
    """Why it cannot be worked on; None where it can, or is handed in."""
    left_out: bool
    """Whether it was handed in and does not count, because of a recusal."""


class FieldProblem(_Entry, frozen=True, kw_only=True):
    """What is wrong with one field of a sheet."""

    field: str
    """`scores.CRITERION` or `comments.CRITERION`; empty for the whole sheet."""
    text: Text


class OpenSheet(_Entry, frozen=True, kw_only=True):
    """A sheet to be filled in, as it was last saved."""

    name: SheetName
    criteria: tuple[Criterion, ...]
    body: dict[str, Any]
    """What was typed; before the first draft, the sheet from before the talk."""
    version: int
    problems: tuple[FieldProblem, ...]
    """Of what was typed; a field that is still empty is none."""
    missing: tuple[str, ...]
    """Criteria without a score."""


class HandedIn(_Entry, frozen=True, kw_only=True):
    """A sheet as it was handed in, with what was corrected since."""

    name: SheetName
    at: str
    first: ExpertSheet
    sheet: ExpertSheet
    """With every correction; this one counts."""
    corrections: tuple[SheetCorrection, ...]


class SheetCorrection(_Entry, frozen=True, kw_only=True):
    """A change after a sheet was handed in, with its reason."""

    at: str
    reason: str
    sheet: ExpertSheet


class HandIn(_Entry, frozen=True, kw_only=True):
    """What handing in came to: the sheet, or what it lacks."""

    sheet: ExpertSheet | None
    problems: tuple[FieldProblem, ...]


class OwnConcern(_Entry, frozen=True, kw_only=True):
    """A concern that an expert raised, apart from any score."""

    team: str
    at: str
    concern: Concern


class PanelStatus(_Entry, frozen=True, kw_only=True):
    """How far the panel is, and what closing it now would mean."""

    panel: Panel
    """What `panel.json` would hold."""
    missing: tuple[SheetName, ...]
    """Sheets that assigned, unrecused experts have not handed in."""
    coverage: tuple[Coverage, ...]
    short: tuple[str, ...]
    """Teams with fewer counted sheets than the quorum."""
    left_out: tuple[LeftOutSheet, ...]
    is_closed: bool
