"""Running a stage: every phase puts its acts on record before the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import msgspec

from dokja.benchmark.values import OfficialRun
from dokja.errors import Conflict, InvalidInput, NotAllowed, Unavailable
from dokja.evidence.canonical import digest_bytes, digest_of, read_as
from dokja.evidence.ports import ActLog
from dokja.evidence.values import Act
from dokja.independence.papers.read import read_papers
from dokja.lineage.values import LineageReport
from dokja.programme import require_frozen, rules_digest, rules_in_force
from dokja.programme.freeze import EXCEPTED, FROZEN
from dokja.stage import acts as record
from dokja.stage.derive import derive_outcome
from dokja.stage.in_turn import InTurn
from dokja.stage.inputs import StageInputs, active_teams
from dokja.stage.ports import (
    BenchmarkTask,
    Instruments,
    LineageTask,
    ModelFolders,
    RecordTask,
)
from dokja.stage.tasks import (
    benchmark_tasks,
    lineage_seed_text,
    lineage_tasks,
    record_subject,
    record_tasks,
)
from dokja.stage.values import RulesException, StageRecord
from dokja.submission import changed_files, register_reference, seal_submission
from dokja.submission.ports import ModelFolder
from dokja.submission.team_seal.admit import Admission, with_team_seal
from dokja.submission.values import RegisteredReference, Seal
from dokja.training.last_head import last_head
from dokja.training.values import RecordVerdict

Result = TypeVar("Result", OfficialRun, LineageReport, RecordVerdict)


def run_stage(
    inputs: StageInputs,
    *,
    folders: ModelFolders,
    instruments: Instruments,
    log: ActLog,
) -> StageRecord:
    """The record of the whole stage, appended to the log phase by phase.

    A run that was stopped goes on where the log ends: what was measured of
    the same sealed weights is not measured again.
    Raises: NotAllowed where frozen rules were changed, Conflict where the
    log holds another submission of a team, and what sealing and measuring
    raise.
    """
    run = _Run(inputs, folders, instruments, log)
    run.freeze()
    seals, references = run.seal()
    run.measure_benchmarks(seals, references)
    run.close_people()
    run.measure_lineage(seals, references)
    run.verify_records(seals)
    run.check_seals(seals, references)
    return run.decide()


class _Run:
    """One pass over the phases; holds what every phase needs."""

    def __init__(
        self,
        inputs: StageInputs,
        folders: ModelFolders,
        instruments: Instruments,
        log: ActLog,
    ) -> None:
        self._inputs = inputs
        self._plan = inputs.plan
        self._folders = folders
        self._instruments = instruments
        self._log = log
        self._rules_digest = rules_digest(inputs.rulebook)

    def freeze(self) -> None:
        """Rules, plan and suites are fixed before anything is handed in."""
        at, acts = self._plan.schedule.rules_frozen, self._acts()
        fixed: dict[str, Any] = {
            "lineage_rules": self._inputs.lineage_rules,
            "plan": record.frozen_plan(self._plan),
        }
        if rules_in_force(acts) is None:
            body = {
                "rules_digest": self._rules_digest,
                "rulebook": self._inputs.rulebook,
                **fixed,
            }
            self._log.append([self._act(FROZEN, self._plan.programme, at, body)])
        else:
            record.require_unchanged(acts, fixed)
        self._log.append(
            [
                self._act(record.SUITE, suite.header.id, at, suite)
                for suite in self._inputs.suites
            ]
        )
        # An exception that led to earlier rules is already on record.
        self._log.append(
            [
                self._exception(exception)
                for exception in self._plan.exceptions
                if exception.to_digest == self._rules_digest
            ]
        )
        require_frozen(self._acts(), rules_digest=self._rules_digest)

    def seal(self) -> tuple[tuple[Seal, ...], tuple[RegisteredReference, ...]]:
        """Every submission and reference is read whole and fixed by digest."""
        seals, references = [], []
        for team in active_teams(self._plan):
            folder = self._folders.submission(team)
            seal = seal_submission(
                folder,
                team=team,
                stage=self._plan.stage,
                rules_digest=self._rules_digest,
                on_component=self._on_sealed(team),
            )
            self._check_declared_suites(seal)
            seals.append(with_team_seal(seal, folder, self._admission(team, folder)))
        for name in self._plan.references:
            reference = register_reference(
                self._folders.reference(name),
                reference=name,
                on_component=self._on_sealed(name),
            )
            references.append(reference)
        at = self._plan.schedule.sealed
        self._log.append(
            [
                *(
                    self._act(record.WITHDRAWAL, team, at, {"team": team})
                    for team in self._plan.withdrawn
                ),
                *(self._act(record.SEAL, s.manifest.team, at, s) for s in seals),
                *(self._act(record.REFERENCE, r.model.id, at, r) for r in references),
                *self._given(record.CANDIDATES, at, self._inputs.candidate_list),
            ]
        )
        self._file_papers(seals)
        self._draw_beacon(at)
        return tuple(seals), tuple(references)

    def measure_benchmarks(
        self, seals: Sequence[Seal], references: Sequence[RegisteredReference]
    ) -> None:
        """Every model answers every suite of the stage."""
        tasks = benchmark_tasks(
            self._plan, self._inputs.suites, seals, references, self._folders
        )
        done = self._recorded(record.RUN, OfficialRun)
        wanted = digest_of(list(self._inputs.suites))
        left = [
            task
            for task in tasks
            if task.subject not in done
            or done[task.subject].weights_root != task.weights_root
            or done[task.subject].suites_digest != wanted
        ]
        at = self._plan.schedule.benchmarked
        turn = InTurn[OfficialRun](
            [task.subject for task in left],
            lambda run: self._log.append([self._act(record.RUN, run.subject, at, run)]),
        )

        def on_done(task: BenchmarkTask, run: OfficialRun) -> None:
            turn.put(task.subject, run)
            self._instruments.on_step("benchmark", task.subject)

        self._instruments.compute.map(
            self._instruments.benchmark, left, on_done=on_done
        )

    def close_people(self) -> None:
        """Sheets, ballots and replies go on record as they were handed in."""
        schedule, stage = self._plan.schedule, self._plan.stage
        inputs = self._inputs
        self._log.append(
            [
                self._act(record.PANEL, stage, schedule.panel_closed, inputs.panel),
                self._act(
                    record.BALLOTS, stage, schedule.ballots_closed, inputs.ballot_box
                ),
                *self._given(
                    record.FIGURES, schedule.ballots_closed, inputs.figure_book
                ),
                *self._given(record.CONTEST, schedule.ballots_closed, inputs.contest),
            ]
        )
        self._instruments.on_step("people", "panel, ballots")

    def measure_lineage(
        self, seals: Sequence[Seal], references: Sequence[RegisteredReference]
    ) -> None:
        """Every component is compared with every reference that has its kind."""
        done = self._recorded(record.LINEAGE, LineageReport)
        tasks = lineage_tasks(
            self._inputs.lineage_rules,
            seals,
            references,
            self._folders,
            seed_text=lineage_seed_text(self._plan, rules_digest=self._rules_digest),
        )
        left = [task for task in tasks if _pair(task) not in done]
        schedule = self._plan.schedule
        at = schedule.lineage_measured
        turn = InTurn[LineageReport](
            [_pair(task) for task in left],
            lambda report: self._log.append(
                [
                    self._act(
                        record.LINEAGE,
                        f"{report.candidate}/{report.reference}",
                        at,
                        report,
                    )
                ]
            ),
        )

        def on_done(task: LineageTask, report: LineageReport) -> None:
            turn.put(_pair(task), report)
            self._instruments.on_step("lineage", task.team)

        self._instruments.compute.map(self._instruments.compare, left, on_done=on_done)
        replies = self._inputs.reply_book
        self._log.append(
            [
                self._act(record.REPLIES, self._plan.stage, schedule.decided, replies),
                *self._given(
                    record.DOSSIER_BOOK, schedule.decided, self._inputs.dossier_book
                ),
            ]
        )

    def verify_records(self, seals: Sequence[Seal]) -> None:
        """Every training record is checked with the keys registered beforehand."""
        at, replays = self._plan.schedule.lineage_measured, self._inputs.replays
        self._log.append(
            [
                self._act(
                    record.REPLAY, digest_bytes(each.encode()), at, {"statement": each}
                )
                for each in replays
            ]
        )
        done = self._recorded(record.RECORD, RecordVerdict)
        tasks = record_tasks(self._plan, seals, self._folders, replays=replays)
        left = [task for task in tasks if record_subject(task) not in done]
        turn = InTurn[tuple[RecordTask, RecordVerdict]](
            [record_subject(task) for task in left],
            lambda found: self._log.append(
                [self._act(record.RECORD, record_subject(found[0]), at, found[1])]
            ),
        )

        def on_done(task: RecordTask, verdict: RecordVerdict) -> None:
            turn.put(record_subject(task), (task, verdict))
            self._instruments.on_step("training", task.team)

        self._instruments.compute.map(
            self._instruments.verify_record, left, on_done=on_done
        )

    def check_seals(
        self, seals: Sequence[Seal], references: Sequence[RegisteredReference]
    ) -> None:
        """What was measured must be what was sealed, also after the fact."""
        opened = [
            (s.manifest.team, s.files, self._folders.submission(s.manifest.team))
            for s in seals
        ]
        opened += [
            (r.model.id, r.files, self._folders.reference(r.model.id))
            for r in references
        ]
        for name, files, folder in opened:
            changed = changed_files(files, folder.files())
            if changed:
                raise Conflict(
                    f"{name}: {', '.join(changed[:3])} changed while the stage ran",
                    remedy="put the sealed files back and measure in a new record: "
                    "this one may hold results of other weights",
                )

    def decide(self) -> StageRecord:
        """The outcome follows from the log alone, as verification will do it."""
        acts = self._acts()
        evidence = record.read_evidence(acts)
        outcome = derive_outcome(evidence, digests=record.digests_by_name(acts))
        self._log.append(record.outcome_acts(evidence.plan, outcome))
        self._instruments.on_step("decision", self._plan.stage)
        return StageRecord(
            rules_digest=self._rules_digest, evidence=evidence, outcome=outcome
        )

    def _file_papers(self, seals: Sequence[Seal]) -> None:
        """What the dossiers need of the sealed folders, read where a gate asks."""
        if not any(gate.dossier for gate in self._inputs.rulebook.gates):
            return
        tables, at = self._instruments.licence_tables(), self._plan.schedule.sealed
        for seal in seals:
            team = seal.manifest.team
            papers = read_papers(seal, self._folders.submission(team), tables)
            self._log.append([self._act(record.PAPERS, team, at, papers)])

    def _draw_beacon(self, at: str) -> None:
        if not self._plan.beacon:
            raise Unavailable(
                "every submission is sealed, and the beacon has not been drawn yet",
                remedy="draw it in public, write it as `beacon` in stage.toml and run "
                "again: the seals stand, and the run goes on from them",
            )
        body = {"beacon": self._plan.beacon}
        self._log.append([self._act(record.BEACON, self._plan.stage, at, body)])

    def _check_declared_suites(self, seal: Seal) -> None:
        admitted = {s.header.id for s in self._inputs.suites}
        for suite in seal.manifest.individual_suites:
            if suite not in admitted:
                raise InvalidInput(
                    f"{seal.manifest.team} declares the individual suite {suite!r}, "
                    "which this stage does not have",
                    remedy=f"declare one of {', '.join(sorted(admitted))}",
                )

    def _admission(self, team: str, folder: ModelFolder) -> Admission:
        registered = {key.team: key.key for key in self._plan.team_keys or ()}
        return Admission(
            registered=registered.get(team),
            keys=self._instruments.keys,
            record_at=lambda record, paths: last_head(record, paths, folder),
        )

    def _exception(self, exception: RulesException) -> Act:
        freeze = self._inputs.rulebook.freeze
        teams = set(self._plan.teams)
        given = {
            "reason": bool(exception.reason.ko.strip() and exception.reason.en.strip()),
            "consent_of_teams": teams <= set(exception.consents),
        }
        for need in freeze.exception_needs if freeze else ():
            if not given.get(need, False):
                raise NotAllowed(
                    f"the exception of {exception.at} lacks {need}",
                    remedy="frozen rules change only with everything that the "
                    "freeze clause asks for on record",
                )
        body = {**msgspec.to_builtins(exception), "rulebook": self._inputs.rulebook}
        return self._act(EXCEPTED, exception.to_digest, exception.at, body)

    def _on_sealed(self, subject: str) -> Callable[[str], None]:
        return lambda part: self._instruments.on_step("seal", f"{subject}/{part}")

    def _recorded(self, kind: str, body: type[Result]) -> dict[str, Result]:
        return {
            act.subject: read_as(act.body, body, where=kind)
            for act in self._acts()
            if act.kind == kind
        }

    def _acts(self) -> tuple[Act, ...]:
        return record.bundled(self._log.acts(self._plan.programme, self._plan.stage))

    def _given(self, kind: str, at: str, body: Any | None) -> Iterator[Act]:
        """The act of what an organiser may hand in; none where it did not."""
        if body is not None:
            yield self._act(kind, self._plan.stage, at, body)

    def _act(self, kind: str, subject: str, at: str, body: Any) -> Act:
        return record.make_act(self._plan, kind, subject, at=at, body=body)


def _pair(task: LineageTask) -> str:
    return f"{task.team}/{task.reference}"
