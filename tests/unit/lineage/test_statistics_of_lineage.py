"""The numbers behind a verdict: invariance, calibration, correction, controls."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.evidence.canonical import canonical_bytes, digest_of
from dokja.lineage import (
    LineageReport,
    compare_lineage,
    shipped_rules,
)
from dokja.lineage.draws import Draws
from dokja.lineage.exact_tests import CHANNEL_GRAM_MLP, HIDDEN_UNITS, UNIT_GRAM, rows_of
from dokja.lineage.exact_tests import pair_up as pair_rows
from dokja.lineage.layer_pairs import score
from dokja.lineage.layer_reader import LayerReader, Side
from dokja.lineage.layer_sample import sample_layer
from dokja.lineage.layout import read_layout
from dokja.lineage.pairing import Shared, pair_up
from dokja.submission.values import ComponentKind
from tests.unit.lineage.lineage_models import (
    ArrayCheckpoint,
    Tensors,
    compared,
    comparison,
    decoder,
    encoder,
    reordered,
    subject,
    trained_on,
)

PAIRS = 200
KOLMOGOROV_1_PERCENT = 1.63


def _p_values(left: Tensors, right: Tensors) -> dict[str, float]:
    """Uncorrected p-values of the exact MLP tests over the one layer pair."""
    opened = [ArrayCheckpoint(tensors) for tensors in (left, right)]
    layouts = [read_layout(ComponentKind.VISION_ENCODER, one) for one in opened]
    shared = pair_up(layouts[0], layouts[1], shipped_rules(), Draws(seed_text="t"))
    assert isinstance(shared, Shared)
    samples = []
    for checkpoint, layout in zip(opened, layouts, strict=True):
        side = Side(checkpoint=checkpoint, layout=layout, anchors=None, heads=None)
        samples.append(sample_layer(LayerReader(side=side, plan=shared.plan, number=0)))
    found = {}
    for test in (HIDDEN_UNITS, CHANNEL_GRAM_MLP, UNIT_GRAM):
        rows = [
            rows_of(test, s, shared.plan.mlp, shared.plan.attention) for s in samples
        ]
        assert pair_rows(rows[0], rows[1]) is not None
        found[test.key] = score(rows[0], rows[1]).p_value
    return found


def _distance_from_uniform(values: list[float]) -> float:
    ordered, count = np.sort(values), len(values)
    steps = np.arange(1, count + 1) / count
    return float(np.max(np.maximum(steps - ordered, ordered - steps + 1 / count)))


def test_p_values_of_independent_models_are_uniform() -> None:
    """An alarm rate above the stated one accuses honest teams.

    200 pairs of one-layer models with shared column scales: T1, T3 and T4 over
    the one layer pair, each against its 1 % limit.
    """
    found: dict[str, list[float]] = {}
    rng = np.random.default_rng(8)
    scale = rng.lognormal(size=32).astype(np.float32)
    for seed in range(PAIRS):
        sides = [encoder(2 * seed + side, 1, 32, 64) for side in (0, 1)]
        for side in sides:
            side["encoder.layer.0.intermediate.dense.weight"] *= scale
        for key, value in _p_values(sides[0], sides[1]).items():
            found.setdefault(key, []).append(value)
    assert len(found) == 3
    for values in found.values():
        assert len(values) == PAIRS
        assert _distance_from_uniform(values) < KOLMOGOROV_1_PERCENT / math.sqrt(PAIRS)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**31), related=st.booleans())
def test_one_order_of_channels_for_both_models_changes_nothing(
    seed: int, *, related: bool
) -> None:
    """The numbering of channels has no meaning, so no statistic may see it.

    But that of T3, which halves the channels by number: another numbering is
    another draw.
    """
    order = np.random.default_rng(seed).permutation(48)
    reference = encoder(seed, layers=1)
    candidate = trained_on(reference, 1) if related else encoder(seed + 1, layers=1)
    plain = compared(
        subject("a", vision_encoder=candidate), subject("b", vision_encoder=reference)
    )
    moved = compared(
        subject("a", vision_encoder=reordered(candidate, order, 48)),
        subject("b", vision_encoder=reordered(reference, order, 48)),
    )
    for before, after in zip(
        plain.components[0].tests, moved.components[0].tests, strict=True
    ):
        if before.id != "T3" and before.statistic is not None:
            near = pytest.approx(before.statistic, rel=1e-6, abs=1e-6)
            assert after.statistic == near
    assert moved.verdict is plain.verdict


def test_a_larger_family_raises_every_p_value() -> None:
    """Searching a thousand references finds a thousand chances."""
    pair = subject("a", text_decoder=decoder(1)), subject("b", text_decoder=decoder(2))
    few, many = (compared(*pair, searched=n).components[0].tests for n in (1, 50))
    for before, after in zip(few, many, strict=True):
        if before.p_value is not None and after.p_value is not None:
            assert after.p_value == pytest.approx(min(1.0, 50 * before.p_value))


def test_no_p_value_lies_below_the_floor_nor_above_one() -> None:
    """Powers of ten beyond any model of the world are rhetoric."""
    report = compared(
        subject("a", text_decoder=trained_on(decoder(1), 3, 0.01)),
        subject("b", text_decoder=decoder(1)),
    )
    found = [t.p_value for t in report.components[0].tests if t.p_value is not None]
    assert found
    assert all(shipped_rules().p_floor <= value <= 1.0 for value in found)


def test_every_test_stands_beside_its_controls() -> None:
    """A number without its null cannot be read by anyone."""
    report = compared(
        subject("a", text_decoder=decoder(1)), subject("b", text_decoder=decoder(2))
    )
    draws = shipped_rules().control_draws
    for test in report.components[0].tests:
        if test.statistic is not None and test.id != "T6":
            assert len(test.controls_negative) == draws
            assert test.control_positive is not None
            assert test.control_positive > 5 * max(test.controls_negative)


def test_the_rules_decide_and_are_named() -> None:
    """Thresholds live in the rules: other rules, another verdict and digest."""
    pair = (
        subject("a", text_decoder=trained_on(decoder(1), 3)),
        subject("b", text_decoder=decoder(1)),
    )
    rules = shipped_rules()
    strict = msgspec.structs.replace(rules, effect_minimum=0.99)
    found = compare_lineage(*pair, comparison(rules=strict))
    assert found.verdict == "refer"
    assert found.rules_digest == digest_of(strict) != digest_of(rules)


def test_progress_reaches_its_total() -> None:
    """Progress is how a long comparison shows that it is alive."""
    heard: list[tuple[int, int]] = []
    compare_lineage(
        subject("a", vision_encoder=encoder(1)),
        subject("b", vision_encoder=encoder(2)),
        comparison(on_step=lambda _what, done, total: heard.append((done, total))),
    )
    done = [one for one, _ in heard]
    assert done == sorted(done)
    assert 0 < done[-1] <= heard[-1][1]
    assert len({total for _, total in heard}) == 1


def test_a_report_survives_canonical_json() -> None:
    """The report is an act: it must have one canonical form, without NaN."""
    report = compared(
        subject("a", vision_encoder=encoder(1)), subject("b", vision_encoder=encoder(2))
    )
    assert msgspec.json.decode(canonical_bytes(report), type=LineageReport) == report


@pytest.mark.parametrize("units", [24, 1000])
def test_a_sample_of_units_sees_what_all_of_them_show(units: int) -> None:
    """Layers of large models are sampled; the answer must not hang on it."""
    rules = msgspec.structs.replace(
        shipped_rules(), sample_units=units, test_units=64, test_channels=32
    )
    reference = subject("b", text_decoder=decoder(1))
    for candidate, verdict in ((trained_on(decoder(1), 2), "derived"),
                               (decoder(2), "no_evidence")):  # fmt: skip
        report = compare_lineage(
            subject("a", text_decoder=candidate), reference, comparison(rules=rules)
        )
        assert report.verdict == verdict


def test_units_pruned_to_zero_name_no_partner() -> None:
    """Zeros are equally near to everything; counting them would accuse."""
    reference = decoder(1)
    for name, tensor in reference.items():
        if "mlp" in name:
            tensor[(slice(None), slice(40)) if "down" in name else slice(40)] = 0.0
    report = compared(
        subject("a", text_decoder=decoder(2)), subject("b", text_decoder=reference)
    )
    (raw,) = [t for t in report.components[0].tests if t.id == "raw_agreement"]
    assert (raw.effect or 0.0) < 0.2
