"""The moving target: every team beside the declared, the open and the best model."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from dokja.evidence.values import Estimate, Text
from dokja.report.figures.intervals import (
    IntervalRow,
    Level,
    Scale,
    interval_figure,
    scale_of,
)
from dokja.report.index_words import READING, TARGET_VIEW
from dokja.report.names import Names
from dokja.report.numerals import Shown, percent, percent_interval
from dokja.report.pieces import View, unique
from dokja.standing.indices.values import (
    AttainmentView,
    MeasuredIndices,
    TargetReport,
)

TICKS = ((0.0, "0%"), (0.5, "50%"), (1.0, "100%"))


class TargetLine(View, frozen=True, kw_only=True):
    """A team against one reference."""

    held_against: Text
    is_official: bool
    reference: Text | None
    chosen_best: str | None
    """Share of draws in which that model is the best of its set."""
    attainment: Shown
    interval: str | None
    n: int | None
    met: bool | None
    reading: Text | None


class TargetTeam(View, frozen=True, kw_only=True):
    """A team with every view of the target side by side."""

    name: Text
    figure: Markup
    lines: tuple[TargetLine, ...]


class TargetsView(View, frozen=True, kw_only=True):
    """The reference set, and every team held against it."""

    required: str
    first_day: str
    cut_off: str
    overall: tuple[Text, ...]
    open_weights: tuple[Text, ...]
    excluded: tuple[tuple[Text, Text], ...]
    teams: tuple[TargetTeam, ...]
    notes: tuple[Text, ...]
    methods: tuple[str, ...]


def targets_view(found: MeasuredIndices, names: Names) -> TargetsView | None:
    """The target of the stage; None where its rules draw up no reference set."""
    references = found.reference_set
    if references is None:
        return None
    scale = _scale(found.targets)
    views = [view for report in found.targets for view in report.views]
    return TargetsView(
        required=percent(float(views[0].required), places=0) if views else "",
        first_day=references.first_day,
        cut_off=references.cut_off,
        overall=tuple(names.reference(model) for model in references.overall),
        open_weights=tuple(names.reference(m) for m in references.open_weights),
        excluded=tuple(
            (names.reference(each.model), each.detail) for each in references.excluded
        ),
        teams=tuple(
            _team(report, scale, names, key=f"target-{number}")
            for number, report in enumerate(found.targets, start=1)
        ),
        notes=unique(report.note for report in found.targets),
        methods=unique(v.attainment.method for v in views if v.attainment is not None),
    )


def _team(report: TargetReport, scale: Scale, names: Names, *, key: str) -> TargetTeam:
    name = names.team(report.team)
    return TargetTeam(
        name=name,
        figure=_figure(report, scale, key=key, name=name),
        lines=tuple(_line(view, names) for view in report.views),
    )


def _scale(reports: Sequence[TargetReport]) -> Scale:
    """One for all teams, so that their figures can be compared."""
    shares = {float(view.required) for report in reports for view in report.views}
    levels = tuple(
        Level(
            at=share,
            name=Text(
                f"목표 {percent(share, places=0)}", f"target {percent(share, places=0)}"
            ),
        )
        for share in sorted(shares)
    )
    rows = [row for report in reports for row in _rows(report)]
    return scale_of(rows, levels=levels, ticks=TICKS)


def _rows(report: TargetReport) -> list[IntervalRow]:
    return [
        IntervalRow(
            name=TARGET_VIEW[view.view],
            value=None if view.attainment is None else view.attainment.value,
            text=None if view.attainment is None else percent(view.attainment.value),
            interval=_ends(view.attainment),
            is_official=view.official,
        )
        for view in report.views
    ]


def _ends(found: Estimate | None) -> tuple[float, float] | None:
    if found is None or found.low is None or found.high is None:
        return None
    return found.low, found.high


def _figure(report: TargetReport, scale: Scale, *, key: str, name: Text) -> Markup:
    description = Text(
        "원은 공식 기준, 마름모는 다른 기준에 대한 달성률, 가로선은 95% 구간, 점선은 "
        "규정이 요구하는 비율입니다.",
        "The dot is attainment of the official reference, diamonds of the others, "
        "rules are 95% intervals, the dashed line what the rules require.",
    )
    return interval_figure(
        key,
        _rows(report),
        scale,
        title=Text(f"{name.ko}: 목표 달성률", f"{name.en}: attainment of the target"),
        description=description,
    )


def _line(view: AttainmentView, names: Names) -> TargetLine:
    found, best = view.attainment, view.chosen_best
    return TargetLine(
        held_against=TARGET_VIEW[view.view],
        is_official=view.official,
        reference=None if view.reference is None else names.reference(view.reference),
        chosen_best=None if best is None else percent(best.value, places=0),
        attainment=Shown(None, view.reason)
        if found is None
        else Shown(percent(found.value)),
        interval="" if found is None else percent_interval(found),
        n=None if found is None else found.n,
        met=view.met,
        reading=None if view.reading is None else READING[view.reading],
    )
