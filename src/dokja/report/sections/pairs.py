"""Two teams side by side: how far they differ on the same items, suite by suite."""

from __future__ import annotations

from itertools import combinations

from markupsafe import Markup

from dokja.benchmark.results import paired_difference
from dokja.benchmark.values import Suite
from dokja.evidence.values import Estimate, Text
from dokja.report.figures import difference_figure, reach_of
from dokja.report.names import Names
from dokja.report.numerals import percent, points_interval, signed_points
from dokja.report.pieces import View, unique
from dokja.stage.values import StageRecord


class PairedSuite(View, frozen=True, kw_only=True):
    """Two teams on one suite."""

    title: Text
    scores: tuple[str | None, str | None]
    difference: str | None
    interval: str | None
    figure: Markup | None
    n: int | None
    separated: bool | None
    """As the record has it; None where it says nothing of this pair."""


class TeamPair(View, frozen=True, kw_only=True):
    """Two teams on every suite that both answered."""

    left: Text
    right: Text
    suites: tuple[PairedSuite, ...]
    apart: int


class PairsView(View, frozen=True, kw_only=True):
    """Every two teams of the stage."""

    pairs: tuple[TeamPair, ...]
    methods: tuple[str, ...]


def pairs_view(record: StageRecord, names: Names) -> PairsView:
    """Pairs of teams that have a run, in the plan's order."""
    runs = {run.subject: run for run in record.evidence.runs}
    teams = [team for team in record.evidence.plan.teams if team in runs]
    suites = record.evidence.suites
    found = {
        pair: [paired_difference(runs[pair[0]], runs[pair[1]], s) for s in suites]
        for pair in combinations(teams, 2)
    }
    differences = [each for estimates in found.values() for each in estimates]
    reach = reach_of(differences)
    return PairsView(
        pairs=tuple(
            _pair(record, names, pair, estimates, key=f"pair-{number}", reach=reach)
            for number, (pair, estimates) in enumerate(found.items(), start=1)
        ),
        methods=unique(each.method for each in differences if each is not None),
    )


def _pair(
    record: StageRecord,
    names: Names,
    pair: tuple[str, str],
    estimates: list[Estimate | None],
    *,
    key: str,
    reach: float,
) -> TeamPair:
    suites = tuple(
        _suite(record, pair, suite, found, key=f"{key}-{number}", reach=reach)
        for number, (suite, found) in enumerate(
            zip(record.evidence.suites, estimates, strict=True), start=1
        )
    )
    left, right = pair
    return TeamPair(
        left=names.team(left),
        right=names.team(right),
        suites=suites,
        apart=sum(suite.separated is True for suite in suites),
    )


def _suite(
    record: StageRecord,
    pair: tuple[str, str],
    suite: Suite,
    found: Estimate | None,
    *,
    key: str,
    reach: float,
) -> PairedSuite:
    title = suite.header.title
    results = {
        result.subject: result.estimate
        for result in record.outcome.suite_results
        if result.suite == suite.header.id
    }
    scores = [results.get(team) for team in pair]
    return PairedSuite(
        title=title,
        scores=(_share(scores[0]), _share(scores[1])),
        difference=None if found is None else signed_points(found.value),
        interval=points_interval(found),
        figure=None
        if found is None
        else difference_figure(key, found, reach=reach, title=title),
        n=None if found is None else found.n,
        separated=None if found is None else _separated(record, suite, pair),
    )


def _separated(record: StageRecord, suite: Suite, pair: tuple[str, str]) -> bool | None:
    for separation in record.outcome.separations:
        if separation.suite == suite.header.id:
            return any(set(each) == set(pair) for each in separation.separated)
    return None


def _share(found: Estimate | None) -> str | None:
    return None if found is None else percent(found.value)
