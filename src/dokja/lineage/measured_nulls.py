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
)
