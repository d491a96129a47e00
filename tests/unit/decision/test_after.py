"""What follows a decision: nobody is passed over, and no call comes too early."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from dokja.decision.after import (
    DecidedStage,
    FinalStage,
    confirm,
    confirmed,
    empty_places,
    fill_or_leave,
    handle,
    next_teams,
    objection_file,
    waive,
    withdraw,
    withdrawal_matter,
)
from dokja.decision.after.progress import require_listed
from dokja.decision.after.values import (
    Admitted,
    NotAdmitted,
    ObjectionDismissed,
    ObjectionEvent,
    ObjectionState,
    ObjectionUpheld,
    PlaceFilled,
    PlacesLeftEmpty,
    PlaceState,
    RevivalCalled,
    TeamWithdrawn,
    VacancyEvent,
)
from dokja.decision.objection import FiledObjection, objection_act
from dokja.decision.policy import PolicyMissing
from dokja.decision.values import StageDecision, TeamDecision, TeamStatus
from dokja.errors import Conflict, DokjaError, InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate
from dokja.programme.values import Objection, Rulebook, Vacancy, VacancyPolicy
from dokja.wiring.programmes import find_rulebook

WORDS = Text(ko="사유", en="reason")
DIGEST, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64
TEAMS = ("alpha", "beta", "gamma")
DURING, AFTER = "2026-01-20T09:00:00+09:00", "2026-01-26T00:00:00+09:00"


def decision(**status: TeamStatus) -> StageDecision:
    """Alpha and beta advance, gamma does not, unless said otherwise."""
    given = {"gamma": TeamStatus.ELIMINATED_BY_GATE} | status
    teams = tuple(
        TeamDecision(team=t, status=given.get(t, TeamStatus.ADVANCES), reasons=())
        for t in TEAMS
    )
    return StageDecision(
        stage="stage-1",
        rules_digest=DIGEST,
        teams=teams,
        planned_places=3,
        vacancies=1,
        revival_call=True,
        settled_by_data=True,
        objection_until="2026-01-25",
        reasons=(),
    )


def decided(**more: Any) -> DecidedStage:
    """The stage of that decision."""
    given: dict[str, Any] = {
        "programme": "p",
        "decision": decision(),
        "digest": DIGEST,
        "rule": Objection(days=10, early_closure=True),
    }
    return DecidedStage(**given | more)


def mandate(at: str = DURING, by: str = "officer") -> Mandate:
    """A mandate."""
    return Mandate(by=by, at=at, clause="7.1")


def filed(team: str = "gamma") -> Act:
    """An objection as it is filed."""
    said = FiledObjection(team=team, about="score", text="wrong", at=DURING)
    return objection_act(decision(), said, (), programme="p", stage="stage-1")


def rulebook(policy: VacancyPolicy | None = VacancyPolicy.REVIVAL_CALL) -> Rulebook:
    """The example's rules with this policy for empty places."""
    book, _ = find_rulebook("example")
    vacancy = None if policy is None else Vacancy(policy=policy)
    return msgspec.structs.replace(book, vacancy=vacancy)


def test_objection_is_reviewed_by_others_and_answered_once() -> None:
    """Whoever admits it does not review it; what was answered stays answered."""
    act, history = filed(), []
    with pytest.raises(NotAllowed, match="filed"):
        handle(act, (), ObjectionDismissed(reason=WORDS), seen=0, mandate=mandate())
    with pytest.raises(InvalidInput):
        handle(act, (), Admitted(reviewers=("officer",)), seen=0, mandate=mandate())
    admitted = Admitted(reviewers=("r1", "r2"))
    history.append(handle(act, (), admitted, seen=0, mandate=mandate()))
    upheld = ObjectionUpheld(reason=WORDS, corrected=OTHER)
    with pytest.raises(NotAllowed, match="does not review"):
        handle(act, history, upheld, seen=1, mandate=mandate())
    history.append(handle(act, history, upheld, seen=1, mandate=mandate(by="r1")))
    found = objection_file(act, history)
    assert (found.state, found.corrected) == (ObjectionState.UPHELD, OTHER)
    dismissed = ObjectionDismissed(reason=WORDS)
    with pytest.raises(NotAllowed, match="upheld"):
        handle(act, history, dismissed, seen=2, mandate=mandate(by="r1"))


def test_who_left_before_the_decision_is_not_decided_on() -> None:
    """A team that left on record has to be listed; later it may still be decided on."""
    matter = withdrawal_matter("p", "alpha")
    by_itself = mandate(DURING, by="alpha")
    left = withdraw(matter, (), TeamWithdrawn(), active=TEAMS, mandate=by_itself)
    with pytest.raises(NotAllowed, match="alpha left the programme"):
        require_listed([left], TEAMS, decided=AFTER)
    require_listed([left], TEAMS[1:], decided=AFTER)
    require_listed([left], TEAMS, decided=DURING)


def test_decision_is_final_after_the_last_day_or_when_nobody_objects() -> None:
    """Ten days, or every team's word that it does not object."""
    with pytest.raises(NotAllowed, match="alpha, beta, gamma"):
        confirm(decided(), (), seen=0, mandate=mandate())
    late = confirm(decided(), (), seen=0, mandate=mandate(AFTER))
    event = confirmed((late,))
    assert event is not None
    assert not event.early
    early = confirm(decided(waived=TEAMS), (), seen=0, mandate=mandate())
    found = confirmed((early,))
    assert found is not None
    assert found.early
    gone = confirm(
        decided(waived=TEAMS[1:], left=TEAMS[:1]), (), seen=0, mandate=mandate()
    )
    assert confirmed((gone,)).early, "nobody waits for a team that left"  # type: ignore[union-attr]
    stubborn = decided(waived=TEAMS, rule=Objection(days=10, early_closure=False))
    with pytest.raises(NotAllowed, match="does not let"):
        confirm(stubborn, (), seen=0, mandate=mandate())
    with pytest.raises(PolicyMissing):
        confirm(decided(rule=None), (), seen=0, mandate=mandate(AFTER))
    with pytest.raises(NotAllowed, match="final already"):
        confirm(decided(), (late,), seen=1, mandate=mandate(AFTER))


def test_unanswered_objection_holds_the_decision_and_an_upheld_one_moves_it() -> None:
    """A right objection leads to the corrected decision, and that one is confirmed."""
    act = filed()
    waiting = decided(objections=(objection_file(act, ()),))
    with pytest.raises(NotAllowed, match="gamma/001 is not answered"):
        confirm(waiting, (), seen=0, mandate=mandate(AFTER))
    admitted = handle(act, (), Admitted(reviewers=("r",)), seen=0, mandate=mandate())
    right = ObjectionUpheld(reason=WORDS, corrected=OTHER)
    answer = handle(act, (admitted,), right, seen=1, mandate=mandate(by="r"))
    found = objection_file(act, (admitted, answer))
    settled = decided(objections=(found,), digest=found.corrected)
    done = confirmed((confirm(settled, (), seen=0, mandate=mandate(AFTER)),))
    assert done is not None
    assert done.decision == OTHER


def test_waiver_is_a_teams_own_word_while_the_window_is_open() -> None:
    """Not after the last day, not after an objection, and not twice."""
    act = waive(decided(), "alpha", (), mandate=mandate(by="alpha"))
    with pytest.raises(Conflict):
        waive(decided(), "alpha", (act,), mandate=mandate(by="alpha"))
    with pytest.raises(NotAllowed, match="until"):
        waive(decided(), "alpha", (), mandate=mandate(AFTER, "alpha"))
    objected = decided(objections=(objection_file(filed(), ()),))
    with pytest.raises(NotAllowed, match="has objected"):
        waive(objected, "gamma", (), mandate=mandate(by="gamma"))
    with pytest.raises(InvalidInput):
        waive(decided(), "delta", (), mandate=mandate(by="delta"))


def final(**more: Any) -> FinalStage:
    """A stage with one empty place, confirmed."""
    late = confirm(decided(), (), seen=0, mandate=mandate(AFTER))
    given: dict[str, Any] = {
        "programme": "p",
        "stage": "stage-1",
        "places": 1,
        "confirmed": confirmed((late,)),
    }
    return FinalStage(**given | more)


def place(
    history: list[Act],
    event: VacancyEvent,
    stage: FinalStage | None = None,
    book: Rulebook | None = None,
) -> None:
    """Append what happens to the place."""
    history.append(
        fill_or_leave(
            stage or final(),
            book or rulebook(),
            history,
            event,
            seen=len(history),
            mandate=mandate(AFTER),
        )
    )


def test_failure_03_revival_follows_the_rules_and_never_precedes_the_end() -> None:
    """Two left where one was planned, and a revival no guide had spoken of."""
    history: list[Act] = []
    with pytest.raises(NotAllowed, match="not final"):
        place(history, RevivalCalled(call="extra"), final(confirmed=None))
    with pytest.raises(PolicyMissing):
        place(history, RevivalCalled(call="extra"), book=rulebook(None))
    empty = rulebook(VacancyPolicy.LEFT_EMPTY)
    with pytest.raises(NotAllowed, match="leaves empty"):
        place(history, RevivalCalled(call="extra"), book=empty)
    with pytest.raises(NotAllowed, match="no place empty"):
        place(history, PlacesLeftEmpty(reason=WORDS), final(places=0))
    with pytest.raises(NotAllowed, match="no call"):
        place(history, PlaceFilled(team="delta", application="a-1"))
    place(history, RevivalCalled(call="extra"))
    with pytest.raises(NotAllowed, match="was called"):
        place(history, RevivalCalled(call="another"))
    with pytest.raises(NotAllowed, match="open"):
        next_teams(decision(), empty_places(final(), history))
    place(history, PlaceFilled(team="delta", application="a-1"))
    found = empty_places(final(), history)
    assert found.state is PlaceState.FILLED
    assert next_teams(decision(), found) == ("alpha", "beta", "delta")
    assert next_teams(decision(), found, withdrawn=("beta",)) == ("alpha", "delta")
    with pytest.raises(NotAllowed, match="filled"):
        place(history, PlacesLeftEmpty(reason=WORDS))


def test_nobody_may_be_selected_and_the_place_stays_empty() -> None:
    """Nobody selected is a legal outcome of a revival."""
    history: list[Act] = []
    place(history, RevivalCalled(call="extra"))
    place(history, PlacesLeftEmpty(reason=WORDS))
    found = empty_places(final(), history)
    assert found.state is PlaceState.LEFT_EMPTY
    assert next_teams(decision(), found) == ("alpha", "beta")
    undecided = decision(beta=TeamStatus.UNDECIDED)
    with pytest.raises(NotAllowed, match="beta"):
        next_teams(undecided, found)


def test_failure_20_leaving_is_neutral_and_a_teams_own_act() -> None:
    """Firms kept away from a second try, since leaving was read as a defeat."""
    matter = withdrawal_matter("p", "alpha")
    with pytest.raises(NotAllowed, match="itself"):
        withdraw(matter, (), TeamWithdrawn(), active=TEAMS, mandate=mandate())
    own = mandate(by="alpha")
    act = withdraw(matter, (), TeamWithdrawn(), active=TEAMS, mandate=own)
    assert "reason" not in act.body["mandate"] or act.body["mandate"]["reason"] is None
    with pytest.raises(Conflict):
        withdraw(matter, (act,), TeamWithdrawn(), active=TEAMS, mandate=own)
    other = withdrawal_matter("p", "delta")
    with pytest.raises(NotAllowed, match="no part"):
        withdraw(other, (), TeamWithdrawn(), active=TEAMS, mandate=own)


class AfterDecision(RuleBasedStateMachine):
    """Any order of steps: what is final was heard, and no place is filled twice."""

    @initialize()
    def begin(self) -> None:
        """Nothing happened yet."""
        self.handled: dict[str, list[Act]] = {}
        self.filed: dict[str, Act] = {}
        self.waived: list[str] = []
        self.final: list[Act] = []
        self.places: list[Act] = []
        self.at = DURING

    def stage(self) -> DecidedStage:
        """The stage as it stands."""
        return decided(
            objections=tuple(
                objection_file(act, self.handled[team])
                for team, act in self.filed.items()
            ),
            waived=tuple(self.waived),
        )

    @rule()
    def days_pass(self) -> None:
        """The window closes."""
        self.at = AFTER

    @rule(team=st.sampled_from(TEAMS))
    def object(self, team: str) -> None:
        """A team objects while it can."""
        if self.at == DURING and team not in {*self.filed, *self.waived}:
            self.filed[team], self.handled[team] = filed(team), []

    @rule(team=st.sampled_from(TEAMS))
    def waive(self, team: str) -> None:
        """A team declares not to object."""
        if team in self.waived:
            return
        try:
            waive(self.stage(), team, (), mandate=mandate(self.at, team))
        except DokjaError:
            return
        self.waived.append(team)

    @rule(
        team=st.sampled_from(TEAMS),
        event=st.sampled_from(
            [
                Admitted(reviewers=("r",)),
                NotAdmitted(reason=WORDS),
                ObjectionUpheld(reason=WORDS, corrected=OTHER),
                ObjectionDismissed(reason=WORDS),
            ]
        ),
        by=st.sampled_from(["officer", "r"]),
    )
    def answer(self, team: str, event: ObjectionEvent, by: str) -> None:
        """Somebody answers an objection."""
        if team not in self.filed:
            return
        history = self.handled[team]
        try:
            act = handle(
                self.filed[team],
                history,
                event,
                seen=len(history),
                mandate=mandate(self.at, by),
            )
        except DokjaError:
            return
        history.append(act)

    @rule()
    def confirm(self) -> None:
        """Somebody tries to make the decision final."""
        try:
            seen = len(self.final)
            act = confirm(self.stage(), self.final, seen=seen, mandate=mandate(self.at))
        except DokjaError:
            return
        self.final.append(act)

    @rule(
        event=st.sampled_from(
            [
                RevivalCalled(call="extra"),
                PlaceFilled(team="delta", application="a"),
                PlaceFilled(team="epsilon", application="b"),
                PlacesLeftEmpty(reason=WORDS),
            ]
        )
    )
    def fill(self, event: VacancyEvent) -> None:
        """Somebody acts on the empty place."""
        stage = final(confirmed=confirmed(self.final))
        try:
            place(self.places, event, stage)
        except DokjaError:
            return

    @invariant()
    def nobody_is_passed_over(self) -> None:
        """Final means: every objection answered, and the time over or all agreed."""
        if confirmed(self.final) is None:
            assert not self.places
            return
        assert len(self.final) == 1
        assert not self.stage().pending()
        assert self.at == AFTER or not self.stage().silent()
        filled = empty_places(final(), self.places).filled
        assert len(filled) <= 1


def test_no_order_of_steps_passes_anybody_over() -> None:
    """Thousands of steps in any order."""
    run_state_machine_as_test(
        AfterDecision, settings=settings(max_examples=40, stateful_step_count=40)
    )
