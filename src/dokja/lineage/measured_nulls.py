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
        models=24,
        pairs=276,
        disjoint_pairs=12,
        highest=0.020833,
        source=(
            "calibration, recipes sha256:037f702b13184d72f6993501661300a95da2"
            "36f3f7788cf8a076875f36713074"
        ),
    ),
    MeasuredNull(
        test="anchored_agreement",
        component="text_decoder",
        tensor_class=TensorClass.MLP,
        shape="llama, 128 wide, 4 layers of 4 heads, vocabulary 1536",
        models=24,
        pairs=276,
        disjoint_pairs=12,
        highest=0.041667,
        source=(
            "calibration, recipes sha256:037f702b13184d72f6993501661300a95da2"
            "36f3f7788cf8a076875f36713074"
        ),
    ),
    MeasuredNull(
        test="anchored_heads",
        component="text_decoder",
        tensor_class=TensorClass.ATTENTION,
        shape="llama, 128 wide, 4 layers of 4 heads, vocabulary 1536",
        models=24,
        pairs=276,
        disjoint_pairs=12,
        highest=0.5625,
        source=(
            "calibration, recipes sha256:037f702b13184d72f6993501661300a95da2"
            "36f3f7788cf8a076875f36713074"
        ),
    ),
)
