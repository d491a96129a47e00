"""Time of the indices beside named peers, and how often their intervals hold.

    python -m benchmarks.indices [RUNS]
    python -m benchmarks.indices coverage [TIMES]

Index: 15 tasks of 2,000 items, 5 teams, 2,000 draws. Latent scale: 25 models on
15 benchmarks with 30 % missing. Diffusion: 6 models on 2,000 items. Peers answer
the same question in the same process, after one run that is not counted. Seconds
are of the processor, one thread. `coverage` simulates evaluations of known truth
by the generators of the tests, more of them than a test can wait for.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from decimal import Decimal

import numpy as np
from scipy.optimize import least_squares
from scipy.special import expit, ndtri, stdtrit
from threadpoolctl import threadpool_limits

from dokja.evidence.seeds import uniform_draws
from dokja.evidence.values import Estimate, Text
from dokja.programme.index_rules import (
    DiffusionMeasure,
    DiffusionPart,
    DiffusionRule,
    FrontierRule,
    IndexRules,
)
from dokja.standing.indices.differences import index_differences
from dokja.standing.indices.diffusion import diffusion_report
from dokja.standing.indices.figures import DiffusionEvidence
from dokja.standing.indices.frontier import FrontierEvidence, frontier_index
from dokja.standing.indices.frontier_report import frontier_report
from dokja.standing.indices.scores import shared_draws
from dokja.standing.indices.values import CostMeasurement
from dokja.statistics.capability_fit import capability_fit
from dokja.statistics.clustered import Mask, Scores, single_items
from tests.unit.standing.indices.made_scores import (
    benchmark,
    category,
    evidence,
    rule,
    simulated,
    true_index,
)

TASKS, ITEMS, TEAMS, DRAWS = 15, 2000, 5, 2000
MODELS, BENCHMARKS, RIDGE = 25, 15, 1e-3
DESIGNS = {
    "60, 80, 40 clusters": (("x", 60, 3), ("y", 80, 1), ("z", 40, 2)),
    "8, 12, 10 clusters": (("x", 8, 10), ("y", 12, 4), ("z", 10, 5)),
    "one benchmark, 12 clusters": (("x", 12, 4),),
}


def made_index() -> tuple[FrontierRule, FrontierEvidence]:
    """Fifteen tasks in three categories, each answered by five teams."""
    names = [f"b{place:02}" for place in range(TASKS)]
    made = [
        benchmark(
            name,
            {
                f"T{team}": (uniform_draws(100 * place + team, ITEMS) < 0.6).astype(
                    np.float64
                )
                for team in range(TEAMS)
            },
            clusters=single_items(ITEMS),
        )
        for place, name in enumerate(names)
    ]
    rules = rule(
        category("a", "0.5", *names[:5]),
        category("b", "0.3", *names[5:10]),
        category("c", "0.2", *names[10:]),
    )
    return rules, evidence(tuple(f"T{team}" for team in range(TEAMS)), *made)


def ours_differences(rules: FrontierRule, given: FrontierEvidence) -> float:
    """Width of the first of ten differences between teams."""
    draws = shared_draws(
        list(given.benchmarks.values()), rules="r", beacon="b", draws=DRAWS
    )
    found = index_differences(rules, given, draws)[0].difference
    return _width(found)


def ours_report(rules: FrontierRule, given: FrontierEvidence) -> float:
    """The same with indices, categories, fifteen left-out views and win rates."""
    found = frontier_report(IndexRules(version="1", frontier=rules), given, beacon="b")
    return _width(found.differences[0].difference)


def numpy_differences(given: FrontierEvidence) -> float:
    """The first difference by numpy's generator and a matrix product."""
    generator = np.random.default_rng(1)
    lead = np.zeros(DRAWS)
    weights = {"a": 0.1, "b": 0.06, "c": 0.04}
    for place, each in enumerate(given.benchmarks.values()):
        task = np.column_stack([each.scores[f"T{team}"] for team in range(TEAMS)])
        drawn = generator.standard_exponential((DRAWS, ITEMS))
        shares = (drawn @ task) / drawn.sum(axis=1, keepdims=True)
        lead += 100 * weights["abc"[place // 5]] * (shares[:, 0] - shares[:, 1])
    low, high = np.quantile(lead, (0.025, 0.975))
    return float(high - low)


def made_table(seed: int) -> tuple[Scores, Scores, Mask]:
    """Abilities, scores and which of them there are: 70 %."""
    drawn = [ndtri(uniform_draws(10 * seed + k, n)) for k, n in enumerate((25, 15, 15))]
    ability = 1.2 * np.sort(drawn[0])
    expected = expit(np.exp(0.2 + 0.35 * drawn[2]) * (ability[:, None] - drawn[1]))
    size = MODELS * BENCHMARKS
    noise = 0.02 * ndtri(uniform_draws(10 * seed + 5, size)).reshape(expected.shape)
    seen = uniform_draws(10 * seed + 6, size).reshape(expected.shape) > 0.3
    return ability, expected + noise, seen


def ours_fit(ability: Scores, scores: Scores, seen: Mask) -> float:
    """Correlation of the abilities found with those it was made with."""
    found = capability_fit(scores, seen, ridge=RIDGE)
    return _correlation(ability, None if found is None else found.capability)


def scipy_fit(ability: Scores, scores: Scores, seen: Mask) -> float:
    """The same by scipy's least squares, derivatives by finite differences."""
    model, place = np.nonzero(seen)
    given = scores[seen]

    def residuals(at: Scores) -> Scores:
        slope = np.exp(at[MODELS + BENCHMARKS :])[place]
        distance = at[model] - at[MODELS + place]
        pull = np.sqrt(RIDGE) * at
        return np.concatenate([given - expit(slope * distance), pull])

    found = least_squares(residuals, np.zeros(MODELS + 2 * BENCHMARKS))
    return _correlation(ability, found.x[:MODELS])


def made_use() -> tuple[IndexRules, list[DiffusionEvidence], DiffusionEvidence]:
    """Six models, each measured on the same 2,000 items."""
    measures = (
        DiffusionMeasure.COST_PER_SOLVED,
        DiffusionMeasure.TOKENS_P95,
        DiffusionMeasure.LATENCY_MEDIAN,
        DiffusionMeasure.LATENCY_P95,
    )
    parts = tuple(
        DiffusionPart(
            id=measure.value,
            name=Text(ko="시험", en="test"),
            measure=measure,
            weight=Decimal("0.25"),
            times_at_zero=Decimal("0.1"),
            times_at_full=Decimal(10),
        )
        for measure in measures
    )
    rules = DiffusionRule(reference="R", parts=parts, draws=DRAWS, currency="KRW")
    models = [
        DiffusionEvidence(subject=name, items=_rows(place), source="made")
        for place, name in enumerate(("R", *(f"T{team}" for team in range(TEAMS))))
    ]
    return IndexRules(version="1", diffusion=rules), models[1:], models[0]


def ours_use(
    rules: IndexRules, teams: list[DiffusionEvidence], reference: DiffusionEvidence
) -> float:
    """Width of the first difference between teams in the Diffusion Index."""
    found = diffusion_report(rules, teams, reference, beacon="b")
    return _width(found.differences[0].difference)


def _rows(seed: int) -> tuple[CostMeasurement, ...]:
    length = np.exp(uniform_draws(1, ITEMS) + 0.3 * uniform_draws(seed + 2, ITEMS))
    solved = uniform_draws(seed + 20, ITEMS) < 0.6
    return tuple(
        CostMeasurement(
            item=f"i{place:05}",
            cluster=f"i{place:05}",
            score=float(solved[place]),
            cost=float(length[place]),
            input_tokens=100,
            output_tokens=float(int(1000 * length[place])),
            seconds=float(length[place]),
        )
        for place in range(ITEMS)
    )


def _width(found: Estimate | None) -> float:
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    return found.high - found.low


def _correlation(ability: Scores, found: Scores | None) -> float:
    return np.nan if found is None else float(np.corrcoef(ability, found)[0, 1])


def row(name: str, call: Callable[[], float], runs: int) -> None:
    """Prints a line of the table: least and median seconds, and what was found."""
    taken, found = [], 0.0
    for _ in range(runs + 1):
        began = time.process_time()
        found = call()
        taken.append(time.process_time() - began)
    least, middle = min(taken[1:]), statistics.median(taken[1:])
    print(f"| {name} | {least:.4f} | {middle:.4f} | {found:.6g} |", flush=True)


def speed(runs: int) -> None:
    """Prints the table of times."""
    print("| what | min s | median s | finds |\n| --- | --- | --- | --- |")
    rules, given = made_index()
    row(
        "all differences of the index, Dokja",
        lambda: ours_differences(rules, given),
        runs,
    )
    row("the whole report, Dokja", lambda: ours_report(rules, given), runs)
    row("one difference, numpy", lambda: numpy_differences(given), runs)
    table = made_table(1)
    row("latent scale, Dokja", lambda: ours_fit(*table), runs)
    row("latent scale, scipy least_squares", lambda: scipy_fit(*table), runs)
    use = made_use()
    row("Diffusion Index, Dokja", lambda: ours_use(*use), runs)


def coverage(times: int) -> None:
    """Prints how many of 100 intervals hold the truth."""
    skills = {"T1": 0.6, "T2": 0.3}
    truth = {team: true_index(skill) for team, skill in skills.items()}
    print("| intervals of | hold the truth, % | of |\n| --- | --- | --- |")
    for name, design in DESIGNS.items():
        held = _held(design, skills, truth, times)
        for what, count in held.items():
            print(
                f"| {what}, {name} | {100 * count / times:.1f} | {times} |", flush=True
            )
    held_eci, tried = 0, 0
    for seed in range(times // 5):
        inside, asked = _placed(200 + seed)
        held_eci, tried = held_eci + inside, tried + asked
    print(f"| latent scale | {100 * held_eci / tried:.1f} | {tried} |")


def _held(
    design: tuple[tuple[str, int, int], ...],
    skills: Mapping[str, float],
    truth: Mapping[str, float],
    times: int,
) -> dict[str, int]:
    names = [name for name, _, _ in design]
    weights = {1: ("1",), 3: ("0.5", "0.3", "0.2")}[len(names)]
    rules = rule(*(category(n, w, n) for n, w in zip(names, weights, strict=True)))
    held = {"index": 0, "difference": 0}
    for seed in range(times):
        made = simulated(10_000 + seed, skills, design)
        given = evidence(tuple(skills), *made)
        held["index"] += _inside(frontier_index(rules, given, "T1").index, truth["T1"])
        draws = shared_draws(made, rules="r", beacon=str(seed), draws=1000)
        (lead,) = index_differences(rules, given, draws)
        held["difference"] += _inside(lead.difference, truth["T1"] - truth["T2"])
    return held


def _placed(seed: int) -> tuple[int, int]:
    ability, scores, seen = made_table(seed)
    found = capability_fit(scores, seen, ridge=RIDGE)
    assert found is not None
    reach = float(stdtrit(found.freedom, 0.975))
    others = [model for model in range(MODELS) if model not in (5, 20)]
    inside = 0
    for model in others:
        value, error = found.on_scale(model, (5, 20), (130.0, 150.0))
        truth = 130 + 20 * (ability[model] - ability[5]) / (ability[20] - ability[5])
        inside += abs(value - truth) <= reach * error
    return inside, len(others)


def _inside(found: Estimate | None, truth: float) -> bool:
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    return found.low <= truth <= found.high


def main(arguments: list[str]) -> None:
    """Times, or with `coverage` the shares of intervals that hold."""
    count = int(arguments[-1]) if arguments and arguments[-1].isdigit() else 0
    with threadpool_limits(limits=1):
        if arguments[:1] == ["coverage"]:
            coverage(count or 4000)
        else:
            speed(count or 5)


if __name__ == "__main__":
    main(sys.argv[1:])
