"""Descendants that hide in another basis, and the strangers beside them."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Text
from dokja.lineage import (
    ComponentLineage,
    LineageRules,
    LineageTest,
    LineageVerdict,
    shipped_rules,
)
from dokja.lineage.boundary import shared_tokens
from dokja.lineage.draws import Draws
from tests.unit.lineage.camouflage import (
    fewer_channels,
    folded,
    rescaled,
    rotated,
)
from tests.unit.lineage.lineage_models import (
    TOKENS,
    ArrayCheckpoint,
    Tensors,
    compared,
    decoder,
    hidden_reordered,
    reordered,
    subject,
    trained_on,
    vocabulary,
    with_layers,
)

CHANNELS = np.random.default_rng(3).permutation(48)


def _found(
    candidate: Tensors, reference: Tensors, *, heads: int = 0
) -> ComponentLineage:
    config = {"num_attention_heads": heads} if heads else {}
    parts = [
        ArrayCheckpoint(tensors, vocabulary(), config=config)
        for tensors in (candidate, reference)
    ]
    report = compared(
        subject("a", text_decoder=parts[0]), subject("b", text_decoder=parts[1])
    )
    return report.components[0]


def _anchored(found: ComponentLineage) -> LineageTest:
    (test,) = [one for one in found.tests if one.id == "anchored_agreement"]
    return test


def _everything(tensors: Tensors) -> Tensors:
    return rotated(rescaled(hidden_reordered(tensors, 5), 6), 4)


HIDDEN_BASIS: list[Callable[[Tensors], Tensors]] = [
    lambda t: reordered(t, CHANNELS, 48),
    lambda t: rotated(t, 4),
    lambda t: fewer_channels(t, 36, 4),
]


@pytest.mark.parametrize("hide", HIDDEN_BASIS, ids=["reordered", "rotated", "narrower"])
def test_a_copy_in_another_basis_is_derived_where_heads_are_known(
    hide: Callable[[Tensors], Tensors],
) -> None:
    """Units and value dimensions keep their order through any residual basis."""
    reference = decoder(1, layers=3)
    candidate = hide(trained_on(reference, 9, 0.3))
    found = _found(candidate, reference, heads=2)
    assert found.verdict is LineageVerdict.DERIVED
    assert found.layer_map == (0, 1, 2)
    assert found.explained_share is not None
    assert found.explained_share > 0.6
    alone = _found(candidate, reference)
    assert alone.verdict is LineageVerdict.REFER
    assert alone.layer_map == (0, 1, 2)


@pytest.mark.parametrize(
    "hide",
    [lambda t: fewer_channels(hidden_reordered(t, 5), 36, 4), _everything],
    ids=["narrower and reordered", "all"],
)
def test_a_copy_hidden_from_every_exact_test_goes_to_a_person(
    hide: Callable[[Tensors], Tensors],
) -> None:
    """Each disguise keeps what a unit answers to a string, or breaks the model."""
    reference = decoder(1, layers=3)
    found = _found(hide(trained_on(reference, 9, 0.3)), reference)
    assert found.verdict is LineageVerdict.REFER
    assert found.layer_map == (0, 1, 2)
    assert (_anchored(found).effect or 0.0) > 0.5
    assert "3 of 3 layers" in found.reason.en
    assert "3개 층 가운데 3개" in found.reason.ko


def test_a_copy_with_its_units_reordered_too_is_derived_where_heads_are_known() -> None:
    """Units are found through the strings, value dimensions by their order."""
    reference = decoder(1, layers=3)
    found = _found(_everything(trained_on(reference, 9, 0.3)), reference, heads=2)
    assert found.verdict is LineageVerdict.DERIVED
    assert found.layer_map == (0, 1, 2)


def test_decoders_on_the_same_embeddings_are_not_derived_from_each_other() -> None:
    """A residual basis in common makes channels correspond, and proves no more."""
    name = "model.embed_tokens.weight"
    shared = decoder(1)[name]
    basis = np.random.default_rng(5).normal(size=(48, 48)).astype(np.float32)
    sides = []
    for seed in (1, 2):
        side = decoder(seed) | {name: shared}
        for read in ("gate_proj", "up_proj", "q_proj", "k_proj", "v_proj"):
            for at in [n for n in side if n.endswith(f"{read}.weight")]:
                side[at] = side[at] @ basis
        sides.append(side)
    found = _found(sides[0], sides[1], heads=2)
    seen = [t.p_value for t in found.tests if t.id == "T3" and t.p_value is not None]
    assert min(seen) < shipped_rules().derived_p
    assert found.verdict is LineageVerdict.NO_EVIDENCE


@pytest.mark.parametrize("order", [(0, 1, 2, 1, 2, 3), (0, 1, 3), (3, 2, 1, 0)])
@pytest.mark.parametrize("width", [48, 36])
def test_moved_layers_are_mapped_through_a_disguise(
    order: tuple[int, ...], width: int
) -> None:
    """A depth-up-scaled and rotated copy is read back layer by layer."""
    reference = decoder(1, layers=4)
    candidate = with_layers(trained_on(reference, 9, 0.3), order)
    hidden = rotated(candidate, 4) if width == 48 else fewer_channels(candidate, 36, 4)
    found = _found(hidden, reference, heads=2)
    assert found.verdict is LineageVerdict.DERIVED
    assert found.layer_map == order


def test_half_a_disguised_transplant_shows_its_layers_alone() -> None:
    """Own layers in between stay unmapped, so that the map can be trusted."""
    reference, candidate = decoder(1, layers=4), decoder(2, layers=4)
    copied = trained_on(with_layers(reference, (2, 3)), 9, 0.3)
    candidate |= {n: t for n, t in copied.items() if ".layers." in n}
    candidate["model.embed_tokens.weight"] = copied["model.embed_tokens.weight"]
    found = _found(rotated(candidate, 4), reference)
    assert found.verdict is LineageVerdict.REFER
    assert found.layer_map == (2, 3, None, None)


@pytest.mark.parametrize("width", [48, 36])
@pytest.mark.parametrize("seed", range(4))
def test_strangers_stay_far_below_the_threshold(width: int, seed: int) -> None:
    """No honest team may be sent to experts by chance."""
    found = _found(decoder(100 + seed, width=width), decoder(200 + seed))
    assert (_anchored(found).effect or 0.0) < shipped_rules().anchored_refer / 2
    assert set(found.layer_map) <= {None}
    assert found.verdict is (
        LineageVerdict.NO_EVIDENCE if width == 48 else LineageVerdict.UNTESTABLE
    )


def test_shared_embeddings_alone_do_not_make_the_decoder_suspect() -> None:
    """The same boundary on both sides is not the same model behind it."""
    candidate, name = decoder(2), "model.embed_tokens.weight"
    candidate[name] = decoder(1)[name]
    found = _found(rotated(candidate, 4), decoder(1))
    assert (_anchored(found).effect or 0.0) < shipped_rules().anchored_refer / 2
    assert found.verdict is LineageVerdict.NO_EVIDENCE


def test_where_exact_tests_decide_the_anchors_change_nothing() -> None:
    """They may lift a component to a person's desk and do nothing else."""
    found = _found(trained_on(decoder(1), 9), decoder(1))
    assert found.verdict is LineageVerdict.DERIVED
    assert (_anchored(found).effect or 0.0) > 0.5
    assert _anchored(found).p_value is None


def test_another_width_is_never_cleared_by_the_anchors_alone() -> None:
    """They see the MLPs only: finding nothing there says little."""
    found = _found(decoder(1, width=32), decoder(2, width=48))
    assert found.verdict is LineageVerdict.UNTESTABLE
    assert "clears nobody" in found.reason.en
    assert found.tested_tensors == 6


def test_without_shared_strings_the_test_says_so() -> None:
    """A missing boundary is a reason in the report, not a quiet gap."""
    foreign = {f"own-{row}": row for row in range(TOKENS)}
    for words, fact in ((foreign, "0 token strings"), (None, "tokenizer.json")):
        report = compared(
            subject("a", text_decoder=ArrayCheckpoint(decoder(1), words)),
            subject("b", text_decoder=decoder(2)),
        )
        test = _anchored(report.components[0])
        assert test.effect is None
        assert test.reason is not None
        assert fact in test.reason.en


@pytest.mark.parametrize("shape", [None, (0, 48), (TOKENS, 24), (TOKENS,)])
def test_a_token_table_that_does_not_fit_is_named(
    shape: tuple[int, ...] | None,
) -> None:
    """Shapes come from the team: a missing table is a fact and never a crash."""
    candidate, name = decoder(1), "model.embed_tokens.weight"
    del candidate[name]
    if shape is not None:
        candidate[name] = np.ones(shape, dtype=np.float32)
    test = _anchored(_found(candidate, decoder(2)))
    assert test.effect is None
    assert test.reason is not None
    assert "The candidate has no token table" in test.reason.en


def test_the_published_test_stands_beside_its_controls() -> None:
    """A margin over controls can only be judged where they are printed."""
    test = _anchored(_found(rotated(decoder(1), 4), decoder(1)))
    assert len(test.controls_negative) == shipped_rules().control_draws
    assert test.control_positive is not None
    assert max(test.controls_negative) < shipped_rules().anchored_refer
    assert test.control_positive > shipped_rules().anchored_refer


def test_anchors_are_shared_text_spread_over_the_ranks() -> None:
    """Special tokens name no text, and frequent tokens alone would mislead."""
    words = vocabulary(seed=4) | {"<|end|>": 240, "[PAD]": 241, "<0x0A>": 242}
    rows = shared_tokens((words, words), (243, 243))
    assert not isinstance(rows, Text)
    mine, theirs = rows
    assert (mine == theirs).all()
    assert sorted(mine) == list(range(TOKENS))
    drawn = Draws(seed_text="7").spread("anchors", len(mine), 60)
    assert (drawn // 4 == np.arange(60)).all()
    assert (Draws(seed_text="8").spread("anchors", len(mine), 60) != drawn).any()


def test_gains_folded_into_the_weights_hide_nothing() -> None:
    """Unfolded and folded, the model is the same function and the same units."""
    reference = decoder(1)
    for name, tensor in reference.items():
        if "norm" in name:
            reference[name] = tensor * np.linspace(0.2, 3.0, 48).astype(np.float32)
    found = _found(rotated(folded(reference), 4), reference)
    assert (_anchored(found).effect or 0.0) > 0.95
    assert found.verdict is LineageVerdict.REFER


def test_rules_from_before_the_test_keep_their_digest_and_leave_it_out() -> None:
    """Old signed bundles carry the digest of the rules they were made under."""
    fields = msgspec.to_builtins(shipped_rules())
    old = {k: v for k, v in fields.items() if not k.startswith("anchor")}
    rules = msgspec.convert(old, LineageRules)
    assert digest_of(rules) == digest_of(old)
    assert rules.anchor_tokens == 0
