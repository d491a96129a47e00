"""What follows a stage's decision, read from the office's record and acted on."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from dokja.call.values import CallPhase
from dokja.decision.after import (
    DecidedStage,
    FinalStage,
    SettledStage,
    confirm,
    confirmation_matter,
    confirmed,
    empty_places,
    fill_or_leave,
    final_matter,
    final_selection,
    handle,
    has_withdrawn,
    next_teams,
    objection_file,
    objection_matter,
    require_named,
    stage_teams,
    stage_teams_matter,
    vacancy_matter,
    waive,
    waiver_matter,
    withdraw,
    withdrawal_matter,
)
from dokja.decision.after.confirmation import WAIVER
from dokja.decision.after.objections import HANDLED
from dokja.decision.after.progress import WITHDRAWAL
from dokja.decision.after.values import (
    DecisionConfirmed,
    EmptyPlaces,
    FinalSelection,
    ObjectionEvent,
    ObjectionFile,
    ObjectionUpheld,
    RevivalCalled,
    StageTeamsNamed,
    TeamWithdrawn,
    VacancyEvent,
)
from dokja.decision.objection import OBJECTION
from dokja.decision.values import StageDecision
from dokja.errors import NotAllowed, Unavailable
from dokja.evidence.canonical import digest_of, read_as
from dokja.evidence.values import Act
from dokja.programme.matters import Mandate, Matter
from dokja.stage.acts import DECISION
from dokja.wiring.calls import CallRoom
from dokja.wiring.matter_desk import MatterDesk, entries_read
from dokja.wiring.office import Office
from dokja.wiring.published import shelf_of
from dokja.wiring.team_portal import recorded


class Aftermath(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that followed a stage's decision so far."""

    stage: str
    decision: StageDecision
    objections: tuple[ObjectionFile, ...]
    waived: tuple[str, ...]
    silent: tuple[str, ...]
    """Teams that neither objected nor declared not to."""
    confirmed: DecisionConfirmed | None
    places: EmptyPlaces
    next_teams: tuple[str, ...] | None
    """None while a place is open or the decision is not final."""
    entered: StageTeamsNamed | None = None
    """Who was named for this stage; None in the first."""
    ended: FinalSelection | None = None
    """How the programme ended; None while it runs."""


def desk_of_office(office: Office) -> MatterDesk:
    """The desk of the office's matters, on the office's record and clock."""
    return MatterDesk(rulebook=office.rulebook, log=office.store.acts, clock=office.now)


def aftermath(office: Office) -> Aftermath:
    """What followed the decision. Raises: NotAllowed where nothing was decided."""
    return aftermath_of(office, stage_places(office))


def aftermath_of(office: Office, found: StagePlaces) -> Aftermath:
    """The same of a stage that was read already."""
    stage = found.decided
    return Aftermath(
        stage=office.plan.stage,
        decision=stage.decision,
        objections=stage.objections,
        waived=stage.waived,
        silent=stage.silent(),
        confirmed=found.final.confirmed,
        places=found.places,
        next_teams=_next(found),
        entered=entered(office),
        ended=final_selection(
            desk_of_office(office).history(final_matter(office.plan.programme))
        ),
    )


def decided_stage(office: Office) -> DecidedStage:
    """The decision on record with what was said against it."""
    desk, plan = desk_of_office(office), office.plan
    handled = desk.histories(HANDLED, plan.stage)
    objections = tuple(
        objection_file(filed, handled.get(filed.subject, ()))
        for filed in _filed(office)
    )
    corrected = [o.corrected for o in objections if o.corrected is not None]
    act = _decision_of(office, corrected[-1]) if corrected else _first_decision(office)
    decision = read_as(act.body, StageDecision, where=act.kind)
    waived = desk.histories(WAIVER, plan.stage)
    return DecidedStage(
        programme=plan.programme,
        decision=decision,
        digest=digest_of(act),
        rule=office.rulebook.objection,
        objections=objections,
        waived=tuple(t.team for t in decision.teams if t.team in waived),
        left=withdrawn_teams(office),
    )


def handle_objection(
    office: Office,
    objection: str,
    event: ObjectionEvent,
    *,
    seen: int | None,
    mandate: Mandate,
) -> Act:
    """The act of the next step of an objection.

    Raises: what `handle` raises; Unavailable where the decision that is to stand
    instead is neither on record nor published.
    """
    if isinstance(event, ObjectionUpheld):
        _decision_of(office, event.corrected)
    filed = next((act for act in _filed(office) if act.subject == objection), None)
    if filed is None:
        raise Unavailable(
            f"there is no objection {objection!r}",
            remedy="`dokja objection list` names them",
        )
    history = desk_of_office(office).history(objection_matter(filed))
    at = entries_read(seen, history)
    return handle(filed, history, event, seen=at, mandate=mandate)


def waive_objection(office: Office, team: str, *, mandate: Mandate) -> Act:
    """The act of a team's word that it does not object. Raises: as `waive`."""
    matter = waiver_matter(office.plan.programme, office.plan.stage, team)
    history = desk_of_office(office).history(matter)
    return waive(decided_stage(office), team, history, mandate=mandate)


def confirm_decision(office: Office, *, seen: int | None, mandate: Mandate) -> Act:
    """The act that makes the decision final. Raises: what `confirm` raises."""
    matter = confirmation_matter(office.plan.programme, office.plan.stage)
    stage, history = decided_stage(office), desk_of_office(office).history(matter)
    require_named(stage.decision, entered(office), withdrawn=stage.left)
    at = entries_read(seen, history)
    return confirm(stage, history, seen=at, mandate=mandate)


def act_on_places(
    office: Office, event: VacancyEvent, *, seen: int | None, mandate: Mandate
) -> Act:
    """The act on the stage's empty places. Raises: what `fill_or_leave` raises."""
    found = stage_places(office)
    _refuse_beside_call(office, found.places, event)
    at = entries_read(seen, found.history)
    return fill_or_leave(
        found.final, office.rulebook, found.history, event, seen=at, mandate=mandate
    )


@dataclass(frozen=True, kw_only=True)
class StagePlaces:
    """A stage's decision, its empty places, and whether it is final."""

    decided: DecidedStage
    final: FinalStage
    history: tuple[Act, ...]
    places: EmptyPlaces


def settled_stage(office: Office) -> SettledStage:
    """The stage with all that says who goes on from it. Raises: as `decided_stage`."""
    found = stage_places(office)
    return SettledStage(
        final=found.final,
        decision=found.decided.decision,
        places=found.places,
        withdrawn=found.decided.left,
    )


def entered(office: Office) -> StageTeamsNamed | None:
    """Who was named for the stage, when the one before it was settled."""
    matter = stage_teams_matter(office.plan.programme, office.plan.stage)
    return stage_teams(desk_of_office(office).history(matter))


def stage_places(office: Office) -> StagePlaces:
    """The empty places of the stage. Raises: NotAllowed where nothing was decided."""
    decided = decided_stage(office)
    final = _final(office, decided)
    history = desk_of_office(office).history(_places(office))
    return StagePlaces(
        decided=decided,
        final=final,
        history=history,
        places=empty_places(final, history),
    )


def withdraw_team(office: Office, left: TeamWithdrawn, *, mandate: Mandate) -> Act:
    """The act by which the team that acts leaves. Raises: what `withdraw` raises."""
    matter = withdrawal_matter(office.plan.programme, mandate.by)
    history = desk_of_office(office).history(matter)
    active = [t for t in office.plan.teams if t not in office.plan.withdrawn]
    return withdraw(matter, history, left, active=active, mandate=mandate)


def _final(office: Office, stage: DecidedStage) -> FinalStage:
    plan = office.plan
    done = desk_of_office(office).history(
        confirmation_matter(plan.programme, plan.stage)
    )
    return FinalStage(
        programme=plan.programme,
        stage=plan.stage,
        places=stage.decision.vacancies,
        confirmed=confirmed(done),
        final_at=done[-1].at if done else "",
    )


def _refuse_beside_call(
    office: Office, places: EmptyPlaces, event: VacancyEvent
) -> None:
    """Nothing. Raises: NotAllowed for what a call of this record brings by itself."""
    room = CallRoom(desk=desk_of_office(office))
    called = event.call if isinstance(event, RevivalCalled) else places.call
    known = None if called is None else room.drafted(called)
    if known is None or known.state.phase is CallPhase.CLOSED_OUT:
        return
    raise NotAllowed(
        f"call {called} is on this record and {known.state.phase.value}",
        remedy=f"`dokja call open {called}` and `dokja call close-out {called}` record "
        "what becomes of the places",
    )


def _next(found: StagePlaces) -> tuple[str, ...] | None:
    if found.final.confirmed is None:
        return None
    decided = found.decided
    try:
        return next_teams(decided.decision, found.places, withdrawn=decided.left)
    except NotAllowed:
        return None


def withdrawn_teams(office: Office) -> tuple[str, ...]:
    """Every team that left the programme, whatever stage it was in."""
    left = desk_of_office(office).histories(WITHDRAWAL)
    return tuple(team for team, history in left.items() if has_withdrawn(history))


def _places(office: Office) -> Matter:
    return vacancy_matter(office.plan.programme, office.plan.stage)


def _filed(office: Office) -> tuple[Act, ...]:
    plan = office.plan
    return office.store.acts.of_kind(plan.programme, plan.stage, OBJECTION)


def _first_decision(office: Office) -> Act:
    found = recorded(office, DECISION, office.plan.stage)
    if found is None:
        raise NotAllowed(
            f"nothing was decided on {office.plan.stage} yet",
            remedy="run the stage, or put its bundle under the office's published/",
        )
    return found


def _decision_of(office: Office, digest: str) -> Act:
    """The decision of this digest, in the record or in a bundle that verifies."""
    plan = office.plan
    own = office.store.acts.of_kind(plan.programme, plan.stage, DECISION)
    shelved = (act for volume in shelf_of(office).volumes() for act in volume.acts)
    for act in (*own, *shelved):
        named = (act.kind, act.stage) == (DECISION, plan.stage)
        if named and digest_of(act) == digest:
            return act
    raise Unavailable(
        f"no decision on {plan.stage} has the digest {digest}",
        remedy="run the stage on the corrected evidence and publish its bundle first",
    )
