"""What is wrong with rules of an index or of a reference set, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from dokja.programme.index_rules import (
    DiffusionMeasure,
    DiffusionPart,
    DiffusionRule,
    EciRule,
    FrontierRule,
    IndexRules,
    PartScale,
    Picker,
    ReferenceSetPolicy,
)
from dokja.programme.values import ReferenceView, Target

LEAST_DRAWS = 2000
LEAST_REFERENCES = 15
"""Fewer cannot tell a benchmark's slope and difficulty from the teams' skill."""

SHARES = frozenset(
    {
        DiffusionMeasure.FORMATS,
        DiffusionMeasure.OPENNESS,
        DiffusionMeasure.EXPERT_SHARE,
        DiffusionMeasure.USER_SHARE,
    }
)
"""Measures that are shares already and may stand as they are."""


def index_rule_problems(rules: IndexRules) -> Iterator[str]:
    """Every reason why these rules could leave an index without a value."""
    if not rules.version.strip():
        yield "index rules have no version; indices of two versions do not compare"
    if rules.frontier is None and rules.diffusion is None:
        yield "index rules describe neither [frontier] nor [diffusion]"
    if rules.frontier is not None:
        yield from _frontier_problems(rules.frontier)
    if rules.diffusion is not None:
        yield from _diffusion_problems(rules.diffusion)


def reference_set_problems(
    policies: Sequence[ReferenceSetPolicy], target: Target | None
) -> Iterator[str]:
    """Every reason why a reference set could not be drawn up."""
    for stage, count in Counter(policy.stage for policy in policies).items():
        if count > 1:
            yield f"stage {stage} has {count} reference sets"
    for policy in policies:
        named = f"reference set of {policy.stage}"
        if not is_day(policy.cut_off):
            yield f"{named}: cut_off {policy.cut_off!r} is no day (YYYY-MM-DD)"
        if not policy.benchmarks:
            yield f"{named} names no benchmark that attainment is taken over"
        yield from _twice(policy.benchmarks, f"{named} names benchmark")
        if not policy.admits:
            yield f"{named} admits every model there is; name at least one criterion"
        if policy.draws < LEAST_DRAWS:
            yield f"{named}: {policy.draws} draws are too few; {LEAST_DRAWS} are asked"
        yield from _view_problems(policy, target, named)


def is_day(text: str) -> bool:
    """Whether the text is a day in ISO 8601."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _view_problems(
    policy: ReferenceSetPolicy, target: Target | None, named: str
) -> Iterator[str]:
    if target is None:
        yield f"{named}: there is no [target] to hold it against"
        return
    if ReferenceView.BEST_OPEN in target.shown_views and not policy.open_licences:
        yield f"{named}: the best open model is shown, and no licence counts as open"
    if target.window_months < 1:
        yield f"{named}: a window of {target.window_months} months holds no model"
    if target.chosen_by not in {Picker.OFFICE, Picker.TEAM}:
        yield f"{named}: no rule says who {target.chosen_by!r} is, who picks the target"


def _frontier_problems(rule: FrontierRule) -> Iterator[str]:
    named = "Frontier Index"
    if not rule.categories:
        yield f"{named} has no category"
    yield from _weight_problems([c.weight for c in rule.categories], named)
    yield from _twice((c.id for c in rule.categories), f"{named} has category")
    yield from _twice(
        (suite for c in rule.categories for suite in c.benchmarks),
        f"{named} counts benchmark",
    )
    for category in rule.categories:
        if not category.benchmarks:
            yield f"{named}: category {category.id} has no benchmark"
    if rule.draws < LEAST_DRAWS:
        yield f"{named}: {rule.draws} draws are too few; {LEAST_DRAWS} are asked"
    if rule.eci is not None:
        yield from _eci_problems(rule.eci)


def _eci_problems(rule: EciRule) -> Iterator[str]:
    named = "ECI view"
    models = {anchor.model for anchor in rule.anchors}
    values = {anchor.value for anchor in rule.anchors}
    if len(rule.anchors) != 2 or len(models) != 2 or len(values) != 2:
        yield f"{named} needs two anchor models with two different values"
    if rule.least_references < LEAST_REFERENCES:
        yield (
            f"{named} would be fitted with {rule.least_references} reference models; "
            f"fewer than {LEAST_REFERENCES} cannot tell benchmarks from teams"
        )
    if rule.ridge <= 0:
        yield f"{named}: a ridge of {rule.ridge} leaves the fit without a solution"


def _diffusion_problems(rule: DiffusionRule) -> Iterator[str]:
    named = "Diffusion Index"
    if not rule.reference.strip():
        yield f"{named} names no reference model"
    if not rule.parts:
        yield f"{named} has no part"
    yield from _weight_problems([part.weight for part in rule.parts], named)
    yield from _twice((part.id for part in rule.parts), f"{named} has part")
    if rule.draws < LEAST_DRAWS:
        yield f"{named}: {rule.draws} draws are too few; {LEAST_DRAWS} are asked"
    for part in rule.parts:
        yield from _scale_problems(part, named)
    measures = {part.measure for part in rule.parts}
    for measure, lacks, what in _needs(rule):
        if measure in measures and lacks:
            yield f"{named}: {measure.value} needs {what}"
    for spdx, worth in (rule.openness or {}).items():
        if not 0 <= worth <= 1:
            yield f"{named}: licence {spdx} is worth {worth}, not 0 to 1"


def _scale_problems(part: DiffusionPart, named: str) -> Iterator[str]:
    low, high = part.times_at_zero, part.times_at_full
    if part.scale is PartScale.SHARE:
        if part.measure not in SHARES:
            yield f"{named}: {part.id} is no share; its scale must be log_ratio"
        if low is not None or high is not None:
            yield f"{named}: {part.id} is a share and takes no times_at_zero or _full"
    elif low is None or high is None or not 0 < low < high:
        yield (
            f"{named}: {part.id} needs 0 < times_at_zero < times_at_full, as times "
            "as good as the reference"
        )


def _needs(rule: DiffusionRule) -> Iterator[tuple[DiffusionMeasure, bool, str]]:
    """Measure, whether something is lacking for it, and what."""
    dated = is_day(rule.adoption_from) and is_day(rule.adoption_until)
    ordered = dated and rule.adoption_from <= rule.adoption_until
    yield DiffusionMeasure.COST_PER_SOLVED, not rule.currency, "a currency"
    for measure in (DiffusionMeasure.THROUGHPUT, DiffusionMeasure.MEMORY):
        yield measure, not rule.device, "a device"
        yield measure, rule.quality_floor is None, "a quality_floor"
    yield DiffusionMeasure.MEMORY, rule.context_tokens < 1, "context_tokens"
    yield DiffusionMeasure.FORMATS, not rule.formats, "the formats asked for"
    yield DiffusionMeasure.OPENNESS, not rule.openness, "licences and their worth"
    yield DiffusionMeasure.ADOPTION, not rule.adoption_unit, "an adoption_unit"
    yield (
        DiffusionMeasure.ADOPTION,
        not ordered,
        "adoption_from and adoption_until, days in this order",
    )


def _weight_problems(weights: Sequence[Decimal], named: str) -> Iterator[str]:
    total = sum(weights, Decimal(0))
    if weights and total != 1:
        yield f"{named}: the weights sum to {total}, not 1"
    for weight in weights:
        if weight <= 0:
            yield f"{named}: a weight of {weight} counts for nothing or against"


def _twice(names: Iterable[str], said: str) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{said} {name} {count} times"
