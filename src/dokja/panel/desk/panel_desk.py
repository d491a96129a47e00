"""What experts do at their desk, act by act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.values import Act, Text
from dokja.panel.desk import record as acts_of
from dokja.panel.desk.admission import (
    IS_CLOSED,
    STRANGER,
    Admission,
    admission_of,
    refused,
)
from dokja.panel.desk.fields import (
    body_of,
    concern_problems,
    missing_problems,
    read_fields,
    reason_problems,
)
from dokja.panel.desk.record import DeskRecord, desk_act, read_record
from dokja.panel.desk.setting_up import check_setup
from dokja.panel.desk.values import (
    FieldProblem,
    HandedIn,
    HandIn,
    OpenSheet,
    OwnConcern,
    PanelSetup,
    SheetName,
    SheetTask,
    TaskState,
)
from dokja.panel.interests import changed_interests, find_interests
from dokja.panel.ports import Draft, Drafts, PanelActs
from dokja.panel.values import (
    Concern,
    Declaration,
    Interest,
    Interests,
    SheetRound,
)

UNCHANGING = (
    "제출한 평가표는 바뀌지 않습니다. 정정한 내용은 사유와 함께 따로 보존됩니다."
)


class PanelDesk:
    """The experts' side of one panel; holds nothing between two calls but its stores.

    `at` is ISO 8601 with zone, from whoever has the clock.
    """

    def __init__(self, setup: PanelSetup, *, acts: PanelActs, drafts: Drafts) -> None:
        """Raises: InvalidInput, NotAllowed where the setup cannot be used."""
        check_setup(setup)
        self._setup = setup
        self._acts = acts
        self._drafts = drafts

    def interests(self) -> Interests:
        """Every interest, with the conflicts declared at the desk."""
        return self._interests(read_record(self._acts))

    def tasks(self, expert: str) -> tuple[SheetTask, ...]:
        """The expert's sheets: the anchor first, then the teams in their order.

        Raises: NotAllowed for anybody who is not on the panel.
        """
        admission = self._admission()
        if expert not in self._setup.register.experts:
            raise refused((TaskState.CLOSED, STRANGER))
        return tuple(
            self._task(admission, name) for name in self._names(admission, expert)
        )

    def refusal(self, name: SheetName) -> Text | None:
        """Why the sheet cannot be written now, in both languages."""
        found = self._admission().refusal(name)
        return None if found is None else found[1]

    def barred(self, expert: str, team: str) -> Text | None:
        """Why the expert may neither score the team nor read about it.

        None where they may, whatever still has to come first.
        """
        name = SheetName(expert=expert, team=team, round=SheetRound.AFTER)
        found = self._admission().barred(name)
        return None if found is None else found[1]

    def require_member(self, expert: str, team: str) -> None:
        """Nothing. Raises: NotAllowed unless both stand in this panel."""
        if expert not in self._setup.register.experts or team not in self._setup.teams:
            raise NotAllowed(
                f"{expert} and {team} do not stand in this panel",
                remedy="ask the office who is on it",
                korean="이 평가단의 위원이 아니거나 평가 대상 팀이 아닙니다.",
            )

    def require_open(self, expert: str, team: str) -> None:
        """Nothing. Raises: NotAllowed where the expert may not read about it.

        The anchor submission is open to every expert of the panel.
        """
        name = SheetName(expert=expert, team=team, round=SheetRound.AFTER)
        if team == self._setup.anchor:
            name = msgspec.structs.replace(name, round=SheetRound.CALIBRATION)
        refusal = self._admission().barred(name)
        if refusal is not None:
            raise refused(refusal)

    def open_sheet(self, name: SheetName) -> OpenSheet:
        """The sheet to be filled in.

        Raises: NotAllowed where the expert is recused or not assigned, where
        it is too early or too late, and where it was handed in already.
        """
        admission = self._writable(name)
        kept = self._drafts.find(name.expert, name.draft)
        if kept is None:
            body, version = self._first_body(admission.record, name), 0
        else:
            body, version = kept.body, kept.version
        return self._open(name, body, version)

    def save_draft(
        self, name: SheetName, body: Mapping[str, Any], *, version: int
    ) -> OpenSheet:
        """The sheet as saved, whatever is still missing or wrong in it.

        `version` is that of the sheet that was opened. Raises: NotAllowed like
        `open_sheet`; Conflict where another window saved in between.
        """
        self._writable(name)
        kept = self._drafts.save(
            Draft(
                owner=name.expert,
                name=name.draft,
                body=dict(body),
                version=version,
            )
        )
        return self._open(name, kept.body, kept.version)

    def hand_in(self, name: SheetName, *, at: str) -> HandIn:
        """The draft as a sheet that never changes, or what it still lacks.

        Handing in twice gives the same sheet. Raises: NotAllowed like
        `open_sheet`.
        """
        earlier = self.handed_in(name)
        if earlier is not None:
            return self._handed_in_again(earlier)
        opened = self.open_sheet(name)
        found = self._read(name, opened.body)
        if found.sheet is not None:
            self._append(acts_of.HANDED_IN, name.subject, at=at, body=found.sheet)
            self._drafts.discard(name.expert, name.draft)
        return found

    def correct(
        self, name: SheetName, body: Mapping[str, Any], *, reason: str, at: str
    ) -> HandIn:
        """The sheet as corrected; what was handed in stays on record beside it.

        Raises: NotAllowed once the panel is closed or, for a sheet from before
        the discussion, once that has begun.
        """
        admission = self._admission()
        refusal = admission.refusal(name)
        if refusal is not None:
            raise refused(refusal)
        earlier = admission.record.sheets.get(name)
        if earlier is None:
            raise NotAllowed(
                f"{name.subject} was not handed in",
                remedy="hand it in; only then is there something to correct",
                korean="아직 제출하지 않은 평가표입니다. 제출한 뒤에 정정할 수 "
                "있습니다.",
            )
        found = self._read(name, body)
        problems = (*found.problems, *reason_problems(reason))
        if found.sheet is None or problems:
            return HandIn(sheet=None, problems=problems)
        if found.sheet != earlier.sheet:
            number = len(earlier.corrections) + 1
            kept = {"reason": reason.strip(), "sheet": found.sheet}
            subject = f"{name.subject}/{number:04d}"
            self._append(acts_of.CORRECTED, subject, at=at, body=kept)
        return found

    def handed_in(self, name: SheetName) -> HandedIn | None:
        """The sheet as handed in and corrected; None before."""
        return read_record(self._acts).sheets.get(name)

    def discussion_sheets(self, expert: str, team: str) -> tuple[HandedIn, ...]:
        """All sheets from before the team's discussion, once that has begun.

        Raises: NotAllowed for whoever did not hand in their own, and before.
        """
        admission = self._admission()
        name = SheetName(expert=expert, team=team, round=SheetRound.AFTER)
        refusal = admission.barred(name) or admission.waiting(name)
        if refusal is not None:
            raise refused(refusal)
        recused = admission.recused
        return tuple(
            handed
            for key, handed in sorted(
                admission.record.sheets.items(), key=lambda i: i[0].subject
            )
            if key.round is SheetRound.BEFORE
            and key.team == team
            and (key.expert, team) not in recused
        )

    def declare_conflict(
        self, expert: str, team: str, *, at: str
    ) -> tuple[Interest, ...]:
        """The interests that the declaration changed; none where it stood already.

        Sheets handed in for the team are kept and count no more. Raises:
        NotAllowed for strangers, and once the panel is on the stage's record.
        """
        self.require_member(expert, team)
        if self._acts.find(acts_of.PANEL_CLOSED):
            raise NotAllowed(
                "the panel is on the stage's record",
                remedy="tell the office, which takes it up as an objection",
                korean="평가 결과가 이미 기록되었습니다. 사무국에 알려 주시면 "
                "이의신청 절차로 처리합니다.",
            )
        record = read_record(self._acts)
        known = (*self._setup.register.declarations, *record.declared)
        if any((one.expert, one.team) == (expert, team) for one in known):
            return ()
        before = self._interests(record)
        declared = Declaration(expert=expert, team=team, recorded=_day(at))
        self._append(acts_of.CONFLICT, f"{expert}/{team}", at=at, body=declared)
        return changed_interests(before, self.interests())

    def raise_concern(
        self, expert: str, team: str, concern: Concern, *, at: str
    ) -> tuple[FieldProblem, ...]:
        """What the concern lacks; nothing where it is on record for the gate.

        No score knows of it. Raises: NotAllowed for strangers, for experts who
        are recused from the team, and once the panel is closed.
        """
        self.require_member(expert, team)
        admission = self._admission()
        if (expert, team) in admission.recused:
            raise NotAllowed(
                f"{expert} is recused from {team}",
                remedy="an allegation may be made by anybody, with its interest named",
                korean="회피 대상 팀에 대해서는 위원 자격으로 의견을 낼 수 없습니다. "
                "이해관계를 밝히고 일반 제보로 낼 수 있습니다.",
            )
        if admission.record.is_closed:
            raise refused((TaskState.CLOSED, IS_CLOSED))
        raised = admission.record.concerns.get(expert, ())
        problems = tuple(concern_problems(concern))
        if not problems and (team, concern) not in {
            (r.team, r.concern) for r in raised
        }:
            subject = f"{expert}/{team}/{len(raised) + 1:04d}"
            self._append(acts_of.CONCERN, subject, at=at, body=concern)
        return problems

    def concerns(self, expert: str) -> tuple[OwnConcern, ...]:
        """What the expert raised; nobody else on the panel is shown it."""
        return read_record(self._acts).concerns.get(expert, ())

    def _admission(self) -> Admission:
        return admission_of(self._setup, self._acts)

    def _interests(self, record: DeskRecord) -> Interests:
        setup = self._setup
        register = msgspec.structs.replace(
            setup.register,
            declarations=(*setup.register.declarations, *record.declared),
        )
        return find_interests(register, setup.interest_rules, on=setup.on)

    def _names(self, admission: Admission, expert: str) -> Iterator[SheetName]:
        if self._setup.panel_rules.calibration:
            yield SheetName(
                expert=expert, team=self._setup.anchor, round=SheetRound.CALIBRATION
            )
        for team in self._setup.teams:
            names = [
                SheetName(expert=expert, team=team, round=moment)
                for moment in admission.rounds()
            ]
            handed = [name for name in names if name in admission.record.sheets]
            if (expert, team) in admission.recused:
                yield from handed or names[:1]
            elif admission.is_assigned(expert, team):
                yield from names
            else:
                yield from handed

    def _task(self, admission: Admission, name: SheetName) -> SheetTask:
        refusal = admission.refusal(name)
        handed = name in admission.record.sheets
        if handed:
            barred = admission.barred(name)
            reason = None if barred is None else barred[1]
            state = TaskState.HANDED_IN
            return SheetTask(
                name=name, state=state, reason=reason, left_out=barred is not None
            )
        if refusal is not None:
            return SheetTask(
                name=name, state=refusal[0], reason=refusal[1], left_out=False
            )
        begun = self._drafts.find(name.expert, name.draft) is not None
        state = TaskState.DRAFT if begun else TaskState.OPEN
        return SheetTask(name=name, state=state, reason=None, left_out=False)

    def _writable(self, name: SheetName) -> Admission:
        admission = self._admission()
        refusal = admission.refusal(name)
        if refusal is not None:
            raise refused(refusal)
        if name in admission.record.sheets:
            raise NotAllowed(
                f"{name.subject} was handed in and does not change",
                remedy="a correction is kept beside it, with its reason",
                korean=UNCHANGING,
            )
        return admission

    def _first_body(self, record: DeskRecord, name: SheetName) -> dict[str, Any]:
        if name.round is SheetRound.AFTER:
            before = msgspec.structs.replace(name, round=SheetRound.BEFORE)
            if before in record.sheets:
                return body_of(record.sheets[before].sheet)
        return {}

    def _open(self, name: SheetName, body: dict[str, Any], version: int) -> OpenSheet:
        typed = read_fields(body, self._setup.criteria)
        return OpenSheet(
            name=name,
            criteria=self._setup.criteria,
            body=body,
            version=version,
            problems=typed.problems,
            missing=typed.missing(self._setup.criteria),
        )

    def _read(self, name: SheetName, body: Mapping[str, Any]) -> HandIn:
        criteria = self._setup.criteria
        typed = read_fields(body, criteria)
        missing = typed.missing(criteria)
        problems = (*typed.problems, *missing_problems(missing, criteria))
        sheet = None if problems else typed.sheet(name, criteria)
        return HandIn(sheet=sheet, problems=problems)

    def _handed_in_again(self, earlier: HandedIn) -> HandIn:
        """For a second click, or one that was cut off before the draft went."""
        name = earlier.name
        kept = self._drafts.find(name.expert, name.draft)
        if kept is not None and self._read(name, kept.body).sheet != earlier.first:
            raise NotAllowed(
                f"{name.subject} was handed in and does not change",
                remedy="a correction is kept beside it, with its reason",
                korean=UNCHANGING,
            )
        self._drafts.discard(name.expert, name.draft)
        return HandIn(sheet=earlier.sheet, problems=())

    def _append(self, kind: str, subject: str, *, at: str, body: object) -> None:
        act: Act = desk_act(self._setup, kind, subject, at=at, body=body)
        self._acts.append([act])


def _day(at: str) -> date:
    return datetime.fromisoformat(at).date()
