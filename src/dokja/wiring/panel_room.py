"""The panel of the office's stage: set up from its folder, at work on its stores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import msgspec

from dokja.adapters.folders.whole_file import written_beside
from dokja.errors import NotAllowed
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.values import Text
from dokja.panel import assign_experts, find_interests, needs_of_plan, parse_panel
from dokja.panel.desk import PanelDesk, PanelOffice, PanelSetup, PanelStatus
from dokja.panel.desk.record import DeskRecord, read_record
from dokja.panel.interests import changed_interests, require_current_assignment
from dokja.panel.plan import (
    ASSIGNMENT,
    ASSIGNMENT_SCHEMA,
    INTERESTS,
    parse_assignment,
    parse_plan,
)
from dokja.panel.recusal import recusals
from dokja.panel.values import (
    Assigned,
    Assignment,
    AssignmentRules,
    Declaration,
    Interest,
    InterestRegister,
    Interests,
    KeptAssignment,
    Panel,
    PanelPlan,
    Recusal,
    SheetRound,
    Specialist,
)
from dokja.people.values import Account, Role
from dokja.programme.interest_rules import InterestRules, PanelRules
from dokja.programme.values import Rulebook
from dokja.stage.inputs import active_teams
from dokja.stage.panel_inputs import PANEL
from dokja.wiring.office import Office
from dokja.wiring.panel_stores import DeskDrafts, StageActs
from dokja.wiring.programmes import find_programme, shipped_programmes
from dokja.wiring.reading_room import team_name

NO_TIES = InterestRules(ties=(), longest_path=1)
EVERYBODY = "everybody scores every team: no rule asks for an assignment"
OUTDATED = Text(
    ko="이해관계 등록부나 규칙이 바뀐 뒤 배정을 다시 하지 않았습니다. 사무국이 다시 "
    "배정하면 평가를 시작할 수 있습니다.",
    en="The register of interests or its rules changed after the assignment was made. "
    "Scoring begins once the office has assigned again.",
)
UNASSIGNABLE = Text(
    ko="규정을 지키는 배정이 아직 없습니다. 사무국이 위원을 더 위촉하면 평가를 시작할 "
    "수 있습니다.",
    en="No assignment keeps to the rules yet. Scoring begins once the office has "
    "appointed more experts.",
)


@dataclass(frozen=True, kw_only=True)
class PanelRoom:
    """The panel as its files, its rules and its acts make it."""

    host: Office
    setup: PanelSetup
    needs: AssignmentRules | None
    """None where no rule asks for an assignment."""
    is_frozen: bool
    """Whether the assignment stands in the stage's folder."""
    acts: StageActs

    @property
    def not_ready(self) -> Text | None:
        """Why nobody can score yet; None where they can."""
        if self.setup.assignment.shortfalls:
            return UNASSIGNABLE
        try:
            require_current_assignment(self.setup.assignment, self.registered)
        except NotAllowed:
            return OUTDATED
        return None

    def team_name(self, team: str) -> Text:
        """Name of a team's model, or of the anchor submission."""
        if team == self.setup.anchor:
            return Text(ko="기준 제출물", en="Anchor submission")
        return team_name(self.host, team)

    def require_ready(self) -> None:
        """Nothing. Raises: NotAllowed while nobody can score yet."""
        found = self.not_ready
        if found is not None:
            raise NotAllowed(
                found.en, remedy="ask the office when it begins", korean=found.ko
            )

    @property
    def registered(self) -> Interests:
        """The interests of the register alone."""
        setup = self.setup
        return find_interests(setup.register, setup.interest_rules, on=setup.on)

    def desk(self, account_id: str) -> PanelDesk:
        """The desk of an account's expert. Raises: InvalidInput, NotAllowed."""
        drafts = DeskDrafts(self.host.store.drafts, account_id, now=self.host.clock)
        return PanelDesk(self.setup, acts=self.acts, drafts=drafts)

    def office(self) -> PanelOffice:
        """The office's side. Raises: InvalidInput, NotAllowed."""
        return PanelOffice(self.setup, acts=self.acts)

    def recusals(self) -> tuple[Recusal, ...]:
        """Every expert and team that are kept apart now, with the reason."""
        return recusals(self.office().status().panel)

    def require_team(self, team: str) -> None:
        """Nothing. Raises: NotAllowed for what is no submission of this panel."""
        if team not in (*self.setup.teams, self.setup.anchor) or not team:
            raise NotAllowed(
                f"{team} is not scored in this stage",
                remedy="the stage's plan lists its teams",
                korean="이 단계의 평가 대상이 아닙니다.",
            )

    @property
    def rounds(self) -> tuple[SheetRound, ...]:
        """The rounds in which a team is scored."""
        if self.setup.panel_rules.discussion:
            return SheetRound.BEFORE, SheetRound.AFTER
        return (SheetRound.AFTER,)

    def record(self) -> DeskRecord:
        """What the acts of the desk say so far."""
        return read_record(self.acts)

    def undeclared(self) -> tuple[Declaration, ...]:
        """Conflicts declared at the desk that the register does not hold yet."""
        known = {(one.expert, one.team) for one in self.setup.register.declarations}
        return tuple(
            one for one in self.record().declared if (one.expert, one.team) not in known
        )

    def members(self) -> frozenset[str]:
        """Experts who have an account to sign in with."""
        return frozenset(account.subject for account in self._accounts())

    def status(self) -> PanelStatus | None:
        """How far the panel is; None while nobody can score yet."""
        return self.office().status() if self.not_ready is None else None

    def changed(self) -> tuple[Interest, ...]:
        """The interests that conflicts declared at the desk changed."""
        return changed_interests(self.registered, self.desk("").interests())

    def proposal(self) -> Assignment | None:
        """Who would score whom if it were assigned now; None without such rules."""
        if self.needs is None:
            return None
        interests = self.registered
        if self.not_ready is None:
            interests = self.desk("").interests()
        return assigned(interests, self.needs, self.setup.teams)

    def freeze_assignment(self) -> None:
        """Nothing; the proposal stands in the stage's folder as `assignment.json`.

        Raises: NotAllowed where there is none to freeze, where the register lacks
        what was declared at the desk, or where the programme is a shipped one.
        """
        found = self.proposal()
        if found is None or found.shortfalls:
            raise NotAllowed(
                "there is no assignment that keeps to the rules",
                remedy="appoint the experts that the shortfalls name",
                korean="규정을 지키는 배정이 없습니다. 부족한 위원을 먼저 "
                "위촉하십시오.",
            )
        if found.computed_from != self.registered.computed_from:
            raise NotAllowed(
                f"{INTERESTS} does not hold the conflicts declared at the desk",
                remedy="add the declarations shown to the register, then assign again",
                korean="평가 중에 신고된 이해충돌이 등록부에 없습니다. 화면의 줄을 "
                "등록부에 추가한 뒤 다시 배정하십시오.",
            )
        if self._is_shipped:
            raise NotAllowed(
                f"{ASSIGNMENT} is not written into a programme that travels with Dokja",
                remedy="copy the programme to a folder of the office and serve that",
                korean="Dokja와 함께 배포한 사업에는 쓰지 않습니다. 사업 폴더를 "
                "사무국의 폴더에 복사하여 운영해 주십시오.",
            )
        kept = KeptAssignment(schema=ASSIGNMENT_SCHEMA, assignment=found)
        self._write(ASSIGNMENT, canonical_bytes(kept))

    def close(self, *, reason: str) -> PanelStatus:
        """The panel, closed and written to the stage's folder as `panel.json`.

        That of a shipped programme goes into the office's work, to be copied.
        Closing again writes the same file, should the first time have failed.
        Raises: what `PanelOffice.close` raises, and Unavailable.
        """
        found = self.office().close(at=self.host.now().isoformat(), reason=reason)
        self._write(PANEL, canonical_bytes(found.panel))
        return found

    def begun(self) -> frozenset[tuple[str, str]]:
        """Expert and name of every draft; what stands in it nobody else is shown."""
        return frozenset(
            (account.subject, draft.name)
            for account in self._accounts()
            for draft in self.host.store.drafts.of(account.id)
        )

    def _accounts(self) -> Iterator[Account]:
        for account in self.host.store.people.accounts():
            if account.role is Role.EXPERT:
                yield account

    def _write(self, name: str, data: bytes) -> None:
        request = self.host.request
        if not self._is_shipped:
            programme = find_programme(request.programme)
            programme.write_panel_file(request.stage, name, data)
            return
        # Beside the other files that are handed on, to be copied from there.
        path = request.work / "export" / request.stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        written_beside(path, data).replace(path)

    @property
    def _is_shipped(self) -> bool:
        """Whether the programme travels with Dokja: nothing is written to it."""
        found = find_programme(self.host.request.programme)
        return found.root in {each.root for each in shipped_programmes().values()}


def open_panel_room(office: Office) -> PanelRoom:
    """The panel of the stage that the office serves.

    Raises: what reading the panel's files raises.
    """
    request, plan = office.request, office.plan
    programme = find_programme(request.programme)
    texts = programme.panel_texts(request.stage)
    panel = parse_panel(texts[0], where=PANEL)
    interests = None if texts[1] is None else parse_plan(texts[1], where=INTERESTS)
    teams = active_teams(plan)
    rules = office.rulebook.interest_rules or NO_TIES
    register = _register(panel, interests, teams, office)
    on = _first_day(office) if interests is None else interests.on
    needs = _needs(office.rulebook, interests, register)
    found = find_interests(register, rules, on=on)
    if texts[2] is not None:
        assignment = _of_teams(parse_assignment(texts[2], where=ASSIGNMENT), teams)
    elif needs is not None:
        assignment = assigned(found, needs, teams)
    else:
        assignment = _everybody(register, teams, found.computed_from)
    setup = PanelSetup(
        programme=plan.programme,
        stage=plan.stage,
        synthetic=panel.synthetic,
        note=panel.note,
        criteria=panel.criteria,
        teams=teams,
        register=register,
        on=on,
        interest_rules=rules,
        panel_rules=office.rulebook.panel_rules or _plain_rules(register, teams),
        assignment=assignment,
        anchor=panel.anchor,
    )
    return PanelRoom(
        host=office,
        setup=setup,
        needs=needs,
        is_frozen=texts[2] is not None,
        acts=StageActs(office.store.acts, plan.programme, plan.stage),
    )


@lru_cache(maxsize=16)
def assigned(
    interests: Interests, needs: AssignmentRules, teams: tuple[str, ...]
) -> Assignment:
    """The assignment of these teams, solved once for the same interests and needs."""
    found = tuple(one for one in interests.found if one.team in teams)
    return assign_experts(msgspec.structs.replace(interests, found=found), needs)


def _of_teams(assignment: Assignment, teams: Sequence[str]) -> Assignment:
    """Without teams that withdrew: nobody owes a sheet for them."""
    kept = tuple(one for one in assignment.teams if one.team in teams)
    return msgspec.structs.replace(assignment, teams=kept)


def _register(
    panel: Panel, plan: PanelPlan | None, teams: Sequence[str], office: Office
) -> InterestRegister:
    """The register of the file; without one, whom the panel's file names."""
    if plan is not None:
        return plan.register
    day = _first_day(office)
    return InterestRegister(
        experts=tuple(expert.id for expert in panel.experts),
        organisations=(),
        teams=tuple(teams),
        ties=(),
        declarations=tuple(
            Declaration(expert=expert.id, team=team, recorded=day)
            for expert in panel.experts
            for team in expert.conflicts
            if team in teams
        ),
    )


def _first_day(office: Office) -> date:
    return datetime.fromisoformat(office.plan.schedule.rules_frozen).date()


def _needs(
    rulebook: Rulebook, plan: PanelPlan | None, register: InterestRegister
) -> AssignmentRules | None:
    if plan is not None and (plan.assignment or rulebook.panel_rules):
        return needs_of_plan(plan, rulebook)
    ruled = rulebook.panel_rules or None
    if ruled is None:
        return None
    return AssignmentRules(
        experts_per_team=ruled.experts_per_team,
        teams_per_expert=ruled.teams_per_expert,
        specialists=tuple(Specialist(expert=e, fields=()) for e in register.experts),
        fields=ruled.fields,
    )


def _plain_rules(register: InterestRegister, teams: Sequence[str]) -> PanelRules:
    """For a rulebook without such rules: one round, everybody, any sheet counts."""
    return PanelRules(
        experts_per_team=len(register.experts), teams_per_expert=len(teams), quorum=1
    )


def _everybody(
    register: InterestRegister, teams: Sequence[str], computed_from: str
) -> Assignment:
    """Every expert for every team; whom a conflict keeps apart, the desk recuses."""
    return Assignment(
        computed_from=computed_from,
        teams=tuple(Assigned(team=team, experts=register.experts) for team in teams),
        possible_used=0,
        shortfalls=(),
        method=EVERYBODY,
    )
