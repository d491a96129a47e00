"""Mixtures of experts and latent attention: which numbers play which role."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pytest

from dokja.lineage.role_map import MOST_EXPERTS, Piece, RoleMap, map_roles
from dokja.lineage.roles import CLASS_OF, MLP_ROLES, Role, Slot
from dokja.lineage.tensors import read_weights
from dokja.submission.values import ComponentKind
from tests.unit.lineage.lineage_models import ArrayCheckpoint, Tensors

Array = npt.NDArray[np.float32]
EXPERTS, HIDDEN, WIDTH = 3, 10, 8
AT = "model.layers.0."
SEPARATE = {Role.GATE: "gate_proj", Role.UP: "up_proj", Role.DOWN: "down_proj"}
NUMBERED = {Role.GATE: "w1", Role.UP: "w3", Role.DOWN: "w2"}


def _experts() -> dict[Slot, Array]:
    """Gate and up as (hidden, width), down as (width, hidden), by slot."""
    rng = np.random.default_rng(1)
    return {
        Slot(role, 0, number): rng.normal(
            size=(WIDTH, HIDDEN) if role is Role.DOWN else (HIDDEN, WIDTH)
        ).astype(np.float32)
        for role in MLP_ROLES
        for number in range(EXPERTS)
    }


def _stack(role: Role) -> Array:
    return np.stack([t for slot, t in _experts().items() if slot.role is role])


def _apart(place: str, names: Mapping[Role, str]) -> Tensors:
    return {
        f"{AT}{place}.experts.{slot.expert}.{names[slot.role]}.weight": table
        for slot, table in _experts().items()
    }


def _fused() -> Array:
    return np.concatenate([_stack(Role.GATE), _stack(Role.UP)], axis=1)


def _turned(table: Array) -> Array:
    return np.ascontiguousarray(table.swapaxes(1, 2))


def _stacks(place: str, gate_up: Array, down: Array) -> Tensors:
    return {
        f"{AT}{place}.experts.gate_up_proj": gate_up,
        f"{AT}{place}.experts.down_proj": down,
    }


def _gpt_oss() -> Tensors:
    """Gate and up rows in turns, and the names that make it gpt-oss."""
    turns = np.stack([_stack(Role.GATE), _stack(Role.UP)], axis=2)
    rows = turns.reshape(EXPERTS, 2 * HIDDEN, WIDTH)
    router = np.ones((EXPERTS, WIDTH), dtype=np.float32)
    stacks = _stacks("mlp", _turned(rows), _turned(_stack(Role.DOWN)))
    return stacks | {f"{AT}mlp.router.weight": router}


SPELLINGS: Mapping[str, Callable[[], Tensors]] = {
    "mixtral": lambda: _apart("block_sparse_moe", NUMBERED),
    "qwen": lambda: _apart("mlp", SEPARATE),
    "lfm": lambda: _apart("feed_forward", NUMBERED),
    "llama-4": lambda: _stacks(
        "feed_forward", _turned(_fused()), _turned(_stack(Role.DOWN))
    ),
    "unflipped": lambda: _stacks("mlp", _fused(), _stack(Role.DOWN)),
    "gpt-oss": _gpt_oss,
    "granite": lambda: {
        f"{AT}block_sparse_moe.input_linear.weight": _fused(),
        f"{AT}block_sparse_moe.output_linear.weight": _stack(Role.DOWN),
    },
    "gguf": lambda: {
        f"{AT}mlp.experts.{name}.weight": _stack(role)
        for role, name in SEPARATE.items()
    },
}


def _mapped(
    tensors: Tensors, kind: ComponentKind = ComponentKind.TEXT_DECODER
) -> RoleMap:
    return map_roles(kind, {n: t.shape for n, t in tensors.items()}, {})


def _zeros(*names: str, shape: tuple[int, ...] = (4, WIDTH)) -> Tensors:
    return {f"{AT}{name}": np.zeros(shape, dtype=np.float32) for name in names}


def _taken(tensors: Tensors, piece: Piece) -> Array:
    """What the piece means, asked of a checkpoint as the engine asks it."""
    opened = ArrayCheckpoint(tensors)
    shape = tensors[piece.name].shape
    if piece.index is None:
        rows = opened.rows(piece.name, 0, shape[0])
    else:
        rows = opened.rows(piece.name, piece.index, piece.index + 1).reshape(shape[1:])
    rows = rows.T if piece.flipped else rows
    groups = rows.reshape(piece.groups, -1, rows.shape[1])
    return groups[:, piece.start : piece.stop].reshape(-1, rows.shape[1])


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
def test_every_library_s_experts_are_the_same_numbers(spelling: str) -> None:
    """A wrong axis or a wrong turn would compare gates with ups and find nothing."""
    tensors, wanted = SPELLINGS[spelling](), _experts()
    found = _mapped(tensors).experts
    assert set(found) == set(wanted)
    for slot, table in wanted.items():
        np.testing.assert_array_equal(_taken(tensors, found[slot]), table)
        assert found[slot].size == table.size
    assert len({piece.label for piece in found.values()}) == len(wanted)


def test_experts_are_untested_until_they_join_the_slots() -> None:
    """An engine that does not read them must say so, one that does must not."""
    tensors = SPELLINGS["qwen"]() | _zeros("self_attn.q_proj.weight")
    apart = _mapped(tensors)
    assert set(apart.slots) == {Slot(Role.QUERY, 0)}
    assert set(SPELLINGS["qwen"]()) == set(apart.untested)
    joined = apart.with_experts()
    assert set(joined.slots) == {Slot(Role.QUERY, 0), *_experts()}
    assert joined.experts == {}
    assert joined.untested == {}
    weights = read_weights(
        ComponentKind.TEXT_DECODER, ArrayCheckpoint(tensors), lambda _: None
    )
    assert set(SPELLINGS["qwen"]()) <= set(weights.untested)


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        ({"gate_up_proj": (3, 8, 20)}, "does not say which axis"),
        ({"gate_up_proj": (3, 8, 20), "down_proj": (3, 8, 10)}, "does not say"),
        ({"gate_up_proj": (3, 8, 20), "down_proj": (3, 10)}, "does not say"),
        ({"gate_up_proj": (8, 20), "down_proj": (3, 10, 8)}, "of shape (8, 20)"),
        ({"gate_up_proj": (0, 8, 20), "down_proj": (0, 10, 8)}, "of shape"),
        ({"gate_up_proj": (9000, 1, 2), "down_proj": (9000, 1, 1)}, "of shape"),
    ],
)
def test_a_stack_that_cannot_be_read_is_listed(
    shapes: dict[str, tuple[int, ...]], reason: str
) -> None:
    """A guessed axis would be somebody else's weights; a huge one, no memory."""
    named = {f"{AT}mlp.experts.{name}": shape for name, shape in shapes.items()}
    found = map_roles(ComponentKind.TEXT_DECODER, named, {})
    assert not found.experts
    assert reason in found.untested[f"{AT}mlp.experts.gate_up_proj"]
    assert set(found.untested) == set(named)


def test_stacks_that_claim_too_many_experts_are_listed() -> None:
    """A small file must not make millions of pieces."""
    named = {
        f"model.layers.{layer}.mlp.experts.{name}.weight": (1 << 13, 1, 1)
        for layer in range(20)
        for name in SEPARATE.values()
    }
    found = map_roles(ComponentKind.TEXT_DECODER, named, {})
    assert len(found.experts) == MOST_EXPERTS
    listed = [reason for reason in found.untested.values() if "one more" in reason]
    assert len(listed) == len(named) - MOST_EXPERTS // (1 << 13)


def test_a_shared_expert_is_the_mlp_of_a_layer_without_one() -> None:
    """Every token passes through it, and it stands where a dense MLP stood."""
    shared = _zeros(*(f"mlp.shared_experts.{n}.weight" for n in SEPARATE.values()))
    assert set(_mapped(shared).experts) == {Slot(role, 0) for role in MLP_ROLES}
    gate = _zeros("mlp.shared_expert_gate.weight", shape=(1, WIDTH))
    assert "single vector" in _mapped(shared | gate).untested[next(iter(gate))]


@pytest.mark.parametrize("kept", [("gate_proj", "up_proj", "down_proj"), ("up_proj",)])
def test_a_dense_mlp_keeps_its_layer_to_itself(kept: tuple[str, ...]) -> None:
    """Half of one MLP and half of another would be an MLP that nobody trained."""
    shared = _zeros(*(f"mlp.shared_experts.{n}.weight" for n in SEPARATE.values()))
    found = _mapped(shared | _zeros(*(f"mlp.{name}.weight" for name in kept)))
    assert len(found.slots) == len(kept)
    assert not found.experts
    for name in shared:
        assert "beside the dense MLP" in found.untested[name]


def test_a_router_has_a_role_and_no_class() -> None:
    """So few rows prove nothing; the role is there to match experts by."""
    found = _mapped(_zeros("mlp.gate.weight", "self_attn.q_proj.weight"))
    assert Slot(Role.ROUTER, 0) in found.slots
    assert Role.ROUTER not in CLASS_OF
    assert "router" in found.untested[f"{AT}mlp.gate.weight"]
    other = SPELLINGS["qwen"]() | _zeros("mlp.router.weight")
    assert "router" in _mapped(other).untested[f"{AT}mlp.router.weight"]
    assert not _mapped(other).rivals


def test_latent_attention_is_read_where_it_meets_the_residual_stream() -> None:
    """Columns of a latent are no channels, and to say so would invent evidence."""
    outside = ("q_a_proj.weight", "kv_a_proj_with_mqa.weight", "o_proj.weight")
    inside = ("q_b_proj.weight", "kv_b_proj.weight")
    tensors = _zeros(*(f"self_attn.{name}" for name in (*outside, *inside)))
    found = _mapped(tensors)
    assert {slot.role for slot in found.slots} == {
        Role.QUERY_LATENT,
        Role.KEY_VALUE_LATENT,
        Role.OUTPUT,
    }
    for name in inside:
        assert "not the residual stream" in found.untested[f"{AT}self_attn.{name}"]


def test_attention_to_an_encoder_is_read_on_the_decoder_s_side() -> None:
    """Keys and values have the encoder's channels, in an order of their own."""
    parts = ("q_proj", "k_proj", "v_proj", "out_proj")
    names = [f"model.decoder.layers.0.encoder_attn.{part}.weight" for part in parts]
    found = map_roles(
        ComponentKind.TEXT_DECODER, dict.fromkeys(names, (WIDTH, WIDTH)), {}
    )
    assert {s.role: p.name for s, p in found.slots.items()} == {
        Role.CROSS_QUERY: names[0],
        Role.CROSS_OUTPUT: names[3],
    }
    assert set(found.untested) == set(names[1:3])


def test_names_without_a_role_say_what_they_are() -> None:
    """Known tensors of no use must not read like names nobody has seen."""
    names = (
        "mlp.gate.e_score_correction_bias",
        "mlp.experts.0.gate_proj.lora_A.weight",
        "eh_proj.weight",
        "shared_head.head.weight",
        "self_attn.sinks",
    )
    found = _mapped(SPELLINGS["qwen"]() | _zeros(*names))
    for name in names:
        assert "no canonical role" not in found.untested[f"{AT}{name}"]
