"""Two models that start from one seed and are trained apart are not accused."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.lineage import ComponentLineage, LineageReport, LineageVerdict
from dokja.lineage.rules import shipped_rules
from dokja.lineage.trained_part import flat_pairs, kept, start_of_layers
from tests.unit.lineage.lineage_models import (
    Tensors,
    compared,
    decoder,
    encoder,
    hidden_reordered,
    projector,
    subject,
    taught,
    trained_on,
    with_layers,
)


def taught_apart(start: Tensors, seed: int, size: float = 1.5) -> Tensors:
    """Every matrix moved along directions of its own; fixed tables stay."""
    rng = np.random.default_rng(seed)
    return {
        name: tensor if "position" in name else taught(tensor, rng, size)
        for name, tensor in start.items()
    }


def of(report: LineageReport, name: str) -> ComponentLineage:
    """The component of that name."""
    return next(one for one in report.components if one.name == name)


@pytest.mark.parametrize("size", [1.2, 1.5, 3.0])
def test_one_seed_is_never_more_than_a_case_for_experts(size: float) -> None:
    """A framework's default seed must not make a copyist of anybody."""
    start = decoder(seed=1, width=96, hidden=128)
    mine, theirs = (taught_apart(start, seed, size) for seed in (11, 12))
    report = compared(
        subject("mine", text_decoder=mine, embeddings=mine),
        subject("theirs", text_decoder=theirs, embeddings=theirs),
    )
    for one in report.components:
        assert one.verdict in (LineageVerdict.REFER, LineageVerdict.NO_EVIDENCE)
    assert "초기화" in of(report, "text_decoder").reason.ko


def test_one_seed_is_seen_in_encoders_and_projectors_too() -> None:
    """Vision parts are initialised by the same frameworks."""
    starts = encoder(seed=2, width=96, hidden=128), projector(seed=3)
    mine, theirs = (
        {
            "vision_encoder": taught_apart(starts[0], seed),
            "projector": taught_apart(starts[1], seed + 5),
        }
        for seed in (21, 22)
    )
    report = compared(subject("mine", **mine), subject("theirs", **theirs))
    for one in report.components:
        assert one.verdict in (LineageVerdict.REFER, LineageVerdict.NO_EVIDENCE)


@pytest.mark.parametrize("way", ["on", "back"])
def test_a_descendant_is_still_found(way: str) -> None:
    """What a copy keeps of its ancestor's training tells it from a twin."""
    parent = taught_apart(decoder(seed=1, width=96, hidden=128), 11)
    child = trained_on(taught_apart(parent, 31, 0.5), 32, change=0.3)
    pair = (child, parent) if way == "on" else (parent, child)
    report = compared(
        subject("one", text_decoder=pair[0], embeddings=pair[0]),
        subject("other", text_decoder=pair[1], embeddings=pair[1]),
    )
    assert {one.verdict for one in report.components} == {LineageVerdict.DERIVED}


def test_a_hidden_copy_is_no_twin() -> None:
    """Nobody reorders units by chance: a match out of place had no common start."""
    parent = taught_apart(decoder(seed=1, layers=3, width=96, hidden=128), 11)
    child = hidden_reordered(with_layers(parent, (0, 2)), seed=7)
    report = compared(
        subject("child", text_decoder=child), subject("parent", text_decoder=parent)
    )
    assert of(report, "text_decoder").verdict is LineageVerdict.DERIVED


def test_shares_are_those_that_were_planted() -> None:
    """The figures in the reason are what the two hold of each other."""
    rng = np.random.default_rng(5)
    start = rng.normal(size=(200, 120)).astype(np.float32)
    one, other = (taught(start, np.random.default_rng(seed)) for seed in (1, 2))
    twins = kept([(one, other)])
    assert max(side.leading or 1.0 for side in twins) < 0.2
    assert min(side.rest for side in twins) > 0.3
    copy = kept([(one, one + rng.normal(size=one.shape))])
    assert max((side.leading or 0.0) / side.rest for side in copy) > 0.9
    strangers = kept([(one, rng.normal(size=one.shape))])
    assert max(abs(side.rest) for side in strangers) < 0.03
    assert start_of_layers([(one, other)], shipped_rules()) is not None
    assert start_of_layers([], shipped_rules()) is None


def test_the_order_of_the_two_and_a_scale_change_nothing() -> None:
    """Which model is asked about must not decide whether a start explains it."""
    rng = np.random.default_rng(6)
    start = rng.normal(size=(90, 70)).astype(np.float32)
    one, other = (taught(start, np.random.default_rng(seed)) for seed in (1, 2))
    there = kept([(one, other)])
    assert kept([(other, one)]) == there[::-1]
    scaled = kept([(4.0 * one, other)])
    assert [side.rest for side in scaled] == pytest.approx(
        [side.rest for side in there]
    )
    assert [side.leading for side in scaled] == pytest.approx(
        [side.leading for side in there]
    )


def test_small_tables_have_no_leading_directions() -> None:
    """A tenth of nine directions is none."""
    tiny = {"patch": np.ones((40, 9), np.float32)}
    assert list(flat_pairs((tiny, tiny))) == []  # type: ignore[arg-type]
