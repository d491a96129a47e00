"""The acts of a stage: how evidence and outcome stand in the record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from dokja.benchmark.values import OfficialRun, Separation, Suite, SuiteResult
from dokja.contest.published.published_contest import ContestSummary, PublishedContest
from dokja.contest.values import BallotBox
from dokja.decision.values import StageDecision
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import act_digest, canonical_bytes, read_as
from dokja.evidence.values import Act, Text
from dokja.independence.book import DossierBook
from dokja.independence.papers.values import DossierPapers
from dokja.independence.values import IndependenceFinding, ReplyBook
from dokja.lineage.values import LineageReport, LineageRules
from dokja.panel.desk.record import PANEL_CLOSED
from dokja.panel.values import Panel, PanelAgreement, Recusal
from dokja.programme.freeze import EXCEPTED, FROZEN
from dokja.programme.values import Rulebook
from dokja.stage.values import (
    ComponentRecord,
    StageEvidence,
    StageOutcome,
    StagePlan,
)
from dokja.standing.indices.values import (
    CandidateList,
    FigureBook,
    MeasuredIndices,
)
from dokja.standing.values import Sensitivity, Standing
from dokja.submission.values import ComponentKind, RegisteredReference, Seal
from dokja.training.values import RecordVerdict

SUITE = "suite_frozen"
SEAL = "submission_sealed"
WITHDRAWAL = "team_withdrawn"
REFERENCE = "reference_registered"
BEACON = "beacon_drawn"
CANDIDATES = "candidates_listed"
RUN = "benchmark_run"
PANEL = PANEL_CLOSED
BALLOTS = "ballots_closed"
FIGURES = "figures_closed"
CONTEST = "contest_recorded"
LINEAGE = "lineage_compared"
REPLIES = "replies_closed"
REPLAY = "training_replayed"
RECORD = "training_verdict"
PAPERS = "dossier_filed"
DOSSIER_BOOK = "dossier_closed"
RESULTS = "benchmark_summarised"
STANDING = "standing_computed"
SENSITIVITY = "sensitivity_computed"
INDICES = "indices_computed"
AGREEMENT = "agreement_computed"
CONTEST_SUMMARY = "contest_summarised"
"""Not `contest_rated`: that is the contest's own act, which knows voters' numbers."""
FINDING = "independence_found"
DECISION = "decision_issued"
NOTES = "stage_noted"

DERIVED = (
    RESULTS,
    STANDING,
    SENSITIVITY,
    INDICES,
    AGREEMENT,
    CONTEST_SUMMARY,
    FINDING,
    DECISION,
    NOTES,
)
"""Kinds that follow from the others; verification computes them again."""

BUNDLED = frozenset(
    (
        FROZEN,
        EXCEPTED,
        SUITE,
        SEAL,
        WITHDRAWAL,
        REFERENCE,
        BEACON,
        CANDIDATES,
        RUN,
        PANEL,
        BALLOTS,
        FIGURES,
        CONTEST,
        LINEAGE,
        REPLAY,
        RECORD,
        REPLIES,
        PAPERS,
        DOSSIER_BOOK,
        *DERIVED,
    )
)
"""Kinds that a stage is decided on and publishes.

The record holds more, such as single votes and sheets in the making; of these a
bundle shows what closing them left.
"""

Body = TypeVar("Body")


def make_act(plan: StagePlan, kind: str, subject: str, *, at: str, body: Any) -> Act:
    """An act of the stage with its body as plain values."""
    return Act(
        programme=plan.programme,
        stage=plan.stage,
        kind=kind,
        subject=subject,
        at=at,
        body=msgspec.to_builtins(body),
    )


def bundled(acts: Sequence[Act]) -> tuple[Act, ...]:
    """The acts among them that a stage is decided on and publishes."""
    return tuple(act for act in acts if act.kind in BUNDLED)


def frozen_plan(plan: StagePlan) -> StagePlan:
    """The part of a plan that the freeze fixes.

    The beacon is drawn after the seal; exceptions and withdrawals, if there
    are any, come later and have acts of their own.
    """
    return msgspec.structs.replace(plan, beacon="", exceptions=(), withdrawn=())


def require_unchanged(acts: Sequence[Act], fixed: Mapping[str, Any]) -> None:
    """Nothing. Raises: NotAllowed where an entry is not as it was frozen."""
    frozen = _one(acts, FROZEN)
    for name, value in fixed.items():
        if canonical_bytes(frozen[name]) != canonical_bytes(value):
            raise NotAllowed(
                f"the {name.replace('_', ' ')} of this stage changed after the freeze",
                remedy="go back to what was frozen; only the rulebook can change "
                "afterwards, by a recorded exception",
            )


def digests_by_name(acts: Sequence[Act]) -> dict[str, str]:
    """Digest of each act by `kind/subject`."""
    return {f"{act.kind}/{act.subject}": act_digest(act) for act in acts}


def outcome_acts(plan: StagePlan, outcome: StageOutcome) -> tuple[Act, ...]:
    """The derived acts of a stage, in the order in which they are recorded."""
    at = plan.schedule.decided
    results = {
        "suite_results": outcome.suite_results,
        "separations": outcome.separations,
        "recusals": outcome.recusals,
    }
    notes = {"unknown": outcome.unknown, "synthetic": outcome.synthetic}
    return (
        make_act(plan, RESULTS, plan.stage, at=at, body=results),
        make_act(plan, STANDING, plan.stage, at=at, body=outcome.standing),
        *(
            make_act(plan, kind, plan.stage, at=at, body=found)
            for kind, found in (
                (SENSITIVITY, outcome.sensitivity),
                (INDICES, outcome.indices),
                (AGREEMENT, outcome.agreement),
                (CONTEST_SUMMARY, outcome.contest),
            )
            if found is not msgspec.UNSET
        ),
        *(
            make_act(plan, FINDING, f"{f.gate}/{f.team}", at=at, body=f)
            for f in outcome.findings
        ),
        make_act(plan, DECISION, plan.stage, at=at, body=outcome.decision),
        make_act(plan, NOTES, plan.stage, at=at, body=notes),
    )


def read_evidence(acts: Sequence[Act]) -> StageEvidence:
    """The evidence in the acts. Raises: InvalidInput where some is missing."""
    frozen = _one(acts, FROZEN)
    plan = read_as(frozen["plan"], StagePlan, where=FROZEN)
    beacon = str(_one(acts, BEACON)["beacon"])
    gone = tuple(act.subject for act in acts if act.kind == WITHDRAWAL)
    # What a team handed in before it withdrew stays on record and counts no more.
    counted = tuple(act for act in acts if act.subject.partition("/")[0] not in gone)
    return StageEvidence(
        rulebook=_rulebook_in_force(acts),
        lineage_rules=read_as(frozen["lineage_rules"], LineageRules, where=FROZEN),
        plan=msgspec.structs.replace(plan, beacon=beacon, withdrawn=gone),
        suites=_all(acts, SUITE, Suite),
        seals=_all(counted, SEAL, Seal),
        references=_all(acts, REFERENCE, RegisteredReference),
        runs=_all(counted, RUN, OfficialRun),
        panel=read_as(_one(acts, PANEL), Panel, where=PANEL),
        ballot_box=read_as(_one(acts, BALLOTS), BallotBox, where=BALLOTS),
        lineage=_all(counted, LINEAGE, LineageReport),
        reply_book=read_as(_one(acts, REPLIES), ReplyBook, where=REPLIES),
        candidate_list=_optional(acts, CANDIDATES, CandidateList),
        figure_book=_optional(acts, FIGURES, FigureBook),
        contest=_optional(acts, CONTEST, PublishedContest),
        records=tuple(_records(counted)),
        replays=tuple(str(a.body["statement"]) for a in acts if a.kind == REPLAY),
        papers=_all(counted, PAPERS, DossierPapers),
        dossier_book=_optional(acts, DOSSIER_BOOK, DossierBook),
    )


def read_outcome(acts: Sequence[Act]) -> StageOutcome:
    """The outcome as it was recorded, not computed again."""
    results, notes = _one(acts, RESULTS), _one(acts, NOTES)
    return StageOutcome(
        suite_results=_listed(results, "suite_results", SuiteResult),
        separations=_listed(results, "separations", Separation),
        recusals=_listed(results, "recusals", Recusal),
        standing=read_as(_one(acts, STANDING), Standing, where=STANDING),
        findings=_all(acts, FINDING, IndependenceFinding),
        decision=read_as(_one(acts, DECISION), StageDecision, where=DECISION),
        unknown=_listed(notes, "unknown", Text),
        synthetic=_listed(notes, "synthetic", Text),
        sensitivity=_optional(acts, SENSITIVITY, Sensitivity),
        indices=_optional(acts, INDICES, MeasuredIndices),
        agreement=_optional(acts, AGREEMENT, PanelAgreement),
        contest=_optional(acts, CONTEST_SUMMARY, ContestSummary),
    )


def _rulebook_in_force(acts: Sequence[Act]) -> Rulebook:
    body: Mapping[str, Any] = _one(acts, FROZEN)
    for act in acts:
        if act.kind == EXCEPTED:
            body = act.body
    return read_as(body["rulebook"], Rulebook, where="rules in force")


def _records(acts: Sequence[Act]) -> Iterator[ComponentRecord]:
    for act in acts:
        if act.kind == RECORD:
            team, _, component = act.subject.partition("/")
            where = f"{RECORD}/{act.subject}"
            yield ComponentRecord(
                team=team,
                component=read_as(component, ComponentKind, where=where),
                verdict=read_as(act.body, RecordVerdict, where=where),
            )


def _one(acts: Sequence[Act], kind: str) -> Mapping[str, Any]:
    found = [act.body for act in acts if act.kind == kind]
    if len(found) != 1:
        raise InvalidInput(
            f"the record holds {len(found)} acts of kind {kind}, not 1",
            remedy="use the complete record of one stage",
        )
    return found[0]


def _optional(
    acts: Sequence[Act], kind: str, body: type[Body]
) -> Body | msgspec.UnsetType:
    """The body of the one act of the kind; UNSET where the stage has none."""
    if not any(act.kind == kind for act in acts):
        return msgspec.UNSET
    return read_as(_one(acts, kind), body, where=kind)


def _all(acts: Sequence[Act], kind: str, body: type[Body]) -> tuple[Body, ...]:
    return tuple(
        read_as(act.body, body, where=f"{kind}/{act.subject}")
        for act in acts
        if act.kind == kind
    )


def _listed(body: Mapping[str, Any], key: str, kind: type[Body]) -> tuple[Body, ...]:
    return tuple(read_as(entry, kind, where=key) for entry in body[key])
