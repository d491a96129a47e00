"""The figures of the lineage bench rest on these calculations, which no page shows."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from tests.unit.benchmarks.lines import Load, bench_of, stored


def test_a_pair_without_a_score_ranks_below_all_and_ties_count_half(
    load: Load, tmp_path: Path
) -> None:
    """A method that is silent on other shapes must not gain by it."""
    scores = [("d1", 9.0), ("d2", None), ("d3", 2.0)]
    derived = [stored(s, candidate=c, truth="derived") for c, s in scores]
    strangers = [stored(s, candidate=c) for c, s in (("i1", 2.0), ("i2", None))]
    bench = bench_of(load, tmp_path, derived + strangers)
    figures = load("figures")
    sides = (bench.of("csu", "derived"), bench.of("csu", "independent"))
    # d1 beats both, d2 ties one and loses one, d3 ties one and beats one.
    assert figures.area(*sides) == pytest.approx((2 + 0.5 + 1.5) / 6)
    assert [r.candidate for r in figures.above_all(*sides)] == ["d1"]
    assert figures.named(sides[0]) == 1


def test_the_interval_of_no_alarm_is_the_exact_one(load: Load) -> None:
    """No alarm in n pairs must never read as no alarm at all."""
    low, high = load("figures").interval(0, 72)
    assert low == 0.0
    assert high == pytest.approx(1 - 0.025 ** (1 / 72))


def test_a_later_record_of_a_pair_replaces_an_earlier_one(
    load: Load, tmp_path: Path
) -> None:
    """A method that was run again must not count its old answers too."""
    bench = bench_of(load, tmp_path, [stored(1.0), stored(8.0)])
    assert [record.score for record in bench.of("csu")] == [8.0]


def test_the_union_takes_the_statistic_that_answers(load: Load, tmp_path: Path) -> None:
    """The bar of the issue is a row that no method writes itself."""
    lines = [stored(None), stored(30.0, method="phi_match")]
    (union,) = bench_of(load, tmp_path, lines).of("csu_or_phi_match")
    assert union.score == 30.0
    assert union.named is True
    assert union.seconds == 2.0


def test_the_rank_p_value_follows_the_one_sided_law(load: Load) -> None:
    """A two-sided or a wrong tail would turn chance into evidence."""
    draws = np.random.default_rng(5)
    one, other = draws.permutation(60), draws.permutation(60)
    expected = spearmanr(one, other, alternative="greater").pvalue
    statistic = load("statistic")
    assert statistic.rank_log10_p(one, other) == pytest.approx(np.log10(expected))
    assert statistic.rank_log10_p(one, one) == statistic.FLOOR


def test_unbiased_alignment_is_near_nothing_for_strangers(load: Load) -> None:
    """The plain kernel alignment of wide matrices is high for any two of them."""
    draws = np.random.default_rng(6)
    grams = [w.T @ w for w in draws.standard_normal((2, 64, 128))]
    unbiased = load("statistic").unbiased_alignment
    assert abs(unbiased(*grams)) < 0.05
    assert unbiased(grams[0], grams[0]) == pytest.approx(1.0)


def test_centred_alignment_does_not_see_a_rotation(load: Load) -> None:
    """The statistic is meant to be blind to the basis and to the scale."""
    draws = np.random.default_rng(7)
    states = draws.standard_normal((50, 8))
    basis, _ = np.linalg.qr(draws.standard_normal((8, 8)))
    aligned = load("statistic").centred_alignment
    assert aligned(states, 3 * states @ basis + 1) == pytest.approx(1.0)
    assert aligned(states, draws.standard_normal((50, 8))) < 0.5


def test_the_peak_holds_what_a_grandchild_allocates(load: Load) -> None:
    """Workers must not hide memory from the figure that is held to a limit."""
    inner = "x = bytearray(200 * 2**20); import time; time.sleep(0.3)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    measured = load("measured").run([sys.executable, "-c", outer])
    assert measured.code == 0
    assert 200 < measured.peak_mb < 400


def test_a_generated_checkpoint_is_a_readable_one(load: Load, tmp_path: Path) -> None:
    """The header is written by hand, for the weights must not be held in memory."""
    from safetensors import safe_open

    generated = load("generated")
    sizes = {"hidden": 64, "layers": 3, "intermediate": 96, "heads": 4, "kv_heads": 2}
    shape = generated.Shape(vocabulary=50, **sizes)
    generated.write(tmp_path, shape, seed=1, shard=60_000)
    index = json.loads((tmp_path / "model.safetensors.index.json").read_text())
    assert len(set(index["weight_map"].values())) > 1
    for name, expected in shape.tensors():
        with safe_open(tmp_path / index["weight_map"][name], "np") as file:
            assert tuple(file.get_slice(name).get_shape()) == expected
