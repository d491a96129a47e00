"""Verdicts as claims: lineage by component, aspects of the gate, decisions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from dokja.decision.values import TeamDecision, TeamStatus
from dokja.evidence.values import Text
from dokja.independence.values import (
    AspectFinding,
    FindingResult,
    IndependenceFinding,
    ReplyState,
    TeamReply,
)
from dokja.lineage.values import ComponentLineage, LineageReport
from dokja.programme.values import Reason, Topic
from dokja.report.names import Names
from dokja.report.numerals import moment
from dokja.report.pieces import Fact, Word, same, unique
from dokja.report.sections.evidence import (
    ADVERSE,
    verdict_word,
)
from dokja.report.sections.headline import headline_view
from dokja.report.site.claim import Claim, Dispute, Place, Reply, claim_id
from dokja.report.site.dossier_rows import check_rows, tier_rows
from dokja.report.site.lineage_figures import explained, test_rows, verdict_rows
from dokja.report.site.values import ClaimKind
from dokja.report.site.words import (
    DOES_NOT_SHOW,
    LINEAGE_SAID,
    NO_INTENT,
    NOT_INDEPENDENT,
    SHOWS,
    filled,
)
from dokja.report.wording import (
    FINDING,
    REPLY,
    STATUS,
    component_kind,
)
from dokja.stage.acts import (
    DECISION,
    LINEAGE,
    PAPERS,
    REFERENCE,
    REPLIES,
    SEAL,
    STANDING,
)
from dokja.stage.acts import FINDING as FINDING_ACT
from dokja.stage.values import StageRecord

RULES = Text(
    "사무국이 규정집 판 {version}을 기록에 적용하여 도출",
    "Derived by the programme office from the record under rulebook version {version}",
)
ANALYSIS = Text(
    "사무국의 계보 분석 (계보 규정 판 {version})",
    "Lineage analysis of the programme office (lineage rules {version})",
)
DECIDED: dict[TeamStatus, Text] = {
    TeamStatus.ADVANCES: Text(
        "{team}: 다음 단계에 진출합니다.", "{team} advances to the next stage."
    ),
    TeamStatus.ELIMINATED_BY_RANK: Text(
        "{team}: 총점 순위에 따라 이 단계에서 탈락합니다.",
        "{team} leaves at this stage by the order of totals.",
    ),
    TeamStatus.ELIMINATED_BY_GATE: Text(
        "{team}: 관문 요건 불충족으로 이 단계에서 탈락합니다.",
        "{team} leaves at this stage by the gate.",
    ),
    TeamStatus.WITHDRAWN: Text(
        "{team}: 결정 전에 참여를 철회하였습니다.",
        "{team} withdrew before the decision.",
    ),
    TeamStatus.UNDECIDED: Text(
        "{team}: 결정이 보류되었습니다.", "No decision on {team} was made yet."
    ),
}
FOUND: dict[FindingResult, Text] = {
    FindingResult.PASS: Text(
        "{team}: {aspect} 요건을 충족한 것으로 판단되었습니다.",
        "{team} was found to meet what the rules ask ({aspect}).",
    ),
    FindingResult.FAIL: Text(
        "{team}: {aspect} 요건을 충족하지 못한 것으로 판단되었습니다.",
        "{team} was found not to meet what the rules ask ({aspect}).",
    ),
    FindingResult.UNDETERMINED: Text(
        "{team}: {aspect} 판단이 유보되었습니다. 자료만으로는 정할 수 없습니다.",
        "Whether {team} meets what the rules ask ({aspect}) is undetermined.",
    ),
}


class GateClaims:
    """Makes the claims on verdicts, findings and decisions of one record."""

    def __init__(self, record: StageRecord, names: Names) -> None:
        self._record, self._names = record, names
        self._evidence, self._outcome = record.evidence, record.outcome
        self._rulebook = record.evidence.rulebook
        self._stage = record.evidence.plan.stage

    def of_stage(self) -> Claim:
        """The claim on the stage as a whole."""
        view = headline_view(self._record, self._names)
        reasons = self._outcome.decision.reasons
        return Claim(
            id=claim_id(ClaimKind.OUTCOME),
            kind=ClaimKind.OUTCOME,
            team="",
            name=self._evidence.plan.name,
            title=Text("단계 전체의 결과", "The stage as a whole"),
            said=view.sentence,
            place=self._place(
                f"{DECISION}/{self._stage}",
                "/body/vacancies",
                self._outcome.decision.vacancies,
            ),
            rows=tuple(map(_reason_row, reasons)),
            by=self._by_rules(),
            at=view.decided,
            clauses=unique(n for reason in reasons for n in reason.clauses),
            shows=(SHOWS[ClaimKind.OUTCOME],),
            does_not_show=DOES_NOT_SHOW[ClaimKind.OUTCOME],
            disputes=self._of_gate(f.team for f in self._outcome.findings),
            acts=(f"{STANDING}/{self._stage}", *map(_finding_name, self._findings())),
        )

    def of_team(self, team: str) -> Iterator[Claim]:
        """The claims on a team: its decision, its aspects, its components."""
        for position, decision in enumerate(self._outcome.decision.teams):
            if decision.team == team:
                yield self._decision(position, decision)
        for finding in self._outcome.findings:
            if finding.team == team:
                for position, aspect in enumerate(finding.aspects):
                    yield self._aspect(finding, position, aspect)
        for report in self._evidence.lineage:
            if report.candidate == team:
                for position, part in enumerate(report.components):
                    yield self._lineage(report, position, part)

    def _decision(self, position: int, decision: TeamDecision) -> Claim:
        team, name = decision.team, self._names.team(decision.team)
        findings = [f for f in self._outcome.findings if f.team == team]
        return Claim(
            id=claim_id(ClaimKind.DECISION, team),
            kind=ClaimKind.DECISION,
            team=team,
            name=name,
            title=Text("결정", "Decision"),
            said=filled(DECIDED[decision.status], team=name),
            place=self._place(
                f"{DECISION}/{self._stage}",
                f"/body/teams/{position}/status",
                decision.status.value,
            ),
            verdict=Word(code=decision.status.value, text=STATUS[decision.status]),
            rows=tuple(map(_reason_row, decision.reasons)),
            by=self._by_rules(),
            at=moment(self._evidence.plan.schedule.decided),
            clauses=unique(n for reason in decision.reasons for n in reason.clauses),
            shows=(SHOWS[ClaimKind.DECISION],),
            does_not_show=DOES_NOT_SHOW[ClaimKind.DECISION],
            disputes=self._of_gate((team,)),
            acts=(f"{STANDING}/{self._stage}", *map(_finding_name, findings)),
        )

    def _aspect(
        self, finding: IndependenceFinding, position: int, aspect: AspectFinding
    ) -> Claim:
        team, name = finding.team, self._names.team(finding.team)
        words = self._names.aspect(aspect.aspect)
        adverse = _needs_reply(finding, aspect.result)
        return Claim(
            id=claim_id(ClaimKind.ASPECT, team, finding.gate, aspect.aspect),
            kind=ClaimKind.ASPECT,
            team=team,
            name=name,
            title=words,
            said=filled(FOUND[aspect.result], team=name, aspect=words),
            place=self._place(
                _finding_name(finding),
                f"/body/aspects/{position}/result",
                aspect.result.value,
            ),
            verdict=Word(code=aspect.result.value, text=FINDING[aspect.result]),
            rows=(*check_rows(finding, aspect), *tier_rows(finding, aspect)),
            by=self._by_rules(),
            at=moment(self._evidence.plan.schedule.decided),
            clauses=unique(
                (
                    *aspect.clauses,
                    *self._clauses(Topic.GATES, Topic.INDEPENDENCE, Topic.REPLY),
                )
            ),
            shows=(SHOWS[ClaimKind.ASPECT],),
            does_not_show=(*DOES_NOT_SHOW[ClaimKind.ASPECT], *finding.unproven),
            disputes=(
                self._dispute(
                    finding, filled(FOUND[aspect.result], team=name, aspect=words)
                ),
            )
            if adverse
            else (),
            acts=self._gate_acts(team),
        )

    def _lineage(
        self, report: LineageReport, position: int, part: ComponentLineage
    ) -> Claim:
        team, words = report.candidate, component_kind(part.name)
        name, reference = (
            self._names.team(team),
            self._names.reference(report.reference),
        )
        said = filled(
            LINEAGE_SAID[part.verdict],
            team=name,
            part=Text(words.ko, words.en.lower()),
            reference=reference,
        )
        adverse = part.verdict in ADVERSE
        return Claim(
            id=claim_id(ClaimKind.LINEAGE, team, part.name, report.reference),
            kind=ClaimKind.LINEAGE,
            team=team,
            name=name,
            title=Text(f"{words.ko} ↔ {reference.ko}", f"{words.en} ↔ {reference.en}"),
            said=said,
            place=self._place(
                f"{LINEAGE}/{team}/{report.reference}",
                f"/body/components/{position}/verdict",
                part.verdict.value,
            ),
            measured=explained(part),
            verdict=verdict_word(part.verdict),
            rows=tuple(verdict_rows(part)),
            tests=tuple(test_rows(part)),
            by=filled(ANALYSIS, version=same(self._evidence.lineage_rules.version)),
            at=moment(self._evidence.plan.schedule.lineage_measured),
            clauses=self._clauses(Topic.INDEPENDENCE, Topic.REPLY),
            shows=(part.reason,),
            does_not_show=(NO_INTENT if adverse else NOT_INDEPENDENT, report.limits),
            disputes=self._of_component(team, part.name, said) if adverse else (),
            acts=(f"{SEAL}/{team}", f"{REFERENCE}/{report.reference}"),
        )

    def _of_component(
        self, team: str, component: str, said: Text
    ) -> tuple[Dispute, ...]:
        """The fact with the replies on the component, else with all of the team."""
        findings = [f for f in self._outcome.findings if f.team == team]
        if not findings:
            return (self._silent(team, said),)
        replies = [r for r in findings[0].replies if r.component == component]
        return (self._dispute(findings[0], said, replies or None),)

    def _of_gate(self, teams: Iterable[str]) -> tuple[Dispute, ...]:
        """Every finding on the teams that is not favourable, with the reply."""
        wanted = set(teams)
        return tuple(
            self._dispute(
                finding,
                filled(
                    FOUND[finding.result],
                    team=self._names.team(finding.team),
                    aspect=self._names.gate(finding.gate),
                ),
            )
            for finding in self._outcome.findings
            if finding.team in wanted and _needs_reply(finding, finding.result)
        )

    def _dispute(
        self,
        finding: IndependenceFinding,
        fact: Text,
        replies: Iterable[TeamReply] | None = None,
    ) -> Dispute:
        state = finding.reply_state
        return Dispute(
            fact=fact,
            party=self._names.team(finding.team),
            state=Word(code=state.value, text=REPLY[state]),
            until=moment(finding.reply_until),
            replies=tuple(map(_reply, finding.replies if replies is None else replies)),
            synthetic=self._evidence.reply_book.synthetic,
        )

    def _silent(self, team: str, fact: Text) -> Dispute:
        """A fact on which no gate has asked the team yet."""
        replies = [r for r in self._evidence.reply_book.replies if r.team == team]
        return Dispute(
            fact=fact,
            party=self._names.team(team),
            state=None,
            until=None,
            replies=tuple(map(_reply, replies)),
            synthetic=self._evidence.reply_book.synthetic,
        )

    def _findings(self) -> tuple[IndependenceFinding, ...]:
        return self._outcome.findings

    def _gate_acts(self, team: str) -> tuple[str, ...]:
        compared = (
            f"{LINEAGE}/{team}/{report.reference}"
            for report in self._evidence.lineage
            if report.candidate == team
        )
        filed = (
            f"{PAPERS}/{team}" for one in self._evidence.papers if one.team == team
        )
        return (f"{SEAL}/{team}", *compared, *filed, f"{REPLIES}/{self._stage}")

    def _clauses(self, *topics: Topic) -> tuple[str, ...]:
        return unique(n for t in topics for n in self._rulebook.clause_numbers(t))

    def _by_rules(self) -> Text:
        return filled(RULES, version=same(self._rulebook.version))

    def _place(self, act: str, pointer: str, value: str | int) -> Place:
        return Place(act=act, pointer=pointer, value=json.dumps(value))


def _needs_reply(finding: IndependenceFinding, result: FindingResult) -> bool:
    """Whether a result stands beside a reply: what is missing alone accuses nobody."""
    if result is FindingResult.UNDETERMINED:
        return finding.reply_state is not ReplyState.NOT_NEEDED
    return result is FindingResult.FAIL


def _reason_row(reason: Reason) -> Fact:
    return Fact(label=same("§ " + ", ".join(reason.clauses)), value=reason.text)


def _reply(reply: TeamReply) -> Reply:
    """The reply; one written in one language only is shown as it is in both."""
    said = reply.text
    return Reply(
        at=moment(reply.at),
        text=Text(said.ko.strip() or said.en, said.en.strip() or said.ko),
        about=component_kind(reply.component),
    )


def _finding_name(finding: IndependenceFinding) -> str:
    return f"{FINDING_ACT}/{finding.gate}/{finding.team}"
