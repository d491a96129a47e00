"""What the same rules decide when one thing is otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dokja.decision.policy import PolicyMissing
from dokja.evidence.values import Text
from dokja.independence.values import FindingResult
from dokja.programme.values import Rulebook
from dokja.replay.completions import Completion
from dokja.replay.outcome import decide_all
from dokja.replay.results import Counterfactual
from dokja.replay.values import PublishedStage, PublishedTeam


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    """One assumption with the rules and completions it leaves."""

    id: str
    text: Text
    rulebook: Rulebook
    completions: tuple[Completion, ...]


def counterfactuals_of(
    published: PublishedStage, rulebook: Rulebook, completions: Sequence[Completion]
) -> tuple[Counterfactual, ...]:
    """Per team that failed a gate: passed it, or was also last; then: no rule."""
    lowest = _team(published, published.ranking.lowest)
    cases = []
    for finding in published.findings:
        if finding.result is FindingResult.FAIL:
            team = _team(published, finding.team)
            cases.append(_passed(team, rulebook, completions))
            cases.append(_also_lowest(team, lowest, rulebook, completions))
    cases.append(
        _Case(
            id="no-rule",
            text=Text(
                ko="순위 선발과 독자성 분석이 모두 규정에 없었다면",
                en="Had the rules held neither a rank cut nor a gate",
            ),
            rulebook=msgspec.structs.replace(rulebook, rank_cuts=(), gates=()),
            completions=tuple(completions),
        )
    )
    return tuple(_decided(published, case) for case in cases)


def _passed(
    team: PublishedTeam, rulebook: Rulebook, completions: Sequence[Completion]
) -> _Case:
    return _Case(
        id=f"{team.id}-passes-gate",
        text=Text(
            ko=f"{team.name.ko}: 독자성 요건을 갖춘 것으로 판단되었다면",
            en=f"Had {team.name.en} met the independence requirements",
        ),
        rulebook=rulebook,
        completions=tuple(_gate_passed(each, role=team.role) for each in completions),
    )


def _also_lowest(
    team: PublishedTeam,
    lowest: PublishedTeam,
    rulebook: Rulebook,
    completions: Sequence[Completion],
) -> _Case:
    return _Case(
        id=f"{team.id}-also-lowest",
        text=Text(
            ko=f"{team.name.ko}: 총점도 {lowest.name.ko} 대신 가장 낮았다면",
            en=f"Had {team.name.en} also had the lowest total, in place of "
            f"{lowest.name.en}",
        ),
        rulebook=rulebook,
        completions=tuple(
            _swapped(each, team.role, lowest.role) for each in completions
        ),
    )


def _decided(published: PublishedStage, case: _Case) -> Counterfactual:
    try:
        decided = decide_all(published, case.rulebook, case.completions)
    except PolicyMissing as missing:
        return _refused(
            case, Text(ko="규정에 정한 바가 없어 결정할 수 없음", en=missing.fact)
        )
    if not decided.same_outcome:
        return _refused(
            case,
            Text(
                ko="공개되지 않은 내용에 따라 결정이 달라짐",
                en="what was not published would decide it",
            ),
        )
    return Counterfactual(
        id=case.id, text=case.text, outcome=decided.outcome, refused=None
    )


def _refused(case: _Case, reason: Text) -> Counterfactual:
    return Counterfactual(id=case.id, text=case.text, outcome=None, refused=reason)


def _gate_passed(completion: Completion, *, role: str) -> Completion:
    passed = dict.fromkeys(completion.gates[role], FindingResult.PASS)
    return msgspec.structs.replace(completion, gates=completion.gates | {role: passed})


def _swapped(completion: Completion, first: str, second: str) -> Completion:
    """The completion with the points of two roles exchanged."""
    points = completion.points
    return msgspec.structs.replace(
        completion, points=points | {first: points[second], second: points[first]}
    )


def _team(published: PublishedStage, team: str) -> PublishedTeam:
    return next(each for each in published.teams if each.id == team)
