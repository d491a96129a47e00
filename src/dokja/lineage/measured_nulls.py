"""What agreements reach between models trained apart.

Written by benchmarks/lineage/calibration_table.py of calibration.json, where
the distributions, commands and versions stand; explained in
docs/lineage-calibration.md.
"""

from __future__ import annotations

from dokja.lineage.values import MeasuredNull, TensorClass

MEASURED_NULLS: tuple[MeasuredNull, ...] = (
    MeasuredNull(
        test="raw_agreement",
        component="text_decoder",
        tensor_class=TensorClass.MLP,
        shape="llama, 128 wide, 4 layers of 4 heads, vocabulary 1536",
        models=64,
        pairs=2016,
        disjoint_pairs=32,
        highest=0.026042,
        source=(
            "calibration, recipes sha256:ea9dbb2929b81d3ab5cccd21c6f51339b7ee"
            "7c00ff70e6046e13f8f6536ddd5e"
        ),
    ),
    MeasuredNull(
        test="anchored_agreement",
        component="text_decoder",
        tensor_class=TensorClass.MLP,
        shape="llama, 128 wide, 4 layers of 4 heads, vocabulary 1536",
        models=64,
        pairs=2016,
        disjoint_pairs=32,
        highest=0.059896,
        source=(
            "calibration, recipes sha256:ea9dbb2929b81d3ab5cccd21c6f51339b7ee"
            "7c00ff70e6046e13f8f6536ddd5e"
        ),
    ),
    MeasuredNull(
        test="anchored_heads",
        component="text_decoder",
        tensor_class=TensorClass.ATTENTION,
        shape="llama, 128 wide, 4 layers of 4 heads, vocabulary 1536",
        models=64,
        pairs=2016,
        disjoint_pairs=32,
        highest=0.3125,
        source=(
            "calibration, recipes sha256:ea9dbb2929b81d3ab5cccd21c6f51339b7ee"
            "7c00ff70e6046e13f8f6536ddd5e"
        ),
    ),
    MeasuredNull(
        test="token_gram",
        component="embeddings",
        tensor_class=TensorClass.BOUNDARY,
        shape="llama, 128 wide, 4 layers of 4 heads, vocabulary 1536",
        models=64,
        pairs=2016,
        disjoint_pairs=32,
        highest=0.008936,
        source=(
            "calibration, recipes sha256:ea9dbb2929b81d3ab5cccd21c6f51339b7ee"
            "7c00ff70e6046e13f8f6536ddd5e"
        ),
    ),
    MeasuredNull(
        test="token_gram",
        component="embeddings",
        tensor_class=TensorClass.BOUNDARY,
        shape="llama, 128 wide, 4 layers of 4 heads, vocabulary 1536",
        models=64,
        pairs=2016,
        disjoint_pairs=32,
        highest=0.008235,
        source=(
            "calibration, recipes sha256:ea9dbb2929b81d3ab5cccd21c6f51339b7ee"
            "7c00ff70e6046e13f8f6536ddd5e"
        ),
    ),
    MeasuredNull(
        test="anchored_agreement",
        component="text_decoder",
        tensor_class=TensorClass.MLP,
        shape=(
            "llama, 160 wide, 8 layers of 5 heads, vocabulary 2048; llama, 19"
            "2 wide, 6 layers of 6 heads, vocabulary 2048"
        ),
        models=4,
        pairs=6,
        disjoint_pairs=2,
        highest=0.018229,
        source=(
            "peers-1, recipes sha256:2e28075e24167c3c6424328b6145e617badff9f3"
            "4f14bcb4974c1fbfdbfa6518"
        ),
    ),
    MeasuredNull(
        test="anchored_heads",
        component="text_decoder",
        tensor_class=TensorClass.ATTENTION,
        shape=(
            "llama, 160 wide, 8 layers of 5 heads, vocabulary 2048; llama, 19"
            "2 wide, 6 layers of 6 heads, vocabulary 2048"
        ),
        models=4,
        pairs=6,
        disjoint_pairs=2,
        highest=0.05,
        source=(
            "peers-1, recipes sha256:2e28075e24167c3c6424328b6145e617badff9f3"
            "4f14bcb4974c1fbfdbfa6518"
        ),
    ),
    MeasuredNull(
        test="token_gram",
        component="embeddings",
        tensor_class=TensorClass.BOUNDARY,
        shape=(
            "llama, 160 wide, 8 layers of 5 heads, vocabulary 2048; llama, 19"
            "2 wide, 6 layers of 6 heads, vocabulary 2048"
        ),
        models=4,
        pairs=6,
        disjoint_pairs=2,
        highest=0.003481,
        source=(
            "peers-1, recipes sha256:2e28075e24167c3c6424328b6145e617badff9f3"
            "4f14bcb4974c1fbfdbfa6518"
        ),
    ),
    MeasuredNull(
        test="token_gram",
        component="embeddings",
        tensor_class=TensorClass.BOUNDARY,
        shape=(
            "llama, 160 wide, 8 layers of 5 heads, vocabulary 2048; llama, 19"
            "2 wide, 6 layers of 6 heads, vocabulary 2048"
        ),
        models=4,
        pairs=6,
        disjoint_pairs=2,
        highest=0.004374,
        source=(
            "peers-1, recipes sha256:2e28075e24167c3c6424328b6145e617badff9f3"
            "4f14bcb4974c1fbfdbfa6518"
        ),
    ),
    MeasuredNull(
        test="raw_agreement",
        component="text_decoder",
        tensor_class=TensorClass.MLP,
        shape="llama, 192 wide, 6 layers of 6 heads, vocabulary 2048",
        models=3,
        pairs=3,
        disjoint_pairs=1,
        highest=0.010417,
        source=(
            "peers-1, recipes sha256:2e28075e24167c3c6424328b6145e617badff9f3"
            "4f14bcb4974c1fbfdbfa6518"
        ),
    ),
    MeasuredNull(
        test="raw_agreement",
        component="vision_encoder",
        tensor_class=TensorClass.MLP,
        shape="vit, 128 wide, 4 layers of 4 heads, vocabulary 0",
        models=16,
        pairs=120,
        disjoint_pairs=8,
        highest=0.023438,
        source=(
            "calibration-vision, recipes sha256:218a077d98898234291ee11982810"
            "83fc51ef8fad89e7e263ef3324b6e1ad91a"
        ),
    ),
    MeasuredNull(
        test="anchored_agreement",
        component="vision_encoder",
        tensor_class=TensorClass.MLP,
        shape="vit, 128 wide, 4 layers of 4 heads, vocabulary 0",
        models=16,
        pairs=120,
        disjoint_pairs=8,
        highest=0.15625,
        source=(
            "calibration-vision, recipes sha256:218a077d98898234291ee11982810"
            "83fc51ef8fad89e7e263ef3324b6e1ad91a"
        ),
    ),
    MeasuredNull(
        test="anchored_heads",
        component="vision_encoder",
        tensor_class=TensorClass.ATTENTION,
        shape="vit, 128 wide, 4 layers of 4 heads, vocabulary 0",
        models=16,
        pairs=120,
        disjoint_pairs=8,
        highest=0.1875,
        source=(
            "calibration-vision, recipes sha256:218a077d98898234291ee11982810"
            "83fc51ef8fad89e7e263ef3324b6e1ad91a"
        ),
    ),
    MeasuredNull(
        test="raw_agreement",
        component="vision_encoder",
        tensor_class=TensorClass.MLP,
        shape="vit, 128 wide, 4 layers of 4 heads, vocabulary 0",
        models=3,
        pairs=3,
        disjoint_pairs=1,
        highest=0.023438,
        source=(
            "encoders, recipes sha256:3e476a75699ce7ff84006bf76ffe485420a0f02"
            "08795b6b5abce5455b933f9dc"
        ),
    ),
    MeasuredNull(
        test="anchored_agreement",
        component="vision_encoder",
        tensor_class=TensorClass.MLP,
        shape="vit, 128 wide, 4 layers of 4 heads, vocabulary 0",
        models=3,
        pairs=3,
        disjoint_pairs=1,
        highest=0.0625,
        source=(
            "encoders, recipes sha256:3e476a75699ce7ff84006bf76ffe485420a0f02"
            "08795b6b5abce5455b933f9dc"
        ),
    ),
    MeasuredNull(
        test="anchored_heads",
        component="vision_encoder",
        tensor_class=TensorClass.ATTENTION,
        shape="vit, 128 wide, 4 layers of 4 heads, vocabulary 0",
        models=3,
        pairs=3,
        disjoint_pairs=1,
        highest=0.0,
        source=(
            "encoders, recipes sha256:3e476a75699ce7ff84006bf76ffe485420a0f02"
            "08795b6b5abce5455b933f9dc"
        ),
    ),
    MeasuredNull(
        test="raw_agreement",
        component="text_decoder",
        tensor_class=TensorClass.MLP,
        shape=(
            "deepseek_v3, 128 wide, 4 layers of 4 heads, vocabulary 1536; gpt"
            "2, 128 wide, 4 layers of 4 heads, vocabulary 1536; gpt_neox, 128"
            " wide, 4 layers of 4 heads, vocabulary 1536; llama, 128 wide, 4 "
            "layers of 4 heads, vocabulary 1536; llama, 128 wide, 4 layers of"
            " 4 heads, vocabulary 2560; llama, 144 wide, 6 layers of 6 heads,"
            " vocabulary 1536; mixtral, 128 wide, 4 layers of 4 heads, vocabu"
            "lary 1536; qwen2, 128 wide, 4 layers of 4 heads, vocabulary 1536"
        ),
        models=16,
        pairs=92,
        disjoint_pairs=8,
        highest=0.018229,
        source=(
            "harder, recipes sha256:762ec9537841cf24284c80117ebbe5f9d6b4375fc"
            "2805c17de6d6e4bfe38f3cc"
        ),
    ),
    MeasuredNull(
        test="anchored_agreement",
        component="text_decoder",
        tensor_class=TensorClass.MLP,
        shape=(
            "deepseek_v3, 128 wide, 4 layers of 4 heads, vocabulary 1536; gpt"
            "2, 128 wide, 4 layers of 4 heads, vocabulary 1536; gpt_neox, 128"
            " wide, 4 layers of 4 heads, vocabulary 1536; llama, 128 wide, 4 "
            "layers of 4 heads, vocabulary 1536; llama, 128 wide, 4 layers of"
            " 4 heads, vocabulary 2560; llama, 144 wide, 6 layers of 6 heads,"
            " vocabulary 1536; mixtral, 128 wide, 4 layers of 4 heads, vocabu"
            "lary 1536; qwen2, 128 wide, 4 layers of 4 heads, vocabulary 1536"
        ),
        models=16,
        pairs=120,
        disjoint_pairs=8,
        highest=0.179688,
        source=(
            "harder, recipes sha256:762ec9537841cf24284c80117ebbe5f9d6b4375fc"
            "2805c17de6d6e4bfe38f3cc"
        ),
    ),
    MeasuredNull(
        test="anchored_heads",
        component="text_decoder",
        tensor_class=TensorClass.ATTENTION,
        shape=(
            "gpt2, 128 wide, 4 layers of 4 heads, vocabulary 1536; gpt_neox, "
            "128 wide, 4 layers of 4 heads, vocabulary 1536; llama, 128 wide,"
            " 4 layers of 4 heads, vocabulary 1536; llama, 128 wide, 4 layers"
            " of 4 heads, vocabulary 2560; llama, 144 wide, 6 layers of 6 hea"
            "ds, vocabulary 1536; mixtral, 128 wide, 4 layers of 4 heads, voc"
            "abulary 1536; qwen2, 128 wide, 4 layers of 4 heads, vocabulary 1"
            "536"
        ),
        models=14,
        pairs=91,
        disjoint_pairs=7,
        highest=0.25,
        source=(
            "harder, recipes sha256:762ec9537841cf24284c80117ebbe5f9d6b4375fc"
            "2805c17de6d6e4bfe38f3cc"
        ),
    ),
    MeasuredNull(
        test="token_gram",
        component="embeddings",
        tensor_class=TensorClass.BOUNDARY,
        shape=(
            "deepseek_v3, 128 wide, 4 layers of 4 heads, vocabulary 1536; gpt"
            "2, 128 wide, 4 layers of 4 heads, vocabulary 1536; gpt_neox, 128"
            " wide, 4 layers of 4 heads, vocabulary 1536; llama, 128 wide, 4 "
            "layers of 4 heads, vocabulary 1536; llama, 128 wide, 4 layers of"
            " 4 heads, vocabulary 2560; llama, 144 wide, 6 layers of 6 heads,"
            " vocabulary 1536; mixtral, 128 wide, 4 layers of 4 heads, vocabu"
            "lary 1536; qwen2, 128 wide, 4 layers of 4 heads, vocabulary 1536"
        ),
        models=16,
        pairs=120,
        disjoint_pairs=8,
        highest=0.008483,
        source=(
            "harder, recipes sha256:762ec9537841cf24284c80117ebbe5f9d6b4375fc"
            "2805c17de6d6e4bfe38f3cc"
        ),
    ),
    MeasuredNull(
        test="token_gram",
        component="embeddings",
        tensor_class=TensorClass.BOUNDARY,
        shape=(
            "deepseek_v3, 128 wide, 4 layers of 4 heads, vocabulary 1536; gpt"
            "_neox, 128 wide, 4 layers of 4 heads, vocabulary 1536; llama, 12"
            "8 wide, 4 layers of 4 heads, vocabulary 2560; llama, 144 wide, 6"
            " layers of 6 heads, vocabulary 1536; mixtral, 128 wide, 4 layers"
            " of 4 heads, vocabulary 1536; qwen2, 128 wide, 4 layers of 4 hea"
            "ds, vocabulary 1536"
        ),
        models=12,
        pairs=66,
        disjoint_pairs=6,
        highest=0.007053,
        source=(
            "harder, recipes sha256:762ec9537841cf24284c80117ebbe5f9d6b4375fc"
            "2805c17de6d6e4bfe38f3cc"
        ),
    ),
)
