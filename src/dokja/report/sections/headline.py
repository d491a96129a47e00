"""The decision in one sentence, and how far the data carry it."""

from __future__ import annotations

from collections.abc import Sequence

from dokja.decision.values import TeamStatus
from dokja.evidence.values import Text
from dokja.independence.values import FindingResult
from dokja.report.names import Names
from dokja.report.numerals import moment
from dokja.report.pieces import (
    ReasonView,
    TeamLink,
    View,
    Word,
    reason_views,
    team_link,
)
from dokja.report.wording import STATUS
from dokja.stage.values import StageRecord


class TeamOutcome(View, frozen=True, kw_only=True):
    """A team with the reasons for its outcome."""

    team: TeamLink
    reasons: tuple[ReasonView, ...]
    failed: tuple[Text, ...]
    """What the checks found that a gate failed the team on."""


class OutcomeGroup(View, frozen=True, kw_only=True):
    """The teams that share an outcome; `gates` names what they failed."""

    status: Word
    gates: tuple[Text, ...]
    teams: tuple[TeamOutcome, ...]


class HeadlineView(View, frozen=True, kw_only=True):
    """What a reader takes away from the first screen."""

    programme: Text
    stage: Text
    note: Text
    decided: Text
    sentence: Text
    groups: tuple[OutcomeGroup, ...]
    advancing: int
    planned: int
    vacancies: int
    revival_call: bool
    objection_until: Text
    settled: bool
    reasons: tuple[ReasonView, ...]
    synthetic: tuple[Text, ...]


def headline_view(record: StageRecord, names: Names) -> HeadlineView:
    """The headline of the record."""
    plan, decision = record.evidence.plan, record.outcome.decision
    groups = tuple(
        _group(record, names, status)
        for status in TeamStatus
        if decision.teams_with(status)
    )
    return HeadlineView(
        programme=record.evidence.rulebook.name,
        stage=plan.name,
        note=plan.note,
        decided=moment(plan.schedule.decided),
        sentence=_sentence(record, groups),
        groups=groups,
        advancing=len(decision.teams_with(TeamStatus.ADVANCES)),
        planned=decision.planned_places,
        vacancies=decision.vacancies,
        revival_call=decision.revival_call,
        objection_until=moment(decision.objection_until),
        settled=decision.settled_by_data,
        reasons=reason_views(decision.reasons, names),
        synthetic=record.outcome.synthetic,
    )


def _group(record: StageRecord, names: Names, status: TeamStatus) -> OutcomeGroup:
    teams = [t for t in record.outcome.decision.teams if t.status is status]
    out = {t.team for t in teams if status is TeamStatus.ELIMINATED_BY_GATE}
    gates = dict.fromkeys(
        finding.gate
        for finding in record.outcome.findings
        if finding.team in out and finding.result is FindingResult.FAIL
    )
    return OutcomeGroup(
        status=Word(code=status.value, text=STATUS[status]),
        gates=tuple(names.gate(gate) for gate in gates),
        teams=tuple(
            TeamOutcome(
                team=team_link(t.team, names),
                reasons=reason_views(t.reasons, names),
                failed=_failed_checks(record, t.team),
            )
            for t in teams
        ),
    )


def _failed_checks(record: StageRecord, team: str) -> tuple[Text, ...]:
    return tuple(
        check.detail
        for finding in record.outcome.findings
        if finding.team == team
        for check in finding.failed_checks()
    )


def _sentence(record: StageRecord, groups: Sequence[OutcomeGroup]) -> Text:
    decision = record.outcome.decision
    count = len(decision.teams)
    until = moment(decision.objection_until)
    parts = [_clause(group) for group in groups]
    ko = f"{count}개 팀 가운데 " + ", ".join(part.ko for part in parts) + "."
    en = f"Of {count} {_plural(count, 'team')}, " + "; ".join(p.en for p in parts) + "."
    vacancy = _vacancy(decision.vacancies, revival_call=decision.revival_call)
    return Text(
        f"{ko} {vacancy.ko} 이의제기 기한은 {until.ko}까지입니다.",
        f"{en} {vacancy.en} Objections are open until {until.en}.",
    )


def _clause(group: OutcomeGroup) -> Text:
    count = len(group.teams)
    ko_names = ", ".join(_unbroken(t.team.name.ko) for t in group.teams)
    en_names = _listed([_unbroken(t.team.name.en) for t in group.teams])
    ko_word, en_verb = group.status.text.ko, _verb(group.status.code, count)
    if group.gates:
        ko_word = f"{'·'.join(gate.ko for gate in group.gates)} 요건 불충족으로 탈락"
        gates = _listed([gate.en for gate in group.gates])
        en_verb = f"{en_verb} ({gates})"
    return Text(f"{count}개 팀 {ko_word}({ko_names})", f"{en_names} {en_verb}")


def _verb(status: str, count: int) -> str:
    verbs = {
        TeamStatus.ADVANCES: "advances" if count == 1 else "advance",
        TeamStatus.ELIMINATED_BY_RANK: f"{_be(count)} out by rank",
        TeamStatus.ELIMINATED_BY_GATE: f"{_be(count)} out by the gate",
        TeamStatus.WITHDRAWN: "withdrew",
        TeamStatus.UNDECIDED: f"{_be(count)} undecided",
    }
    return verbs[TeamStatus(status)]


def _vacancy(count: int, *, revival_call: bool) -> Text:
    if count == 0:
        return Text("공석은 없습니다.", "No place is vacant.")
    ko = f"공석은 {count}석"
    en = f"{count} {_plural(count, 'place')} {_be(count)} vacant"
    if revival_call:
        return Text(
            f"{ko}이며 추가 공모로 채웁니다.", f"{en}, to be filled by an extra call."
        )
    return Text(f"{ko}이며 채우지 않습니다.", f"{en} and left empty.")


def _unbroken(name: str) -> str:
    return name.replace(" ", "\N{NO-BREAK SPACE}")


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]
