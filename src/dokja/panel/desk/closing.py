"""Closing the panel: who is missing, the quorum, what the office may do."""

from __future__ import annotations

from collections import Counter

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.canonical import digest_of
from dokja.panel.desk import record as acts_of
from dokja.panel.desk.admission import IS_CLOSED, Admission, admission_of, refused
from dokja.panel.desk.panel_value import panel_of
from dokja.panel.desk.record import desk_act
from dokja.panel.desk.setting_up import check_setup
from dokja.panel.desk.values import PanelSetup, PanelStatus, TaskState
from dokja.panel.ports import PanelActs
from dokja.panel.recusal import panel_coverage
from dokja.panel.values import SheetRound


class PanelOffice:
    """The office's side of one panel; holds nothing but its store."""

    def __init__(self, setup: PanelSetup, *, acts: PanelActs) -> None:
        """Raises: InvalidInput, NotAllowed where the setup cannot be used."""
        check_setup(setup)
        self._setup = setup
        self._acts = acts

    def open_discussion(self, team: str, *, at: str) -> None:
        """Nothing; sheets from before it are frozen now.

        Raises: NotAllowed while a sheet is missing, or where the rules have none.
        """
        admission = self._admission()
        if admission.record.is_closed:
            raise refused((TaskState.CLOSED, IS_CLOSED))
        if not self._setup.panel_rules.discussion or team not in self._setup.teams:
            raise NotAllowed(
                f"there is no discussion of {team} under these rules",
                remedy="[panel_rules] says whether there is one",
                korean="규정집에 토론이 없거나 평가 대상 팀이 아닙니다.",
            )
        if team in admission.record.discussed:
            return
        missing = [
            name.expert
            for name in admission.needed()
            if (name.team, name.round) == (team, SheetRound.BEFORE)
            and name not in admission.record.sheets
        ]
        if missing:
            raise NotAllowed(
                f"sheets for {team} are missing: {', '.join(missing)}",
                remedy="wait for them, or assign again without these experts",
                korean=f"토론 전 평가표를 아직 내지 않은 위원이 있습니다: "
                f"{', '.join(missing)}",
            )
        self._append(acts_of.DISCUSSION, team, at=at, body={})

    def status(self) -> PanelStatus:
        """How far the panel is, and what closing it now would mean."""
        return panel_status(self._admission())

    def close(self, *, at: str, reason: str = "") -> PanelStatus:
        """The panel, closed: no sheet changes any more. Closing twice is once.

        Raises: NotAllowed where a team is below the quorum and no reason is
        given for closing nevertheless.
        """
        found = self.status()
        if found.is_closed:
            return found
        if found.short and not reason.strip():
            raise NotAllowed(
                f"fewer sheets than the quorum count for {', '.join(found.short)}",
                remedy="wait, appoint and assign others, or close with a reason, "
                "which is put on record",
                korean=f"정족수에 못 미친 팀이 있습니다: {', '.join(found.short)}. "
                "기다리거나 위원을 더 위촉하십시오. 그래도 마감하려면 사유를 적어야 "
                "하며, 사유는 기록에 남습니다.",
            )
        body = {
            "panel": digest_of(found.panel),
            "missing": [name.subject for name in found.missing],
            "short": found.short,
            "reason": reason.strip(),
        }
        self._append(acts_of.CLOSED, self._setup.stage, at=at, body=body)
        return msgspec.structs.replace(found, is_closed=True)

    def _admission(self) -> Admission:
        return admission_of(self._setup, self._acts)

    def _append(self, kind: str, subject: str, *, at: str, body: object) -> None:
        self._acts.append([desk_act(self._setup, kind, subject, at=at, body=body)])


def panel_status(admission: Admission) -> PanelStatus:
    """How far the panel is."""
    setup, record = admission.setup, admission.record
    panel = panel_of(setup, record)
    quorum = setup.panel_rules.quorum
    counted = Counter(sheet.team for sheet in panel.sheets)
    out = tuple(one for one in panel.left_out if one.round is SheetRound.AFTER)
    return PanelStatus(
        panel=panel,
        missing=tuple(n for n in admission.needed() if n not in record.sheets),
        coverage=panel_coverage(panel, setup.teams, needed=quorum, left_out=out),
        short=tuple(team for team in setup.teams if counted[team] < quorum),
        left_out=panel.left_out,
        is_closed=record.is_closed,
    )
