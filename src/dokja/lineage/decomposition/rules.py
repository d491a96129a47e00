"""The rules of decomposition that ship with Dokja."""

from __future__ import annotations

from dokja.lineage.decomposition.values import DecompositionRules


def shipped_decomposition_rules() -> DecompositionRules:
    """The draws and thresholds of every decomposition.

    An error of a weight falls with the root of the values drawn, and at a hundred
    thousand a table is far below what anybody merges by.
    """
    return DecompositionRules(
        schema="dokja-decomposition-rules/1",
        version="1.0.0",
        sample_units=256,
        sample_channels=512,
        partner_units=64,
        partner_channels=256,
        blocks=20,
        control_draws=3,
        parents_maximum=8,
        weight_minimum=0.02,
        planted_error_maximum=0.05,
        alone_minimum=0.5,
        gain_minimum=0.5,
        unexplained_maximum=0.5,
        nothing_maximum=0.05,
        layers_minimum=0.9,
    )
