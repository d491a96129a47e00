"""How far the order hangs on weights and on single pieces of evidence."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from markupsafe import Markup

from dokja.evidence.values import Text
from dokja.report.figures.last_place import LastPlaceRow, last_place_figure
from dokja.report.names import Names
from dokja.report.numerals import RANGE, points, probability
from dokja.report.pieces import TeamLink, View, team_link
from dokja.report.wording import SOURCE, WEIGHTS
from dokja.stage.values import StageRecord
from dokja.standing.values import (
    Acceptability,
    Certainty,
    LeaveOneOut,
    LeftOut,
    SmallestSet,
    Source,
    WeightKind,
)

MOST_NAMED = 5
"""Removed units that are named; the others are counted."""


class RankShares(View, frozen=True, kw_only=True):
    """Shares of each rank; `level` picks the shade."""

    team: TeamLink
    cells: tuple[tuple[str, int], ...]


class WeightTable(View, frozen=True, kw_only=True):
    """Rank acceptability under one kind of weights."""

    name: Text
    rows: tuple[RankShares, ...]
    method: str


class WithoutOne(View, frozen=True, kw_only=True):
    """Who would be out without one unit."""

    removed: Text
    possible: str | None
    """Points left to win, where a component fell away."""
    out: tuple[TeamLink, ...]
    level: tuple[TeamLink, ...]
    changes: bool


class WithoutEach(View, frozen=True, kw_only=True):
    """A source whose units were left out in turn."""

    summary: Text
    cases: tuple[WithoutOne, ...]


class TotalRange(View, frozen=True, kw_only=True):
    """Least and greatest total of a team without one rater, without one voter."""

    team: TeamLink
    ranges: tuple[str | None, ...]


class SmallestRow(View, frozen=True, kw_only=True):
    """The smallest set of a source, in words."""

    source: Text
    units: int
    found: Text
    out: tuple[TeamLink, ...]
    removed: str


class SensitivityView(View, frozen=True, kw_only=True):
    """What the section shows; figure None where a total is undetermined."""

    figure: Markup | None
    ranks: tuple[int, ...]
    tables: tuple[WeightTable, ...]
    without: tuple[WithoutEach, ...]
    range_heads: tuple[Text, ...]
    ranges: tuple[TotalRange, ...]
    smallest: tuple[SmallestRow, ...]
    reason: Text | None


def sensitivity_view(record: StageRecord, names: Names) -> SensitivityView | None:
    """The analysis of the record; None where its rules ask for none."""
    found = record.outcome.sensitivity
    if found is msgspec.UNSET:
        return None
    order = [team.team for team in record.outcome.standing.teams]
    views = {view.weights: {t.team: t for t in view.teams} for view in found.views}
    others = [v for v in found.views if v.weights is not WeightKind.OFFICIAL]
    people = [each for each in found.left_out if each.source is not Source.BENCHMARKS]
    return SensitivityView(
        figure=_figure(record, names, order, views) if views else None,
        ranks=tuple(range(1, len(order) + 1)),
        tables=tuple(
            WeightTable(
                name=WEIGHTS[view.weights],
                rows=tuple(_shares(views[view.weights][t], names) for t in order),
                method=view.method,
            )
            for view in others
        ),
        without=tuple(_without(each, names) for each in found.left_out),
        range_heads=tuple(SOURCE[each.source] for each in people),
        ranges=tuple(
            TotalRange(
                team=team_link(team, names),
                ranges=tuple(_range(each, team, names) for each in people),
            )
            for team in order
            if people
        ),
        smallest=tuple(_smallest(each, names) for each in found.smallest),
        reason=found.reason,
    )


def _figure(
    record: StageRecord,
    names: Names,
    order: Iterable[str],
    views: dict[WeightKind, dict[str, Acceptability]],
) -> Markup:
    cut = record.evidence.rulebook.rank_cut(record.evidence.plan.stage)
    assert cut is not None  # no stage is decided without a cut
    rows = [
        LastPlaceRow(
            name=names.team(team),
            text=probability(views[WeightKind.OFFICIAL][team].last.value),
            official=views[WeightKind.OFFICIAL][team].last.value,
            perturbed=views[WeightKind.PERTURBED][team].last.value,
            uniform=views[WeightKind.UNIFORM][team].last.value,
        )
        for team in order
    ]
    return last_place_figure(rows, confidence=float(cut.confidence))


def _shares(team: Acceptability, names: Names) -> RankShares:
    return RankShares(
        team=team_link(team.team, names),
        cells=tuple(
            (probability(share).removesuffix("%"), round(share * 8))
            for share in team.ranks
        ),
    )


def _without(each: LeaveOneOut, names: Names) -> WithoutEach:
    source = SOURCE[each.source]
    if each.changing:
        summary = Text(
            f"{source.ko}: {each.tried}건 가운데 {each.changing}건이 탈락 팀을 바꿈",
            f"{source.en}: {each.changing} of {each.tried} change who is out",
        )
    else:
        summary = Text(
            f"{source.ko}: {each.tried}건 가운데 어느 것을 빼도 탈락 팀이 같음",
            f"{source.en}: none of {each.tried} changes who is out",
        )
    shown = each.cases if each.source is Source.BENCHMARKS else _changing(each)
    return WithoutEach(
        summary=summary, cases=tuple(_case(case, each.source, names) for case in shown)
    )


def _changing(each: LeaveOneOut) -> tuple[LeftOut, ...]:
    return tuple(case for case in each.cases if case.changes)


def _case(case: LeftOut, source: Source, names: Names) -> WithoutOne:
    name = Text(case.removed, case.removed)
    if source is Source.BENCHMARKS:
        name = names.suite(case.removed)
    whole = case.possible == names.possible
    return WithoutOne(
        removed=name,
        possible=None if whole else str(case.possible),
        out=tuple(team_link(team, names) for team in case.out),
        level=tuple(team_link(team, names) for team in case.level),
        changes=case.changes,
    )


def _range(each: LeaveOneOut, team: str, names: Names) -> str | None:
    ends = [
        points(e.get(team), places=names.places).text for e in (each.low, each.high)
    ]
    return None if None in ends else RANGE.format(*ends)


def _smallest(each: SmallestSet, names: Names) -> SmallestRow:
    named = ", ".join(each.removed[:MOST_NAMED])
    more = len(each.removed) - MOST_NAMED
    return SmallestRow(
        source=SOURCE[each.source],
        units=each.units,
        found=_sentence(each),
        out=tuple(team_link(team, names) for team in (*each.out, *each.level)),
        removed=f"{named} +{more}" if more > 0 else named,
    )


def _sentence(each: SmallestSet) -> Text:
    size, least, most = each.size, each.at_least, each.searched
    if each.certainty is Certainty.MINIMUM:
        return Text(
            f"{size}개를 빼면 탈락 팀이 달라지며, 더 적은 수로는 달라지지 않음(증명됨)",
            f"Removing {size} changes who is out; fewer cannot (proven).",
        )
    if each.certainty is Certainty.BETWEEN:
        return Text(
            f"{size}개를 빼면 탈락 팀이 달라짐. {least}개 미만으로는 달라지지 않음"
            "(증명됨), 그 사이는 확인되지 않음",
            f"Removing {size} changes who is out. Fewer than {least} cannot (proven); "
            "what lies between is not settled.",
        )
    if each.certainty is Certainty.NONE_UP_TO:
        return Text(
            f"{most}개까지는 무엇을 빼도 탈락 팀이 같음(증명됨)",
            f"None up to {most}: no removal of that size changes who is out (proven).",
        )
    return Text(
        f"{most}개까지 찾지 못함. {least}개 미만으로는 달라지지 않음(증명됨)",
        f"None found up to {most}; fewer than {least} cannot (proven).",
    )
