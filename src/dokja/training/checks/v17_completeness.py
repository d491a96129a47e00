"""V17: every step is there, once, and the run was closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dokja.errors import InvalidInput
from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.statements import read_statement
from dokja.training.values import (
    Challenge,
    ChallengeAnswer,
    End,
    Environment,
    Gap,
    RecordedCheckpoint,
    RecordEvent,
    Resume,
    Rollback,
    Step,
)

MOST_MISSING = 0.001
"""Share of the steps that may be missing."""


@dataclass
class _Walk:
    """Where a reader of the steps stands."""

    last: int = 0
    steps: int = 0
    missing: int = 0
    unexplained: int | None = None
    """Event before which steps are missing and no gap says so."""
    across_checkpoint: int | None = None
    twice: int | None = None
    gaps: int = 0
    gap_open: bool = False


def completeness(case: Case) -> Outcome:
    """Fails where steps are left out without a word.

    Steps that a declared gap accounts for are not held against anybody; they leave
    the check open until replay closes them.
    """
    walk = _Walk()
    for event in case.reading.of(Step, Gap, Resume, Rollback, RecordedCheckpoint):
        _take(walk, event)
    if walk.unexplained is not None or walk.twice is not None:
        return _unexplained(walk)
    for found in (_open_gap(walk), _not_closed(case, walk), _ranks(case)):
        if found is not None:
            return CheckResult.INCONCLUSIVE, found
    unanswered = _unanswered(case)
    if unanswered is not None:
        return CheckResult.INCONCLUSIVE, unanswered
    return CheckResult.PASS, Text(
        ko=f"단계 {walk.steps}개가 빠짐없이 있고(누락 {walk.missing}개) 학습이 "
        "종료되었습니다.",
        en=f"{walk.steps} steps are there ({walk.missing} missing) and the run was "
        "closed.",
    )


def _take(walk: _Walk, event: RecordEvent) -> None:
    if isinstance(event, Step):  # Nearly every event of a long log is one.
        if event.step <= walk.last and walk.steps:
            walk.twice = event.seq
        elif event.step > walk.last + 1:
            _miss(walk, event, event.step - walk.last - 1)
        walk.last, walk.gap_open = event.step, False
        walk.steps += 1
    elif isinstance(event, Gap):
        walk.gaps += 1
        walk.gap_open = True
    elif isinstance(event, Resume | Rollback):
        if event.step > walk.last:
            _miss(walk, event, event.step - walk.last)
        walk.last = event.step
    elif isinstance(event, RecordedCheckpoint) and event.step > walk.last:
        walk.across_checkpoint = event.seq


def _miss(walk: _Walk, event: RecordEvent, count: int) -> None:
    walk.missing += count
    if not walk.gap_open and walk.unexplained is None:
        walk.unexplained = event.seq


def _unexplained(walk: _Walk) -> Outcome:
    if walk.unexplained is not None:
        return CheckResult.FAIL, Text(
            ko=f"사건 {walk.unexplained} 앞에서 단계가 빠졌는데 유실 표시가 없습니다.",
            en=f"Steps are missing before event {walk.unexplained} and no gap says so.",
        )
    return CheckResult.FAIL, Text(
        ko=f"사건 {walk.twice}의 단계가 되돌림 표시 없이 두 번 기록되었습니다.",
        en=f"The step of event {walk.twice} was recorded before, and no rollback says "
        "that it was given up.",
    )


def _open_gap(walk: _Walk) -> Text | None:
    share = walk.missing / (walk.missing + walk.steps) if walk.missing else 0.0
    if share <= MOST_MISSING and walk.across_checkpoint is None:
        return None
    return Text(
        ko=f"유실 표시와 함께 단계 {walk.missing}개가 빠졌습니다. 다시 돌려 보기 "
        f"전에는 "
        "판단할 수 없습니다.",
        en=f"{walk.missing} steps are missing under a declared gap; only replay can "
        "close it.",
    )


def _not_closed(case: Case, walk: _Walk) -> Text | None:
    last = case.reading.events[-1] if case.reading.events else None
    if isinstance(last, End) and last.completed and last.step == walk.last:
        return None
    return Text(
        ko="학습이 끝까지 기록되지 않았습니다(정상 종료 사건이 없음).",
        en="The record was not closed at the end of training.",
    )


def _ranks(case: Case) -> Text | None:
    """Who else trained: this version records the digests of the first rank only."""
    ranks = [e.ranks for e in case.reading.of(Environment)]
    if ranks and max(ranks) == 1:
        return None
    return Text(
        ko="여러 프로세스로 학습했거나 프로세스 수가 없습니다. 첫 프로세스의 해시값만 "
        "기록되어 있습니다.",
        en="Several ranks trained, or nothing says how many; only the first rank's "
        "digests are recorded.",
    )


def _unanswered(case: Case) -> Text | None:
    """Challenges of a trusted witness whose checkpoint is not said to be kept."""
    answers = {e.challenge: e for e in case.reading.of(ChallengeAnswer)}
    for challenge in _challenges(case):
        answer = answers.get(challenge.id)
        if answer is None or answer.checkpoint != _asked_for(case, challenge):
            return Text(
                ko=f"증인의 보관 요구 {challenge.id}에 답하지 않았습니다.",
                en=f"Challenge {challenge.id} of the witness was not answered.",
            )
    return None


def _challenges(case: Case) -> Iterator[Challenge]:
    """Those in the record, and those that it may keep silent about."""
    found = list(case.trusted.challenges)
    for _, data in case.source.statements():
        try:
            challenge = read_statement(data, Challenge, case.trusted.witnesses)
        except InvalidInput:
            continue
        if challenge is not None:
            found.append(challenge)
    yield from (each for each in found if each.origin == case.reading.origin)


def _asked_for(case: Case, challenge: Challenge) -> str | None:
    """Root of the last checkpoint before the entry; None where there is none."""
    before = case.reading.events[: challenge.entry]
    return next(
        (e.root for e in reversed(before) if isinstance(e, RecordedCheckpoint)), None
    )
