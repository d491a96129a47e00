"""Runs and rules in: which items count, in which currency, of whom."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from dokja.benchmark.values import OfficialRun, PriceList, Suite
from dokja.errors import InvalidInput
from dokja.programme.index_rules import (
    DiffusionMeasure,
    DiffusionPart,
    DiffusionRule,
    IndexRules,
)
from dokja.standing.indices.of_stage import MeasuredModels, measured_diffusion
from dokja.standing.indices.values import DiffusionPartValue
from dokja.standing.indices.words import OTHER_ITEMS, REFERENCE_LACKS
from tests.unit.standing.indices.made_scores import NAME
from tests.unit.standing.indices.test_from_runs import (
    ITEMS,
    SUITE,
    made_run,
    made_sample,
)

PRICES = PriceList(
    currency="KRW",
    per_million_input=1000.0,
    per_million_output=2000.0,
    source="price list",
    as_of="2026-01-01",
)


def _part(measure: DiffusionMeasure) -> DiffusionPart:
    return DiffusionPart(
        id=measure.value,
        name=NAME,
        measure=measure,
        weight=Decimal(1),
        times_at_zero=Decimal("0.1"),
        times_at_full=Decimal(10),
    )


def _suite(name: str) -> Suite:
    return structs.replace(SUITE, header=structs.replace(SUITE.header, id=name))


def _answered(*suites: str, prices: PriceList | None = PRICES) -> OfficialRun:
    samples = [
        structs.replace(made_sample(item, 1.0), suite=suite)
        for suite in suites
        for item in ITEMS
    ]
    return structs.replace(made_run(*samples), prices=prices)


def _found(
    measure: DiffusionMeasure,
    runs: dict[str, dict[str, OfficialRun]],
    benchmarks: tuple[str, ...] = (),
) -> DiffusionPartValue:
    rule = DiffusionRule(
        reference="R", parts=(_part(measure),), currency="KRW", benchmarks=benchmarks
    )
    rules = IndexRules(version="1", diffusion=rule)
    models = MeasuredModels(
        teams=("T1",), suites={name: _suite(name) for name in runs}, runs=runs
    )
    report = measured_diffusion(rules, rule, models, None, {}, beacon="b")
    return report.teams[0].parts[0]


def test_items_of_two_suites_are_not_mixed_up() -> None:
    """Both suites call their items alike; six rows count, not three."""
    run = _answered("x", "y")
    both = {name: {"T1": run, "R": run} for name in ("x", "y")}
    part = _found(DiffusionMeasure.TOKENS_MEDIAN, both)
    assert part.figure is not None
    assert part.figure.n == 2 * len(ITEMS)
    named = _found(DiffusionMeasure.TOKENS_MEDIAN, both, ("x",))
    assert named.figure is not None
    assert named.figure.n == len(ITEMS)


def test_a_suite_that_the_reference_was_not_asked_counts_for_nobody() -> None:
    """A team cannot lower its costs with items of its own choice."""
    run = _answered("x", "y")
    own = {"x": {"T1": run, "R": run}, "y": {"T1": run}}
    part = _found(DiffusionMeasure.TOKENS_MEDIAN, own)
    assert part.figure is not None
    assert part.figure.n == len(ITEMS)
    asked = _found(DiffusionMeasure.TOKENS_MEDIAN, own, ("x", "y"))
    assert asked.reason == REFERENCE_LACKS


def test_a_team_that_was_asked_fewer_items_has_no_figure() -> None:
    """Costs on easier questions would say nothing."""
    run = _answered("x", "y")
    part = _found(
        DiffusionMeasure.TOKENS_MEDIAN,
        {"x": {"T1": run, "R": run}, "y": {"R": run}},
    )
    assert part.reason == OTHER_ITEMS


def test_money_is_never_converted_or_guessed() -> None:
    """Another currency is refused; a bill without a price list is no figure."""
    measure = DiffusionMeasure.COST_PER_SOLVED
    won = _answered("x")
    part = _found(measure, {"x": {"T1": won, "R": won}})
    assert part.figure is not None
    dollars = _answered("x", prices=structs.replace(PRICES, currency="USD"))
    with pytest.raises(InvalidInput, match="priced in USD, the rules count KRW"):
        _found(measure, {"x": {"T1": dollars, "R": won}})
    unknown = _answered("x", prices=None)
    part = _found(measure, {"x": {"T1": unknown, "R": won}})
    assert part.value is None
    assert part.reason is not None
    assert "3 items were not measured" in part.reason.en
