"""V15: what was trained could be computed on what the organiser leased."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from dokja.errors import DokjaError
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.kept_states import recorded_tensors
from dokja.training.materials import Lease, ModelPlan
from dokja.training.surviving import tokens_trained
from dokja.training.values import Environment, Resume, Step

MOST_USED = 0.75
"""Share of the peak that no training reaches: 0.21 (GPT-3), 0.46 (PaLM), 0.38 to 0.43
(Llama 3 405B) were published; sources in the guide."""
USUAL = (0.10, 0.60)
HOURS_APART = 0.10
UNEXPLAINED = 0.25
"""Share of the leased hours that the log may leave unexplained."""
ENERGY_APART = 0.30
SIZE_APART = 0.001


@dataclass(frozen=True, kw_only=True)
class Compute:
    """What a run took, by its log, and what was leased for it."""

    operations: float
    logged_hours: float
    leased_hours: float
    used: float
    """Share of the leased accelerators' peak: model FLOPs utilisation."""


def compute(case: Case) -> Outcome:
    """Fails where the machines that the record names could not have done it.

    Where it names none of the leases, machines of the team's own may have: that, and
    leases used for more than this run, explain every other difference.
    """
    leases = case.audit.leases
    if leases is None:
        return CheckResult.NOT_RUN, Text(
            ko="주관기관의 임차 목록을 지정하지 않았습니다.",
            en="The organiser's list of leases was not given.",
        )
    if not leases:
        return CheckResult.NOT_APPLICABLE, Text(
            ko="주관기관이 이 학습에 가속기를 임차해 주지 않았습니다.",
            en="The organiser leased no accelerators for this run.",
        )
    size = _size(case)
    if isinstance(size, Text):
        return CheckResult.INCONCLUSIVE, size
    found = _computed(case, size, leases)
    if found is None:
        return CheckResult.INCONCLUSIVE, Text(
            ko="학습 단계 또는 임차 시간이 없어 견줄 수 없습니다.",
            en="There are no steps or no leased hours to compare.",
        )
    return _weighed(case, found, leases)


def _weighed(case: Case, found: Compute, leases: tuple[Lease, ...]) -> Outcome:
    if found.used > MOST_USED:
        bound = _runs_on(case, leases)
        return CheckResult.FAIL if bound else CheckResult.INCONCLUSIVE, Text(
            ko=f"기록된 학습에는 임차한 가속기 최대 성능의 {found.used:.0%}가 "
            f"필요합니다(상한 {MOST_USED:.0%}). 임차한 가속기만으로는 할 수 없습니다.",
            en=f"The recorded training would take {found.used:.0%} of the peak of the "
            f"leased accelerators; more than {MOST_USED:.0%} they cannot give.",
        )
    questions = [
        each
        for each in (
            _other_lease(case, leases),
            _unusual(found),
            _hours_apart(found),
            _energy_apart(found, leases),
        )
        if each is not None
    ]
    if questions:
        return CheckResult.INCONCLUSIVE, questions[0]
    return CheckResult.PASS, Text(
        ko=f"연산량 {found.operations:.2e} FLOP은 임차한 가속기 최대 성능의 "
        f"{found.used:.0%}이고, 기록된 시간 {found.logged_hours:.1f}시간과 임차 시간 "
        f"{found.leased_hours:.1f}시간이 맞습니다.",
        en=f"{found.operations:.2e} FLOP are {found.used:.0%} of the peak of the "
        f"leased accelerators; {found.logged_hours:.1f} accelerator hours in the log "
        f"fit the {found.leased_hours:.1f} leased.",
    )


def operations(model: ModelPlan, tokens: int) -> float:
    """Floating-point operations of a run: 6ND and causal attention, 6LdTD.

    Source: Kaplan et al. 2020 (arXiv:2001.08361), Chowdhery et al. 2022
    (arXiv:2204.02311, appendix B), the latter halved since the mask is causal.
    """
    attention = 6.0 * model.layers * model.hidden * model.context
    return (6.0 * model.active_parameters + attention) * tokens


def _computed(
    case: Case, model: ModelPlan, leases: tuple[Lease, ...]
) -> Compute | None:
    tokens = tokens_trained(case.reading)
    hours = math.fsum(lease.hours for lease in leases)
    possible = math.fsum(3600.0 * lease.hours * lease.peak_flops for lease in leases)
    if not tokens or possible <= 0:
        return None
    done = operations(model, tokens)
    return Compute(
        operations=done,
        logged_hours=_logged_hours(case),
        leased_hours=hours,
        used=done / possible,
    )


def _size(case: Case) -> ModelPlan | Text:
    """The model's size, which the first weights have to bear out."""
    materials = case.audit.materials
    init = case.reading.init
    tensors = recorded_tensors(case.source, init) if init is not None else None
    if materials is None or tensors is None:
        return Text(
            ko="모형의 크기를 알 수 없습니다(materials.toml과 처음 가중치 목록이 "
            "필요합니다).",
            en="The model's size is not known; it takes materials.toml and the list "
            "of first weights.",
        )
    try:
        plan = materials.plan().model
    except DokjaError as error:
        return Text(
            ko=f"materials.toml을 읽지 못했습니다: {error.fact}",
            en=f"materials.toml cannot be read: {error.fact}",
        )
    count = sum(math.prod(tensor.shape) for tensor in tensors)
    if (
        abs(plan.parameters - count) > SIZE_APART * count
        or plan.active_parameters > plan.parameters
    ):
        return Text(
            ko=f"materials.toml의 매개변수 {plan.parameters}개가 기록된 처음 가중치 "
            f"{count}개와 다릅니다.",
            en=f"materials.toml speaks of {plan.parameters} parameters and the "
            f"recorded first weights have {count}.",
        )
    return plan


def _logged_hours(case: Case) -> float:
    """Accelerator hours between the first and the last step of each process."""
    microseconds = 0
    stretch: list[int] = []
    for event in case.reading.of(Step, Resume):
        if isinstance(event, Step):
            stretch.append(event.mono_us)
        else:
            microseconds += _length(stretch)
            stretch = []
    microseconds += _length(stretch)
    ranks = max((e.ranks for e in case.reading.of(Environment)), default=1)
    return microseconds / 3.6e9 * ranks


def _length(stretch: list[int]) -> int:
    """Microseconds of the steps, the first one's own length taken as the usual."""
    gaps = sorted(later - earlier for earlier, later in pairwise(stretch))
    if not gaps:
        return 0
    return max(stretch[-1] - stretch[0], 0) + max(gaps[len(gaps) // 2], 0)


def _runs_on(case: Case, leases: tuple[Lease, ...]) -> bool:
    """Whether the record says of every process that it ran on one of the leases."""
    said = [e.lease for e in case.reading.of(Environment)]
    return bool(said) and set(said) <= {lease.lease for lease in leases}


def _other_lease(case: Case, leases: tuple[Lease, ...]) -> Text | None:
    known = {lease.lease for lease in leases}
    said = {e.lease for e in case.reading.of(Environment) if e.lease}
    strange = sorted(said - known)
    if not strange:
        return None
    return Text(
        ko=f"기록이 든 임차 {strange[0][:80]}가 주관기관의 목록에 없습니다.",
        en=f"The record names the lease {strange[0][:80]}, which the organiser's list "
        "does not have.",
    )


def _unusual(found: Compute) -> Text | None:
    if USUAL[0] <= found.used <= USUAL[1]:
        return None
    return Text(
        ko=f"임차한 가속기 최대 성능의 {found.used:.1%}만큼 쓴 것이 되어 통상 범위"
        f"({USUAL[0]:.0%}~{USUAL[1]:.0%})를 벗어납니다.",
        en=f"The run used {found.used:.1%} of the peak of the leased accelerators; "
        f"{USUAL[0]:.0%} to {USUAL[1]:.0%} is usual.",
    )


def _hours_apart(found: Compute) -> Text | None:
    apart = found.logged_hours / found.leased_hours - 1.0
    if apart < -UNEXPLAINED:
        return Text(
            ko=f"임차 시간 {found.leased_hours:.1f}시간 가운데 "
            f"{-apart:.0%}는 이 기록으로 설명되지 않습니다.",
            en=f"{-apart:.0%} of the {found.leased_hours:.1f} leased hours are not "
            "explained by this record.",
        )
    if abs(apart) > HOURS_APART:
        return Text(
            ko=f"기록된 {found.logged_hours:.1f}시간과 임차 시간 "
            f"{found.leased_hours:.1f}시간이 {abs(apart):.0%} 다릅니다.",
            en=f"{found.logged_hours:.1f} accelerator hours in the log and "
            f"{found.leased_hours:.1f} leased are {abs(apart):.0%} apart.",
        )
    return None


def _energy_apart(found: Compute, leases: tuple[Lease, ...]) -> Text | None:
    """Metered energy that the machines cannot draw, or that work cannot do with."""
    metered = [
        lease for lease in leases if lease.energy_kwh is not None and lease.watts > 0
    ]
    rated = math.fsum(lease.hours * lease.watts / 1000 for lease in metered)
    if rated <= 0:
        return None
    share = math.fsum(lease.energy_kwh or 0.0 for lease in metered) / rated
    if found.used * (1 - ENERGY_APART) <= share <= 1 + ENERGY_APART:
        return None
    return Text(
        ko=f"계측된 전력량이 정격의 {share:.0%}로, 기록된 연산량과 맞지 않습니다.",
        en=f"Metered energy is {share:.0%} of the rated power, which does not fit the "
        "recorded compute.",
    )
