"""Indices of the command line: rules and kept runs in, reports out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.folders.text_files import read_text
from dokja.benchmark.values import OfficialRun, Suite
from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.programme.index_rules import IndexRules, ReferenceSetPolicy
from dokja.programme.values import Rulebook
from dokja.stage.tasks import REFERENCE_PREFIX
from dokja.standing.indices.of_stage import (
    MeasuredModels,
    measured_diffusion,
    measured_frontier,
    measured_targets,
)
from dokja.standing.indices.recorded import parse_candidates, parse_figures
from dokja.standing.indices.values import (
    CandidateList,
    DiffusionReport,
    FrontierReport,
    ReferenceSet,
    TargetReport,
)
from dokja.wiring.programmes import find_rulebook
from dokja.wiring.runs import KeptRun, read_kept


@dataclass(frozen=True, kw_only=True)
class IndexRequest:
    """Under which rules, of which runs."""

    rulebook: str
    runs: tuple[Path, ...]
    """Folders that `dokja benchmark run` kept, several for a model."""
    references: tuple[str, ...]
    """Models of those runs that are no team's."""
    beacon: str
    declared: Mapping[str, tuple[str, ...]]
    """Team to the benchmarks it declared before its seal."""


def find_frontier(request: IndexRequest) -> tuple[FrontierReport, Rulebook]:
    """The Frontier report of the teams that the runs are of, and its rules.

    Raises: InvalidInput where the rules have no Frontier Index or the runs do
    not fit together.
    """
    rulebook, rules = _index_rules(request.rulebook)
    if rules.frontier is None:
        raise _lacks(request.rulebook, "[index_rules.frontier]")
    models = _models(request, rulebook, more=())
    report = measured_frontier(rules, rules.frontier, models, beacon=request.beacon)
    return report, rulebook


def find_diffusion(
    request: IndexRequest, figures: Path | None
) -> tuple[DiffusionReport, Rulebook]:
    """The Diffusion report, from runs and the figures of a file, and its rules."""
    rulebook, rules = _index_rules(request.rulebook)
    if rules.diffusion is None:
        raise _lacks(request.rulebook, "[index_rules.diffusion]")
    models = _models(request, rulebook, more=())
    book = (
        None
        if figures is None
        else parse_figures(read_text(figures), where=str(figures))
    )
    if book is not None:
        known = {*models.teams, rules.diffusion.reference}
        for each in book.figures:
            if each.model not in known:
                raise InvalidInput(
                    f"{figures}: {each.model} is neither a team nor the reference",
                    remedy=f"figures may be of {', '.join(sorted(known))}",
                )
    report = measured_diffusion(
        rules, rules.diffusion, models, book, {}, beacon=request.beacon
    )
    return report, rulebook


def find_targets(
    request: IndexRequest, candidates: Path, *, stage: str | None, office_target: str
) -> tuple[ReferenceSet, tuple[TargetReport, ...]]:
    """The reference set of a stage, and every team held against its models."""
    rulebook, where = find_rulebook(request.rulebook)
    policy = _policy(rulebook, where, stage)
    listed = parse_candidates(read_text(candidates), where=str(candidates))
    models = _models(
        request, rulebook, more=tuple(each.model for each in listed.candidates)
    )
    _require_makers(models, listed, candidates)
    return measured_targets(
        rulebook,
        policy,
        models,
        listed,
        office_target=office_target,
        beacon=request.beacon,
    )


def _index_rules(name: str) -> tuple[Rulebook, IndexRules]:
    rulebook, where = find_rulebook(name)
    rules = rulebook.index_rules or None
    if rules is None:
        raise _lacks(where, "[index_rules]")
    return rulebook, rules


def _lacks(where: str, section: str) -> InvalidInput:
    return InvalidInput(
        f"{where} has no {section}",
        remedy="add it before the freeze, as docs/indices.md shows; nobody's "
        "weights are assumed",
    )


def _policy(rulebook: Rulebook, where: str, stage: str | None) -> ReferenceSetPolicy:
    policies = {each.stage: each for each in rulebook.reference_sets or ()}
    if not policies:
        raise _lacks(where, "[[reference_sets]]")
    if stage is None and len(policies) == 1:
        return next(iter(policies.values()))
    if stage is None or stage not in policies:
        raise InvalidInput(
            f"{where} has no reference set of {stage}"
            if stage is not None
            else f"{where} has reference sets of several stages",
            remedy=f"give --stage, one of {', '.join(sorted(policies))}",
        )
    return policies[stage]


def _models(
    request: IndexRequest, rulebook: Rulebook, *, more: tuple[str, ...]
) -> MeasuredModels:
    """The runs by suite and model; whoever is no reference is a team."""
    kept = [(folder, read_kept(folder)) for folder in request.runs]
    suites: dict[str, Suite] = {}
    runs: dict[str, dict[str, OfficialRun]] = {}
    for folder, each in kept:
        _take(folder, each, suites, runs)
    _require_one_model_a_name(runs)
    subjects = {each.run.subject for _, each in kept}
    known = {subject.removeprefix(REFERENCE_PREFIX) for subject in subjects}
    for name in (*request.references, *request.declared):
        if name not in known:
            raise InvalidInput(
                f"no run is of {name}",
                remedy=f"the runs given are of {', '.join(sorted(known))}",
            )
    marked = {s.removeprefix(REFERENCE_PREFIX) for s in subjects - known}
    outside = {*request.references, *more, *marked, *_of_rules(rulebook)}
    teams = tuple(sorted(known - outside))
    if not teams:
        raise InvalidInput(
            "every model of these runs is a reference",
            remedy="give the runs of at least one team",
        )
    return MeasuredModels(
        teams=teams, suites=suites, runs=runs, declared=request.declared
    )


def _of_rules(rulebook: Rulebook) -> tuple[str, ...]:
    """Reference models that the rules name."""
    rules = rulebook.index_rules or IndexRules(version="")
    anchors = (
        rules.frontier.eci.anchors if rules.frontier and rules.frontier.eci else ()
    )
    fixed = (rules.diffusion.reference,) if rules.diffusion else ()
    return (*fixed, *(anchor.model for anchor in anchors))


def _take(
    folder: Path,
    kept: KeptRun,
    suites: dict[str, Suite],
    runs: dict[str, dict[str, OfficialRun]],
) -> None:
    model = kept.run.subject.removeprefix(REFERENCE_PREFIX)
    for suite in kept.suites:
        name = suite.header.id
        if digest_of(suites.setdefault(name, suite)) != digest_of(suite):
            raise InvalidInput(
                f"{folder}: {model} was asked other items of {name} than the runs "
                "before it",
                remedy="give runs on one version of a suite, with one beacon",
            )
        if model in runs.setdefault(name, {}):
            raise InvalidInput(
                f"{folder}: there is a second run of {model} on {name}",
                remedy="give each model once a suite; which run counts is not ours "
                "to choose",
            )
        runs[name][model] = kept.run


def _require_one_model_a_name(runs: Mapping[str, Mapping[str, OfficialRun]]) -> None:
    weights: dict[str, str] = {}
    for by_model in runs.values():
        for model, run in by_model.items():
            if weights.setdefault(model, run.weights_root) != run.weights_root:
                raise InvalidInput(
                    f"runs named {model} are of different weights",
                    remedy="measure one sealed model on every suite, or name the two "
                    "apart with --subject",
                )


def _require_makers(models: MeasuredModels, listed: CandidateList, where: Path) -> None:
    known = {each.team for each in listed.teams}
    lacking: Sequence[str] = [team for team in models.teams if team not in known]
    if lacking:
        raise InvalidInput(
            f"{where} does not say who makes the model of {', '.join(lacking)}",
            remedy="add a [[teams]] entry with team and maker, or --reference NAME "
            "if it is no team's",
        )
