"""A sample of judged answers for people to score again, and what it comes to.

Source: W. Cochran, Sampling Techniques (1977): sample size (4.1), proportional
allocation (5.9), stratified means (5.1) and domains (5A.14).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dokja.benchmark.judging.values import (
    AuditFollows,
    AuditSample,
    AuditStratum,
    JudgeAudit,
    JudgedItem,
)
from dokja.errors import InvalidInput
from dokja.evidence.seeds import permutation, seed_for
from dokja.evidence.values import Estimate, Text
from dokja.statistics.clustered import Mask, Scores
from dokja.statistics.proportion import Z_95, wilson_interval

AnswerKey = tuple[str, str, str]
"""Subject, suite and item of an answer."""
FEWEST_DRAWN = 2
"""From each stratum, so that its spread is seen."""

DETAIL = {
    AuditFollows.JUDGE_STANDS: Text(
        ko="사람과의 일치율이 구간의 아래 끝에서도 기준 이상이므로 채점 모델의 "
        "점수를 그대로 씀",
        en="Even the low end of the agreement reaches the level: the judge's scores "
        "stand.",
    ),
    AuditFollows.ENLARGE_SAMPLE: Text(
        ko="일치율의 구간이 기준에 걸쳐 있으므로 표본을 늘려 다시 확인함",
        en="The interval of the agreement lies across the level: draw more answers.",
    ),
    AuditFollows.PEOPLE_SCORE: Text(
        ko="일치율이 구간의 위 끝에서도 기준에 못 미치므로 채점 모델의 점수를 쓰지 "
        "않고 사람이 채점함",
        en="Even the high end of the agreement misses the level: the judge's scores "
        "are not used, people score.",
    ),
}


@dataclass(frozen=True, eq=False)
class _Scored:
    """The sample beside what people gave, as arrays."""

    stratum: npt.NDArray[np.intp]
    judged: Scores
    """(H,) answers in each stratum."""
    drawn: Scores
    difference: Scores
    """(n,) judge less people."""


def audit_size(judged: int, half_width: float) -> int:
    """Answers to draw so that the agreement is known within the half width.

    For the worst case, an agreement of one half, at 95 %; fewer where few
    answers were judged at all.
    """
    unlimited = Z_95**2 * 0.25 / half_width**2
    return min(judged, math.ceil(unlimited / (1 + (unlimited - 1) / judged)))


def draw_audit(
    judged: Sequence[JudgedItem], *, half_width: float, rules_digest: str, beacon: str
) -> AuditSample:
    """A drawn sample, stratified by suite and score; equal for any order given.

    Shares are proportional, at least two from each stratum. The beacon is drawn
    after the judge has scored: who knew the sample could polish those answers.
    Raises: InvalidInput where there is no answer, or one stands twice.
    """
    ordered = sorted(judged, key=lambda j: (j.suite, j.score, j.subject, j.item))
    counts = Counter(_key(answer) for answer in ordered)
    twice = sorted(key for key, count in counts.items() if count > 1)
    if twice or not ordered:
        raise InvalidInput(
            f"judged twice: {' / '.join(twice[0])}" if twice else "nothing was judged",
            remedy="give each answer once, with the score that counts",
        )
    groups: dict[tuple[str, float], list[JudgedItem]] = {}
    for answer in ordered:
        groups.setdefault((answer.suite, answer.score), []).append(answer)
    size = audit_size(len(ordered), half_width)
    shares = _allocation([len(group) for group in groups.values()], size)
    drawn: list[JudgedItem] = []
    strata = []
    for ((suite, score), group), share in zip(groups.items(), shares, strict=True):
        seed = seed_for(rules_digest, f"judge-audit/{suite}/{score!r}", beacon)
        places = sorted(permutation(seed, len(group))[:share].tolist())
        drawn += [group[place] for place in places]
        strata.append(
            AuditStratum(suite=suite, score=score, judged=len(group), drawn=share)
        )
    return AuditSample(
        items=tuple(drawn),
        strata=tuple(strata),
        method=f"stratified/suite+score/proportional/least={FEWEST_DRAWN}/"
        f"half-width={half_width:g}/philox",
    )


def audit_judge(
    sample: AuditSample,
    people: Mapping[AnswerKey, float],
    *,
    required: float,
    source: str,
) -> JudgeAudit:
    """What the sample says of the judge, against the agreement the rules require.

    Raises: InvalidInput while a drawn answer has no score from people: those
    left open are seldom the easy ones.
    """
    missing = [_key(answer) for answer in sample.items if _key(answer) not in people]
    if missing:
        raise InvalidInput(
            f"{len(missing)} of {len(sample.items)} drawn answers have no score from "
            f"people, the first {' / '.join(missing[0])}",
            remedy="have every drawn answer scored",
        )
    scored = _scored(sample, people)
    agreement = _agreement(scored, sample.method, source)
    subjects = sorted({answer.subject for answer in sample.items})
    by_subject = tuple(
        (subject, _bias(scored, _of_subject(sample, subject), sample.method, source))
        for subject in subjects
    )
    everyone = np.ones(len(sample.items), dtype=np.bool_)
    follows = _follows(agreement, required)
    return JudgeAudit(
        agreement=agreement,
        bias=_bias(scored, everyone, sample.method, source),
        bias_by_subject=by_subject,
        required=required,
        follows=follows,
        detail=DETAIL[follows],
    )


def _agreement(scored: _Scored, method: str, source: str) -> Estimate:
    """Weighted share of equal scores, Wilson on what the draw is worth.

    n_eff = 1 / sum of W_h^2 (1 - n_h/N_h) / n_h: the weights' loss counts, what
    stratification gains does not, so the interval is if anything too wide.
    """
    weights = scored.judged / scored.judged.sum()
    equal = np.bincount(
        scored.stratum, weights=scored.difference == 0, minlength=len(weights)
    )
    # Counts first, so that agreement on every answer is 1 and not a hair less.
    hits = scored.judged * equal / scored.drawn
    share = float(hits.sum() / scored.judged.sum())
    left = 1 - scored.drawn / scored.judged
    loss = float((weights**2 * left / scored.drawn).sum())
    low, high = wilson_interval(share, 1 / loss) if loss > 0 else (None, None)
    return Estimate(
        value=share,
        low=low,
        high=high,
        n=len(scored.difference),
        method=f"{method}/agreement/wilson/kish-n/0.95",
        source=source,
    )


def _bias(scored: _Scored, domain: Mask, method: str, source: str) -> Estimate:
    """Weighted mean of judge less people in a domain; normal, linearised error."""
    weights = (scored.judged / scored.drawn)[scored.stratum] * domain
    total = float(weights.sum())
    mean = float((weights * scored.difference).sum()) / total
    influence = weights * (scored.difference - mean) / total
    sums = np.bincount(scored.stratum, weights=influence, minlength=len(scored.drawn))
    centred = influence - (sums / scored.drawn)[scored.stratum]
    squares = np.bincount(
        scored.stratum, weights=centred**2, minlength=len(scored.drawn)
    )
    left = 1 - scored.drawn / scored.judged
    scale = scored.drawn / np.maximum(scored.drawn - 1, 1)
    error = math.sqrt(float((scale * left * squares).sum()))
    known = int(domain.sum()) > 1 and error > 0
    return Estimate(
        value=mean,
        low=mean - Z_95 * error if known else None,
        high=mean + Z_95 * error if known else None,
        n=int(domain.sum()),
        method=f"{method}/judge-less-people/linearised-normal/0.95",
        source=source,
    )


def _follows(agreement: Estimate, required: float) -> AuditFollows:
    """Of an agreement on every answer there is (no interval) the value decides."""
    low = agreement.value if agreement.low is None else agreement.low
    high = agreement.value if agreement.high is None else agreement.high
    if low >= required:
        return AuditFollows.JUDGE_STANDS
    return AuditFollows.PEOPLE_SCORE if high < required else AuditFollows.ENLARGE_SAMPLE


def _scored(sample: AuditSample, people: Mapping[AnswerKey, float]) -> _Scored:
    place = {(s.suite, s.score): index for index, s in enumerate(sample.strata)}
    return _Scored(
        stratum=np.array([place[a.suite, a.score] for a in sample.items]),
        judged=np.array([s.judged for s in sample.strata], dtype=np.float64),
        drawn=np.array([s.drawn for s in sample.strata], dtype=np.float64),
        difference=np.array([a.score - people[_key(a)] for a in sample.items]),
    )


def _of_subject(sample: AuditSample, subject: str) -> Mask:
    return np.array([answer.subject == subject for answer in sample.items])


def _allocation(sizes: list[int], wanted: int) -> list[int]:
    """Proportional shares, rounded up, at least two and at most all of each."""
    total = sum(sizes)
    return [
        min(size, max(FEWEST_DRAWN, math.ceil(wanted * size / total))) for size in sizes
    ]


def _key(answer: JudgedItem) -> AnswerKey:
    return answer.subject, answer.suite, answer.item
