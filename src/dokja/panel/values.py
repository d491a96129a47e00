"""Experts, their interests and their rubric sheets."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from dokja.evidence.values import Estimate, Growing, Text
from dokja.programme.interest_rules import (
    FieldNeed,
    InterestLevel,
    InterestRules,
    TieKind,
)


class Anchor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a score of a criterion means, so that all experts mean the same."""

    score: int
    text: Text


class Criterion(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the rubric, scored 0 to `max`."""

    id: str
    name: Text
    max: int
    anchors: tuple[Anchor, ...] = ()


class Expert(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An expert under a pseudonym, with the teams they declared a conflict with."""

    id: str
    conflicts: tuple[str, ...]


class SheetComment(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Why an expert gave a criterion its score, in the expert's own words."""

    criterion: str
    text: str


class Concern(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A doubt about independence; goes to the gate and never into a score."""

    about: str
    """Component, record or page the doubt is about."""
    text: str


class ExpertSheet(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One expert's scores of one team."""

    expert: str
    team: str
    scores: dict[str, int]
    comments: tuple[SheetComment, ...] = ()
    concerns: tuple[Concern, ...] = ()


class RecusalBasis(StrEnum):
    """What keeps an expert from a team: their own word, the graph, or both."""

    DECLARED = "declared"
    COMPUTED = "computed"
    DECLARED_AND_COMPUTED = "declared_and_computed"


class Recusal(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An expert who may not score a team."""

    expert: str
    team: str
    basis: RecusalBasis = RecusalBasis.DECLARED
    reason: Text | None = None
    """Kinds of ties only: a recusal is published, an employer is not."""


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what follows: unknown keys are errors."""


class RaisedConcern(_Entry, frozen=True, kw_only=True):
    """A concern with who raised it about which team: what the gate is handed."""

    expert: str
    team: str
    concern: Concern


class Assigned(_Entry, frozen=True, kw_only=True):
    """The experts of one team."""

    team: str
    experts: tuple[str, ...]


class SheetRound(StrEnum):
    """When a sheet is filled in; only those of the last round count."""

    CALIBRATION = "calibration"
    BEFORE = "before"
    AFTER = "after"


class LeftOutSheet(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sheet that is kept on record and does not count."""

    sheet: ExpertSheet
    reason: Text
    round: SheetRound = SheetRound.AFTER


class Panel(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`panel.json`: the panel and every sheet it handed in."""

    synthetic: bool
    note: Text
    criteria: tuple[Criterion, ...]
    experts: tuple[Expert, ...]
    sheets: tuple[ExpertSheet, ...]
    """The sheets that count: after the discussion, where there was one."""
    computed: tuple[Recusal, ...] = ()
    """Recusals that the graph of interests found."""
    before: tuple[ExpertSheet, ...] = ()
    """The sheets as they stood before the discussion."""
    anchor: str = ""
    """Submission that everybody scored first, to agree on the scale."""
    calibration: tuple[ExpertSheet, ...] = ()
    """Sheets for the anchor submission; none of them counts."""
    computed_from: str = ""
    """Digest of the interests that `computed` and `assigned` rest on."""
    assigned: tuple[Assigned, ...] = ()
    """Who was to score whom; empty where nobody was assigned."""
    left_out: tuple[LeftOutSheet, ...] = ()
    """Sheets of experts who were recused after they had handed them in."""
    concerns: tuple[RaisedConcern, ...] = ()
    """Doubts about independence that were raised apart from any sheet."""


class Tie(_Entry, frozen=True, kw_only=True):
    """An edge of the graph, under pseudonyms, with where it is known from."""

    kind: TieKind
    left: str
    right: str
    since: date | None = None
    """None where the first day is not known."""
    until: date | None = None
    """Last day; None while it lasts."""
    source: str
    recorded: date


class Declaration(_Entry, frozen=True, kw_only=True):
    """A conflict with a team that an expert declared."""

    expert: str
    team: str
    recorded: date


class InterestRegister(_Entry, frozen=True, kw_only=True):
    """Who there is and how they hang together, all under pseudonyms."""

    experts: tuple[str, ...]
    people: tuple[str, ...] = ()
    """Others whom a tie leads through: relatives, co-authors."""
    organisations: tuple[str, ...]
    teams: tuple[str, ...]
    ties: tuple[Tie, ...]
    declarations: tuple[Declaration, ...] = ()


class Interest(_Entry, frozen=True, kw_only=True):
    """What stands between one expert and one team, and the path that makes it."""

    expert: str
    team: str
    level: InterestLevel
    """The graver of what was declared and what was computed."""
    declared: bool
    computed: InterestLevel
    path: tuple[Tie, ...]
    """Ties from the expert to the team; empty where none was found."""
    reason: Text
    """The path in words: kinds, no names and no dates."""

    @property
    def undeclared(self) -> bool:
        """Whether the graph found what the expert did not declare."""
        return self.computed is not InterestLevel.NONE and not self.declared


class Interests(_Entry, frozen=True, kw_only=True):
    """Every expert and team, computed from one register on one day."""

    computed_from: str
    """Digest of the register, the rules and the day."""
    on: date
    found: tuple[Interest, ...]


class Coverage(_Entry, frozen=True, kw_only=True):
    """What recusals leave of the panel for one team."""

    team: str
    experts: int
    recused: int
    sheets: int
    """Sheets that count."""
    left_out: int
    needed: int
    is_short: bool
    """Whether fewer experts than needed may still score the team."""


class Specialist(_Entry, frozen=True, kw_only=True):
    """An expert with the fields they can judge."""

    expert: str
    fields: tuple[str, ...]


class AssignmentRules(_Entry, frozen=True, kw_only=True):
    """What an assignment must keep to."""

    experts_per_team: int
    teams_per_expert: int
    specialists: tuple[Specialist, ...]
    fields: tuple[FieldNeed, ...] = ()


class Shortfall(_Entry, frozen=True, kw_only=True):
    """A need that cannot be met, why, and what would help."""

    team: str
    field: str
    """Empty where experts of any field are missing."""
    missing: int
    reason: Text
    remedy: Text


class Assignment(_Entry, frozen=True, kw_only=True):
    """Who scores whom, or why no assignment keeps to the rules."""

    computed_from: str
    """That of the interests it was made under."""
    teams: tuple[Assigned, ...]
    """Empty where there are shortfalls."""
    possible_used: int
    """Assignments in spite of a possible interest; the fewest there can be."""
    shortfalls: tuple[Shortfall, ...]
    method: str


class KeptAssignment(_Entry, frozen=True, kw_only=True):
    """`assignment.json`: an assignment as `dokja panel assign --json` wrote it."""

    schema: str
    assignment: Assignment


class PanelPlan(_Entry, frozen=True, kw_only=True):
    """A file of interests: the register, the day, and rules where no rulebook rules."""

    schema: str
    on: date
    register: InterestRegister
    rules: InterestRules | None = None
    """None where those of a rulebook hold."""
    assignment: AssignmentRules | None = None
    """None where the needs of a rulebook hold, with `specialists`."""
    specialists: tuple[Specialist, ...] = ()


class ExpertCalibration(_Entry, frozen=True, kw_only=True):
    """How one expert scored the anchor submission beside the others."""

    expert: str
    deviation: Estimate
    """Mean distance from the panel's mean, in shares of the maximum."""


class CalibrationRound(_Entry, frozen=True, kw_only=True):
    """The round on the anchor submission."""

    anchor: str
    experts: tuple[ExpertCalibration, ...]
    missing: tuple[str, ...]
    """Experts who did not score it."""


class Discussion(_Entry, frozen=True, kw_only=True):
    """What the discussion changed; both sides stay on record."""

    sheets: int
    """Sheets that exist before and after."""
    changed_sheets: int
    scores: int
    changed_scores: int
    mean_shift: float | None
    """Mean change of a sheet in shares of the maximum; None without a pair."""
    only_before: int
    only_after: int


class TeamSeverity(_Entry, frozen=True, kw_only=True):
    """One team with the severity of its experts taken out."""

    team: str
    raw: float
    """Mean share as it counts."""
    adjusted: Estimate
    """Share that an average expert would give."""
    effect: Estimate
    """Distance from the mean of the teams."""
    standard_error: float | None
    """Of the effect; None where it cannot be told from the scores."""
    rank: int
    rank_low: int
    rank_high: int
    """Best and worst rank with any one expert left out."""


class ExpertSeverity(_Entry, frozen=True, kw_only=True):
    """How leniently one expert scores, and the order of teams without them."""

    expert: str
    leniency: float
    """Predicted, drawn towards 0; above 0 is lenient."""
    ranks_without: dict[str, int] | None
    """None where what is left cannot be compared."""


class VarianceParts(_Entry, frozen=True, kw_only=True):
    """Variances of shares by where they come from."""

    team: float
    expert: float
    taste: float | None
    """Of an expert's liking for a team; None where it cannot be told from noise."""
    noise: float


class CriterionAgreement(_Entry, frozen=True, kw_only=True):
    """Agreement on one criterion."""

    criterion: str
    alpha: Estimate | None


class AgreementReport(_Entry, frozen=True, kw_only=True):
    """How far the panel agrees and what its severity does to the teams.

    A view beside the official score, which stays the mean of the sheets.
    """

    alpha: Estimate | None
    """Krippendorff's alpha of whole sheets; None where nothing can disagree."""
    criteria: tuple[CriterionAgreement, ...]
    generalisability: Estimate | None
    variances: VarianceParts
    teams: tuple[TeamSeverity, ...]
    experts: tuple[ExpertSeverity, ...]
    one_value: tuple[str, ...]
    """Experts who gave one and the same score throughout."""
    calibration: CalibrationRound | None
    discussion: Discussion | None
    recusals: tuple[Recusal, ...]
    left_out: tuple[LeftOutSheet, ...]
    notes: tuple[Text, ...]


class PanelAgreement(_Entry, frozen=True, kw_only=True):
    """The report where one could be made, else why not."""

    report: AgreementReport | None
    reason: Text | None
