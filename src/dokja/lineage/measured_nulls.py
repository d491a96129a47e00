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
        pairs=1177,
        disjoint_pairs=32,
        highest=0.023438,
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
        pairs=1177,
        disjoint_pairs=32,
        highest=0.057292,
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
        pairs=1177,
        disjoint_pairs=32,
        highest=0.75,
        source=(
            "calibration, recipes sha256:ea9dbb2929b81d3ab5cccd21c6f51339b7ee"
            "7c00ff70e6046e13f8f6536ddd5e"
        ),
    ),
    MeasuredNull(
        test="raw_agreement",
        component="text_decoder",
        tensor_class=TensorClass.MLP,
        shape="llama, 192 wide, 6 layers of 6 heads, vocabulary 2048",
        models=2,
        pairs=1,
        disjoint_pairs=1,
        highest=0.007812,
        source=(
            "peers-1, recipes sha256:a413d714b8dc369969b8130cdc8274b525f346ed"
            "3c4eae6c0dacce8def24cfec"
        ),
    ),
    MeasuredNull(
        test="anchored_agreement",
        component="text_decoder",
        tensor_class=TensorClass.MLP,
        shape="llama, 192 wide, 6 layers of 6 heads, vocabulary 2048",
        models=2,
        pairs=1,
        disjoint_pairs=1,
        highest=0.007812,
        source=(
            "peers-1, recipes sha256:a413d714b8dc369969b8130cdc8274b525f346ed"
            "3c4eae6c0dacce8def24cfec"
        ),
    ),
    MeasuredNull(
        test="anchored_heads",
        component="text_decoder",
        tensor_class=TensorClass.ATTENTION,
        shape="llama, 192 wide, 6 layers of 6 heads, vocabulary 2048",
        models=2,
        pairs=1,
        disjoint_pairs=1,
        highest=0.083333,
        source=(
            "peers-1, recipes sha256:a413d714b8dc369969b8130cdc8274b525f346ed"
            "3c4eae6c0dacce8def24cfec"
        ),
    ),
)
