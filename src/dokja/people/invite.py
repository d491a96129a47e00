"""Invitations: the office opens a way in for one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from dokja.errors import InvalidInput, NotAllowed
from dokja.people.digests import token_digest
from dokja.people.permissions import Permission, require
from dokja.people.ports import Desk, PeopleBook
from dokja.people.values import (
    Account,
    Invitation,
    InvitationState,
    Language,
    Role,
)

_LASTS = timedelta(days=14)
_NAMED = frozenset({Role.TEAM, Role.EXPERT, Role.EXPERT_USER})
"""Roles whose invitation says for which team or pseudonym it is."""


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """For whom an invitation is."""

    role: Role
    subject: str = ""
    contest: str = ""
    language: Language = Language.KOREAN


def invite(
    desk: Desk, by: Account, invited: Invited, *, now: datetime
) -> tuple[Invitation, str]:
    """The invitation and the token of its link, which is shown once.

    Raises: NotAllowed where `by` may not invite; InvalidInput where the role
    needs a team, a pseudonym or a contest that is missing.
    """
    require(by, Permission.INVITE)
    return _issued(desk, invited, by=by.id, now=now)


def invite_first(
    desk: Desk, invited: Sequence[Invited], *, now: datetime
) -> tuple[tuple[Invitation, str], ...]:
    """The first invitations of an office that has no account yet, with their tokens.

    Whoever starts the office is there before anybody can be asked. Nothing where
    somebody of the office has an account, or a first invitation is still open.
    """
    if any(account.role is Role.OFFICE for account in desk.people.accounts()):
        return ()
    if any(
        invitation_state(known, now) is InvitationState.OPEN
        for known in desk.people.invitations()
    ):
        return ()
    return tuple(_issued(desk, one, by="", now=now) for one in invited)


def open_invitation(people: PeopleBook, token: str, *, now: datetime) -> Invitation:
    """The invitation behind a link.

    Raises: NotAllowed where there is none, or it was used, withdrawn or has
    expired: one answer for all, so that links cannot be probed.
    """
    invitation = people.invitation(token_digest(token))
    if (
        invitation is None
        or invitation_state(invitation, now) is not InvitationState.OPEN
    ):
        raise NotAllowed(
            "the link cannot be used, or can be used no more",
            remedy="ask the office for a new invitation",
            korean="사용할 수 없는 초대입니다. 사무국에 새 초대를 요청해 주십시오.",
        )
    return invitation


def invitation_state(invitation: Invitation, now: datetime) -> InvitationState:
    """What the invitation is good for at this moment."""
    if invitation.used_at is not None:
        return InvitationState.USED
    if invitation.withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    if now >= invitation.expires_at:
        return InvitationState.EXPIRED
    return InvitationState.OPEN


def withdraw_invitation(
    people: PeopleBook, by: Account, invitation_id: str, *, now: datetime
) -> bool:
    """Whether it was open and is withdrawn now.

    Raises: NotAllowed where `by` may not invite.
    """
    require(by, Permission.INVITE)
    return people.withdraw_invitation(invitation_id, now)


def _issued(
    desk: Desk, invited: Invited, *, by: str, now: datetime
) -> tuple[Invitation, str]:
    _require_named(invited)
    token = desk.secrets.token()
    invitation = Invitation(
        id=desk.secrets.name(),
        role=invited.role,
        subject=invited.subject,
        contest=invited.contest,
        language=invited.language,
        digest=token_digest(token),
        invited_by=by,
        created_at=now,
        expires_at=now + _LASTS,
    )
    desk.people.invite(invitation)
    return invitation, token


def _require_named(invited: Invited) -> None:
    missing = ""
    if invited.role is Role.PUBLIC:
        missing = "a role: the public needs no invitation"
    elif invited.role is Role.VOTER and not invited.contest:
        missing = "the contest the voter is invited to"
    elif invited.role in _NAMED and not invited.subject:
        missing = f"the team or pseudonym of the {invited.role.value}"
    if missing:
        raise InvalidInput(
            f"the invitation lacks {missing}", remedy="name it and invite again"
        )
