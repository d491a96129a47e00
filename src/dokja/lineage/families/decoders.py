"""Text decoders and the token tables beside them."""

from __future__ import annotations

from dokja.lineage.families.mixtures import (
    EXPERTS,
    GPT_OSS_EXPERTS,
    LATENT_ATTENTION,
)
from dokja.lineage.families.naming import Cut, Naming, Part, plain, unread
from dokja.lineage.roles import Role
from dokja.submission.values import ComponentKind

QKV = (Role.QUERY, Role.KEY, Role.VALUE)
_MODEL = r"(?:model\.|language_model\.)*"
_GPT2 = r"(?:transformer\.)?"
_NEOX = r"(?:gpt_neox\.)?"
_WHISPER = r"(?:model\.)?decoder\."

_SEPARATE = plain(
    {
        "self_attn.q_proj.weight": Role.QUERY,
        "self_attn.k_proj.weight": Role.KEY,
        "self_attn.v_proj.weight": Role.VALUE,
        "self_attn.o_proj.weight": Role.OUTPUT,
    }
)

DECODERS: tuple[Naming, ...] = (
    Naming(
        models="Llama, Mistral, Mixtral, Qwen, Gemma, Phi-3, Granite, DeepSeek",
        component=ComponentKind.TEXT_DECODER,
        stem=_MODEL,
        layers="layers",
        layered={
            **_SEPARATE,
            **plain(
                {
                    "mlp.gate_proj.weight": Role.GATE,
                    "mlp.up_proj.weight": Role.UP,
                    "mlp.down_proj.weight": Role.DOWN,
                    "feed_forward.gate_proj.weight": Role.GATE,
                    "feed_forward.up_proj.weight": Role.UP,
                    "feed_forward.down_proj.weight": Role.DOWN,
                }
            ),
            "mlp.gate_up_proj.weight": Part(roles=(Role.GATE, Role.UP), cut=Cut.EQUAL),
            "self_attn.qkv_proj.weight": Part(
                roles=QKV, cut=Cut.GROUPED, output="self_attn.o_proj.weight"
            ),
            **EXPERTS,
            **LATENT_ATTENTION,
        },
    ),
    Naming(
        models="gpt-oss",
        component=ComponentKind.TEXT_DECODER,
        stem=_MODEL,
        layers="layers",
        layered={**_SEPARATE, **GPT_OSS_EXPERTS},
    ),
    Naming(
        models="Llama, Mistral, Qwen, Gemma, Phi, Mixtral, DeepSeek",
        component=ComponentKind.EMBEDDINGS,
        stem=_MODEL,
        single=plain(
            {
                "embed_tokens.weight": Role.TOKENS_IN,
                "lm_head.weight": Role.TOKENS_OUT,
            }
        ),
    ),
    Naming(
        models="Phi, Phi-1.5, Phi-2",
        component=ComponentKind.TEXT_DECODER,
        stem=_MODEL,
        layers="layers",
        layered=plain(
            {
                "mlp.fc1.weight": Role.UP,
                "mlp.fc1.bias": Role.UP_BIAS,
                "mlp.fc2.weight": Role.DOWN,
                "self_attn.q_proj.weight": Role.QUERY,
                "self_attn.k_proj.weight": Role.KEY,
                "self_attn.v_proj.weight": Role.VALUE,
                "self_attn.dense.weight": Role.OUTPUT,
            }
        ),
    ),
    Naming(
        models="GPT-2",
        component=ComponentKind.TEXT_DECODER,
        stem=_GPT2,
        layers="h",
        layered={
            "attn.c_attn.weight": Part(roles=QKV, cut=Cut.EQUAL, flipped=True),
            "attn.c_proj.weight": Part(roles=(Role.OUTPUT,), flipped=True),
            "mlp.c_fc.weight": Part(roles=(Role.UP,), flipped=True),
            "mlp.c_fc.bias": Part(roles=(Role.UP_BIAS,)),
            "mlp.c_proj.weight": Part(roles=(Role.DOWN,), flipped=True),
        },
        single=plain({"wpe.weight": Role.POSITIONS}),
    ),
    Naming(
        models="GPT-2",
        component=ComponentKind.EMBEDDINGS,
        stem=_GPT2,
        single=plain({"wte.weight": Role.TOKENS_IN, "lm_head.weight": Role.TOKENS_OUT}),
        requires="wte.weight",
    ),
    Naming(
        models="GPT-NeoX, Pythia",
        component=ComponentKind.TEXT_DECODER,
        stem=_NEOX,
        layers="layers",
        layered={
            "attention.query_key_value.weight": Part(roles=QKV, cut=Cut.PER_HEAD),
            **plain(
                {
                    "attention.dense.weight": Role.OUTPUT,
                    "mlp.dense_h_to_4h.weight": Role.UP,
                    "mlp.dense_h_to_4h.bias": Role.UP_BIAS,
                    "mlp.dense_4h_to_h.weight": Role.DOWN,
                }
            ),
        },
    ),
    Naming(
        models="GPT-NeoX, Pythia",
        component=ComponentKind.EMBEDDINGS,
        stem=_NEOX,
        single=plain(
            {"embed_in.weight": Role.TOKENS_IN, "embed_out.weight": Role.TOKENS_OUT}
        ),
    ),
    Naming(
        models="Whisper",
        component=ComponentKind.TEXT_DECODER,
        stem=_WHISPER,
        layers="layers",
        layered={
            **plain(
                {
                    "fc1.weight": Role.UP,
                    "fc1.bias": Role.UP_BIAS,
                    "fc2.weight": Role.DOWN,
                    "self_attn.q_proj.weight": Role.QUERY,
                    "self_attn.k_proj.weight": Role.KEY,
                    "self_attn.v_proj.weight": Role.VALUE,
                    "self_attn.out_proj.weight": Role.OUTPUT,
                    "encoder_attn.q_proj.weight": Role.CROSS_QUERY,
                    "encoder_attn.out_proj.weight": Role.CROSS_OUTPUT,
                }
            ),
            # Their columns are the encoder's channels, whose order has
            # nothing to do with the decoder's, however many there are.
            **unread(
                "reads the residual stream of the encoder, not of its own component",
                "encoder_attn.k_proj.weight",
                "encoder_attn.v_proj.weight",
            ),
        },
        single=plain({"embed_positions.weight": Role.POSITIONS}),
    ),
    Naming(
        models="Whisper",
        component=ComponentKind.EMBEDDINGS,
        single=plain(
            {
                "model.decoder.embed_tokens.weight": Role.TOKENS_IN,
                "decoder.embed_tokens.weight": Role.TOKENS_IN,
                "proj_out.weight": Role.TOKENS_OUT,
            }
        ),
    ),
)
