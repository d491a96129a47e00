"""Measuring again: the sealed files, the lineage and the benchmark answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from dokja.benchmark.results import samples_of, untimed
from dokja.benchmark.values import OfficialRun
from dokja.bundle.compare import differences
from dokja.bundle.verify import problem_check
from dokja.errors import DokjaError, Unavailable
from dokja.evidence.values import Check, CheckResult, Text
from dokja.independence.papers.read import read_papers
from dokja.programme import rules_digest
from dokja.stage.ports import Instruments, ModelFolders
from dokja.stage.tasks import (
    benchmark_tasks,
    lineage_seed_text,
    lineage_tasks,
    record_subject,
    record_tasks,
)
from dokja.stage.values import StageEvidence
from dokja.submission import changed_files
from dokja.submission.ports import ModelFolder
from dokja.submission.values import SealedFile


def measure_again(
    evidence: StageEvidence, *, folders: ModelFolders, instruments: Instruments
) -> tuple[Check, ...]:
    """Checks of the weights themselves, against what the record says of them.

    Where files differ from the sealed ones nothing else is measured: it
    would be a measurement of another model.
    """
    files = problem_check("B7-weights", _file_problems(evidence, folders))
    if files.result is not CheckResult.PASS:
        return (files,)
    lineage = problem_check(
        "B8-lineage", _lineage_problems(evidence, folders, instruments)
    )
    answers = _answer_check(evidence, folders, instruments)
    papers = _paper_check(evidence, folders, instruments)
    if evidence.plan.training is msgspec.UNSET:
        return files, lineage, answers, *papers
    records = problem_check(
        "B12-records", _record_problems(evidence, folders, instruments)
    )
    return files, lineage, answers, *papers, records


def _file_problems(
    evidence: StageEvidence, folders: ModelFolders
) -> Iterator[tuple[str, str]]:
    opened: list[tuple[str, tuple[SealedFile, ...], Callable[[str], ModelFolder]]] = [
        (s.manifest.team, s.files, folders.submission) for s in evidence.seals
    ]
    opened += [(r.model.id, r.files, folders.reference) for r in evidence.references]
    for name, files, open_folder in opened:
        try:
            found = open_folder(name).files()
        except DokjaError as error:
            yield name, error.fact
            continue
        for path in changed_files(files, found):
            yield f"{name}/{path}", "not as sealed / 봉인된 것과 다름"


def _lineage_problems(
    evidence: StageEvidence, folders: ModelFolders, instruments: Instruments
) -> Iterator[tuple[str, str]]:
    tolerance = evidence.rulebook.tolerance
    assert tolerance is not None  # the freeze refuses a rulebook without one
    reports = instruments.compute.map(
        instruments.compare,
        lineage_tasks(
            evidence.lineage_rules,
            evidence.seals,
            evidence.references,
            folders,
            seed_text=lineage_seed_text(
                evidence.plan, rules_digest=rules_digest(evidence.rulebook)
            ),
        ),
        on_done=lambda task, _: instruments.on_step("lineage", task.team),
    )
    recorded = {(r.candidate, r.reference): r for r in evidence.lineage}
    for report in reports:
        name = (report.candidate, report.reference)
        for place in differences(
            msgspec.to_builtins(recorded.get(name)),
            msgspec.to_builtins(report),
            tolerance=tolerance,
        ):
            yield "/".join(name), place


def _record_problems(
    evidence: StageEvidence, folders: ModelFolders, instruments: Instruments
) -> Iterator[tuple[str, str]]:
    """Verdicts on training records that do not follow from the sealed records."""
    tasks = record_tasks(
        evidence.plan, evidence.seals, folders, replays=evidence.replays
    )
    verdicts = instruments.compute.map(
        instruments.verify_record,
        tasks,
        on_done=lambda task, _: instruments.on_step("training", task.team),
    )
    recorded = {(r.team, r.component): r.verdict for r in evidence.records}
    for task, verdict in zip(tasks, verdicts, strict=True):
        if recorded.pop((task.team, task.component), None) != verdict:
            yield record_subject(task), "another verdict / 판정이 다름"
    for team, component in recorded:
        yield f"{team}/{component}", "no such record was sealed / 봉인된 기록이 없음"


def _paper_check(
    evidence: StageEvidence, folders: ModelFolders, instruments: Instruments
) -> Iterator[Check]:
    """Whether the papers of the dossiers are read alike; none where there are none.

    With other tables of licences nothing follows, and nobody did wrong.
    """
    if not evidence.papers:
        return
    tables = instruments.licence_tables()
    problems = []
    seals = {seal.manifest.team: seal for seal in evidence.seals}
    for papers in evidence.papers:
        seal = seals[papers.team]
        again = read_papers(seal, folders.submission(papers.team), tables)
        if again.licences.tables != papers.licences.tables:
            fact = f"{papers.team}: read with other tables of licences"
            detail = Text(ko=fact, en=fact)
            yield Check(id="B11-papers", result=CheckResult.INCONCLUSIVE, detail=detail)
            return
        if again != papers:
            problems.append((papers.team, "not as recorded / 기록과 다름"))
    yield problem_check("B11-papers", problems)


def _answer_check(
    evidence: StageEvidence, folders: ModelFolders, instruments: Instruments
) -> Check:
    """Whether the models answer as recorded.

    Another version of the harness may answer otherwise without anybody having
    done wrong: then the check is inconclusive.
    """
    try:
        runs = instruments.compute.map(
            instruments.benchmark,
            benchmark_tasks(
                evidence.plan,
                evidence.suites,
                evidence.seals,
                evidence.references,
                folders,
            ),
            on_done=lambda task, _: instruments.on_step("benchmark", task.subject),
        )
    except Unavailable as error:
        return _answers(CheckResult.NOT_RUN, error.fact)
    recorded = {run.subject: run for run in evidence.runs}
    for run in runs:
        before = recorded[run.subject]
        if not _answers_alike(evidence, before, run):
            if run.engine == before.engine:
                return _answers(CheckResult.FAIL, f"{run.subject}: other answers")
            return _answers(
                CheckResult.INCONCLUSIVE,
                f"{run.subject}: other answers, with {run.engine} "
                f"where the record used {before.engine}",
            )
    return problem_check("B9-benchmark", ())


def _answers_alike(
    evidence: StageEvidence, before: OfficialRun, after: OfficialRun
) -> bool:
    """Whether at most the tolerated share of each suite's answers changed.

    On another processor two choices of equal likelihood may change places.
    """
    tolerance = evidence.rulebook.tolerance
    assert tolerance is not None  # the freeze refuses a rulebook without one
    for suite in evidence.suites:
        changed = sum(
            1
            for left, right in zip(
                samples_of(before, suite.header.id),
                samples_of(after, suite.header.id),
                strict=True,
            )
            if untimed(left) != untimed(right)
        )
        if changed > tolerance.probability_absolute * len(suite.items):
            return False
    return True


def _answers(result: CheckResult, fact: str) -> Check:
    return Check(id="B9-benchmark", result=result, detail=Text(ko=fact, en=fact))
