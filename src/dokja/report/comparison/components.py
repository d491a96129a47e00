"""One component of a comparison: its evidence, drawn layer by layer."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.lineage.values import ComponentLineage, LineageRules, LineageTest
from dokja.report.comparison.left_out import LeftOut, left_out
from dokja.report.figures import HeatMap, heat_map_figure, standing_figure
from dokja.report.numerals import fixed
from dokja.report.pieces import View
from dokja.report.sections.evidence import (
    EFFECT_PLACES,
    IDENTITY,
    EvidenceView,
    controls_row,
    evidence_view,
    names_of_tests,
    threshold,
)

MOST_TABLED = 12
"""Reference layers up to which the table gives every effect."""


class LayerRow(View, frozen=True, kw_only=True):
    """One candidate layer as the table of a heat map gives it."""

    layer: int
    best: str
    effect: str
    second: str
    mapped: str
    cells: tuple[str, ...]
    """Every effect of the row; empty where the table would be too wide."""


class HeatView(View, frozen=True, kw_only=True):
    """One test by layers: the picture and the same in figures."""

    key: str
    name: Text
    figure: Markup
    shape: str
    threshold: str
    columns: tuple[int, ...]
    rows: tuple[LayerRow, ...]


class ComponentView(View, frozen=True, kw_only=True):
    """A component with everything its verdict rests on."""

    anchor: str
    number: int
    machine_name: str
    evidence: EvidenceView
    heats: tuple[HeatView, ...]
    layers: str
    """The layer map, runs of following layers joined; `·` where none was found."""
    mapped: int
    """Candidate layers for which a reference layer was found."""
    left_out: tuple[LeftOut, ...]
    left_out_count: int
    strongest: Text | None
    """The test that stands furthest above its strangers."""
    standing: Markup | None
    effect: str | None
    strangers: str | None


def component_view(
    part: ComponentLineage,
    rules: LineageRules,
    *,
    number: int,
    subject: tuple[Text, Text],
) -> ComponentView:
    """The component; `subject` names the candidate and the reference."""
    anchor = f"component-{number}"
    evidence = evidence_view(part, rules, key=anchor, subject=subject)
    named = tuple(
        (name, test)
        for name, test in zip(names_of_tests(part.tests), part.tests, strict=True)
        if test.id != IDENTITY
    )
    strongest = _strongest(named)
    strangers = strongest[1].controls_negative if strongest else ()
    return ComponentView(
        anchor=anchor,
        number=number,
        machine_name=part.name,
        evidence=evidence,
        heats=_heats(part, rules, named, anchor),
        layers=joined_layers(part.layer_map),
        mapped=sum(layer is not None for layer in part.layer_map),
        left_out=left_out(part.untested),
        left_out_count=len(part.untested),
        strongest=strongest[0] if strongest else None,
        standing=_standing(strongest, rules, anchor),
        effect=_number(strongest[1].effect) if strongest else None,
        strangers=_number(max(strangers)) if strangers else None,
    )


def joined_layers(layers: Sequence[int | None]) -> str:
    """Reference layers in the candidate's order, such as `0–23 · 8–31`."""
    runs: list[list[int | None]] = []
    for layer in layers:
        before = runs[-1][-1] if runs else None
        if layer is not None and before is not None and layer == before + 1:
            runs[-1].append(layer)
        else:
            runs.append([layer])
    return " ".join(
        "·"
        if run[0] is None
        else f"{run[0]}–{run[-1]}"
        if len(run) > 2
        else " ".join(map(str, run))
        for run in runs
    )


def _number(value: float | None) -> str | None:
    return None if value is None else fixed(value, places=EFFECT_PLACES)


def _strongest(
    tests: Sequence[tuple[Text, LineageTest]],
) -> tuple[Text, LineageTest] | None:
    """The test whose effect stands furthest above its largest stranger."""
    measured = [
        (test.effect - max(test.controls_negative, default=0.0), -position)
        for position, (_, test) in enumerate(tests)
        if test.effect is not None
    ]
    return tests[-max(measured)[1]] if measured else None


def _standing(
    strongest: tuple[Text, LineageTest] | None, rules: LineageRules, anchor: str
) -> Markup | None:
    if strongest is None:
        return None
    name, test = strongest
    row = controls_row(test, rules, name)
    return standing_figure(f"{anchor}-standing", row, title=name)


def _heats(
    part: ComponentLineage,
    rules: LineageRules,
    tests: Sequence[tuple[Text, LineageTest]],
    anchor: str,
) -> tuple[HeatView, ...]:
    by_layers = [(name, test) for name, test in tests if any(test.layer_effects)]
    return tuple(
        _heat(name, test, part.layer_map, rules, key=f"{anchor}-heat-{number}")
        for number, (name, test) in enumerate(by_layers, start=1)
    )


def _heat(
    name: Text,
    test: LineageTest,
    layers: tuple[int | None, ...],
    rules: LineageRules,
    *,
    key: str,
) -> HeatView:
    least = threshold(test, rules)
    heat = HeatMap(effects=test.layer_effects, layers=layers, threshold=least)
    title = Text(f"층별 효과, {name.ko}", f"Effects by layer, {name.en}")
    return HeatView(
        key=key,
        name=name,
        figure=heat_map_figure(key, heat, title=title),
        shape=f"{len(heat.effects)} × {heat.columns}",
        threshold=f"{least:g}",
        columns=tuple(range(heat.columns)) if heat.columns <= MOST_TABLED else (),
        rows=tuple(_layer_row(heat, row) for row in range(len(heat.effects))),
    )


def _layer_row(heat: HeatMap, row: int) -> LayerRow:
    effects = heat.effects[row]
    order = sorted(range(len(effects)), key=lambda c: (-effects[c], c))
    mapped = heat.layers[row] if row < len(heat.layers) else None
    cells = [fixed(e, places=EFFECT_PLACES) for e in effects]
    whole = heat.columns <= MOST_TABLED
    missing = ("–",) * (heat.columns - len(cells))
    return LayerRow(
        layer=row,
        best=str(order[0]) if order else "–",
        effect=cells[order[0]] if order else "–",
        second=cells[order[1]] if len(order) > 1 else "–",
        mapped="–" if mapped is None else str(mapped),
        cells=(*cells, *missing) if whole else (),
    )
