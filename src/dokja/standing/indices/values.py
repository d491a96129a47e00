"""The measured indices and the target: what goes in beside scores, what comes out."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from dokja.evidence.values import Estimate, Growing, Text
from dokja.programme.index_rules import DiffusionMeasure, PartScale
from dokja.programme.values import ReferenceView


class IndexValue(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every value below, so that later fields move no digest."""


class BenchmarkIndex(IndexValue, frozen=True, kw_only=True):
    """A team on one benchmark: chance is 0, the ceiling 100, never clipped."""

    benchmark: str
    weight: float
    """Share of the whole index."""
    score: Estimate | None
    reason: Text | None = None


class CategoryIndex(IndexValue, frozen=True, kw_only=True):
    """A team in one category, on the same scale: the mean of its benchmarks."""

    category: str
    weight: Decimal
    value: Estimate | None
    benchmarks: tuple[BenchmarkIndex, ...]


class FrontierIndex(IndexValue, frozen=True, kw_only=True):
    """AI Frontier Index of a team: 100 is every ceiling reached, 0 is chance."""

    team: str
    index: Estimate | None
    """Interval of both noises: other items, and other answers to them."""
    item_noise: Estimate | None
    """The same index with the interval of drawing other items alone."""
    run_noise: Estimate | None
    """The same with that of asking the same items again."""
    categories: tuple[CategoryIndex, ...]
    reason: Text | None = None
    """Why there is no index."""
    noise_reason: Text | None = None
    """Why the two noises cannot be told apart."""


class IndexDifference(IndexValue, frozen=True, kw_only=True):
    """How far one team is ahead of another, in index points."""

    left: str
    right: str
    difference: Estimate | None
    separated: bool | None
    """Whether 0 lies outside the interval; None where there is no interval."""
    reason: Text | None = None


class ViewKind(StrEnum):
    """Another way to look at the same scores. None of them is the official index."""

    BENCHMARK_LEFT_OUT = "benchmark_left_out"
    TEAM_CHOSEN_REMOVED = "team_chosen_removed"
    MEAN_WIN_RATE = "mean_win_rate"
    ECI = "eci"


class ViewScore(IndexValue, frozen=True, kw_only=True):
    """A team in a view."""

    team: str
    value: Estimate | None
    reason: Text | None = None
    without_another: tuple[float, float] | None = None
    """Least and greatest value if one other model had not taken part."""


class FrontierView(IndexValue, frozen=True, kw_only=True):
    """The teams in one view, beside the official order."""

    kind: ViewKind
    removed: tuple[str, ...]
    """Benchmarks that this view leaves out."""
    scores: tuple[ViewScore, ...]
    order: tuple[str, ...]
    """Teams with a value, best first; equal values in the order of their ids."""
    changes_order: bool
    """Whether two teams stand the other way round than in the official index."""
    note: Text
    """That the view is not official, and what it depends on."""
    reason: Text | None = None


class FrontierReport(IndexValue, frozen=True, kw_only=True):
    """The Frontier Index of every team, its differences and its other views."""

    rules_digest: str
    version: str
    teams: tuple[FrontierIndex, ...]
    differences: tuple[IndexDifference, ...]
    order: tuple[str, ...]
    views: tuple[FrontierView, ...]


class CostMeasurement(IndexValue, frozen=True, kw_only=True):
    """What one item cost to answer, of repeats the mean; None where not measured."""

    item: str
    cluster: str
    score: float | None
    cost: float | None
    input_tokens: float | None
    output_tokens: float | None
    seconds: float | None


class ThroughputMeasurement(IndexValue, frozen=True, kw_only=True):
    """Repeated loads on one configuration, with the quality it keeps."""

    configuration: str
    """Engine, precision, batch: all that changes speed or quality."""
    device: str
    devices: int
    quality: float
    """Score of this very configuration on the suite that the rules name."""
    tokens_per_second: tuple[float, ...]
    """Of each repeat, over all devices."""


class MemoryMeasurement(IndexValue, frozen=True, kw_only=True):
    """Peak memory of one configuration at one length of context."""

    configuration: str
    device: str
    context_tokens: int
    quality: float
    """As of throughput: less memory at less quality is no saving."""
    peak_bytes: int


class AdoptionFigure(IndexValue, frozen=True, kw_only=True):
    """A figure of use that somebody else published; never measured, never guessed."""

    value: float
    unit: str
    source: str
    as_of: str
    """Day it speaks of, ISO 8601."""


class PartCounting(StrEnum):
    """How a part of the Diffusion Index entered it."""

    COUNTED = "counted"
    LEFT_OUT = "left_out"
    WORST = "worst"
    UNDETERMINED = "undetermined"


class DiffusionPartValue(IndexValue, frozen=True, kw_only=True):
    """A part: the team's figure, the reference's, and what it is worth."""

    part: str
    measure: DiffusionMeasure
    scale: PartScale
    weight: Decimal
    figure: Estimate | None
    reference: Estimate | None
    times: Estimate | None
    """Times as good as the reference; None for a share."""
    value: Estimate | None
    """0 at the rules' lower end, 1 at their upper one, never clipped."""
    counting: PartCounting
    reason: Text | None = None


class DiffusionIndex(IndexValue, frozen=True, kw_only=True):
    """AI Diffusion Index of a team, 100 where every part reaches its upper end."""

    team: str
    index: Estimate | None
    parts: tuple[DiffusionPartValue, ...]
    comparable: bool
    """False where parts were left out: such an index stands for itself."""
    reason: Text | None = None


class DiffusionReport(IndexValue, frozen=True, kw_only=True):
    """The Diffusion Index of every team against one fixed reference."""

    rules_digest: str
    version: str
    reference: str
    teams: tuple[DiffusionIndex, ...]
    differences: tuple[IndexDifference, ...]
    order: tuple[str, ...]


class ReferenceCandidate(IndexValue, frozen=True, kw_only=True):
    """A model on the dated list from which reference sets are drawn."""

    model: str
    maker: str
    released: str
    """Day of release, ISO 8601; empty where nobody knows it."""
    source: str
    """Where the release was read."""
    nominated_by: str
    """`office`, or the id of the team."""
    licence: str = ""
    """SPDX expression of published weights; empty where they are not published."""


class IndexedTeam(IndexValue, frozen=True, kw_only=True):
    """Who makes a team's model, and what the team aims at."""

    team: str
    maker: str
    """The organisation, as `maker` of a candidate names one."""
    target: str = ""
    """Target model that it declared before its seal; empty where there is none."""


class CandidateList(IndexValue, frozen=True, kw_only=True):
    """`candidates.toml`: the dated list that reference sets are drawn from."""

    synthetic: bool
    note: Text
    teams: tuple[IndexedTeam, ...]
    candidates: tuple[ReferenceCandidate, ...]


class RecordedFigures(IndexValue, frozen=True, kw_only=True):
    """What is known of one model beside its runs."""

    model: str
    source: str
    throughput: tuple[ThroughputMeasurement, ...] = ()
    memory: tuple[MemoryMeasurement, ...] = ()
    formats: tuple[str, ...] | None = None
    """Inference formats offered; None where nobody looked."""
    licence: str = ""
    """SPDX expression of the published weights; empty where there are none."""
    adoption: tuple[AdoptionFigure, ...] = ()


class FigureBook(IndexValue, frozen=True, kw_only=True):
    """`figures.toml`: what the Diffusion Index needs beside runs."""

    synthetic: bool
    note: Text
    figures: tuple[RecordedFigures, ...]


class ExclusionReason(StrEnum):
    """Why a candidate stands in no reference set."""

    RELEASED_LATER = "released_later"
    RELEASED_TOO_EARLY = "released_too_early"
    NO_RELEASE_DAY = "no_release_day"
    NO_SOURCE = "no_source"
    NOT_MEASURED = "not_measured"
    OF_A_COMPETITOR = "of_a_competitor"
    NOT_TO_NOMINATE = "not_to_nominate"


class Exclusion(IndexValue, frozen=True, kw_only=True):
    """A candidate that was refused, and why."""

    model: str
    reason: ExclusionReason
    detail: Text


class ReferenceSet(IndexValue, frozen=True, kw_only=True):
    """The models a stage's target is held against, as of its cut-off day."""

    stage: str
    first_day: str
    cut_off: str
    overall: tuple[str, ...]
    open_weights: tuple[str, ...]
    """Those of them whose weights are published under an open licence."""
    excluded: tuple[Exclusion, ...]
    policy_digest: str


class TargetReading(StrEnum):
    """What the interval of an attainment says about the target."""

    ABOVE = "above"
    BELOW = "below"
    NOT_SETTLED = "not_settled"


class AttainmentView(IndexValue, frozen=True, kw_only=True):
    """A team's score over that of one reference model."""

    view: ReferenceView
    official: bool
    reference: str | None
    attainment: Estimate | None
    required: Decimal
    met: bool | None
    """Whether the share itself reaches what is required, as rules decide."""
    reading: TargetReading | None
    """Whether the whole interval lies on that side."""
    chosen_best: Estimate | None = None
    """Share of draws in which this reference is the best of its set."""
    reason: Text | None = None


class TargetReport(IndexValue, frozen=True, kw_only=True):
    """One team against the moving target, every view side by side."""

    team: str
    stage: str
    views: tuple[AttainmentView, ...]
    note: Text


class MeasuredIndices(IndexValue, frozen=True, kw_only=True):
    """Every index of a stage that its rules ask for; None and empty where not."""

    frontier: FrontierReport | None = None
    diffusion: DiffusionReport | None = None
    reference_set: ReferenceSet | None = None
    targets: tuple[TargetReport, ...] = ()
