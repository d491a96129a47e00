"""What there is to measure of a stage, in the order of its record."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dokja.benchmark.values import Suite
from dokja.errors import InvalidInput
from dokja.lineage.values import LineageRules
from dokja.stage.ports import BenchmarkTask, LineageTask, ModelFolders, RecordTask
from dokja.stage.values import StagePlan
from dokja.submission.values import (
    ComponentKind,
    DeclaredComponent,
    RegisteredReference,
    Seal,
)

REFERENCE_PREFIX = "reference:"
"""Begins the subject of a reference's run, so that no team id can equal it."""


def benchmark_tasks(
    plan: StagePlan,
    suites: tuple[Suite, ...],
    seals: Sequence[Seal],
    references: Sequence[RegisteredReference],
    folders: ModelFolders,
) -> tuple[BenchmarkTask, ...]:
    """One task for every submission and every reference."""
    subjects = [
        (s.manifest.team, s.manifest.team, s.root, s.manifest.components) for s in seals
    ]
    subjects += [
        (REFERENCE_PREFIX + r.model.id, r.model.id, r.root, r.model.components)
        for r in references
    ]
    return tuple(
        BenchmarkTask(
            subject=subject,
            location=folders.location(name),
            decoder_path=_decoder_path(components, name),
            weights_root=root,
            suites=suites,
            harness=plan.harness,
        )
        for subject, name, root, components in subjects
    )


def lineage_tasks(
    rules: LineageRules,
    seals: Sequence[Seal],
    references: Sequence[RegisteredReference],
    folders: ModelFolders,
    *,
    seed_text: str,
) -> tuple[LineageTask, ...]:
    """One task for every submission and reference, corrected for all of them."""
    pairs = [(seal, reference) for seal in seals for reference in references]
    searched = sum(
        len(_kinds(seal.manifest.components) & _kinds(reference.model.components))
        for seal, reference in pairs
    )
    return tuple(
        LineageTask(
            team=seal.manifest.team,
            reference=reference.model.id,
            team_location=folders.location(seal.manifest.team),
            reference_location=folders.location(reference.model.id),
            team_components=seal.manifest.components,
            reference_components=reference.model.components,
            rules=rules,
            seed_text=seed_text,
            searched=max(searched, 1),
        )
        for seal, reference in pairs
    )


def record_tasks(
    plan: StagePlan,
    seals: Sequence[Seal],
    folders: ModelFolders,
    *,
    replays: tuple[str, ...],
) -> tuple[RecordTask, ...]:
    """One task for every training record of a component; none where none counts."""
    if plan.training is msgspec.UNSET:
        return ()
    keys = {each.team: each.key for each in plan.team_keys or ()}
    keys |= {each.team: each.key for each in plan.training.record_keys}
    return tuple(
        RecordTask(
            team=seal.manifest.team,
            component=record.component,
            location=folders.location(seal.manifest.team),
            record=record.path,
            weights=_path_of(record.component, seal.manifest.components),
            declared_key=record.key,
            team_key=keys.get(seal.manifest.team),
            witness_keys=plan.training.witness_keys,
            auditor_keys=plan.training.auditor_keys,
            replays=replays,
        )
        for seal in seals
        if seal.manifest.training is not None
        for record in seal.manifest.training.records or ()
    )


def record_subject(task: RecordTask) -> str:
    """Under which the verdict on a training record is filed."""
    return f"{task.team}/{task.component.value}"


def lineage_seed_text(plan: StagePlan, *, rules_digest: str) -> str:
    """What fixes the draws of a stage's comparisons, the beacon included."""
    return f"{rules_digest}/{plan.beacon}"


def _path_of(kind: ComponentKind, components: Sequence[DeclaredComponent]) -> str:
    return next(each.path for each in components if each.kind is kind)


def _decoder_path(components: Sequence[DeclaredComponent], name: str) -> str:
    for component in components:
        if component.kind is ComponentKind.TEXT_DECODER:
            return component.path
    raise InvalidInput(
        f"{name} declares no text decoder",
        remedy="declare it under [[components]]; the suites of this stage need one",
    )


def _kinds(components: Sequence[DeclaredComponent]) -> set[ComponentKind]:
    return {component.kind for component in components}
