"""The Diffusion Index: fixed reference, joint draws, missing parts as rules say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest
from msgspec import structs

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.seeds import uniform_draws
from dokja.evidence.values import Estimate
from dokja.programme.index_rules import (
    DiffusionMeasure,
    DiffusionPart,
    DiffusionRule,
    IndexRules,
    MissingPart,
    PartScale,
)
from dokja.standing.indices.diffusion import diffusion_report
from dokja.standing.indices.diffusion_parts import part_worth
from dokja.standing.indices.figures import DiffusionEvidence, Figure
from dokja.standing.indices.item_figures import item_figures
from dokja.standing.indices.values import (
    AdoptionFigure,
    CostMeasurement,
    DiffusionIndex,
    DiffusionPartValue,
    MemoryMeasurement,
    PartCounting,
    ThroughputMeasurement,
)
from dokja.standing.indices.words import (
    BELOW_QUALITY,
    FEW_REPEATS,
    NO_ADOPTION,
    NOT_COMPARABLE,
    NOT_ON_THE_DEVICE,
    NOTHING_SOLVED,
    OTHER_ITEMS,
    REFERENCE_LACKS,
    SOURCES_DIFFER,
)
from tests.unit.standing.indices.made_scores import NAME

DRAWS = 2000
SHARES = frozenset({"formats", "openness", "expert_share", "user_share"})


def _part(measure: str, weight: str = "1", **more: MissingPart) -> DiffusionPart:
    share = measure in SHARES
    return DiffusionPart(
        id=measure,
        name=NAME,
        measure=DiffusionMeasure(measure),
        weight=Decimal(weight),
        scale=PartScale.SHARE if share else PartScale.LOG_RATIO,
        times_at_zero=None if share else Decimal("0.1"),
        times_at_full=None if share else Decimal(10),
        **more,
    )


def _rules(*parts: DiffusionPart) -> IndexRules:
    return IndexRules(
        version="1",
        diffusion=DiffusionRule(
            reference="R",
            parts=parts,
            draws=DRAWS,
            currency="KRW",
            device="gpu-a",
            quality_floor=Decimal("0.5"),
            context_tokens=4096,
            formats=("gguf", "safetensors", "onnx", "awq"),
            openness={"Apache-2.0": Decimal(1), "LicenseRef-own": Decimal("0.4")},
            adoption_unit="downloads a month",
            adoption_from="2025-07-01",
            adoption_until="2025-12-31",
        ),
    )


def _rows(
    seed: int, *, times: float = 1.0, right: float = 0.6, count: int = 300
) -> tuple[CostMeasurement, ...]:
    """Items whose cost and length are `times` those of a common task."""
    length = np.exp(uniform_draws(1, count))
    own = np.exp(0.3 * uniform_draws(seed, count))
    solved = uniform_draws(seed + 1, count) < right
    return tuple(
        CostMeasurement(
            item=f"i{place:04}",
            cluster=f"c{place % 100}",
            score=float(solved[place]),
            cost=times * float(length[place] * own[place]),
            input_tokens=100,
            output_tokens=int(1000 * times * length[place]),
            seconds=times * float(length[place]),
        )
        for place in range(count)
    )


def _of(subject: str, rows: Sequence[CostMeasurement] = ()) -> DiffusionEvidence:
    return DiffusionEvidence(subject=subject, items=tuple(rows), source="made")


def _only(
    measure: str, team: DiffusionEvidence, reference: DiffusionEvidence
) -> DiffusionPartValue:
    report = diffusion_report(_rules(_part(measure)), [team], reference, beacon="b")
    return report.teams[0].parts[0]


def test_the_reference_beside_itself_is_half_way() -> None:
    """From a tenth as good to ten times as good, its own figure lies between."""
    rows = _rows(5)
    found = _only("cost_per_solved", _of("T1", rows), _of("R", rows))
    assert found.times is not None
    assert (found.times.value, found.times.low, found.times.high) == (1, 1, 1)
    assert found.value is not None
    assert found.value.value == pytest.approx(0.5)


def test_half_the_cost_is_twice_as_good() -> None:
    """On a log scale, and with nothing of the common luck left in the ratio."""
    found = _only("cost_per_solved", _of("T1", _rows(5, times=0.5)), _of("R", _rows(5)))
    assert found.times is not None
    assert found.times.value == pytest.approx(2)
    assert found.times.low == pytest.approx(2)
    assert found.value is not None
    assert found.value.value == pytest.approx((math.log10(2) + 1) / 2)


def test_the_cost_of_a_solved_item_pays_for_failures() -> None:
    """Sum of costs over sum of scores, with an interval over joint draws."""
    rows = _rows(5)
    found = _only("cost_per_solved", _of("T1", rows), _of("R", _rows(9)))
    wanted = sum(r.cost or 0 for r in rows) / sum(r.score or 0 for r in rows)
    assert found.figure is not None
    assert found.figure.value == pytest.approx(wanted)
    assert found.figure.low is not None
    assert found.figure.high is not None
    assert found.figure.low < wanted < found.figure.high
    assert "KRW" in found.figure.method
    assert found.figure.n == 300


@pytest.mark.parametrize(
    ("measure", "level"),
    [
        ("latency_median", 0.5),
        ("latency_p95", 0.95),
        ("tokens_median", 0.5),
        ("tokens_p95", 0.95),
    ],
)
def test_quantiles_of_items_have_intervals(measure: str, level: float) -> None:
    """And are figures of items that were measured."""
    rows = _rows(5)
    found = _only(measure, _of("T1", rows), _of("R", _rows(5, times=2.0))).figure
    values = [
        (r.seconds or 0.0)
        if measure.startswith("latency")
        else float((r.input_tokens or 0) + (r.output_tokens or 0))
        for r in rows
    ]
    assert found is not None
    assert found.value == np.quantile(values, level, method="inverted_cdf")
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.value < found.high


def test_an_item_without_a_figure_is_counted_and_said() -> None:
    """Neither 0 nor dropped; parts that need other figures stand."""
    rows = list(_rows(5))
    rows[3] = structs.replace(rows[3], cost=None)
    rows[7] = structs.replace(rows[7], cost=None)
    rules = _rules(_part("cost_per_solved", "0.5"), _part("latency_p95", "0.5"))
    report = diffusion_report(rules, [_of("T1", rows)], _of("R", _rows(9)), beacon="b")
    (team,) = report.teams
    assert team.index is None
    assert team.reason is not None
    assert "cost_per_solved" in team.reason.en
    first, second = team.parts
    assert first.counting is PartCounting.UNDETERMINED
    assert first.reason is not None
    assert first.reason.en.startswith("2 items")
    assert second.counting is PartCounting.COUNTED


def test_costs_on_other_items_are_not_compared() -> None:
    """Cheaper questions would make a cheaper model."""
    found = _only("cost_per_solved", _of("T1", _rows(5)[:-1]), _of("R", _rows(5)))
    assert found.reason == OTHER_ITEMS


def test_nothing_solved_has_no_cost() -> None:
    """Dividing by 0 would be infinite; 0 would be the best of all."""
    found = _only("cost_per_solved", _of("T1", _rows(5, right=0.0)), _of("R", _rows(5)))
    assert found.reason == NOTHING_SOLVED


def test_rows_that_cannot_be_true_are_refused() -> None:
    """An item twice, or a negative cost."""
    rows = _rows(5)
    for broken in (
        (*rows, rows[0]),
        (structs.replace(rows[0], cost=-1.0), *rows[1:]),
        (structs.replace(rows[0], score=1.5), *rows[1:]),
        (structs.replace(rows[0], seconds=math.nan), *rows[1:]),
    ):
        with pytest.raises(InvalidInput):
            _only("cost_per_solved", _of("T1", broken), _of("R", rows))


def _load(*speeds: float, **changed: object) -> ThroughputMeasurement:
    made = ThroughputMeasurement(
        configuration="bf16",
        device="gpu-a",
        devices=2,
        quality=0.6,
        tokens_per_second=speeds,
    )
    return structs.replace(made, **changed)


def _loaded(subject: str, *loads: ThroughputMeasurement) -> DiffusionEvidence:
    return DiffusionEvidence(subject=subject, throughput=loads, source="made")


def test_throughput_counts_per_device_at_the_quality_asked_for() -> None:
    """The fast configuration that lost its quality does not count."""
    fast = _load(900.0, 910.0, 920.0, configuration="int2", quality=0.4)
    found = _only(
        "throughput",
        _loaded("T1", _load(200.0, 210.0, 205.0), fast),
        _loaded("R", _load(100.0, 101.0, 102.0)),
    )
    assert found.figure is not None
    wanted = (200 * 210 * 205) ** (1 / 3) / 2
    assert found.figure.value == pytest.approx(wanted)
    assert "bf16" in found.figure.method
    assert found.figure.low is not None
    assert found.times is not None
    assert found.times.value > 2
    assert found.times.low is not None
    assert found.times.low > 1.7


@pytest.mark.parametrize(
    ("loads", "reason"),
    [
        ((), NOT_ON_THE_DEVICE),
        ((_load(1.0, 1.0, 1.0, device="gpu-b"),), NOT_ON_THE_DEVICE),
        ((_load(1.0, 1.0, 1.0, quality=0.49),), BELOW_QUALITY),
        ((_load(1.0, 1.1),), FEW_REPEATS),
    ],
)
def test_a_throughput_that_does_not_compare_says_why(
    loads: tuple[ThroughputMeasurement, ...], reason: object
) -> None:
    """Another device, less quality, or a single lucky run."""
    reference = _loaded("R", _load(1.0, 1.1, 1.2))
    assert _only("throughput", _loaded("T1", *loads), reference).reason == reason


@pytest.mark.parametrize("load", [_load(1.0, 0.0, 1.0), _load(1.0, devices=0)])
def test_a_load_that_failed_has_no_throughput(load: ThroughputMeasurement) -> None:
    """Its logarithm would carry the index to where no team can be."""
    with pytest.raises(InvalidInput, match="a load on"):
        _only("throughput", _loaded("T1", load), _loaded("R", _load(1.0, 1.1, 1.2)))


def _peak(size: int, **changed: object) -> MemoryMeasurement:
    made = MemoryMeasurement(
        configuration="bf16",
        device="gpu-a",
        context_tokens=4096,
        quality=0.6,
        peak_bytes=size,
    )
    return structs.replace(made, **changed)


def test_less_memory_at_less_quality_is_no_saving() -> None:
    """And memory at another length of context is another figure."""
    own = DiffusionEvidence(
        subject="T1",
        memory=(_peak(400), _peak(100, quality=0.3), _peak(50, context_tokens=512)),
    )
    found = _only("memory", own, DiffusionEvidence(subject="R", memory=(_peak(800),)))
    assert found.figure is not None
    assert found.figure.value == 400
    assert (found.figure.low, found.figure.high) == (None, None)
    assert found.times is not None
    assert found.times.value == 2


def test_shares_stand_as_they_are() -> None:
    """Two formats of four; a licence worth what the rules say; none unknown."""
    reference = DiffusionEvidence(subject="R")
    own = DiffusionEvidence(
        subject="T1", formats=("gguf", "onnx", "other"), licence="LicenseRef-own"
    )
    for measure, value in (("formats", 0.5), ("openness", 0.4)):
        found = _only(measure, own, reference)
        assert found.value is not None
        assert found.value.value == value
        assert found.times is None
    odd = _relicensed(own, licence="LicenseRef-unheard")
    found = _only("openness", odd, reference)
    assert found.value is None
    assert found.reason is not None
    assert "LicenseRef-unheard" in found.reason.en
    assert _only("openness", _relicensed(own, licence=""), reference).value is None
    assert _only("formats", _nothing_of("T1"), reference).value is None


def _relicensed(evidence: DiffusionEvidence, *, licence: str) -> DiffusionEvidence:
    """The evidence with another licence."""
    return DiffusionEvidence(
        subject=evidence.subject, formats=evidence.formats, licence=licence
    )


def _nothing_of(subject: str) -> DiffusionEvidence:
    """Evidence of nothing."""
    return DiffusionEvidence(subject=subject)


def _used(subject: str, *figures: tuple[float, str, str]) -> DiffusionEvidence:
    return DiffusionEvidence(
        subject=subject,
        adoption=tuple(
            AdoptionFigure(
                value=value, unit="downloads a month", source=source, as_of=day
            )
            for value, source, day in figures
        ),
    )


def test_adoption_is_the_latest_outside_figure_of_the_days_asked_for() -> None:
    """With its source and day, and without an interval that nobody measured."""
    own = _used(
        "T1",
        (9e9, "registry", "2026-01-02"),
        (2000.0, "registry", "2025-12-01"),
        (10.0, "registry", "2025-08-01"),
    )
    found = _only("adoption", own, _used("R", (1000.0, "registry", "2025-12-01")))
    assert found.figure is not None
    assert found.figure.value == 2000
    assert found.figure.source == "registry, 2025-12-01"
    assert found.figure.low is None
    assert found.times is not None
    assert found.times.value == 2


def test_adoption_is_never_estimated() -> None:
    """No figure, figures that differ, or a figure without a source: none."""
    reference = _used("R", (1000.0, "registry", "2025-12-01"))
    assert _only("adoption", _used("T1"), reference).reason == NO_ADOPTION
    unnamed = _used("T1", (1.0, "", "2025-12-01"))
    assert _only("adoption", unnamed, reference).reason == NO_ADOPTION
    apart = _used("T1", (1.0, "a", "2025-12-01"), (2.0, "b", "2025-12-01"))
    assert _only("adoption", apart, reference).reason == SOURCES_DIFFER
    none = _used("T1", (0.0, "a", "2025-12-01"))
    found = _only("adoption", none, reference)
    assert found.value is None
    assert found.figure is not None


def _two(on_missing: MissingPart) -> DiffusionIndex:
    rules = _rules(
        _part("memory", "0.75"), _part("adoption", "0.25", on_missing=on_missing)
    )
    own = DiffusionEvidence(subject="T1", memory=(_peak(800),))
    used = _used("R", (1000.0, "registry", "2025-12-01"))
    reference = DiffusionEvidence(
        subject="R", memory=(_peak(800),), adoption=used.adoption
    )
    (team,) = diffusion_report(rules, [own], reference, beacon="b").teams
    return team


def test_a_missing_part_counts_only_as_the_rules_say() -> None:
    """Undetermined by default; left out, or worst, where it was agreed."""
    open_index = _two(MissingPart.UNDETERMINED)
    assert open_index.index is None
    assert open_index.parts[1].counting is PartCounting.UNDETERMINED
    left = _two(MissingPart.LEFT_OUT)
    assert left.index is not None
    assert left.index.value == pytest.approx(50)
    assert not left.comparable
    assert left.reason == NOT_COMPARABLE
    worst = _two(MissingPart.WORST)
    assert worst.index is not None
    assert worst.index.value == pytest.approx(0.75 * 50)
    assert worst.comparable
    assert worst.parts[1].reason == NO_ADOPTION


def test_a_gap_of_the_reference_is_no_fault_of_the_team() -> None:
    """Whatever the rules say of missing parts, they are about teams."""
    rules = _rules(_part("memory", on_missing=MissingPart.WORST))
    own = DiffusionEvidence(subject="T1", memory=(_peak(800),))
    (team,) = diffusion_report(rules, [own], _nothing_of("R"), beacon="b").teams
    assert team.index is None
    assert team.parts[0].counting is PartCounting.UNDETERMINED
    assert team.parts[0].reason == REFERENCE_LACKS


def _share(value: float, seed: int) -> Figure:
    draws = value + 0.05 * (uniform_draws(seed, DRAWS) - 0.5)
    estimate = Estimate(
        value=value, low=value - 0.02, high=value + 0.02, n=10, method="m", source="s"
    )
    return Figure(estimate, draws)


def test_experts_and_users_enter_with_their_own_draws() -> None:
    """One index, one interval, over all that is uncertain in it."""
    rules = _rules(
        _part("cost_per_solved", "0.5"),
        _part("expert_share", "0.3"),
        _part("user_share", "0.2"),
    )
    teams = [
        DiffusionEvidence(
            subject=name,
            items=_rows(5 + place, times=1 + 0.1 * place),
            expert=_share(0.8, 1),
            user=_share(0.6, 2),
        )
        for place, name in enumerate(("T1", "T2"))
    ]
    report = diffusion_report(rules, teams, _of("R", _rows(5)), beacon="b")
    first = report.teams[0].index
    assert first is not None
    assert first.value == pytest.approx(100 * (0.5 * 0.5 + 0.3 * 0.8 + 0.2 * 0.6))
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.value < first.high
    (lead,) = report.differences
    assert lead.difference is not None
    # Both teams have the same experts and users, whose draws cancel.
    assert lead.difference.low is not None
    assert lead.difference.high is not None
    assert lead.difference.high - lead.difference.low < 2 * (first.high - first.low)
    assert report.order == ("T1", "T2")


def test_a_teams_index_is_its_own_whoever_else_takes_part() -> None:
    """Fixed reference, shared weights: no best team of the day."""
    rules = _rules(_part("cost_per_solved", "0.5"), _part("latency_p95", "0.5"))
    one = _of("T1", _rows(5))
    other = _of("T2", _rows(8, times=0.2))
    reference = _of("R", _rows(11))
    alone = diffusion_report(rules, [one], reference, beacon="b")
    both = diffusion_report(rules, [other, one], reference, beacon="b")
    assert canonical_bytes(both.teams[0]) == canonical_bytes(alone.teams[0])


def test_indices_of_other_parts_are_not_compared() -> None:
    """One of the teams has no adoption figure, which the rules leave out."""
    rules = _rules(
        _part("memory", "0.5"),
        _part("adoption", "0.5", on_missing=MissingPart.LEFT_OUT),
    )
    used = _used("T1", (10.0, "a", "2025-12-01")).adoption
    teams = [
        DiffusionEvidence(subject="T1", memory=(_peak(8),), adoption=used),
        DiffusionEvidence(subject="T2", memory=(_peak(8),)),
    ]
    reference = DiffusionEvidence(subject="R", memory=(_peak(8),), adoption=used)
    (lead,) = diffusion_report(rules, teams, reference, beacon="b").differences
    assert lead.difference is None
    assert lead.reason == NOT_COMPARABLE


@pytest.mark.parametrize(
    ("teams", "reference"),
    [
        ([_of("T1")], _of("T9")),
        ([_of("T1"), _of("T1")], _of("R")),
        (
            [
                DiffusionEvidence(
                    subject="T1",
                    expert=Figure(
                        Estimate(
                            value=1, low=None, high=None, n=1, method="m", source="s"
                        ),
                        np.ones(7),
                    ),
                )
            ],
            _of("R"),
        ),
    ],
)
def test_evidence_of_another_reference_is_refused(
    teams: list[DiffusionEvidence], reference: DiffusionEvidence
) -> None:
    """The reference is fixed by the rules; draws are paired one by one."""
    with pytest.raises(InvalidInput):
        diffusion_report(_rules(_part("memory")), teams, reference, beacon="b")


def test_rules_without_a_diffusion_index_have_no_report() -> None:
    """The rulebook never said what the index is."""
    with pytest.raises(InvalidInput, match="no Diffusion Index"):
        diffusion_report(IndexRules(version="1"), [], _of("R"), beacon="b")


def test_the_ratio_of_costs_is_covered() -> None:
    """93 to 97 of 100 intervals hold the true ratio, at 40 clusters of items."""
    rule = _rules(_part("cost_per_solved")).diffusion
    assert rule is not None
    rule = structs.replace(rule, draws=400)
    truth = (2.0 * 0.55) / (1.2 * 0.65)
    held = 0
    for seed in range(500):
        own, reference = (
            _of(subject, _drawn_rows(10 * seed, place, cost=cost, right=right))
            for place, (subject, cost, right) in enumerate(
                (("T1", 1.2, 0.55), ("R", 2.0, 0.65))
            )
        )
        found = item_figures(rule, [own, reference], rules="r", beacon=str(seed))
        figures = [
            found[name][DiffusionMeasure.COST_PER_SOLVED] for name in ("T1", "R")
        ]
        worth = part_worth(rule.parts[0], figures[0], figures[1]).part.times
        assert worth is not None
        assert worth.low is not None
        assert worth.high is not None
        held += worth.low <= truth <= worth.high
    assert 0.93 <= held / 500 <= 0.97


def _drawn_rows(
    seed: int, place: int, *, cost: float, right: float
) -> list[CostMeasurement]:
    """Items of 40 passages; long passages are long, and hard, for every model."""
    passage = uniform_draws(seed, 40)[np.arange(120) % 40]
    noise = uniform_draws(seed + 1 + place, 120)
    solved = uniform_draws(seed + 4 + place, 120) < right + 0.3 * (passage - 0.5)
    return [
        CostMeasurement(
            item=f"i{item:03}",
            cluster=f"c{item % 40:02}",
            score=float(solved[item]),
            cost=cost * float(0.5 + 0.5 * passage[item] + 0.5 * noise[item]),
            input_tokens=None,
            output_tokens=None,
            seconds=None,
        )
        for item in range(120)
    ]
