"""What a comparison says of how a derived component came about, on planted material."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from dokja.lineage import ComponentLineage, Relation, shipped_rules
from dokja.lineage.lattice import fitted
from tests.unit.lineage.lineage_models import (
    Tensors,
    compared,
    decoder,
    hidden_reordered,
    subject,
    trained_on,
)

Change = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]


def _decoder(candidate: Tensors, reference: Tensors) -> ComponentLineage:
    report = compared(
        subject("a", text_decoder=candidate), subject("b", text_decoder=reference)
    )
    return report.components[0]


def _changed(tensors: Tensors, change: Change) -> Tensors:
    """Every matrix of every layer after a change."""
    return {
        name: np.asarray(change(t), dtype=np.float32)
        if ".layers." in name and t.ndim == 2
        else t
        for name, t in tensors.items()
    }


def _rounded(bits: int) -> Change:
    top = 2 ** (bits - 1) - 1

    def work(table: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        step = np.abs(table).max(axis=1, keepdims=True) / np.float32(top)
        return np.asarray(np.round(table / step) * step, dtype=np.float32)

    return work


def _low_rank(table: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    rng = np.random.default_rng(5)
    left, right = (rng.normal(size=(count, 4)) for count in table.shape)
    return np.asarray(table + 0.003 * left @ right.T, dtype=np.float32)


def _cut(table: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.where(np.abs(table) > np.median(np.abs(table)), table, np.float32(0.0))


@pytest.mark.parametrize("bits", [8, 4])
def test_rounding_to_few_bits_is_quantised_on_either_side(bits: int) -> None:
    """The grid shows, whichever of the two models lies on it."""
    plain = decoder(1)
    rounded = _changed(plain, _rounded(bits))
    for pair, side in (
        ((rounded, plain), "candidate"),
        ((plain, rounded), "reference"),
    ):
        found = _decoder(*pair)
        assert found.relation is Relation.QUANTISED
        assert found.relation_reason is not None
        assert f"Only the {side}'s" in found.relation_reason.en


def test_rounded_and_then_trained_is_not_called_quantised() -> None:
    """Rounding explains only what is no larger than a step."""
    trained = trained_on(decoder(1), 9, 0.3)
    found = _decoder(_changed(trained, _rounded(8)), decoder(1))
    assert found.relation is Relation.UNKNOWN
    assert found.relation_reason is not None
    assert "more than rounding" in found.relation_reason.en


def test_another_float_type_is_a_copy() -> None:
    """No byte is equal, and nothing but storage differs."""
    candidate = _changed(decoder(1), lambda t: t.astype(np.float16).astype(np.float32))
    assert _decoder(candidate, decoder(1)).relation is Relation.COPY


def test_reordered_units_are_a_copy_until_they_are_trained() -> None:
    """A hidden copy is named as one; hidden and moved is something else."""
    found = _decoder(hidden_reordered(decoder(1), 5), decoder(1))
    assert found.relation is Relation.COPY
    moved = _decoder(hidden_reordered(trained_on(decoder(1), 9), 5), decoder(1))
    assert moved.relation is Relation.UNKNOWN


def test_a_difference_of_low_rank_is_fine_tuning_with_its_rank() -> None:
    """What merged low-rank matrices leave, and full training does not."""
    found = _decoder(_changed(decoder(1), _low_rank), decoder(1))
    assert found.relation is Relation.FINE_TUNED
    assert found.relation_reason is not None
    assert "at most 4 directions" in found.relation_reason.en


@pytest.mark.parametrize("healed", [0.0, 0.3])
def test_cut_weights_are_pruned_even_after_further_training(healed: float) -> None:
    """Training fills the zeros and does not bring back what stood there."""
    candidate = _changed(decoder(1), _cut)
    if healed:
        candidate = trained_on(candidate, 9, healed)
    assert _decoder(candidate, decoder(1)).relation is Relation.PRUNED


def test_how_far_weights_moved_decides_the_rest() -> None:
    """Little is fine-tuning; what lies between the lines is left open."""
    assert _decoder(trained_on(decoder(1), 9, 0.05), decoder(1)).relation is (
        Relation.FINE_TUNED
    )
    between = _decoder(trained_on(decoder(1), 9, 0.4), decoder(1))
    assert between.relation is Relation.UNKNOWN
    assert between.relation_reason is not None
    assert "weights do not tell" in between.relation_reason.en
    assert _decoder(trained_on(decoder(1), 9, 1.0), decoder(1)).relation is (
        Relation.CONTINUED_PRETRAINING
    )


def test_sixteen_neighbours_show_a_step_and_noise_shows_none() -> None:
    """The null of the fit lies far below the rules' line."""
    rules = shipped_rules().relations
    assert rules is not None
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(64, 16)).astype(np.float32)
    assert float(np.quantile(fitted(noise)[0], 0.5)) < rules.lattice_fit - 0.1
    steps = np.round(noise * 30).astype(np.float32) / 30
    assert float(np.quantile(fitted(steps)[0], 0.5)) > 0.99
