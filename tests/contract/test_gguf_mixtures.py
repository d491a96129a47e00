"""GGUF files of mixtures and of latent attention: names, stacks and numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dokja.adapters.weights import LocalModelFolder
from dokja.lineage.role_map import RoleMap, map_roles
from dokja.lineage.roles import MLP_ROLES, Role, Slot
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind
from tests.gguf_fixture import write_gguf

FILE = "model.gguf"
EXPERTS, HIDDEN, WIDTH = 3, 64, 32
PARTS = {Role.GATE: "gate", Role.UP: "up", Role.DOWN: "down"}
Table = npt.NDArray[np.float32]


def _table(role: Role, seed: int) -> Table:
    shape = (WIDTH, HIDDEN) if role is Role.DOWN else (HIDDEN, WIDTH)
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def _stack(role: Role) -> Table:
    return np.stack([_table(role, number) for number in range(EXPERTS)])


def _opened(
    root: Path, tensors: dict[str, Table], architecture: str, kind: str = "F32"
) -> tuple[Checkpoint, RoleMap]:
    write_gguf(root / FILE, tensors, kind, architecture=architecture)
    checkpoint = LocalModelFolder(root, block_bytes=512).checkpoint(".")
    shapes = checkpoint.shapes()
    return checkpoint, map_roles(ComponentKind.TEXT_DECODER, shapes, {})


@pytest.mark.parametrize("fused", [False, True])
def test_stacked_experts_come_out_one_by_one(tmp_path: Path, *, fused: bool) -> None:
    """One row of a stack is one expert, whatever the block size is."""
    stored = {f"blk.0.ffn_{p}_exps.weight": _stack(r) for r, p in PARTS.items()}
    if fused:
        pair = [stored.pop(f"blk.0.ffn_{part}_exps.weight") for part in ("gate", "up")]
        stored["blk.0.ffn_gate_up_exps.weight"] = np.concatenate(pair, axis=1)
    checkpoint, roles = _opened(tmp_path, stored, "qwen3moe")
    assert set(roles.experts) == {
        Slot(role, 0, number) for role in MLP_ROLES for number in range(EXPERTS)
    }
    for slot, piece in roles.experts.items():
        assert piece.index == slot.expert
        rows = checkpoint.rows(piece.name, slot.expert, slot.expert + 1)
        matrix = rows.reshape(checkpoint.shapes()[piece.name][1:])
        np.testing.assert_array_equal(
            matrix[piece.start : piece.stop], _table(slot.role, slot.expert)
        )


def test_experts_stored_one_by_one_keep_their_numbers(tmp_path: Path) -> None:
    """Files from before experts were stacked name each of them."""
    stored = {
        f"blk.0.ffn_{part}.{number}.weight": _table(role, number)
        for role, part in PARTS.items()
        for number in range(EXPERTS)
    }
    checkpoint, roles = _opened(tmp_path, stored, "llama")
    for role in MLP_ROLES:
        for number in range(EXPERTS):
            name = roles.experts[Slot(role, 0, number)].name
            count = checkpoint.shapes()[name][0]
            rows = checkpoint.rows(name, 0, count)
            np.testing.assert_array_equal(rows, _table(role, number))


def test_latent_attention_and_shared_experts_have_their_roles(tmp_path: Path) -> None:
    """A converted DeepSeek is compared with the files it was converted from."""
    plain = {
        "blk.0.attn_q_a.weight": (24, WIDTH),
        "blk.0.attn_q_a_norm.weight": (24,),
        "blk.0.attn_q_b.weight": (64, 24),
        "blk.0.attn_kv_a_mqa.weight": (40, WIDTH),
        "blk.0.attn_kv_a_norm.weight": (32,),
        "blk.0.attn_k_b.weight": (4, 32, 8),
        "blk.0.attn_v_b.weight": (4, 16, 32),
        "blk.0.attn_output.weight": (WIDTH, 64),
        "blk.0.ffn_gate_inp.weight": (EXPERTS, WIDTH),
        "blk.0.exp_probs_b.bias": (EXPERTS,),
        "blk.0.nextn.eh_proj.weight": (WIDTH, 2 * WIDTH),
        "blk.0.attn_sinks.weight": (4,),
    }
    stored = {n: np.ones(shape, np.float32) for n, shape in plain.items()}
    stored |= {f"blk.0.ffn_{p}_shexp.weight": _table(r, 9) for r, p in PARTS.items()}
    _, roles = _opened(tmp_path, stored, "deepseek2")
    assert set(roles.slots) == {
        Slot(role, 0)
        for role in (
            Role.QUERY_LATENT, Role.KEY_VALUE_LATENT, Role.OUTPUT, Role.ROUTER
        )
    }  # fmt: skip
    assert set(roles.experts) == {Slot(role, 0) for role in MLP_ROLES}
    listed = [reason for reason in roles.untested.values() if "no canonical" in reason]
    assert listed == []


def test_a_number_where_no_expert_stands_stays_as_stored(tmp_path: Path) -> None:
    """A made-up name must not take an expert's place."""
    names = ("blk.0.attn_q.1.weight", "ffn_gate.1.weight", "blk.0.ffn_gate.1.bias")
    stored = {name: np.ones((8, WIDTH), np.float32) for name in names}
    checkpoint, roles = _opened(tmp_path, stored, "qwen3moe")
    assert set(names[:2]) <= set(checkpoint.shapes())
    assert not roles.experts
    assert set(checkpoint.shapes()) == set(roles.untested)
