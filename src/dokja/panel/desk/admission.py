"""Whether a sheet may be worked on now, and if not, why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dokja.errors import NotAllowed
from dokja.evidence.values import Text
from dokja.panel.desk.panel_value import panel_of
from dokja.panel.desk.record import DeskRecord, read_record
from dokja.panel.desk.values import PanelSetup, SheetName, TaskState
from dokja.panel.path_words import UNASSIGNED
from dokja.panel.ports import PanelActs
from dokja.panel.recusal import recusal_reason, recusals
from dokja.panel.values import Recusal, SheetRound

Refusal = tuple[TaskState, Text]

STRANGER = Text(
    ko="이 평가단의 위원이 아닙니다.", en="You are not a member of this panel."
)
NO_SUCH_TEAM = Text(
    ko="이 단계의 평가 대상이 아닙니다.", en="There is no such team in this stage."
)
NO_SUCH_ROUND = Text(
    ko="규정집에 없는 평가 차수입니다.", en="The rules have no such round."
)
IS_CLOSED = Text(ko="평가가 마감되었습니다.", en="The panel is closed.")
ANCHOR_FIRST = Text(
    ko="기준 제출물의 평가표를 먼저 제출하십시오.",
    en="Hand in your sheet for the anchor submission first.",
)
BEFORE_FIRST = Text(
    ko="토론 전 평가표를 제출하지 않았습니다.",
    en="You have handed in no sheet from before the discussion.",
)
NO_DISCUSSION_YET = Text(
    ko="토론이 시작된 뒤에 작성할 수 있습니다.",
    en="It opens once the discussion has begun.",
)
DISCUSSION_BEGAN = Text(
    ko="토론이 시작되어 토론 전 평가표를 작성하거나 고칠 수 없습니다.",
    en="The discussion has begun; sheets from before it stand as they are.",
)


def refused(refusal: Refusal) -> NotAllowed:
    """The error that says why."""
    return NotAllowed(
        refusal[1].en,
        remedy="ask the office, which sees the same reason",
        korean=f"{refusal[1].ko} 문의는 사무국에서 받으며, 사무국에도 같은 사유가 "
        "표시됩니다.",
    )


@dataclass(frozen=True)
class Admission:
    """What the rules, the recusals and the acts so far allow."""

    setup: PanelSetup
    record: DeskRecord
    recused: Mapping[tuple[str, str], Recusal]

    def refusal(self, name: SheetName) -> Refusal | None:
        """Why the sheet cannot be written now; None where it can."""
        barred = self.barred(name)
        if barred is not None:
            return barred
        if self.record.is_closed:
            return TaskState.CLOSED, IS_CLOSED
        return self.waiting(name)

    def barred(self, name: SheetName) -> Refusal | None:
        """Why the expert may not see the sheet at all, whatever the hour."""
        unknown = self._unknown(name)
        if unknown is not None or name.round is SheetRound.CALIBRATION:
            return None if unknown is None else (TaskState.CLOSED, unknown)
        recusal = self.recused.get((name.expert, name.team))
        if recusal is not None:
            why = recusal_reason(recusal)
            return TaskState.RECUSED, Text(
                ko=f"회피 대상이므로 평가할 수 없습니다: {why.ko}",
                en=f"You are recused from this team: {why.en}",
            )
        if not self.is_assigned(name.expert, name.team):
            return TaskState.CLOSED, UNASSIGNED
        return None

    def _unknown(self, name: SheetName) -> Text | None:
        """What of the name the panel does not know."""
        rules, setup = self.setup.panel_rules, self.setup
        if name.expert not in setup.register.experts:
            return STRANGER
        if name.round is SheetRound.CALIBRATION:
            is_anchor = rules.calibration and name.team == setup.anchor
            return None if is_anchor else NO_SUCH_ROUND
        if name.team not in setup.teams:
            return NO_SUCH_TEAM
        if name.round is SheetRound.BEFORE and not rules.discussion:
            return NO_SUCH_ROUND
        return None

    def is_assigned(self, expert: str, team: str) -> bool:
        """Whether the assignment gives the team to the expert."""
        return any(
            one.team == team and expert in one.experts
            for one in self.setup.assignment.teams
        )

    def rounds(self) -> tuple[SheetRound, ...]:
        """The rounds in which a team is scored."""
        if self.setup.panel_rules.discussion:
            return SheetRound.BEFORE, SheetRound.AFTER
        return (SheetRound.AFTER,)

    def needed(self) -> tuple[SheetName, ...]:
        """Every sheet that assigned, unrecused experts owe."""
        anchor = (
            SheetName(expert=e, team=self.setup.anchor, round=SheetRound.CALIBRATION)
            for e in self.setup.register.experts
            if self.setup.panel_rules.calibration
            and any(e in one.experts for one in self.setup.assignment.teams)
        )
        owed = (
            SheetName(expert=expert, team=one.team, round=moment)
            for one in self.setup.assignment.teams
            for expert in one.experts
            for moment in self.rounds()
            if (expert, one.team) not in self.recused
        )
        return (*anchor, *owed)

    def waiting(self, name: SheetName) -> Refusal | None:
        """Which step has to come first, or is over already."""
        if name.round is SheetRound.CALIBRATION:
            return None
        if self.setup.panel_rules.calibration:
            anchor = SheetName(
                expert=name.expert,
                team=self.setup.anchor,
                round=SheetRound.CALIBRATION,
            )
            if anchor not in self.record.sheets:
                return TaskState.WAITING, ANCHOR_FIRST
        if not self.setup.panel_rules.discussion:
            return None
        talked = name.team in self.record.discussed
        if name.round is SheetRound.BEFORE:
            return (TaskState.CLOSED, DISCUSSION_BEGAN) if talked else None
        if not talked:
            return TaskState.WAITING, NO_DISCUSSION_YET
        before = SheetName(expert=name.expert, team=name.team, round=SheetRound.BEFORE)
        known = before in self.record.sheets
        return None if known else (TaskState.CLOSED, BEFORE_FIRST)


def admission_of(setup: PanelSetup, acts: PanelActs) -> Admission:
    """What is allowed now, from the acts alone."""
    record = read_record(acts)
    found = recusals(panel_of(setup, record))
    return Admission(setup, record, {(one.expert, one.team): one for one in found})
