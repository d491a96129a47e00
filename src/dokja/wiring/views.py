"""What is on record around a stage, gathered for whoever looks at it."""

from __future__ import annotations

from dokja.call.overview import OFFICE, CallOverview, call_overview
from dokja.disclosure import RecordView, Viewer, WholeRecord, view_of
from dokja.errors import NotAllowed
from dokja.evidence.canonical import read_as
from dokja.stage.acts import DECISION, STANDING
from dokja.standing.values import Standing
from dokja.support.overview import SupportOverview, support_overview
from dokja.support.terms import terms_of
from dokja.wiring.after_decision import Aftermath, aftermath, desk_of_office
from dokja.wiring.calls import CallRoom
from dokja.wiring.office import Office
from dokja.wiring.support import support_acts
from dokja.wiring.team_portal import recorded


def office_view(office: Office, viewer: Viewer) -> RecordView:
    """The office's record as the viewer may see it. Raises: as `view_of`."""
    return view_of(whole_record(office), viewer)


def whole_record(office: Office) -> WholeRecord:
    """Decision, scores, objections, calls and support, as far as there are any.

    Scores leave the office with the decision, not before.
    """
    found = _aftermath(office)
    return WholeRecord(
        rulebook=office.rulebook,
        stage=office.plan.stage,
        decision=None if found is None else found.decision,
        standing=None if found is None else _standing(office),
        objections=() if found is None else found.objections,
        calls=_calls(office),
        teams_of=_teams_of(found),
        support=_support(office),
    )


def _aftermath(office: Office) -> Aftermath | None:
    is_decided = recorded(office, DECISION, office.plan.stage) is not None
    return aftermath(office) if is_decided else None


def _standing(office: Office) -> Standing | None:
    act = recorded(office, STANDING, office.plan.stage)
    return None if act is None else read_as(act.body, Standing, where=act.kind)


def _calls(office: Office) -> tuple[CallOverview, ...]:
    room = CallRoom(desk=desk_of_office(office))
    return tuple(
        call_overview(
            room.call(name),
            room.applications(name),
            room.agreements(name),
            rulebook=office.rulebook,
            now=office.now().isoformat(),
            reader=OFFICE,
        )
        for name in room.call_ids()
    )


def _teams_of(found: Aftermath | None) -> dict[tuple[str, str], str]:
    if found is None or found.places.call is None:
        return {}
    call = found.places.call
    return {(call, place.application): place.team for place in found.places.filled}


def _support(office: Office) -> SupportOverview | None:
    """None where the rulebook is silent about support."""
    try:
        terms = terms_of(office.rulebook)
    except NotAllowed:
        return None
    acts = support_acts(desk_of_office(office))
    return support_overview(acts, terms=terms, now=office.now())
