"""A candidate as a mixture of named parents, and what that rests on."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from dokja.evidence.values import Text
from dokja.lineage.values import TensorClass


class DecompositionVerdict(StrEnum):
    """Per component; each speaks of the named parents and of no others."""

    MERGED = "merged"
    ONE_PARENT = "one_parent"
    NO_PARENT = "no_parent"
    UNDETERMINED = "undetermined"


class MixtureForm(StrEnum):
    """How a merged component was put together."""

    WEIGHTED = "weighted"
    """Parents are averaged inside each layer."""
    BY_LAYER = "by_layer"
    """Each layer is one parent's, and not all are the same parent's."""
    BOTH = "both"


class DecompositionRules(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Draws and thresholds of a decomposition; digested, named in the report."""

    schema: str
    version: str
    sample_units: int
    """Units drawn of each table."""
    sample_channels: int
    """Channels drawn of each table, the same in every layer."""
    partner_units: int
    """Units drawn of each table to find which layers belong together."""
    partner_channels: int
    blocks: int
    """Blocks of rows, of which the jackknife leaves out one at a time."""
    control_draws: int
    """Orders of rows under which each parent is made a stranger."""
    parents_maximum: int
    weight_minimum: float
    """Least weight that counts. Rounding alone gives a copy of one parent tiny,
    sharply measured weights of the others."""
    planted_error_maximum: float
    """Most by which a weight planted in the same pass may be missed."""
    alone_minimum: float
    """Least share of a part that one parent alone explains: more of it than
    whatever came after."""
    gain_minimum: float
    """Least share of what the best single parent leaves that the others have to
    explain: another descendant of one parent drifts a little towards the rest."""
    unexplained_maximum: float
    """Most a fit may leave, in what an unseen common ancestor would leave: below
    1, so that a sibling of the parents is never taken for their mixture."""
    nothing_maximum: float
    """Share explained below which no parent shows at all."""
    layers_minimum: float
    """Share of the layers that must show whose they are. A merge often treats a
    first or last layer apart; where more differ, a person has to look."""


class ParentWeight(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """How much of one parent a part of the candidate holds."""

    parent: str
    layer: int | None
    """The parent's layer that was fitted, from 0; None outside layers."""
    weight: float | None
    """None where the parent is the ancestor here, so that nothing can tell it."""
    low: float | None
    high: float | None
    """95 % interval, corrected for the number of parents: jackknife over
    blocks of rows."""
    used: bool
    """Whether the interval lies above every stranger's weight, and the weight
    is not negligible."""


class PartFit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fit of one layer, of one tensor class of it, or of all layers."""

    layer: int | None
    """From 0; -1 for tensors outside layers; None for all together."""
    tensor_class: TensorClass | None
    """None for all classes together."""
    weights: tuple[ParentWeight, ...]
    """In the order of the report's parents; empty where `reason` says why."""
    signed: bool
    """Whether a parent was subtracted, so that weights may be negative."""
    explained_single: float | None
    """Share of the sum of squares that the best single parent explains."""
    explained_joint: float | None
    """Share that all parents explain together."""
    gain: float | None
    """Share of what the best single parent leaves that the others explain."""
    unexplained: float | None
    """What the fit leaves over what an unseen common ancestor would leave;
    None where fewer than two parents are used."""
    control_weight: float | None
    """Negative control: the largest weight of a parent with shuffled rows."""
    planted_error: float | None
    """Positive control: the most by which a planted weight was missed."""
    condition: float | None
    """Condition number of the parents' correlation matrix."""
    values: int
    """Weights of the candidate that entered."""
    reason: Text | None = None
    """Why nothing was fitted."""


class ComponentDecomposition(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One component of the candidate against the same of every parent."""

    name: str
    verdict: DecompositionVerdict
    form: MixtureForm | None
    """None unless merged."""
    whole: PartFit | None
    """All layers together; None where nothing could be fitted."""
    layers: tuple[PartFit, ...]
    """Each layer, all tensor classes together."""
    classes: tuple[PartFit, ...]
    """Each tensor class of each layer."""
    layer_parents: tuple[tuple[str, ...], ...]
    """For each of `layers` the parents it is made of; empty where that does
    not show."""
    untested: tuple[str, ...]
    """Tensors left out, each with the reason."""
    reason: Text


class DecompositionReport(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One candidate against two or more parents."""

    candidate: str
    parents: tuple[str, ...]
    """In the order of their names."""
    ancestor: str | None
    rules_digest: str
    verdict: DecompositionVerdict
    """The gravest of the components': merged, undetermined, one parent, none."""
    components: tuple[ComponentDecomposition, ...]
    limits: Text
    """What this does and does not show."""
