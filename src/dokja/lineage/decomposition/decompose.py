"""The act: a candidate as a mixture of named parents, component by component."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.evidence.ports import Compute
from dokja.evidence.seeds import seed_for
from dokja.lineage.decomposition import wording
from dokja.lineage.decomposition.component import Setting, decompose_component
from dokja.lineage.decomposition.reading import Family
from dokja.lineage.decomposition.values import (
    DecompositionReport,
    DecompositionRules,
    DecompositionVerdict,
)
from dokja.lineage.draws import Draws
from dokja.lineage.layout import Layout, read_layout
from dokja.lineage.ports import LineageSubject
from dokja.lineage.roles import CLASS_OF, Role
from dokja.submission.values import ComponentKind

OnStep = Callable[[str, int, int], None]
"""Told what was read, and how many of the candidate's parameters of how many
are done."""

GRAVEST_FIRST = (
    DecompositionVerdict.MERGED,
    DecompositionVerdict.UNDETERMINED,
    DecompositionVerdict.ONE_PARENT,
    DecompositionVerdict.NO_PARENT,
)


@dataclass(frozen=True, kw_only=True)
class Decomposition:
    """What a decomposition is made under, and where it runs."""

    rules: DecompositionRules
    compute: Compute
    on_step: OnStep


def decompose(
    candidate: LineageSubject,
    parents: Sequence[LineageSubject],
    *,
    ancestor: LineageSubject | None,
    setting: Decomposition,
) -> DecompositionReport:
    """The weights with which each component mixes the parents, layer by layer.

    With an ancestor, differences from it are fitted; else the tables, with a
    free scale. Equal to the byte for any order of the parents, block size,
    or placement of the work, with BLAS on one thread.
    Raises: InvalidInput for fewer than two or too many parents, two of one
    name, a parent that shares no shape with the candidate, or a drawn weight
    that is NaN or infinite.
    """
    _check([parent.name for parent in parents], setting.rules)
    parents = sorted(parents, key=lambda parent: parent.name)
    subjects = (candidate, *parents, *(() if ancestor is None else (ancestor,)))
    families = _families(subjects, tuple(parent.name for parent in parents))
    _check_shapes(families, [subject.name for subject in subjects])
    shared = {family.kind for family in families}
    alone = [kind.value for kind in ComponentKind
             if kind in candidate.components and kind not in shared]  # fmt: skip
    digest = digest_of(setting.rules)
    seed_text = f"{seed_for(digest, chr(31).join(s.name for s in subjects))}"
    steps = _Steps(families, setting.on_step)
    components = tuple(
        decompose_component(
            family,
            Setting(
                draws=Draws(seed_text=f"{seed_text} {family.kind.value}"),
                rules=setting.rules,
                compute=setting.compute,
                on_layer=partial(steps.layer, family),
            ),
        )
        for family in families
    )
    verdicts = {component.verdict for component in components}
    return DecompositionReport(
        candidate=candidate.name,
        parents=families[0].parents,
        ancestor=None if ancestor is None else ancestor.name,
        rules_digest=digest,
        verdict=next(verdict for verdict in GRAVEST_FIRST if verdict in verdicts),
        components=components,
        limits=wording.limits(alone, from_ancestor=ancestor is not None),
    )


def _check(names: Sequence[str], rules: DecompositionRules) -> None:
    if len(names) < 2:
        raise InvalidInput(
            f"a mixture has at least two parents, and {len(names)} was named",
            remedy="name two parents or more; to compare two models, use "
            "`dokja lineage compare`",
        )
    if len(names) > rules.parents_maximum:
        raise InvalidInput(
            f"{len(names)} parents were named",
            remedy=f"name at most {rules.parents_maximum}; `dokja lineage scan` "
            "finds the nearest of many",
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(
            f"two parents are called {twice[0]}",
            remedy="name each parent once, and folders by different names",
        )


def _families(
    subjects: Sequence[LineageSubject], parents: tuple[str, ...]
) -> list[Family]:
    """The components that every model has; in their order."""
    found = []
    for kind in ComponentKind:
        if not all(kind in subject.components for subject in subjects):
            continue
        checkpoints = tuple(subject.components[kind] for subject in subjects)
        layouts = tuple(read_layout(kind, one) for one in checkpoints)
        found.append(
            Family(kind=kind, checkpoints=checkpoints, layouts=layouts, parents=parents)
        )
    return found


def _check_shapes(families: Sequence[Family], names: Sequence[str]) -> None:
    """Raises where one of the models has no table of a shape of the candidate's."""
    if not families:
        raise InvalidInput(
            "these models have no component in common",
            remedy="name models that hold the same components",
        )
    shapes = [
        {
            (family.kind, *shape)
            for family in families
            for shape in _shapes(family.layouts[number])
        }
        for number in range(len(names))
    ]
    for name, found in zip(names[1:], shapes[1:], strict=True):
        if not found & shapes[0]:
            raise InvalidInput(
                f"{name} has no tensor of the same role and shape as {names[0]}",
                remedy="name models of one architecture and width, or leave it out",
            )


def _shapes(layout: Layout) -> set[tuple[Role, tuple[int, int]]]:
    tables = (table for table in layout.tables() if table.role in CLASS_OF)
    return {(table.role, table.shape) for table in tables}


class _Steps:
    """Counts what is done of all there is to fit."""

    def __init__(self, families: Sequence[Family], on_step: OnStep) -> None:
        self._on_step = on_step
        self._done = 0
        self._total = sum(
            math.prod(table.shape)
            for family in families
            for table in family.layouts[0].tables()
        )

    def layer(self, family: Family, number: int) -> None:
        layout = family.layouts[0]
        tables = layout.boundary if number < 0 else layout.layers[number]
        self._done += sum(math.prod(table.shape) for table in tables.values())
        what = "tables outside layers" if number < 0 else f"layer {number}"
        self._on_step(f"{family.kind.value}, {what}", self._done, self._total)
