"""The measured indices: intervals drawn, teams side by side, views marked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Estimate, Text
from dokja.report.figures import difference_figure
from dokja.report.figures.intervals import IntervalRow, interval_figure, scale_of
from dokja.report.index_words import COUNTING, view_name
from dokja.report.names import Names
from dokja.report.numerals import RANGE, Shown, fixed, interval, percent
from dokja.report.pieces import View, unique
from dokja.report.sections.targets import TargetsView, targets_view
from dokja.stage.values import StageRecord
from dokja.standing.indices.values import (
    DiffusionPartValue,
    DiffusionReport,
    FrontierReport,
    FrontierView,
    IndexDifference,
    PartCounting,
    ViewKind,
)

TICKS = ((0.0, "0"), (50.0, "50"), (100.0, "100"))


class Cell(View, frozen=True, kw_only=True):
    """One number of a table with its interval."""

    shown: Shown
    interval: str | None
    n: int | None = None
    extra: Text | None = None


class IndexLine(View, frozen=True, kw_only=True):
    """A category, a benchmark or a part: every team side by side."""

    name: Text
    weight: str
    is_group: bool
    cells: tuple[Cell, ...]


class DifferenceLine(View, frozen=True, kw_only=True):
    """Two teams in one index."""

    left: Text
    right: Text
    shown: Shown
    interval: str | None
    figure: Markup | None
    separated: bool | None


class IndexBlock(View, frozen=True, kw_only=True):
    """One index: the teams drawn, what it is made of, how far they are apart."""

    figure: Markup
    teams: tuple[Text, ...]
    lines: tuple[IndexLine, ...]
    differences: tuple[DifferenceLine, ...]
    reasons: tuple[tuple[Text, Text], ...]
    """Teams, and why they have no index or what their interval does not show."""
    methods: tuple[str, ...]


class UnofficialView(View, frozen=True, kw_only=True):
    """A view of the same scores that never is the official index."""

    name: Text
    changes_order: bool
    cells: tuple[Cell, ...]
    reason: Text | None


class IndicesView(View, frozen=True, kw_only=True):
    """What the section shows; a block is None where the rules have no such index."""

    version: str
    frontier: IndexBlock | None
    views: tuple[UnofficialView, ...]
    notes: tuple[Text, ...]
    diffusion: IndexBlock | None
    reference: Text
    targets: TargetsView | None


def indices_view(record: StageRecord, names: Names) -> IndicesView | None:
    """The indices of the record; None where its rules ask for none."""
    found = record.outcome.indices
    if found is msgspec.UNSET:
        return None
    frontier, diffusion = found.frontier, found.diffusion
    versions = [each.version for each in (frontier, diffusion) if each is not None]
    views = frontier.views if frontier else ()
    order = [team.team for team in frontier.teams] if frontier else []
    return IndicesView(
        version=versions[0] if versions else "",
        frontier=_frontier(record, frontier, names) if frontier else None,
        views=tuple(_view(view, order) for view in views),
        notes=unique(view.note for view in views),
        diffusion=_diffusion(record, diffusion, names) if diffusion else None,
        reference=names.reference(diffusion.reference) if diffusion else Text("", ""),
        targets=targets_view(found, names),
    )


def _frontier(record: StageRecord, report: FrontierReport, names: Names) -> IndexBlock:
    rows = [
        _row(names.team(team.team), team.index, inner=team.run_noise)
        for team in report.teams
    ]
    title = Text("AI 프런티어 지수와 95% 구간", "AI Frontier Index with 95% intervals")
    description = Text(
        "점은 지수, 가로선은 문항과 응답이 모두 달랐을 때의 95% 구간, 띠는 "
        "같은 문항에 다시 답했을 때의 구간입니다. 0은 우연 수준, 100은 얻을 수 있는 "
        "최고 점수입니다.",
        "Dots are indices, rules 95% intervals of other items and other answers, "
        "bands those of other answers to the same items. 0 is chance, 100 the best "
        "score that can be had.",
    )
    estimates = [team.index for team in report.teams]
    return IndexBlock(
        figure=interval_figure(
            "frontier",
            rows,
            scale_of(rows, ticks=TICKS),
            title=title,
            description=description,
        ),
        teams=tuple(names.team(team.team) for team in report.teams),
        lines=tuple(_frontier_lines(record, report, names)),
        differences=_differences(report.differences, names, key="frontier"),
        reasons=_reasons(
            [(t.team, r) for t in report.teams for r in (t.reason, t.noise_reason)],
            names,
        ),
        methods=_methods(estimates, report.differences),
    )


def _frontier_lines(
    record: StageRecord, report: FrontierReport, names: Names
) -> list[IndexLine]:
    rules = record.evidence.rulebook.index_rules or None
    rule = rules.frontier if rules is not None else None
    lines: list[IndexLine] = []
    for place, category in enumerate(rule.categories if rule is not None else ()):
        own = [team.categories[place] for team in report.teams]
        cells = tuple(_cell(each.value) for each in own)
        lines.append(
            IndexLine(
                name=category.name,
                weight=percent(float(category.weight)),
                is_group=True,
                cells=cells,
            )
        )
        for benchmark in category.benchmarks:
            found = [
                next((b for b in each.benchmarks if b.benchmark == benchmark), None)
                for each in own
            ]
            weights = unique(percent(b.weight) for b in found if b is not None)
            lines.append(
                IndexLine(
                    name=names.suite(benchmark),
                    weight=" / ".join(weights),
                    is_group=False,
                    cells=tuple(
                        Cell(shown=Shown("–"), interval="")
                        if b is None
                        else _cell(b.score, b.reason)
                        for b in found
                    ),
                )
            )
    return lines


def _diffusion(
    record: StageRecord, report: DiffusionReport, names: Names
) -> IndexBlock:
    rows = [_row(names.team(team.team), team.index) for team in report.teams]
    title = Text("AI 확산 지수와 95% 구간", "AI Diffusion Index with 95% intervals")
    description = Text(
        "점은 지수, 가로선은 95% 구간입니다. 100은 모든 부분이 규정의 상한에 이른 "
        "것입니다.",
        "Dots are indices, rules 95% intervals. 100 is every part at the upper end "
        "of the rules.",
    )
    rules = record.evidence.rulebook.index_rules or None
    rule = rules.diffusion if rules is not None else None
    lines = [
        IndexLine(
            name=part.name,
            weight=percent(float(part.weight)),
            is_group=False,
            cells=tuple(
                _cell(
                    own.value,
                    own.reason,
                    places=3,
                    extra=_told(own),
                )
                for own in (team.parts[place] for team in report.teams)
            ),
        )
        for place, part in enumerate(rule.parts if rule is not None else ())
    ]
    return IndexBlock(
        figure=interval_figure(
            "diffusion",
            rows,
            scale_of(rows, ticks=TICKS),
            title=title,
            description=description,
        ),
        teams=tuple(names.team(team.team) for team in report.teams),
        lines=tuple(lines),
        differences=_differences(report.differences, names, key="diffusion"),
        reasons=_reasons([(team.team, team.reason) for team in report.teams], names),
        methods=_methods([team.index for team in report.teams], report.differences),
    )


def _told(part: DiffusionPartValue) -> Text | None:
    """How the part was counted, or how many times as good as the reference it is."""
    if part.counting is PartCounting.UNDETERMINED:
        return None
    if part.times is None or part.counting is not PartCounting.COUNTED:
        return COUNTING[part.counting]
    times = f"{part.times.value:.3g}"
    return Text(f"참조 대비 {times}배", f"{times} times the reference")


def _reasons(
    given: Sequence[tuple[str, Text | None]], names: Names
) -> tuple[tuple[Text, Text], ...]:
    """Each reason once, with the teams it is about."""
    found: dict[Text, list[Text]] = {}
    for team, reason in given:
        if reason is not None:
            found.setdefault(reason, []).append(names.team(team))
    return tuple(
        (
            Text(
                ko=", ".join(team.ko for team in teams),
                en=", ".join(team.en for team in teams),
            ),
            reason,
        )
        for reason, teams in found.items()
    )


def _row(
    name: Text, found: Estimate | None, *, inner: Estimate | None = None
) -> IntervalRow:
    return IntervalRow(
        name=name,
        value=None if found is None else found.value,
        text=None if found is None else fixed(found.value, places=1),
        interval=_pair(found),
        inner=_pair(inner),
    )


def _pair(found: Estimate | None) -> tuple[float, float] | None:
    if found is None or found.low is None or found.high is None:
        return None
    return found.low, found.high


def _cell(
    found: Estimate | None,
    reason: Text | None = None,
    *,
    places: int = 1,
    extra: Text | None = None,
) -> Cell:
    if found is None:
        return Cell(shown=Shown(None, reason), interval="", extra=extra)
    return Cell(
        shown=Shown(fixed(found.value, places=places)),
        interval=interval(found.low, found.high, places=places),
        n=found.n,
        extra=extra,
    )


def _differences(
    found: Sequence[IndexDifference], names: Names, *, key: str
) -> tuple[DifferenceLine, ...]:
    """Every two teams; the figure takes points of the index as shares of 100."""
    shares: list[Estimate | None] = [_hundredth(each.difference) for each in found]
    reach = _reach(shares)
    lines = []
    for number, (each, share) in enumerate(zip(found, shares, strict=True), start=1):
        left, right = names.team(each.left), names.team(each.right)
        title = Text(f"{left.ko} – {right.ko}", f"{left.en} – {right.en}")
        cell = _cell(each.difference, each.reason)
        lines.append(
            DifferenceLine(
                left=left,
                right=right,
                shown=cell.shown,
                interval=cell.interval,
                figure=None
                if share is None
                else difference_figure(
                    f"{key}-apart-{number}", share, reach=reach, title=title
                ),
                separated=each.separated,
            )
        )
    return tuple(lines)


def _reach(shares: Sequence[Estimate | None]) -> float:
    """Half the width of a scale that holds them all, in steps of a tenth.

    Indices are never clipped, so two of them may be more than 100 points apart.
    """
    ends = [1.0]
    for share in shares:
        pair = _pair(share) or ()
        ends += [abs(10 * end) for end in (*pair, *([share.value] if share else []))]
    return math.ceil(max(ends)) / 10


def _hundredth(found: Estimate | None) -> Estimate | None:
    if found is None:
        return None
    ends: Mapping[str, float | None] = {
        name: None if end is None else end / 100
        for name, end in (("low", found.low), ("high", found.high))
    }
    return msgspec.structs.replace(found, value=found.value / 100, **ends)


def _view(view: FrontierView, order: Sequence[str]) -> UnofficialView:
    places = 3 if view.kind is ViewKind.MEAN_WIN_RATE else 1
    scores = {score.team: score for score in view.scores}
    cells = []
    for team in order:
        score = scores.get(team)
        if score is None:
            cells.append(Cell(shown=Shown(None), interval=""))
            continue
        other = score.without_another
        extra = None
        if other is not None:
            ends = RANGE.format(*(fixed(end, places=places) for end in other))
            extra = Text(f"한 모델이 빠지면 {ends}", f"{ends} without one model")
        cells.append(_cell(score.value, score.reason, places=places, extra=extra))
    return UnofficialView(
        name=view_name(view),
        changes_order=view.changes_order,
        cells=tuple(cells),
        reason=view.reason,
    )


def _methods(
    estimates: Sequence[Estimate | None], differences: Sequence[IndexDifference]
) -> tuple[str, ...]:
    apart = [each.difference for each in differences]
    return unique(each.method for each in chain(estimates, apart) if each is not None)
