"""Naming the panel of a review: who sits on it, and who is kept from which bid."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import msgspec

from dokja.call.applications.state import ApplicationState
from dokja.call.applications.values import ApplicationPhase
from dokja.call.conflicts import with_consortia
from dokja.call.state import CallFile, moment, require_phase
from dokja.call.values import PanelNamed, PanelSeat, ReviewRound
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.panel import assign_experts, computed_recusals, find_interests
from dokja.panel.values import (
    Assigned,
    AssignmentRules,
    InterestRegister,
    Interests,
)
from dokja.programme import Rulebook, Topic
from dokja.programme.matters import Mandate, next_act


class PanelRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """Whom the office wants on a panel, and how they hang together with others.

    The register is read and not kept: the act holds recusals and who reviews what,
    never an employer.
    """

    round: ReviewRound
    seats: tuple[PanelSeat, ...]
    register: InterestRegister | None = None
    assignment: AssignmentRules | None = None
    """What an assignment must keep to; None where everybody reviews everything."""


def name_panel(
    call: CallFile,
    applications: Sequence[ApplicationState],
    request: PanelRequest,
    *,
    rulebook: Rulebook,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act of the panel, with the recusals its register of interests leads to.

    Experts from overseas sit beside the others. Naming it again replaces it.
    Raises: NotAllowed out of time, or where rules ask for a register and none is
    given; InvalidInput for seats that are taken twice or not in the register.
    """
    require_phase(call.state, PanelNamed, act="panels are named only")
    if not request.seats:
        raise InvalidInput("nobody sits on the panel", remedy="name its experts")
    twice = Counter(seat.expert for seat in request.seats)
    if max(twice.values()) > 1:
        raise InvalidInput(
            f"{twice.most_common(1)[0][0]} has two seats", remedy="one seat an expert"
        )
    reviewed = [a for a in applications if a.phase in _REVIEWED[request.round]]
    gone = {a.id for a in applications} - {a.id for a in reviewed}
    request = _about_reviewed(request, gone)
    interests = _interests(reviewed, request, rulebook, mandate.at)
    seats = {seat.expert for seat in request.seats}
    found = computed_recusals(interests) if interests else ()
    event = PanelNamed(
        round=request.round,
        seats=request.seats,
        recusals=tuple(r for r in found if r.expert in seats),
        computed_from=interests.computed_from if interests else "",
        assigned=_assigned(interests, request),
    )
    return next_act(call.matter, call.acts, event, seen=seen, mandate=mandate)


def _about_reviewed(request: PanelRequest, gone: Collection[str]) -> PanelRequest:
    """The request without what its register says of applications that left.

    One register serves both reviews: nobody has to strike a declared interest out
    of it because the bid it is about fell away.
    """
    register = request.register
    if register is None:
        return request
    kept = msgspec.structs.replace(
        register,
        declarations=tuple(d for d in register.declarations if d.team not in gone),
        ties=tuple(t for t in register.ties if not {t.left, t.right} & set(gone)),
    )
    return msgspec.structs.replace(request, register=kept)


def _interests(
    applications: Sequence[ApplicationState],
    request: PanelRequest,
    rulebook: Rulebook,
    at: str,
) -> Interests | None:
    """The experts' interests in the applications; None where no rule makes any."""
    rules = rulebook.interest_rules or None
    if rules is None:
        return None
    if request.register is None:
        clauses = ", ".join(rulebook.clause_numbers(Topic.CONFLICTS))
        raise NotAllowed(
            f"the rules compute interests (clause {clauses}), and no register of them "
            "is given",
            remedy="add [register] to the file, with every expert of the panel",
        )
    missing = {seat.expert for seat in request.seats} - set(request.register.experts)
    if missing:
        raise InvalidInput(
            f"the register does not hold {', '.join(sorted(missing))}",
            remedy="register everybody who sits on the panel, without ties if need be",
        )
    on = moment(at).date()
    register = with_consortia(request.register, applications, recorded=on)
    return find_interests(register, rules, on=on)


def _assigned(
    interests: Interests | None, request: PanelRequest
) -> tuple[Assigned, ...]:
    """Who reviews what, solved. Raises: NotAllowed where no assignment is possible."""
    if request.assignment is None:
        return ()
    if interests is None:
        raise NotAllowed(
            "the rulebook computes no interests, so nobody can be assigned by them",
            remedy="leave [assignment] out, or add [interest_rules] to the rulebook",
        )
    seats = {seat.expert for seat in request.seats}
    own = tuple(one for one in interests.found if one.expert in seats)
    seated = msgspec.structs.replace(interests, found=own)
    found = assign_experts(seated, request.assignment)
    if found.shortfalls:
        lacks = "; ".join(one.reason.en for one in found.shortfalls)
        raise NotAllowed(
            f"no assignment keeps to the rules: {lacks}",
            remedy=found.shortfalls[0].remedy.en,
        )
    return found.teams


_REVIEWED = {
    ReviewRound.DOCUMENTS: frozenset(
        {ApplicationPhase.SUBMITTED, ApplicationPhase.ELIGIBLE}
    ),
    ReviewRound.PRESENTATION: frozenset(
        {ApplicationPhase.SCREENED_IN, ApplicationPhase.PRESENTED}
    ),
}
"""Applications that a review may still look at."""
