"""A stage as one value: its plan, its evidence and what follows from it."""

from __future__ import annotations

import msgspec

from dokja.benchmark.values import OfficialRun, Separation, Suite, SuiteResult
from dokja.contest.published.published_contest import ContestSummary, PublishedContest
from dokja.contest.values import BallotBox
from dokja.decision.values import StageDecision
from dokja.evidence.values import Growing, Text
from dokja.independence.book import DossierBook
from dokja.independence.papers.values import DossierPapers
from dokja.independence.values import IndependenceFinding, ReplyBook
from dokja.lineage.values import LineageReport, LineageRules
from dokja.panel.values import Panel, PanelAgreement, Recusal
from dokja.programme.values import Rulebook
from dokja.standing.indices.values import (
    CandidateList,
    FigureBook,
    MeasuredIndices,
)
from dokja.standing.values import Sensitivity, Standing
from dokja.submission.values import ComponentKind, RegisteredReference, Seal
from dokja.training.values import RecordVerdict


class Schedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The stage's clock: when each act of it happens, ISO 8601 with zone."""

    rules_frozen: str
    sealed: str
    benchmarked: str
    panel_closed: str
    ballots_closed: str
    lineage_measured: str
    reply_requested: str
    decided: str


class RulesException(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A recorded change of frozen rules, with what the rulebook asks of it."""

    from_digest: str
    to_digest: str
    at: str
    reason: Text
    consents: tuple[str, ...]


class HarnessPlan(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How official runs are made: these change scores, so they are frozen."""

    name: str
    batch_size: int
    dtype: str
    shard_items: int = 64
    """Items measured and kept together; a run that was killed goes on after them."""
    repeats: int = 1


class TeamKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The key a team registered with the office when it enrolled."""

    team: str
    key: str
    """Ed25519, PEM: signs the team's seals and training records."""


class RecordKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key that signs a team's training records and not its seals, as PEM text."""

    team: str
    key: str


class TrainingPlan(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose signatures count under training records; registered before the freeze."""

    witness_keys: tuple[str, ...]
    """Public keys of the organiser's witnesses, as PEM text."""
    auditor_keys: tuple[str, ...] = ()
    """Of those who replay training for it; none where nobody does."""
    record_keys: tuple[RecordKey, ...] = ()
    """Where a team records with another key than it seals with."""


class StagePlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`stage.toml`: who takes part in the stage and what is measured."""

    schema: str
    programme: str
    stage: str
    name: Text
    note: Text
    teams: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()
    references: tuple[str, ...]
    target_reference: str
    suites: dict[str, tuple[str, ...]]
    """Component of the rulebook to the suites that measure it."""
    harness: HarnessPlan
    schedule: Schedule
    beacon: str
    """Drawn after sealing; mixed into every seed a team could prepare for."""
    models_folder: str
    references_folder: str
    exceptions: tuple[RulesException, ...] = ()
    training: TrainingPlan | msgspec.UnsetType = msgspec.UNSET
    """Absent where the stage takes no training records."""
    team_keys: tuple[TeamKey, ...] | msgspec.UnsetType = msgspec.UNSET
    """Absent where no team registered a key."""


class ComponentRecord(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What the record of one component's training was found to show."""

    team: str
    component: ComponentKind
    verdict: RecordVerdict


class StageEvidence(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What was put on record: nothing in it is derived."""

    rulebook: Rulebook
    lineage_rules: LineageRules
    plan: StagePlan
    suites: tuple[Suite, ...]
    seals: tuple[Seal, ...]
    references: tuple[RegisteredReference, ...]
    runs: tuple[OfficialRun, ...]
    panel: Panel
    ballot_box: BallotBox
    lineage: tuple[LineageReport, ...]
    reply_book: ReplyBook
    candidate_list: CandidateList | msgspec.UnsetType = msgspec.UNSET
    """Absent where the rules draw up no reference set for the stage."""
    figure_book: FigureBook | msgspec.UnsetType = msgspec.UNSET
    """Absent where nothing was recorded for the Diffusion Index beside runs."""
    contest: PublishedContest | msgspec.UnsetType = msgspec.UNSET
    """Absent where the stage held no public contest."""
    records: tuple[ComponentRecord, ...] = ()
    """In the order of teams and their components; empty where none was handed in."""
    replays: tuple[str, ...] = ()
    """Reports on replays as auditors signed them."""
    papers: tuple[DossierPapers, ...] = ()
    """By team; empty where no gate is decided on a dossier."""
    dossier_book: DossierBook | msgspec.UnsetType = msgspec.UNSET
    """Absent where the office recorded nothing for the dossiers."""


class StageOutcome(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What follows from the evidence under the rules; re-derivable by anyone."""

    suite_results: tuple[SuiteResult, ...]
    separations: tuple[Separation, ...]
    recusals: tuple[Recusal, ...]
    standing: Standing
    findings: tuple[IndependenceFinding, ...]
    decision: StageDecision
    unknown: tuple[Text, ...]
    """What this stage does not know or did not measure."""
    synthetic: tuple[Text, ...]
    """What was made up for the example."""
    sensitivity: Sensitivity | msgspec.UnsetType = msgspec.UNSET
    """Absent where the rulebook has no [sensitivity]."""
    indices: MeasuredIndices | msgspec.UnsetType = msgspec.UNSET
    """Absent where it has neither [index_rules] nor a reference set of the stage."""
    agreement: PanelAgreement | msgspec.UnsetType = msgspec.UNSET
    """Absent where its [panel_rules] ask for none."""
    contest: ContestSummary | msgspec.UnsetType = msgspec.UNSET
    """Absent where the stage held no public contest."""


class StageRecord(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Evidence and outcome together: what a report draws."""

    rules_digest: str
    evidence: StageEvidence
    outcome: StageOutcome
