"""What follows a decision: objections, waivers, confirmation, places filled or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dokja.call.values import CallKind, VacantPlaces
from dokja.decision.after import (
    DecidedStage,
    FinalStage,
    confirm,
    confirmation_matter,
    confirmed,
    empty_places,
    fill_or_leave,
    handle,
    objection_file,
    objection_matter,
    outcome_of,
    vacancy_matter,
    vacant_places,
    waive,
    waiver_matter,
)
from dokja.decision.after.values import (
    Admitted,
    EmptyPlaces,
    NotAdmitted,
    ObjectionDismissed,
    ObjectionEvent,
    ObjectionUpheld,
    PlacesLeftEmpty,
    RevivalCalled,
    VacancyEvent,
)
from dokja.decision.objection import OBJECTION, FiledObjection, objection_act
from dokja.decision.values import StageDecision
from dokja.evidence.canonical import digest_of, read_as
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate
from dokja.programme.values import VacancyPolicy
from dokja.stage.acts import DECISION
from tests.whole_programme.call_story import hold
from tests.whole_programme.decided_stage import Stage
from tests.whole_programme.held_call import HeldCall
from tests.whole_programme.office import Office

WORDS = Text("사유", "the reason")


def decided(office: Office, stage: str) -> DecidedStage:
    """The decision on record, with what was said against it."""
    desk = office.desk
    act = desk.log.of_kind(desk.programme, stage, DECISION)[-1]
    decision = read_as(act.body, StageDecision, where=DECISION)
    waivers = {
        t.team: waiver_matter(desk.programme, stage, t.team) for t in decision.teams
    }
    return DecidedStage(
        programme=desk.programme,
        decision=decision,
        digest=digest_of(act),
        rule=desk.rulebook.objection,
        objections=tuple(
            objection_file(filed, desk.history(objection_matter(filed)))
            for filed in filed_objections(office, stage)
        ),
        waived=tuple(t for t, matter in waivers.items() if desk.history(matter)),
    )


def filed_objections(office: Office, stage: str) -> tuple[Act, ...]:
    """Objections that teams filed."""
    return office.desk.log.of_kind(office.desk.programme, stage, OBJECTION)


def final(office: Office, stage: str) -> FinalStage:
    """What has to be known before its places are called for."""
    desk = office.desk
    done = desk.history(confirmation_matter(desk.programme, stage))
    return FinalStage(
        programme=desk.programme,
        stage=stage,
        places=decided(office, stage).decision.vacancies,
        confirmed=confirmed(done),
        final_at=done[-1].at if done else "",
    )


def places(office: Office, stage: str) -> EmptyPlaces:
    """The empty places as they stand."""
    matter = vacancy_matter(office.desk.programme, stage)
    return empty_places(final(office, stage), office.desk.history(matter))


def settle(stage: Stage) -> Iterator[str]:
    """Objections until the decision is final, then its places."""
    yield from _objected(stage)
    yield from _confirmed(stage)
    yield from _refilled(stage)


def objecting(office: Office, stage: str, team: str) -> Callable[[Mandate], Act]:
    """What makes a team's objection."""

    def make(mandate: Mandate) -> Act:
        said = FiledObjection(team=team, about="score", text="wrong", at=mandate.at)
        return objection_act(
            decided(office, stage).decision,
            said,
            filed_objections(office, stage),
            programme=office.desk.programme,
            stage=stage,
            is_final=final(office, stage).confirmed is not None,
        )

    return make


def confirming(office: Office, stage: str) -> Callable[[Mandate], Act]:
    """What makes the decision final."""

    def make(mandate: Mandate) -> Act:
        matter = confirmation_matter(office.desk.programme, stage)
        history = office.desk.history(matter)
        now = decided(office, stage)
        return confirm(now, history, seen=len(history), mandate=mandate)

    return make


def on_places(
    office: Office, stage: str, event: VacancyEvent
) -> Callable[[Mandate], Act]:
    """What makes an act on the empty places."""

    def make(mandate: Mandate) -> Act:
        matter = vacancy_matter(office.desk.programme, stage)
        history = office.desk.history(matter)
        return fill_or_leave(
            final(office, stage), office.desk.rulebook, history, event,
            seen=len(history), mandate=mandate,
        )  # fmt: skip

    return make


def waiving(office: Office, stage: str, team: str) -> Callable[[Mandate], Act]:
    """What makes a team's word that it does not object."""

    def make(mandate: Mandate) -> Act:
        matter = waiver_matter(office.desk.programme, stage, team)
        history = office.desk.history(matter)
        return waive(decided(office, stage), team, history, mandate=mandate)

    return make


def _objected(stage: Stage) -> Iterator[str]:
    office = stage.office
    for team in stage.run.teams:
        share = office.luck.random()
        if share < 0.12:
            made = objecting(office, stage.id, team)
            office.act("object", made, by=team, clause="4.1")
            yield "objection"
        elif share < 0.9:
            made = waiving(office, stage.id, team)
            office.act("waive objection", made, by=team, clause="4.1")
            yield "waiver"
    for filed in filed_objections(office, stage.id):
        yield from _handled(office, filed)


def _handled(office: Office, filed: Act) -> Iterator[str]:
    if office.chance(0.3):
        _step(office, filed, NotAdmitted(reason=WORDS), by="officer-1")
        yield "objection not admitted"
        return
    _step(office, filed, Admitted(reviewers=("r1", "r2")), by="officer-1")
    yield "objection admitted"
    upheld = ObjectionUpheld(
        reason=WORDS, corrected=decided(office, filed.stage).digest
    )
    dismissed = ObjectionDismissed(reason=WORDS)
    _step(office, filed, office.luck.choice((upheld, dismissed)), by="r1")
    yield "objection reviewed"


def _step(office: Office, filed: Act, event: ObjectionEvent, *, by: str) -> None:
    def make(mandate: Mandate) -> Act:
        history = office.desk.history(objection_matter(filed))
        return handle(filed, history, event, seen=len(history), mandate=mandate)

    office.act("handle objection", make, by=by, clause="4.1")


def _confirmed(stage: Stage) -> Iterator[str]:
    office = stage.office
    made = confirming(office, stage.id)
    if office.chance(0.7) and office.act("confirm early", made, clause="4.1"):
        yield "confirmed early"
        return
    last = date.fromisoformat(decided(office, stage.id).decision.objection_until)
    zone = office.clock.now.tzinfo
    office.until(datetime.combine(last + timedelta(days=1), time(9), tzinfo=zone))
    office.act("confirm", made, clause="4.1")
    yield "confirmed"


@dataclass(frozen=True)
class StagePlaces:
    """The empty places of one stage."""

    office: Office
    stage: str

    def vacancy(self) -> VacantPlaces:
        """Those that may be called for. Raises: NotAllowed before that."""
        return vacant_places(
            final(self.office, self.stage), places(self.office, self.stage)
        )

    def called(self, call: str, mandate: Mandate) -> tuple[Act, ...]:
        """The act that names the call for them."""
        return self._acts((RevivalCalled(call=call),), mandate)

    def settled(self, call: HeldCall, mandate: Mandate) -> tuple[Act, ...]:
        """The acts that fill them with whom the call selected, and leave the rest."""
        events = outcome_of(
            call.id,
            places(self.office, self.stage),
            call.states(),
            call.agreements(),
            teams={},
        )
        return self._acts(events, mandate)

    def _acts(
        self, events: Sequence[VacancyEvent], mandate: Mandate
    ) -> tuple[Act, ...]:
        matter = vacancy_matter(self.office.desk.programme, self.stage)
        history = list(self.office.desk.history(matter))
        before = len(history)
        for event in events:
            act = fill_or_leave(
                final(self.office, self.stage), self.office.desk.rulebook, history,
                event, seen=len(history), mandate=mandate,
            )  # fmt: skip
            history.append(act)
        return tuple(history[before:])


def _refilled(stage: Stage) -> Iterator[str]:
    office, found = stage.office, places(stage.office, stage.id)
    if not found.places or final(office, stage.id).confirmed is None:
        return
    rule = office.desk.rulebook.vacancy
    assert rule is not None, "the rules say what happens to an empty place"
    if rule.policy is VacancyPolicy.REVIVAL_CALL:
        stage.call = revival_call(stage, found.places)
        yield from hold(stage.call)
    if places(office, stage.id).state not in ("filled", "left_empty"):
        left = on_places(office, stage.id, PlacesLeftEmpty(reason=WORDS))
        office.act("leave places empty", left, clause="4.2")
        yield "left empty"


def revival_call(stage: Stage, slots: int) -> HeldCall:
    """The call for the places of a stage."""
    office, number = stage.office, stage.id.rpartition("-")[2]
    bids = office.luck.randint(1, 3)
    return HeldCall(
        office,
        f"revival-{number}",
        CallKind.REVIVAL,
        slots,
        tuple(f"n{number}{letter}" for letter in "abc"[:bids]),
        StagePlaces(office, stage.id),
        favour=office.luck.choice((0.3, 0.6, 0.8)),
    )
