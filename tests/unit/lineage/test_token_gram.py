"""Embedding tables in a hidden basis or of another width go to experts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from dokja.lineage import (
    ComponentLineage,
    LineageRules,
    LineageTest,
    LineageVerdict,
    compare_lineage,
    shipped_rules,
)
from dokja.lineage.draws import Draws
from dokja.lineage.flat_tests import halves_of
from dokja.lineage.token_gram import likeness, products_of, rest_of
from tests.unit.lineage.lineage_models import (
    ArrayCheckpoint,
    Tensors,
    comparison,
    subject,
)

Table = npt.NDArray[np.float32]
TOKENS, WIDTH = 600, 64
NAMES = {f"token-{row}": row for row in range(TOKENS)}
IN, OUT, GAIN = "model.embed_tokens.weight", "lm_head.weight", "model.norm.weight"
HALVES = halves_of(TOKENS, Draws(seed_text="test"))


def table(seed: int, width: int = WIDTH, shared: int = 12) -> Table:
    """A table whose leading directions any model of the same text would have.

    Meaning in clusters, lengths by frequency, one mean; the rest is its own.
    """
    text, own = np.random.default_rng(77), np.random.default_rng(seed)
    clusters = text.integers(0, 25, size=TOKENS)
    meaning = text.normal(size=(25, shared))[clusters]
    meaning += 0.5 * text.normal(size=(TOKENS, shared))
    turned = np.linalg.qr(own.normal(size=(width, width)))[0][:shared]
    rows = 3.0 * meaning @ turned + 1.0 + own.normal(size=(TOKENS, width))
    lengths = np.exp(text.normal(size=(TOKENS, 1)) - np.arange(TOKENS)[:, None] / 200)
    return np.asarray(lengths * rows, dtype=np.float32)


def turn(width: int, seed: int = 3) -> npt.NDArray[np.float64]:
    """A rotation drawn at random."""
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(width, width)))[0]


def noisy(rows: Table, size: float, seed: int = 5) -> Table:
    """The table with noise, in deviations of each row."""
    noise = np.random.default_rng(seed).normal(size=rows.shape)
    return np.asarray(rows + size * rows.std(axis=1, keepdims=True) * noise, np.float32)


def like(mine: Table, theirs: Table) -> float:
    """The statistic of two tables."""
    return likeness(
        products_of(rest_of(mine), HALVES), products_of(rest_of(theirs), HALVES)
    )


def judged(
    mine: Tensors, theirs: Tensors, rules: LineageRules | None = None
) -> ComponentLineage:
    """The verdict on embeddings alone."""
    report = compare_lineage(
        subject("mine", embeddings=ArrayCheckpoint(mine, NAMES)),
        subject("theirs", embeddings=ArrayCheckpoint(theirs, NAMES)),
        comparison(rules=rules),
    )
    return report.components[0]


def products(found: ComponentLineage) -> tuple[LineageTest, ...]:
    """The tests through products of rows."""
    return tuple(test for test in found.tests if test.id == "token_gram")


@pytest.mark.parametrize("width", [WIDTH, 700])
def test_no_basis_and_no_scale_changes_the_statistic(width: int) -> None:
    """A table wider than the tokens are many is measured the same way."""
    mine, theirs = table(1, width), noisy(table(1, width), 0.3)
    there = like(mine, theirs)
    assert 0.3 < there < 0.999
    order = np.random.default_rng(4).permutation(width)
    for changed in (mine @ turn(width), mine[:, order], 7.0 * mine, -mine):
        assert like(changed.astype(np.float32), theirs) == pytest.approx(
            there, abs=2e-4
        )
    assert like(theirs, mine) == pytest.approx(there, abs=1e-9)


def test_a_stranger_of_the_same_text_has_nothing_in_the_rest() -> None:
    """Frequency, a mean and meaning in common must accuse nobody."""
    strangers = [like(table(1), table(seed)) for seed in range(2, 8)]
    assert max(np.abs(strangers)) < 0.05
    other_widths = [like(table(1), table(seed, width=96)) for seed in range(2, 8)]
    assert max(np.abs(other_widths)) < 0.05
    whole = np.corrcoef(
        (table(1)[HALVES[0]] @ table(1)[HALVES[1]].T).ravel(),
        (table(2)[HALVES[0]] @ table(2)[HALVES[1]].T).ravel(),
    )[0, 1]
    assert whole > 0.9


@pytest.mark.parametrize(
    "copied",
    [
        lambda rows: rows @ turn(WIDTH),
        lambda rows: noisy(rows, 0.3) @ turn(WIDTH),
        lambda rows: rows[:, np.random.default_rng(6).permutation(WIDTH)],
        lambda rows: rows[:, np.random.default_rng(6).permutation(WIDTH)[:48]],
        lambda rows: np.concatenate([rows, rows[:, :16]], axis=1) @ turn(WIDTH + 16),
    ],
    ids=["rotated", "rotated and trained", "permuted", "narrower", "wider"],
)
def test_a_copy_in_another_basis_or_width_goes_to_experts(
    copied: Callable[[Table], npt.NDArray[np.floating]],
) -> None:
    """It was `no_evidence` or `untestable`; products alone never say `derived`."""
    mine = {IN: np.asarray(copied(table(1)), np.float32)}
    found = judged(mine, {IN: table(1)})
    assert found.verdict is LineageVerdict.REFER
    assert "products of token rows" in found.reason.en
    assert found.explained_share is None
    (test,) = products(found)
    assert test.p_value is None
    assert (test.effect or 0.0) > 0.4
    assert max(test.controls_negative) < 0.05
    assert (test.control_positive or 0.0) > 0.3


@pytest.mark.parametrize("width", [WIDTH, 96])
def test_strangers_are_cleared_in_any_width(width: int) -> None:
    """Another width is no longer untestable where the test is not blind."""
    found = judged({IN: table(2, width)}, {IN: table(1)})
    assert found.verdict is LineageVerdict.NO_EVIDENCE
    assert abs(products(found)[0].effect or 0.0) < 0.05


def test_rules_from_before_the_test_do_not_make_it() -> None:
    """Frozen rules keep their meaning: another width stays untestable."""
    rules = msgspec.structs.replace(shipped_rules(), gram_tokens=0, gram_refer=2.0)
    found = judged({IN: table(1)[:, :48]}, {IN: table(1)}, rules)
    assert found.verdict is LineageVerdict.UNTESTABLE
    assert products(found) == ()


def test_input_and_output_tables_are_asked_apart_with_the_gain_folded() -> None:
    """A gain moved between the final norm and the head hides nothing."""
    gains = np.exp(np.random.default_rng(9).normal(size=WIDTH)).astype(np.float32)
    theirs = {IN: table(1), OUT: table(2), GAIN: gains}
    folded = (table(2) * gains) @ turn(WIDTH)
    mine = {IN: table(3), OUT: folded.astype(np.float32), GAIN: np.ones_like(gains)}
    found = judged(mine, theirs)
    entry, head = products(found)
    assert abs(entry.effect or 0.0) < 0.05
    assert head.effect == pytest.approx(1.0, abs=1e-3)
    assert found.verdict is LineageVerdict.REFER


def test_a_copy_in_the_stored_basis_is_still_derived() -> None:
    """The exact tests decide where they can see."""
    found = judged({IN: noisy(table(1), 0.3)}, {IN: table(1)})
    assert found.verdict is LineageVerdict.DERIVED
    assert found.explained_share is not None


def test_few_shared_tokens_leave_it_out_with_the_reason() -> None:
    """Products of some dozen tokens tell no two tables apart."""
    few = {f"token-{row}" if row < 100 else f"own-{row}": row for row in range(TOKENS)}
    mine = replace(ArrayCheckpoint({IN: table(1)}), vocabulary=few)
    report = compare_lineage(
        subject("mine", embeddings=replace(mine, tensors={IN: table(2)})),
        subject("theirs", embeddings=ArrayCheckpoint({IN: table(1)}, NAMES)),
        comparison(),
    )
    (test,) = products(report.components[0])
    assert test.effect is None
    assert "100 token strings" in (test.reason.en if test.reason else "")


def test_products_clear_nobody_where_they_are_blind() -> None:
    """Another width with a copy too noisy to be found stays untestable."""
    rules = msgspec.structs.replace(shipped_rules(), control_noise=6.0)
    found = judged({IN: table(2, 96)}, {IN: table(1)}, rules)
    assert found.verdict is LineageVerdict.UNTESTABLE
    assert products(found)[0].effect is None
