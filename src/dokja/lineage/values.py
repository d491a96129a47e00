"""Lineage verdicts and what they rest on."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Growing, Text


class LineageVerdict(StrEnum):
    """Per component. `no_evidence` is not `independent`: no test can say that."""

    IDENTICAL = "identical"
    DERIVED = "derived"
    PARTIAL = "partial"
    REFER = "refer"
    NO_EVIDENCE = "no_evidence"
    UNTESTABLE = "untestable"


class Relation(StrEnum):
    """How a derived component came from the reference."""

    COPY = "copy"
    FINE_TUNED = "fine_tuned"
    CONTINUED_PRETRAINING = "continued_pretraining"
    MERGED = "merged"
    QUANTISED = "quantised"
    PRUNED = "pruned"
    DEPTH_UPSCALED = "depth_upscaled"
    LAYERS_DROPPED = "layers_dropped"
    TRANSPLANTED = "transplanted"
    UNKNOWN = "unknown"


class TensorClass(StrEnum):
    """Groups of tensors that must each carry the evidence on their own."""

    MLP = "mlp"
    ATTENTION = "attention"
    BOUNDARY = "boundary"


class RelationRules(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What a relation needs to be named; see the shipped rules for the figures."""

    lattice_fit: float
    """Least fit of neighbouring weights to a grid that counts as rounding."""
    lattice_distinct: float
    """Most distinct values among neighbouring weights that count likewise."""
    lattice_tables: float
    """Least share of tables that must lie on grids."""
    rounding_steps: float
    """Largest difference that rounding explains, in steps of the grid."""
    rounding_share: float
    """Least explained share where steps are uneven or entries do not correspond."""
    copied_share: float
    """Least share that a view from another basis explains of a copy."""
    rank_share: float
    """Most directions of a low-rank difference, over the shorter side."""
    zeros: float
    """Least share of weights that are zero on one side alone, where cut."""
    cut_slope: float
    """Most that is kept of the reference's smallest weights where these were cut,
    in what is kept of the others."""
    tuned_share: float
    """Least explained share of a model that is called fine-tuned."""
    continued_share: float
    """Largest explained share of one that is called pre-trained further."""


class MeasuredNull(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What an agreement reached between models of one shape that were trained apart.

    Pairs share models, so `pairs` is not a number of independent trials.
    """

    test: str
    component: str
    tensor_class: TensorClass
    shape: str
    models: int
    pairs: int
    disjoint_pairs: int
    """Pairs among them that have no model in common."""
    highest: float
    source: str
    """The set of models, with a digest of their recipes."""


class LineageRules(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Thresholds of a verdict; shipped, digested, named in every report.

    A field that came later has a default under which its test is left out,
    and the default is not written: rules frozen before it keep their digest.
    """

    schema: str
    version: str
    derived_p: float
    """Corrected p-value from which a tensor class counts as derived."""
    refer_p: float
    """Corrected p-value from which a person has to look."""
    p_floor: float
    """Smallest p-value ever printed."""
    effect_minimum: float
    """Least centred correlation in a class that counts as derived."""
    control_margin: float
    """Standard deviations by which an effect must exceed every control."""
    control_noise: float
    """Noise of the known-positive control, in the tensor's own deviation."""
    tested_minimum: float
    """Least share of a component's parameters that must enter a test."""
    shared_tokens_minimum: int
    """Fewest token strings both vocabularies must hold to compare embeddings, or
    to anchor an MLP."""
    agreement_derived: float
    """Least raw agreement from which a person has to look."""
    control_draws: int
    """Known-negative controls made per comparison."""
    sample_units: int
    """Units of a layer that enter the agreement test, drawn by seed."""
    detection_shares: tuple[float, ...]
    """Shares of the reference planted to find the detection limit."""
    anchor_tokens: int = 0
    """Tokens of both vocabularies that anchor an MLP; 0 leaves the test out."""
    anchored_refer: float = 1.0
    """Least anchored agreement from which a person has to look."""
    anchored_derived: float = 2.0
    """Least anchored agreement that stands for the MLPs in `derived`."""
    head_anchors: int = 0
    """Anchors through which heads are seen; 0 leaves the test out."""
    heads_refer: float = 2.0
    """Least agreement of heads from which a person has to look."""
    heads_derived: float = 2.0
    """Least agreement of heads that stands for attention in `derived`."""
    gram_tests: bool = False
    """Whether T3 and T4 are made."""
    raw_derived: float = 2.0
    """Least raw agreement that stands for the MLPs in `derived`."""
    basis_minimum: float = 0.0
    """Least correlation of residual channels, in place of `effect_minimum`, that
    counts where models may share a residual basis and nothing else."""
    trained_layers: float = 0.0
    """Least share kept of the leading directions of layers, over that kept of the
    rest, below which a common start may be all that matches; 0 never asks."""
    trained_tokens: float = 0.0
    """Least share kept of the leading directions of token tables, likewise."""
    gram_tokens: int = 0
    """Shared tokens drawn to see token tables in any basis; 0 leaves the test out."""
    gram_refer: float = 2.0
    """Least likeness of products of token rows from which a person has to look."""
    test_units: int = 0
    """Hidden units of a layer drawn for the exact tests; 0 takes all."""
    test_channels: int = 0
    """Residual channels drawn for the exact tests; 0 takes all."""
    relations: RelationRules | None = None
    """What a relation needs to be named; None names those of whole layers only."""
    measured_nulls: tuple[MeasuredNull, ...] = ()
    """What agreements reach between models trained apart; an agreement of which
    nothing was measured never stands for a class in `derived`."""
    null_margin: float = 0.0
    """By how much an agreement must exceed the highest of them to do so."""


class NullBound(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agreement held against all models that were measured and trained apart."""

    models: int
    pairs: int
    disjoint_pairs: int
    highest: float
    """The most that any of the pairs reached."""
    bound: float | None
    """95 % upper bound of the rate at which such models reach this agreement, from
    the disjoint pairs alone; None where a pair did reach it."""


class LineageTest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One test of one tensor class, with its effect beside its controls."""

    id: str
    """T1 to T4, T6, `raw_agreement`, `anchored_agreement`, `anchored_heads` or
    `token_gram`."""
    tensor_class: TensorClass
    statistic: float | None
    effect: float | None
    """Centred correlation, or the share of units that agree."""
    p_value: float | None
    """Corrected for everything searched, never below the rules' floor."""
    null: Text
    survives: Text
    controls_negative: tuple[float, ...]
    """The effect on known-negative controls of the same pass."""
    control_positive: float | None
    """The effect on a known descendant made in the same pass."""
    reason: Text | None = None
    """Why statistic is None."""
    layer_effects: tuple[tuple[float, ...], ...] = ()
    """The effect for each candidate layer (row) and reference layer (column);
    empty for a test that does not go by layers."""
    measured_null: NullBound | None = None
    """None for a test with a p-value, and where no null was measured."""


class ComponentLineage(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The verdict on one component against one reference."""

    name: str
    reference: str
    verdict: LineageVerdict
    relation: Relation | None
    explained_share: float | None
    layer_map: tuple[int | None, ...]
    detection_limit: float | None
    """Smallest planted share that the same pass would have called derived."""
    tests: tuple[LineageTest, ...]
    identical_tensors: int
    tested_tensors: int
    untested: tuple[str, ...]
    """Tensors left out, each with the reason."""
    reason: Text
    explained_interval: tuple[float, float] | None = None
    """95 % interval of the explained share: jackknife over blocks of rows."""
    relation_reason: Text | None = None
    """What the relation rests on, None where there is none."""


class TokenizerComparison(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Shared vocabulary, reported apart: never part of a verdict."""

    agreement: float | None
    controls: tuple[float, ...]
    reason: Text | None = None


class LineageReport(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One candidate against one reference."""

    candidate: str
    reference: str
    rules_digest: str
    verdict: LineageVerdict
    """The worst over the components."""
    components: tuple[ComponentLineage, ...]
    tokenizer: TokenizerComparison
    limits: Text
    """What this does and does not show."""


SEVERITY: tuple[LineageVerdict, ...] = (
    LineageVerdict.NO_EVIDENCE,
    LineageVerdict.UNTESTABLE,
    LineageVerdict.REFER,
    LineageVerdict.PARTIAL,
    LineageVerdict.DERIVED,
    LineageVerdict.IDENTICAL,
)
"""From least to most adverse."""


def worst(verdicts: tuple[LineageVerdict, ...]) -> LineageVerdict:
    """The most adverse verdict; `untestable` where there is none at all."""
    if not verdicts:
        return LineageVerdict.UNTESTABLE
    return max(verdicts, key=SEVERITY.index)
