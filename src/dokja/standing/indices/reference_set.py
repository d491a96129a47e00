"""Which models a stage's target is held against: a dated list and a policy.

The target moves because the list does: the policy of a stage takes what was
released in the months up to its cut-off day, and nothing that came later.
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Text
from dokja.programme.index_checks import is_day
from dokja.programme.index_rules import Admission, Picker, ReferenceSetPolicy
from dokja.standing.indices.scores import BenchmarkScores
from dokja.standing.indices.values import (
    Exclusion,
    ExclusionReason,
    ReferenceCandidate,
    ReferenceSet,
)

OFFICE = "office"


def reference_set(
    policy: ReferenceSetPolicy,
    candidates: Sequence[ReferenceCandidate],
    *,
    window_months: int,
    teams: Mapping[str, str],
    benchmarks: Mapping[str, BenchmarkScores],
) -> ReferenceSet:
    """The set as of the cut-off day, with the reason for every exclusion.

    Args: teams, id to the organisation that makes its model; benchmarks, what
    was measured. Raises: InvalidInput where the list names a model twice or a
    day cannot be read.
    """
    _check(candidates)
    first = months_before(policy.cut_off, window_months)
    measured = frozenset(
        candidate.model
        for candidate in candidates
        if all(
            name in benchmarks and candidate.model in benchmarks[name].scores
            for name in policy.benchmarks
        )
    )
    kept: list[ReferenceCandidate] = []
    excluded: list[Exclusion] = []
    for candidate in sorted(candidates, key=lambda each: each.model):
        reason = _why_not(policy, candidate, first, teams, measured)
        if reason is None:
            kept.append(candidate)
        else:
            detail = _detail(reason, policy, candidate, first)
            excluded.append(
                Exclusion(model=candidate.model, reason=reason, detail=detail)
            )
    return ReferenceSet(
        stage=policy.stage,
        first_day=first,
        cut_off=policy.cut_off,
        overall=tuple(each.model for each in kept),
        open_weights=tuple(
            each.model for each in kept if each.licence in policy.open_licences
        ),
        excluded=tuple(excluded),
        policy_digest=digest_of(policy),
    )


def months_before(day: str, months: int) -> str:
    """The same day some months earlier, or the last of a shorter month."""
    given = date.fromisoformat(day)
    years, month = divmod(given.year * 12 + given.month - 1 - months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(given.day, last)).isoformat()


def _check(candidates: Sequence[ReferenceCandidate]) -> None:
    for model, count in Counter(each.model for each in candidates).items():
        if count > 1:
            raise InvalidInput(
                f"the list of candidates names {model} {count} times",
                remedy="keep one entry, with the day and source of its release",
            )
    for each in candidates:
        if each.released and not is_day(each.released):
            raise InvalidInput(
                f"{each.model} was released on {each.released!r}, which is no day",
                remedy="write YYYY-MM-DD, or leave the day empty if nobody knows it",
            )


def _why_not(
    policy: ReferenceSetPolicy,
    candidate: ReferenceCandidate,
    first: str,
    teams: Mapping[str, str],
    measured: Collection[str],
) -> ExclusionReason | None:
    """Why the candidate stands in no set; days come before everything else."""
    admits, released = policy.admits, candidate.released
    grounds = {
        ExclusionReason.NO_RELEASE_DAY: not released,
        ExclusionReason.RELEASED_LATER: released > policy.cut_off,
        ExclusionReason.RELEASED_TOO_EARLY: released < first,
        ExclusionReason.NOT_TO_NOMINATE: not _may_nominate(
            policy.picked_by, candidate.nominated_by, teams
        ),
        ExclusionReason.NO_SOURCE: Admission.SOURCED_RELEASE in admits
        and not candidate.source.strip(),
        ExclusionReason.OF_A_COMPETITOR: Admission.NO_COMPETITOR in admits
        and candidate.maker in teams.values(),
        ExclusionReason.NOT_MEASURED: Admission.OFFICIAL_RUN in admits
        and candidate.model not in measured,
    }
    return next((reason for reason, holds in grounds.items() if holds), None)


def _may_nominate(picker: Picker, nominated_by: str, teams: Mapping[str, str]) -> bool:
    if picker is Picker.OFFICE:
        return nominated_by == OFFICE
    return picker is Picker.ANYONE or nominated_by in teams


def _detail(
    reason: ExclusionReason,
    policy: ReferenceSetPolicy,
    candidate: ReferenceCandidate,
    first: str,
) -> Text:
    released, until = candidate.released, policy.cut_off
    details = {
        ExclusionReason.RELEASED_LATER: Text(
            ko=f"{released}에 공개되어 기준일({until}) 뒤임",
            en=f"Released on {released}, after the cut-off day, {until}.",
        ),
        ExclusionReason.RELEASED_TOO_EARLY: Text(
            ko=f"{released}에 공개되어 대상 기간({first}부터) 앞임",
            en=f"Released on {released}, before the window opens on {first}.",
        ),
        ExclusionReason.NO_RELEASE_DAY: Text(
            ko="공개일이 확인되지 않음", en="Nobody knows the day of its release."
        ),
        ExclusionReason.NO_SOURCE: Text(
            ko="공개일의 출처가 없음", en="The day of its release has no source."
        ),
        ExclusionReason.NOT_MEASURED: Text(
            ko="정한 벤치마크 가운데 공식 실행 결과가 없는 것이 있음",
            en="It lacks an official run of a benchmark the policy names.",
        ),
        ExclusionReason.OF_A_COMPETITOR: Text(
            ko="참가팀이 만든 모델임", en="A team of this stage makes it."
        ),
        ExclusionReason.NOT_TO_NOMINATE: Text(
            ko=f"추천할 수 없는 곳에서 추천함: {candidate.nominated_by}",
            en=f"Put forward by {candidate.nominated_by}, who may not.",
        ),
    }
    return details[reason]
