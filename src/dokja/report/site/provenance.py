"""Where a figure of the standing comes from: who, when, which acts, which rules."""

from __future__ import annotations

from dokja.evidence.values import Text
from dokja.programme.values import Component, Measure, Topic
from dokja.report.numerals import moment
from dokja.report.pieces import unique
from dokja.stage.acts import BALLOTS, PANEL, RUN
from dokja.stage.tasks import REFERENCE_PREFIX
from dokja.stage.values import StageRecord


class Provenance:
    """Answers for one record."""

    def __init__(self, record: StageRecord) -> None:
        self._record = record

    def by(self, rule: Component, team: str) -> Text:
        """Who measured a component."""
        evidence = self._record.evidence
        if rule.measure is Measure.PANEL_MEAN:
            count = sum(1 for sheet in evidence.panel.sheets if sheet.team == team)
            return Text(
                f"전문가 평가표 {count}건", f"{count} sheets of the expert panel"
            )
        if rule.measure is Measure.BALLOT_MEAN:
            count = sum(1 for b in evidence.ballot_box.ballots if b.team == team)
            return Text(f"사용자 투표 {count}건", f"{count} ballots of users")
        engines = unique(r.engine for r in evidence.runs if r.subject == team)
        engine = ", ".join(engines)
        return Text(
            f"사무국의 공식 실행 ({engine})",
            f"Official run of the programme office ({engine})",
        )

    def at(self, rule: Component | None) -> Text:
        """When a component was measured; when the stage was decided without one."""
        schedule = self._record.evidence.plan.schedule
        if rule is None:
            return moment(schedule.decided)
        return moment(
            {
                Measure.PANEL_MEAN: schedule.panel_closed,
                Measure.BALLOT_MEAN: schedule.ballots_closed,
            }.get(rule.measure, schedule.benchmarked)
        )

    def acts_of(self, rule: Component, team: str) -> tuple[str, ...]:
        """The acts that a component of the team rests on."""
        stage, target = (
            self._record.evidence.plan.stage,
            REFERENCE_PREFIX + self._record.evidence.plan.target_reference,
        )
        found = {
            Measure.PANEL_MEAN: (f"{PANEL}/{stage}",),
            Measure.BALLOT_MEAN: (f"{BALLOTS}/{stage}",),
            Measure.TARGET_ATTAINMENT: (f"{RUN}/{team}", f"{RUN}/{target}"),
        }
        return found.get(rule.measure, (f"{RUN}/{team}",))

    def all_evidence(self, team: str) -> tuple[str, ...]:
        """The acts that a total rests on."""
        return unique(
            act
            for part in self._record.evidence.rulebook.components()
            for act in self.acts_of(part, team)
        )


def topics_of(measure: Measure) -> tuple[Topic, ...]:
    """What else than scoring governs a component."""
    return {
        Measure.TARGET_ATTAINMENT: (Topic.TARGET,),
        Measure.PANEL_MEAN: (Topic.CONFLICTS,),
    }.get(measure, ())
