"""Mixtures of experts: what their tensors are called inside a layer.

A shared expert, through which every token passes, plays the part of the
dense MLP that its layer lacks; a routed expert has a number.
"""

from __future__ import annotations

from collections.abc import Mapping

from dokja.lineage.families.naming import Cut, Part, plain, unread
from dokja.lineage.roles import Role

GATE_UP = (Role.GATE, Role.UP)
_MLP = {"gate_proj": Role.GATE, "up_proj": Role.UP, "down_proj": Role.DOWN}
_NUMBERED = {"w1": Role.GATE, "w3": Role.UP, "w2": Role.DOWN}
_PLACES = ("mlp", "feed_forward", "block_sparse_moe")
_SHARED = (
    "mlp.shared_expert",
    "mlp.shared_experts",
    "mlp.shared_mlp",
    "feed_forward.shared_expert",
    "block_sparse_moe.shared_experts",
)
_VECTOR = "the weight of a shared expert: a single vector"


def _stacks(place: str, cut: Cut) -> dict[str, Part]:
    """Two stacks of experts under `place`, flipped or not."""
    fused, down = f"{place}.experts.gate_up_proj", f"{place}.experts.down_proj"
    return {
        fused: Part(roles=GATE_UP, cut=cut, stacked=True, beside=down),
        down: Part(roles=(Role.DOWN,), stacked=True, beside=fused),
    }


EXPERTS: Mapping[str, Part] = {
    **plain(
        {
            f"{place}.experts.{{n}}.{name}.weight": role
            for place in _PLACES
            for name, role in (*_MLP.items(), *_NUMBERED.items())
        }
    ),
    **{
        f"{place}.{name}.weight": Part(roles=(role,), shared=True)
        for place in _SHARED
        for name, role in _MLP.items()
    },
    **_stacks("mlp", Cut.EQUAL),
    **_stacks("feed_forward", Cut.EQUAL),
    # GGUF keeps each of the three in a stack of its own.
    **{
        f"mlp.experts.{name}.weight": Part(roles=(role,), stacked=True)
        for name, role in _MLP.items()
    },
    "mlp.experts.gate_up_proj.weight": Part(roles=GATE_UP, cut=Cut.EQUAL, stacked=True),
    # Granite.
    "block_sparse_moe.input_linear.weight": Part(
        roles=GATE_UP, cut=Cut.EQUAL, stacked=True
    ),
    "block_sparse_moe.output_linear.weight": Part(roles=(Role.DOWN,), stacked=True),
    "shared_mlp.input_linear.weight": Part(roles=GATE_UP, cut=Cut.EQUAL, shared=True),
    "shared_mlp.output_linear.weight": Part(roles=(Role.DOWN,), shared=True),
    **plain(
        dict.fromkeys(
            (
                "mlp.gate.weight",
                "mlp.gate.wg.weight",
                "feed_forward.router.weight",
                "feed_forward.gate.weight",
                "block_sparse_moe.gate.weight",
                "block_sparse_moe.router.layer.weight",
            ),
            Role.ROUTER,
        )
    ),
    **unread(_VECTOR, "mlp.shared_expert_gate.weight"),
    # Of gpt-oss, whose own table this reason must not turn into a rival.
    **unread("the router of a mixture of another family", "mlp.router.weight"),
}
"""Experts, shared experts and routers of families that name a layer like Llama."""

GPT_OSS_EXPERTS: Mapping[str, Part] = {
    **_stacks("mlp", Cut.BY_TURNS),
    **plain({"mlp.router.weight": Role.ROUTER}),
    **unread(
        "biases of experts, which start at zero",
        "mlp.experts.gate_up_proj_bias",
        "mlp.experts.down_proj_bias",
    ),
    **unread(
        "experts in four-bit blocks, which this version does not unpack",
        "mlp.experts.gate_up_proj_blocks",
        "mlp.experts.gate_up_proj_scales",
        "mlp.experts.down_proj_blocks",
        "mlp.experts.down_proj_scales",
    ),
}
"""Experts of gpt-oss, whose gate and up rows take turns."""

LATENT_ATTENTION: Mapping[str, Part] = {
    **plain(
        {
            "self_attn.q_a_proj.weight": Role.QUERY_LATENT,
            "self_attn.kv_a_proj_with_mqa.weight": Role.KEY_VALUE_LATENT,
        }
    ),
    **unread(
        "reads a latent of its own layer and not the residual stream",
        "self_attn.q_b_proj.weight",
        "self_attn.kv_b_proj.weight",
        "self_attn.k_b_proj.weight",
        "self_attn.v_b_proj.weight",
    ),
    **unread(
        "belongs to the prediction of further tokens, which is no part of the body",
        "eh_proj.weight",
        "embed_tokens.weight",
        "shared_head.head.weight",
    ),
}
"""Latent attention of DeepSeek, and what its extra layers add."""
