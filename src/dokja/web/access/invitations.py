"""Invitations: the page behind a link, and the office's list of people."""

from __future__ import annotations

from datetime import datetime

import msgspec
from starlette.exceptions import HTTPException

from dokja.errors import DokjaError, InvalidInput
from dokja.evidence.values import Text
from dokja.people import (
    ROLE_NAMES,
    Invited,
    Permission,
    accept_invitation,
    invitation_state,
    invite,
    open_invitation,
    require,
    resume,
    suspend,
    withdraw_invitation,
)
from dokja.people.digests import token_digest
from dokja.people.values import (
    Account,
    AccountState,
    InvitationState,
    Language,
    Role,
)
from dokja.web.access.registration import (
    RegistrationView,
    application_of,
    counter_of,
    enter_as,
    hold_again,
    problem_of,
    shown_notices,
    status_of,
    waiting_identity,
)
from dokja.web.access.sign_in import provider_links
from dokja.web.access.words import CHOICES
from dokja.web.cookies import (
    INVITED,
    REGISTRATION,
    drop_cookie,
    keep_cookie,
    read_cookie,
)
from dokja.web.entry import Member, Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.visit import Visit

room = Room()


class ShownInvitation(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation without its link, which was shown once."""

    id: str
    role: Role
    subject: str
    state: InvitationState
    expires_at: datetime


class ShownAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account as the office sees it: no name, no address."""

    id: str
    role: Role
    subject: str
    state: AccountState
    created_at: datetime


class PeopleView(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody with an account but the voters, and the invitations."""

    accounts: tuple[ShownAccount, ...]
    invitations: tuple[ShownInvitation, ...]
    voters: int
    roles: dict[Role, Text]
    link: str = ""
    """Of the invitation that was just made; it cannot be shown again."""


@room.page("/invitation/{token}")
def invitation_page(visit: Visitor, token: str) -> Page:
    """What the invitation is for, the notices and the form."""
    return _invitation_form(visit, token)


@room.act("/invitation/{token}")
def invitation_act(visit: Visitor, token: str) -> Page | Onward:
    """Onward as the invited account; or the form again with what is wrong."""
    visit.note("accept", "invitation")
    office = visit.office
    waiting = waiting_identity(visit)
    try:
        invitation = open_invitation(office.desk.people, token, now=office.now())
        account = accept_invitation(
            office.desk,
            application_of(visit),
            counter_of(visit, invitation.role),
            invitation=invitation,
            identity=waiting.identity if waiting else None,
        )
    except DokjaError as error:
        hold_again(visit, waiting)
        return _invitation_form(visit, token, error=error)
    visit.note("accept", f"invitation/{invitation.id}")
    return enter_as(visit, account, "/")


@room.page("/office/people")
def people_page(visit: Visitor, member: Member) -> Page:
    """Accounts and invitations, for the office."""
    return _people(visit, member)


@room.act("/office/people/invite")
def invite_act(visit: Visitor, member: Member) -> Onward:
    """The list again, with the new link on it, this once."""
    require(member, Permission.INVITE)
    visit.note("invite", visit.sent("role")[:20])
    invited = Invited(
        role=_role(visit.sent("role")),
        subject=visit.sent("subject"),
        contest=visit.office.contest if visit.sent("role") == Role.VOTER else "",
        language=Language(visit.language),
    )
    office = visit.office
    invitation, token = invite(office.desk, member, invited, now=office.now())
    visit.note("invite", f"invitation/{invitation.id}")
    # The browser carries it: the store keeps no token that opens an account.
    keep_cookie(visit.request, INVITED, token)
    return Onward(to="/office/people")


@room.act("/office/people/withdraw")
def withdraw_act(visit: Visitor, member: Member) -> Onward:
    """The list again, the invitation withdrawn."""
    require(member, Permission.INVITE)
    chosen = visit.sent("id")
    visit.note("withdraw", f"invitation/{chosen[:40]}")
    people = visit.office.desk.people
    withdraw_invitation(people, member, chosen, now=visit.office.now())
    return Onward(to="/office/people")


@room.act("/office/people/suspend")
def suspend_act(visit: Visitor, member: Member) -> Onward:
    """The list again, the account suspended."""
    require(member, Permission.MANAGE_ACCOUNTS)
    suspend(visit.office.desk, member, _chosen_account(visit, "suspend"))
    return Onward(to="/office/people")


@room.act("/office/people/resume")
def resume_act(visit: Visitor, member: Member) -> Onward:
    """The list again, the account open."""
    require(member, Permission.MANAGE_ACCOUNTS)
    resume(visit.office.desk, member, _chosen_account(visit, "resume"))
    return Onward(to="/office/people")


def _chosen_account(visit: Visit, verb: str) -> Account:
    chosen = visit.sent("id")
    visit.note(verb, f"account/{chosen[:40]}")
    account = visit.office.desk.people.account(chosen)
    if account is None:
        raise HTTPException(404)
    return account


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        raise InvalidInput(
            f"{text[:40]!r} is no role", remedy="choose one of those on the page"
        ) from error


def _new_link(visit: Visit, member: Account) -> str:
    """The link this member just made, taken; empty where there is none."""
    token = read_cookie(visit.request, INVITED)
    if not token:
        return ""
    drop_cookie(visit.request, INVITED)
    found = visit.office.desk.people.invitation(token_digest(token))
    if found is None or found.invited_by != member.id:
        return ""
    return f"{visit.site}/invitation/{token}"


def _people(visit: Visit, member: Account) -> Page:
    require(member, Permission.INVITE)
    people, now = visit.office.desk.people, visit.office.now()
    view = PeopleView(
        accounts=tuple(
            ShownAccount(
                id=each.id,
                role=each.role,
                subject=each.subject,
                state=each.state,
                created_at=each.created_at,
            )
            for each in people.accounts()
        ),
        invitations=tuple(
            ShownInvitation(
                id=each.id,
                role=each.role,
                subject=each.subject,
                state=invitation_state(each, now),
                expires_at=each.expires_at,
            )
            for each in people.invitations()
        ),
        voters=len(people.voters(visit.office.contest)),
        roles=dict(ROLE_NAMES),
        link=_new_link(visit, member),
    )
    title = Text(ko="참여자와 초대", en="People and invitations")
    return Page(template="access/people.html", title=title, view=view)


def _invitation_form(
    visit: Visit, token: str, *, error: DokjaError | None = None
) -> Page:
    office = visit.office
    invitation = open_invitation(office.desk.people, token, now=office.now())
    is_vouched = bool(read_cookie(visit.request, REGISTRATION))
    view = RegistrationView(
        role=invitation.role,
        to=f"/invitation/{token}",
        notices=shown_notices(visit, invitation.role),
        choices=CHOICES,
        providers=provider_links(visit),
        invitation=token,
        is_vouched=is_vouched,
        takes_password=not is_vouched,
        problem=problem_of(error) if error else None,
    )
    name = ROLE_NAMES[invitation.role]
    title = Text(ko=f"{name.ko} 초대", en=f"Invitation: {name.en}")
    return Page(
        template="access/register.html",
        title=title,
        view=view,
        status=status_of(error),
    )
