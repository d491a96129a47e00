"""The sentences of a decision, each with the clauses it cites."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from dokja.decision.rank_cut import inside_probability
from dokja.decision.values import TeamFacts, TeamStatus
from dokja.evidence.values import Text
from dokja.independence.values import FindingResult
from dokja.programme.values import (
    Gate,
    RankCut,
    Reason,
    Rulebook,
    TieBreak,
    Topic,
    Undetermined,
)

TIE_BREAK: dict[TieBreak, Text] = {
    TieBreak.TOTAL: Text("총점 순", "order of the totals"),
    TieBreak.CATEGORY_ORDER: Text(
        "규정에 정한 부문 순 비교", "categories in the order the rules name"
    ),
    TieBreak.MORE_ITEMS: Text("문항 추가 평가", "more benchmark items"),
    TieBreak.MORE_VOTES: Text("사용자 투표 추가", "more user votes"),
    TieBreak.SECOND_PANEL: Text("2차 전문가 평가", "a second expert panel"),
}
"""The tie-breaks as a decision names them."""

SETTLED_AT_ONCE = (TieBreak.TOTAL, TieBreak.CATEGORY_ORDER)
"""Tie-breaks that need no more evidence than there is."""


def withdrawn(rulebook: Rulebook) -> Reason:
    """Why a withdrawn team is neither in nor out."""
    return _reason(
        rulebook,
        Topic.WITHDRAWAL,
        ko="평가 전에 참여를 철회하였으며, 불이익은 없음",
        en="Withdrew before the decision, without prejudice.",
    )


def below_floor(rulebook: Rulebook, team: TeamFacts, floor: Decimal) -> Reason:
    """Why a team is out although a place may be free."""
    return _reason(
        rulebook,
        Topic.FLOOR,
        ko=f"총점 {team.total}점으로 최저 기준 {floor}점에 미달",
        en=f"Total {team.total} is below the floor of {floor}.",
    )


def place_open(rulebook: Rulebook, team: TeamFacts) -> Reason:
    """Why nothing settles a team's place."""
    if team.total is None:
        return _reason(
            rulebook,
            Topic.RANK_CUT,
            ko="총점이 미정이므로 순위를 정할 수 없음",
            en="The total is undetermined, so no rank can be given.",
        )
    return _reason(
        rulebook,
        Topic.TIES,
        ko=f"총점 {team.total}점의 위치가 동점 또는 미정 점수에 달려 있음",
        en=f"With {team.total} the place hangs on a tie or on an unknown total.",
    )


def by_rank(
    rulebook: Rulebook, team: TeamFacts, cut: RankCut, *, inside: bool
) -> Reason:
    """Where the total put the team."""
    shown = "미정" if team.total is None else f"{team.total}점"
    total = "undetermined" if team.total is None else str(team.total)
    if inside:
        return _reason(
            rulebook,
            Topic.RANK_CUT,
            ko=f"총점 {shown}, 상위 {cut.keep}개 팀에 포함",
            en=f"Total {total}: among the best {cut.keep}.",
        )
    return _reason(
        rulebook,
        Topic.RANK_CUT,
        ko=f"총점 {shown}, 상위 {cut.keep}개 팀에 들지 못함",
        en=f"Total {total}: not among the best {cut.keep}.",
    )


def low_confidence(
    rulebook: Rulebook, team: TeamFacts, cut: RankCut, *, keep: int
) -> Reason:
    """What the data alone could not settle."""
    inside = inside_probability(team, cut, keep=keep)
    return _reason(
        rulebook,
        Topic.RANK_CUT,
        ko=f"상위 {keep}위 이내 확률 {inside:.3f}: 규정이 요구하는 "
        f"{cut.confidence}의 확신에 이르지 못하여 자료만으로는 판정되지 않음",
        en=f"Probability of being among the best {keep} is "
        f"{inside:.3f}; the rules ask for {cut.confidence} either way, "
        "so the data alone do not settle it.",
    )


def by_tie_break(rulebook: Rulebook, by: TieBreak, status: TeamStatus) -> Reason:
    """What the named tie-break made of a team the data left open."""
    name = TIE_BREAK[by]
    if status is TeamStatus.UNDECIDED and by in SETTLED_AT_ONCE:
        ko = f"규정에 정한 다음 기준({name.ko})으로도 가려지지 않아 결정을 보류"
        en = f"The tie-break the rules name ({name.en}) leaves it open as well."
    elif status is TeamStatus.UNDECIDED:
        ko = f"규정에 정한 다음 기준({name.ko})으로 가려질 때까지 결정을 보류"
        en = f"Held until the tie-break the rules name ({name.en}) settles it."
    elif status is TeamStatus.ADVANCES:
        ko = f"규정에 정한 다음 기준({name.ko})에 따라 진출"
        en = f"Stays by the tie-break the rules name: {name.en}."
    else:
        ko = f"규정에 정한 다음 기준({name.ko})에 따라 탈락"
        en = f"Leaves by the tie-break the rules name: {name.en}."
    return _reason(rulebook, Topic.RANK_CUT, ko=ko, en=en)


def of_tie_break(
    rulebook: Rulebook, by: TieBreak | msgspec.UnsetType
) -> tuple[Reason, ...]:
    """That the data alone did not decide and what did; nothing where they did."""
    if by is msgspec.UNSET:
        return ()
    name = TIE_BREAK[by]
    if by in SETTLED_AT_ONCE:
        ko = f"자료만으로는 판정되지 않아 규정에 정한 기준({name.ko})으로 결정함"
        en = (
            "The data alone did not decide. What decided is the tie-break the "
            f"rules name: {name.en}."
        )
    else:
        ko = f"자료만으로는 판정되지 않았으며, 규정에 따라 {name.ko}를 거쳐 결정함"
        en = (
            "The data alone did not decide. The rules ask for "
            f"{name.en} before anybody leaves by rank."
        )
    return (_reason(rulebook, Topic.RANK_CUT, ko=ko, en=en),)


def by_gate(rulebook: Rulebook, gate: Gate, result: FindingResult) -> Reason:
    """What a gate found and what follows."""
    name = gate.name
    if result is FindingResult.FAIL:
        ko = f"{name.ko}: 요건 불충족. 순위와 관계없이 탈락"
        en = f"{name.en}: not met. The team leaves whatever its rank."
    elif result is FindingResult.PASS:
        ko, en = f"{name.ko}: 요건 충족", f"{name.en}: met."
    elif gate.on_undetermined is Undetermined.STAYS_WITH_NOTE:
        ko = f"{name.ko}: 미정. 불리한 판단이 없으므로 잔류하며 미정 사실을 기록함"
        en = (
            f"{name.en}: undetermined. No adverse finding, so the team stays; "
            "what is missing is on record."
        )
    else:
        ko = f"{name.ko}: 미정. 판단 자료가 갖추어질 때까지 결정을 보류"
        en = f"{name.en}: undetermined. No decision until the evidence is there."
    return _reason(rulebook, Topic.GATES, ko=ko, en=en)


def of_stage(
    rulebook: Rulebook, *, vacancies: int, revival: bool
) -> tuple[Reason, ...]:
    """What follows for the stage as a whole."""
    objection = rulebook.objection
    days = objection.days if objection else 0
    window = _reason(
        rulebook,
        Topic.OBJECTION,
        ko=f"결과 통지 후 {days}일간 이의를 제기할 수 있음",
        en=f"Objections can be filed for {days} days after the notice.",
    )
    if not vacancies:
        return (window,)
    if revival:
        ko = f"빈자리 {vacancies}개: 결과가 확정되면 추가 공모를 실시함"
        en = f"{vacancies} place(s) stay empty: a revival call opens once confirmed."
    else:
        ko = f"빈자리 {vacancies}개: 채우지 않음"
        en = f"{vacancies} place(s) stay empty and are not filled."
    return (window, _reason(rulebook, Topic.VACANCY, ko=ko, en=en))


def _reason(rulebook: Rulebook, topic: Topic, *, ko: str, en: str) -> Reason:
    return Reason(clauses=rulebook.clause_numbers(topic), text=Text(ko=ko, en=en))
