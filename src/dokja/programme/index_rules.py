"""Rules of the measured indices and of the reference set, as frozen values.

Apart from the points: an index here is made of measurements, with weights that
stand in the rulebook before anything is measured. A rulebook without these
sections keeps its digest.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from dokja.evidence.values import Growing, Text


class IndexRule(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every entry below: unknown keys are errors, later keys may come."""


class FrontierCategory(IndexRule, frozen=True, kw_only=True):
    """A category of benchmarks with its share of the Frontier Index."""

    id: str
    name: Text
    weight: Decimal
    """The weights of all categories sum to 1."""
    benchmarks: tuple[str, ...]
    """Suites that count alike; of a team-chosen category, those admitted."""
    team_chosen: bool = False
    """Whether a team counts only those of them it declared before its seal."""


class EciAnchor(IndexRule, frozen=True, kw_only=True):
    """A reference model whose place on the ECI scale is fixed."""

    model: str
    value: Decimal


class EciRule(IndexRule, frozen=True, kw_only=True):
    """The latent-ability view: its two anchors and what it needs to run."""

    anchors: tuple[EciAnchor, ...]
    least_references: int = 15
    """Reference models, anchors among them, without which it is not fitted."""
    ridge: Decimal = Decimal("0.001")
    """Weight of the squared parameters beside the squared residuals."""


class FrontierRule(IndexRule, frozen=True, kw_only=True):
    """How benchmark scores become the Frontier Index."""

    categories: tuple[FrontierCategory, ...]
    draws: int = 2000
    eci: EciRule | None = None


class DiffusionMeasure(StrEnum):
    """What a part of the Diffusion Index is measured by."""

    COST_PER_SOLVED = "cost_per_solved"
    TOKENS_MEDIAN = "tokens_median"
    TOKENS_P95 = "tokens_p95"
    LATENCY_MEDIAN = "latency_median"
    LATENCY_P95 = "latency_p95"
    THROUGHPUT = "throughput"
    MEMORY = "memory"
    FORMATS = "formats"
    OPENNESS = "openness"
    ADOPTION = "adoption"
    EXPERT_SHARE = "expert_share"
    USER_SHARE = "user_share"


class PartScale(StrEnum):
    """How a figure becomes a part's value."""

    LOG_RATIO = "log_ratio"
    """Logarithm of how many times as good as the reference it is."""
    SHARE = "share"
    """As it stands, for figures between 0 and 1 whose ends mean something."""


class MissingPart(StrEnum):
    """How a part counts that a team has no figure for."""

    UNDETERMINED = "undetermined"
    LEFT_OUT = "left_out"
    WORST = "worst"


class DiffusionPart(IndexRule, frozen=True, kw_only=True):
    """A part of the Diffusion Index with its share."""

    id: str
    name: Text
    measure: DiffusionMeasure
    weight: Decimal
    """The weights of all parts sum to 1."""
    scale: PartScale = PartScale.LOG_RATIO
    times_at_zero: Decimal | None = None
    """Times as good as the reference at which the part is worth 0."""
    times_at_full: Decimal | None = None
    """The same at which it is worth all of its share."""
    on_missing: MissingPart = MissingPart.UNDETERMINED


class DiffusionRule(IndexRule, frozen=True, kw_only=True):
    """How use in the field becomes the Diffusion Index."""

    reference: str
    """The fixed model that every ratio is taken against."""
    parts: tuple[DiffusionPart, ...]
    draws: int = 2000
    currency: str = ""
    """What costs are given in."""
    device: str = ""
    """What throughput and memory are measured on."""
    quality_floor: Decimal | None = None
    """Least quality of a configuration whose throughput or memory counts."""
    context_tokens: int = 0
    """Length of context at which memory is measured."""
    formats: tuple[str, ...] = ()
    """Inference formats of which the share that is offered counts."""
    openness: dict[str, Decimal] | None = None
    """Licence (SPDX) to what it is worth, 0 to 1; none other is known."""
    adoption_unit: str = ""
    adoption_from: str = ""
    adoption_until: str = ""
    """First and last day, ISO 8601, that an adoption figure may speak of."""
    benchmarks: tuple[str, ...] = ()
    """Suites whose items give cost, tokens and time; all of the reference if empty."""


class IndexRules(IndexRule, frozen=True, kw_only=True):
    """Both indices, under one version; results of two versions do not compare."""

    version: str
    frontier: FrontierRule | None = None
    diffusion: DiffusionRule | None = None


class Admission(StrEnum):
    """What a model must meet to stand in a reference set."""

    SOURCED_RELEASE = "sourced_release"
    OFFICIAL_RUN = "official_run"
    NO_COMPETITOR = "no_competitor"


class Picker(StrEnum):
    """Who may put a model on the list of candidates."""

    OFFICE = "office"
    TEAM = "team"
    ANYONE = "anyone"


class ReferenceSetPolicy(IndexRule, frozen=True, kw_only=True):
    """The models that a stage's target is held against, as of a day.

    The length of the window and who declares the official target stand in the
    target itself.
    """

    stage: str
    cut_off: str
    """Last day of release, ISO 8601."""
    picked_by: Picker
    benchmarks: tuple[str, ...]
    """Suites over whose mean attainment is taken."""
    admits: tuple[Admission, ...]
    open_licences: tuple[str, ...] = ()
    """Licences (SPDX) under which published weights count as open."""
    draws: int = 2000
