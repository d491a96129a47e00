"""Text, vision and audio encoders, and the token tables beside them."""

from __future__ import annotations

from dokja.lineage.families.naming import Naming, plain, unread
from dokja.lineage.roles import Role
from dokja.submission.values import ComponentKind

_BERT = r"(?:bert\.)?"
_VIT = r"(?:vit\.|vision_model\.|model\.)*"
_CLIP_VISION = r"(?:model\.|clip\.|vision_tower\.|vision_model\.)*"
_CLIP_TEXT = r"(?:text_model\.)?"
_WHISPER = r"(?:model\.)?(?:encoder\.)?"

_OF_ONE_KIND = "a handful of vectors, too few to test"
_CLIP_LAYER = plain(
    {
        "mlp.fc1.weight": Role.UP,
        "mlp.fc1.bias": Role.UP_BIAS,
        "mlp.fc2.weight": Role.DOWN,
        "self_attn.q_proj.weight": Role.QUERY,
        "self_attn.k_proj.weight": Role.KEY,
        "self_attn.v_proj.weight": Role.VALUE,
        "self_attn.out_proj.weight": Role.OUTPUT,
    }
)

ENCODERS: tuple[Naming, ...] = (
    Naming(
        models="BERT",
        component=ComponentKind.TEXT_ENCODER,
        stem=_BERT,
        layers=r"encoder\.layer",
        layered=plain(
            {
                "intermediate.dense.weight": Role.UP,
                "intermediate.dense.bias": Role.UP_BIAS,
                "output.dense.weight": Role.DOWN,
                "attention.self.query.weight": Role.QUERY,
                "attention.self.key.weight": Role.KEY,
                "attention.self.value.weight": Role.VALUE,
                "attention.output.dense.weight": Role.OUTPUT,
            }
        ),
        single={
            **plain({"embeddings.position_embeddings.weight": Role.POSITIONS}),
            **unread(_OF_ONE_KIND, "embeddings.token_type_embeddings.weight"),
        },
    ),
    Naming(
        models="BERT",
        component=ComponentKind.EMBEDDINGS,
        stem=_BERT,
        single=plain(
            {
                "embeddings.word_embeddings.weight": Role.TOKENS_IN,
                "cls.predictions.decoder.weight": Role.TOKENS_OUT,
            }
        ),
    ),
    Naming(
        models="ViT",
        component=ComponentKind.VISION_ENCODER,
        stem=_VIT,
        layers=r"(?:encoder\.layer|layers)",
        layered=plain(
            {
                "intermediate.dense.weight": Role.UP,
                "mlp.fc1.weight": Role.UP,
                "intermediate.dense.bias": Role.UP_BIAS,
                "mlp.fc1.bias": Role.UP_BIAS,
                "output.dense.weight": Role.DOWN,
                "mlp.fc2.weight": Role.DOWN,
                "attention.attention.query.weight": Role.QUERY,
                "attention.q_proj.weight": Role.QUERY,
                "attention.attention.key.weight": Role.KEY,
                "attention.k_proj.weight": Role.KEY,
                "attention.attention.value.weight": Role.VALUE,
                "attention.v_proj.weight": Role.VALUE,
                "attention.output.dense.weight": Role.OUTPUT,
                "attention.o_proj.weight": Role.OUTPUT,
            }
        ),
        single=plain(
            {
                "embeddings.patch_embeddings.projection.weight": Role.PATCH,
                "embeddings.position_embeddings": Role.POSITIONS,
            }
        ),
    ),
    Naming(
        models="CLIP, SigLIP",
        component=ComponentKind.VISION_ENCODER,
        stem=_CLIP_VISION,
        layers=r"encoder\.layers",
        layered=_CLIP_LAYER,
        single=plain(
            {
                "embeddings.patch_embedding.weight": Role.PATCH,
                "embeddings.position_embedding.weight": Role.POSITIONS,
            }
        ),
        requires="embeddings.patch_embedding.weight",
    ),
    Naming(
        models="CLIP, SigLIP",
        component=ComponentKind.TEXT_ENCODER,
        stem=_CLIP_TEXT,
        layers=r"encoder\.layers",
        layered=_CLIP_LAYER,
        single=plain({"embeddings.position_embedding.weight": Role.POSITIONS}),
    ),
    Naming(
        models="CLIP, SigLIP",
        component=ComponentKind.EMBEDDINGS,
        stem=_CLIP_TEXT,
        single=plain({"embeddings.token_embedding.weight": Role.TOKENS_IN}),
    ),
    Naming(
        models="Whisper",
        component=ComponentKind.AUDIO_ENCODER,
        stem=_WHISPER,
        layers="layers",
        layered=plain(
            {
                "fc1.weight": Role.UP,
                "fc1.bias": Role.UP_BIAS,
                "fc2.weight": Role.DOWN,
                "self_attn.q_proj.weight": Role.QUERY,
                "self_attn.k_proj.weight": Role.KEY,
                "self_attn.v_proj.weight": Role.VALUE,
                "self_attn.out_proj.weight": Role.OUTPUT,
            }
        ),
        single={
            # The second convolution writes the residual stream; the first
            # only feeds it, through units of its own.
            **plain(
                {
                    "conv2.weight": Role.PATCH,
                    "embed_positions.weight": Role.POSITIONS,
                }
            ),
            **unread(
                "writes hidden units of the stem, which no test of this version pairs",
                "conv1.weight",
            ),
        },
        requires="conv2.weight",
    ),
)
