"""Drafting, signing, changing and ending an agreement; settling what is owed."""

from __future__ import annotations

from datetime import date

from dokja.call.agreements.state import AgreementFile, require_phase
from dokja.call.agreements.terms import terms_of
from dokja.call.agreements.values import (
    AgreementActivated,
    AgreementAmended,
    AgreementCompleted,
    AgreementDrafted,
    AgreementPhase,
    AgreementSigned,
    AgreementTerminated,
    ObligationBreached,
    ObligationMet,
    ObligationStatus,
    ObligationWaived,
)
from dokja.call.applications.state import ApplicationFile, ApplicationState
from dokja.call.applications.submit import withdraw_application
from dokja.call.applications.values import ApplicationPhase
from dokja.call.state import moment
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.programme import Rulebook
from dokja.programme.matters import Mandate, Matter, next_act

Settling = ObligationMet | ObligationBreached | ObligationWaived
Step = AgreementSigned | AgreementActivated | AgreementTerminated | AgreementCompleted


def draft_agreement(
    matter: Matter,
    application: ApplicationState,
    *,
    rulebook: Rulebook,
    starts: date,
    mandate: Mandate,
) -> Act:
    """The first act of an agreement. Raises: NotAllowed for who was not selected."""
    if application.phase is not ApplicationPhase.SELECTED:
        raise NotAllowed(
            f"application {application.id} is {application.phase.value}",
            remedy="agreements are made with selected applications",
        )
    terms = terms_of(application, rulebook, starts=starts)
    event = AgreementDrafted(terms=terms)
    return next_act(matter, (), event, seen=0, mandate=mandate)


def step_agreement(
    agreement: AgreementFile, step: Step, *, seen: int, mandate: Mandate
) -> Act:
    """The act of signing, beginning, ending or completing.

    Raises: NotAllowed out of order, and for completing while something is owed;
    InvalidInput for ending before the end without a reason.
    """
    state = agreement.state
    require_phase(state, type(step), act="this follows only")
    if isinstance(step, AgreementCompleted) and state.open:
        owed = ", ".join(obligation.id for obligation in state.open)
        raise NotAllowed(
            f"still owed: {owed}",
            remedy="settle every obligation: met, breached or waived, each with reason",
        )
    if isinstance(step, AgreementTerminated):
        _require_reason(mandate, "an agreement ends before its end only with a reason")
    return next_act(agreement.matter, agreement.acts, step, seen=seen, mandate=mandate)


def amend_agreement(
    agreement: AgreementFile, amended: AgreementAmended, *, seen: int, mandate: Mandate
) -> Act:
    """The act of changed terms, by consent and with the reason.

    Raises: InvalidInput without a reason, for another party, or where an obligation
    that was settled would be lost.
    """
    state = agreement.state
    require_phase(state, AgreementAmended, act="its terms can be amended only")
    _require_reason(mandate, "terms change only with a reason")
    terms = amended.terms
    if (terms.call, terms.application) != (state.terms.call, state.terms.application):
        raise InvalidInput(
            "the terms name another party", remedy="amend the agreement they belong to"
        )
    lost = set(state.settled) - {obligation.id for obligation in terms.obligations}
    if lost:
        raise InvalidInput(
            f"{', '.join(sorted(lost))} was settled and is left out",
            remedy="keep what was settled; waive what is owed no more",
        )
    return next_act(
        agreement.matter, agreement.acts, amended, seen=seen, mandate=mandate
    )


def withdraw_bid(
    application: ApplicationFile,
    agreement: AgreementFile | None,
    *,
    seen: int,
    mandate: Mandate,
) -> tuple[Act, ...]:
    """The acts of withdrawing an application, and what was drafted of its agreement.

    Raises: NotAllowed once the agreement is signed, or the application was decided
    against.
    """
    left = withdraw_application(application, seen=seen, mandate=mandate)
    if agreement is None or agreement.state.phase is AgreementPhase.TERMINATED:
        return (left,)
    if agreement.state.phase is not AgreementPhase.DRAFTED:
        raise NotAllowed(
            f"the agreement with {application.state.id} is "
            f"{agreement.state.phase.value}",
            remedy="a team that takes part leaves the programme: `dokja decision "
            "withdraw`; its agreement ends with its reason",
        )
    ended = next_act(
        agreement.matter,
        agreement.acts,
        AgreementTerminated(),
        seen=len(agreement.acts),
        mandate=mandate,
    )
    return (left, ended)


def settle_obligation(
    agreement: AgreementFile, settling: Settling, *, seen: int, mandate: Mandate
) -> Act:
    """The act that says what became of an obligation.

    Raises: NotAllowed where it is settled already, or breached before its day is
    over or without having heard the team; InvalidInput for what is not owed, and
    without a reason where one is needed.
    """
    state = agreement.state
    require_phase(state, type(settling), act="obligations are settled only")
    owed = {o.id: o for o in state.terms.obligations}.get(settling.obligation)
    if owed is None:
        raise InvalidInput(
            f"the agreement names no obligation {settling.obligation}",
            remedy=f"it names {', '.join(o.id for o in state.terms.obligations)}",
        )
    status = state.status(owed.id)
    if status is not ObligationStatus.DUE:
        raise NotAllowed(
            f"{owed.id} is {status.value} already",
            remedy="amend the agreement where it is owed again",
        )
    if isinstance(settling, ObligationBreached):
        _check_breach(settling, owed.due, mandate)
    if isinstance(settling, ObligationWaived):
        _require_reason(mandate, "an obligation is waived only with a reason")
    return next_act(
        agreement.matter, agreement.acts, settling, seen=seen, mandate=mandate
    )


def _check_breach(breach: ObligationBreached, due: date, mandate: Mandate) -> None:
    if moment(mandate.at).date() <= due:
        raise NotAllowed(
            f"{breach.obligation} is due on {due}, and that day is not over",
            remedy="wait until the day after",
        )
    if not breach.heard.ko.strip() or not breach.heard.en.strip():
        raise NotAllowed(
            f"the team was not heard on {breach.obligation}",
            remedy="record what it said, or that it did not answer in time",
        )
    _require_reason(mandate, "a breach needs the reason why it counts as one")


def _require_reason(mandate: Mandate, fact: str) -> None:
    if mandate.reason is None:
        raise InvalidInput(fact, remedy="say why, in Korean and English")
