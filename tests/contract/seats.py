"""Somebody of every role, signed in at the office of the example programme."""

from __future__ import annotations

from datetime import date

from dokja.people import (
    Counter,
    Invited,
    accept_invitation,
    invite,
    invite_first,
    notice_digest,
    notices_for,
    open_session,
)
from dokja.people.values import (
    Account,
    Application,
    Invitation,
    PersonCard,
    Role,
    SessionRules,
)
from dokja.wiring.office import Office

PASSWORD = "four words nobody joins"  # noqa: S105 - of nobody


def everybody(office: Office) -> dict[Role, str]:
    """The token of a session by role; empty for the public."""
    first = _first(office)
    invited = (
        Invited(role=Role.AUDITOR),
        Invited(role=Role.EXPERT, subject=office.inputs.panel.experts[0].id),
        Invited(role=Role.TEAM, subject=office.plan.teams[0]),
        Invited(role=Role.EXPERT_USER, subject="u01"),
        Invited(role=Role.VOTER, contest=office.contest),
    )
    seats = {Role.PUBLIC: "", Role.OFFICE: session_of(office, first)}
    for each in invited:
        seats[each.role] = session_of(office, _member(office, first, each))
    return seats


def session_of(office: Office, account: Account) -> str:
    """The token of a new session."""
    return open_session(office.desk, account, now=office.now(), rules=SessionRules())


def _first(office: Office) -> Account:
    own = [Invited(role=Role.OFFICE)]
    ((invitation, _),) = invite_first(office.desk, own, now=office.now())
    return _accepted(office, invitation)


def _member(office: Office, first: Account, invited: Invited) -> Account:
    invitation, _ = invite(office.desk, first, invited, now=office.now())
    return _accepted(office, invitation)


def _accepted(office: Office, invitation: Invitation) -> Account:
    role = invitation.role
    return accept_invitation(
        office.desk,
        _application(office, role),
        _counter(office, role),
        invitation=invitation,
    )


def _counter(office: Office, role: Role) -> Counter:
    notices = notices_for(role, office.controller)
    return Counter(notices=notices, now=office.now(), rules=office.registration)


def _application(office: Office, role: Role) -> Application:
    notices = notices_for(role, office.controller)
    return Application(
        card=PersonCard(name="홍길동"),
        born=date(1990, 5, 17),
        agreed=tuple(notice_digest(notice) for notice in notices),
        login=f"{role.value}-1",
        password=PASSWORD,
    )
