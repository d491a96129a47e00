"""Official runs become scores and costs; what is open stays open."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec import structs

from dokja.benchmark.values import (
    Item,
    Measured,
    OfficialRun,
    SampleRecord,
    SampleStatus,
    Suite,
    SuiteHeader,
    Track,
)
from dokja.programme.index_rules import IndexRules
from dokja.stage.acts import read_evidence
from dokja.standing.indices import (
    benchmark_scores,
    cost_measurements,
    frontier_report,
)
from dokja.standing.indices.words import INCOMPLETE, NOT_RUN
from tests.programme_simulator import SimulatedStage
from tests.unit.standing.indices.made_scores import NAME, category, evidence, rule

ITEMS = ("i2", "i1", "i3")
SUITE = Suite(
    header=SuiteHeader(
        id="x",
        version="1",
        title=NAME,
        description=NAME,
        track=Track.TEXT,
        language="ko",
        licence="CC0-1.0",
        authors=("office",),
        source="made",
        chance=0.25,
        items=3,
        ceiling=0.9,
    ),
    items=tuple(
        Item(id=name, question="?", choices=("a", "b"), answer=0, cluster=f"c{name}")
        for name in ITEMS
    ),
)


def made_sample(item: str, score: float | None, repeat: int = 0) -> SampleRecord:
    """One answer, charged for."""
    return SampleRecord(
        suite="x",
        suite_version="1",
        item=item,
        item_digest="sha256:0",
        cluster=f"c{item}",
        status=SampleStatus.ERROR if score is None else SampleStatus.SCORED,
        chosen=0,
        score=score,
        repeat=repeat,
        input_tokens=100,
        output_tokens=10 * (repeat + 1),
        measured=Measured(seconds=2.0 + repeat, cost=0.5),
    )


def made_run(*samples: SampleRecord) -> OfficialRun:
    """A run of T1 with these answers."""
    return OfficialRun(
        subject="T1",
        weights_root="sha256:1",
        engine="engine 1",
        suites_digest="sha256:2",
        samples=samples,
    )


def test_scores_stand_in_the_order_of_the_suite() -> None:
    """Whatever order the run was kept in; repeats side by side."""
    once = made_run(made_sample("i1", 0), made_sample("i2", 1), made_sample("i3", 0.5))
    twice = made_run(
        *(made_sample(n, s, r) for r, s in ((1, 1), (0, 0)) for n in ITEMS)
    )
    found = benchmark_scores(SUITE, {"T1": once, "T2": twice})
    assert found.scores["T1"].tolist() == [1, 0, 0.5]
    assert found.scores["T2"].tolist() == [[0, 1]] * 3
    assert (found.chance, found.ceiling, found.clusters.groups) == (0.25, 0.9, 3)
    assert found.source == "engine 1; suite x 1"


def test_a_run_with_a_gap_has_no_scores() -> None:
    """Neither 0 for the gap nor a mean over what is left."""
    given = {
        "T1": made_run(
            made_sample("i1", 0), made_sample("i2", 1), made_sample("i3", None)
        ),
        "T2": made_run(made_sample("i1", 0), made_sample("i2", 1)),
        "T3": made_run(),
        "T4": made_run(*[made_sample(n, 1, r) for n in ITEMS for r in (0, 1)][:-1]),
    }
    found = benchmark_scores(SUITE, given)
    assert dict(found.scores) == {}
    assert dict(found.missing) == {
        "T1": INCOMPLETE,
        "T2": INCOMPLETE,
        "T3": NOT_RUN,
        "T4": INCOMPLETE,
    }
    assert found.why_missing("T9") == NOT_RUN


def test_costs_are_means_over_repeats_and_gaps_stay_gaps() -> None:
    """An item of which one repeat was not timed has no time."""
    samples = [made_sample(name, 1, repeat) for name in ITEMS for repeat in (0, 1)]
    samples[1] = structs.replace(samples[1], measured=None)
    rows = cost_measurements(SUITE, made_run(*samples[:-2]))
    assert [row.item for row in rows] == list(ITEMS)
    first, second, absent = rows
    assert (first.cost, first.seconds) == (None, None)
    assert first.output_tokens == 15
    assert (second.cost, second.seconds, second.score) == (0.5, 2.5, 1)
    assert (absent.score, absent.cost, absent.input_tokens) == (None, None, None)


def test_a_suite_nobody_finished_is_still_a_benchmark() -> None:
    """Its chance and ceiling are known; its scores are not."""
    found = benchmark_scores(SUITE, {})
    assert np.array_equal(found.clusters.sizes, np.ones(3))
    with pytest.raises(KeyError):
        found.noise("T1")


def test_a_stage_that_ran_has_an_index() -> None:
    """Five teams of the simulated stage, in the order of their skill."""
    stage = SimulatedStage()
    stage.run()
    given = read_evidence(stage.acts())
    runs = {run.subject: run for run in given.runs}
    made = [benchmark_scores(suite, runs) for suite in given.suites]
    rules = IndexRules(
        version="1",
        frontier=rule(category("all", "1", *(each.benchmark for each in made))),
    )
    teams = tuple(name for name in runs if not name.startswith("reference:"))
    found = frontier_report(rules, evidence(teams, *made), beacon="b")
    assert len(found.order) == 5
    assert found.order[-1] == "t5"
    leads = {(d.left, d.right): d for d in found.differences}
    assert leads["t1", "t5"].separated
    assert leads["t1", "t5"].difference is not None
    assert leads["t1", "t5"].difference.value > 50
