"""The lineage rules that ship with Dokja."""

from __future__ import annotations

from dokja.lineage.measured_nulls import MEASURED_NULLS
from dokja.lineage.values import LineageRules, RelationRules


def shipped_rules() -> LineageRules:
    """The thresholds a comparison uses unless a programme froze its own.

    The two levels leave room for thousands of comparisons; the margins are
    those of the methods the tests come from, set before any example model
    was measured. An agreement must exceed what models trained apart reach by
    two standard errors of a share of 128 units near one half.

    Those of relations were set between what 21 descendants of one small model
    (1.1 million parameters, 1,200 steps) showed: fits to a grid 0.89 to 1.0
    after rounding against 0.61 to 0.68 without; explained once matched over
    0.9999 for four hidden copies against at most 0.9977 after any training;
    3 % kept of cut weights against 95 % of others; in place 0.956 and 0.997
    for two fine-tuned models against 0.902 for one trained on for 400 steps.
    Three decoders trained on for as long as their base, or four times as
    long, lie at 0.33, 0.62 and 0.63; one trained on for half as long at 0.78.
    """
    return LineageRules(
        schema="dokja-lineage-rules/1",
        version="2.1.0",
        derived_p=1e-6,
        refer_p=1e-3,
        p_floor=1e-15,
        effect_minimum=0.05,
        control_margin=5.0,
        control_noise=1.0,
        tested_minimum=0.5,
        shared_tokens_minimum=64,
        agreement_derived=0.2,
        raw_derived=0.5,
        control_draws=9,
        sample_units=128,
        detection_shares=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25),
        anchor_tokens=512,
        anchored_refer=0.2,
        anchored_derived=0.5,
        head_anchors=64,
        heads_refer=0.4,
        heads_derived=0.4,
        basis_minimum=0.2,
        trained_layers=0.85,
        trained_tokens=0.5,
        gram_tests=True,
        gram_tokens=1024,
        gram_refer=0.2,
        test_units=512,
        test_channels=256,
        relations=RelationRules(
            lattice_fit=0.8,
            lattice_distinct=0.85,
            lattice_tables=0.75,
            rounding_steps=0.5,
            rounding_share=0.98,
            copied_share=0.999,
            rank_share=0.25,
            zeros=0.1,
            cut_slope=0.5,
            tuned_share=0.98,
            continued_share=0.7,
        ),
        measured_nulls=MEASURED_NULLS,
        null_margin=0.1,
    )
