"""Every case a rulebook leaves open: what its check finds and what probes meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from dokja.decision import PolicyMissing, TeamFacts, decide_stage
from dokja.decision.values import TeamStatus
from dokja.evidence.values import Text
from dokja.independence.values import FindingResult
from dokja.programme import check_rulebook
from dokja.programme.values import RankCut, Rulebook, Topic
from dokja.rehearsal.decisions import DECIDED_AT
from dokja.rehearsal.values import FoundBy, OpenCase


@dataclass(frozen=True, kw_only=True)
class _Probe:
    """A case made on purpose, and the clauses that ought to answer it."""

    name: Text
    topic: Topic
    facts: tuple[TeamFacts, ...]


def open_cases(
    rulebook: Rulebook, cut: RankCut | None, *, teams: int
) -> tuple[OpenCase, ...]:
    """What the check of the rulebook finds, then what the probes find."""
    checked = tuple(
        OpenCase(found_by=FoundBy.CHECK, text=Text(problem, problem), clauses=())
        for problem in check_rulebook(rulebook)
    )
    if cut is None:
        return checked
    found = (_tried(rulebook, cut, p) for p in _probes(rulebook, cut, teams))
    return (*checked, *(case for case in found if case is not None))


def refused_case(fact: str, remedy: str) -> OpenCase:
    """A refusal met in a simulation, as an open case."""
    return OpenCase(
        found_by=FoundBy.SIMULATION,
        text=Text(f"{fact}: {remedy}", f"{fact}: {remedy}"),
        clauses=(),
    )


def _tried(rulebook: Rulebook, cut: RankCut, probe: _Probe) -> OpenCase | None:
    clauses = rulebook.clause_numbers(probe.topic)
    try:
        decision = decide_stage(
            rulebook,
            probe.facts,
            stage=cut.stage,
            rules_digest="",
            decided_at=DECIDED_AT,
        )
    except PolicyMissing as error:
        text = Text(
            f"{probe.name.ko}: 적용할 규정이 없음 ({error.remedy})",
            f"{probe.name.en}: no rule covers it; {error.remedy}",
        )
        return OpenCase(found_by=FoundBy.PROBE, text=text, clauses=clauses)
    open_teams = decision.teams_with(TeamStatus.UNDECIDED)
    if open_teams:
        text = Text(
            f"{probe.name.ko}: {len(open_teams)}개 팀의 결정이 보류되며, 이후에 누가 "
            "무엇으로 정하는지는 규정에 없음",
            f"{probe.name.en}: {len(open_teams)} team(s) stay undecided, and no rule "
            "says who settles it then, or by what",
        )
        return OpenCase(found_by=FoundBy.PROBE, text=text, clauses=clauses)
    if not decision.teams_with(TeamStatus.ADVANCES):
        text = Text(
            f"{probe.name.ko}: 남는 팀이 하나도 없음",
            f"{probe.name.en}: nobody is left in the programme",
        )
        return OpenCase(found_by=FoundBy.PROBE, text=text, clauses=clauses)
    return None


def _probes(rulebook: Rulebook, cut: RankCut, teams: int) -> Iterator[_Probe]:
    plain = tuple(_facts(rulebook, team) for team in range(teams))
    replace = msgspec.structs.replace
    last, edge = plain[-1], plain[min(cut.keep, teams) - 1]
    yield _Probe(
        name=Text("기준선에서 부문 점수까지 모두 동점", "A full tie at the cut"),
        topic=Topic.TIES,
        facts=(*plain[:-1], replace(last, total=edge.total, tie_break=edge.tie_break)),
    )
    yield _Probe(
        name=Text("한 팀의 총점이 미정", "One total is undetermined"),
        topic=Topic.RANK_CUT,
        facts=(*plain[:-1], replace(last, total=None)),
    )
    yield _Probe(
        name=Text("한 팀이 참여를 철회", "One team withdraws"),
        topic=Topic.WITHDRAWAL,
        facts=(*plain[:-1], replace(last, total=None, withdrawn=True)),
    )
    yield _Probe(
        name=Text("계획보다 많은 팀이 철회", "More teams withdraw than were to leave"),
        topic=Topic.WITHDRAWAL,
        facts=(
            *plain[:-2],
            *(replace(team, total=None, withdrawn=True) for team in plain[-2:]),
        ),
    )
    yield _Probe(
        name=Text("어느 쪽도 확실하지 않은 기준선", "The data do not settle the cut"),
        topic=Topic.RANK_CUT,
        facts=tuple(_unsure(team, cut, teams) for team in plain),
    )
    for result in (FindingResult.FAIL, FindingResult.UNDETERMINED):
        if rulebook.gates:
            yield _gate_probe(rulebook, plain, result)
    if rulebook.floor and rulebook.floor.minimum_total is not None:
        yield _Probe(
            name=Text("모든 팀이 최저 기준에 미달", "Every team is below the floor"),
            topic=Topic.FLOOR,
            facts=tuple(replace(team, total=Decimal(0)) for team in plain),
        )


def _gate_probe(
    rulebook: Rulebook, plain: tuple[TeamFacts, ...], result: FindingResult
) -> _Probe:
    gates = {gate.id: result for gate in rulebook.gates}
    failed = result is FindingResult.FAIL
    return _Probe(
        name=Text("선두 팀이 관문에서 탈락", "The leader fails a gate")
        if failed
        else Text("선두 팀의 관문 판단 유보", "The leader's gate is undetermined"),
        topic=Topic.VACANCY if failed else Topic.GATES,
        facts=(msgspec.structs.replace(plain[0], gates=gates), *plain[1:]),
    )


def _facts(rulebook: Rulebook, team: int) -> TeamFacts:
    order = rulebook.ties.order if rulebook.ties else ()
    return TeamFacts(
        team=f"T{team + 1}",
        total=Decimal(90 - team),
        tie_break=tuple(Decimal(30 - team) for _ in order),
        inside_cut=None,
        gates={gate.id: FindingResult.PASS for gate in rulebook.gates},
    )


def _unsure(team: TeamFacts, cut: RankCut, teams: int) -> TeamFacts:
    share = min(cut.keep / teams, 1.0)
    return msgspec.structs.replace(
        team, inside_cut=share, rank_probability=(1 / teams,) * teams
    )
