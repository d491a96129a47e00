"""Changing how somebody gets in: password, role, suspension."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dokja.errors import NotAllowed
from dokja.people.passwords import require_password
from dokja.people.permissions import Permission, require
from dokja.people.ports import Desk
from dokja.people.sessions import open_session
from dokja.people.sign_in import is_password_of
from dokja.people.values import Account, AccountState, Role, SessionRules


def change_password(
    desk: Desk,
    account: Account,
    *,
    present: str,
    wanted: str,
    now: datetime,
    rules: SessionRules,
) -> str:
    """The token of a new session; every other one has ended.

    Raises: NotAllowed where the present password is wrong; InvalidInput where
    the wanted one is not taken.
    """
    if not is_password_of(desk, account, present):
        raise NotAllowed(
            "the present password is not right",
            remedy="type it again",
            korean="현재 비밀번호가 맞지 않습니다. 다시 입력해 주십시오.",
        )
    plain = require_password(wanted, login=account.login)
    desk.people.set_password(account.id, desk.passwords.hash(plain))
    desk.sessions.end_all(account.id)
    return open_session(desk, account, now=now, rules=rules)


def change_role(
    desk: Desk, by: Account, account: Account, *, role: Role, subject: str
) -> Account:
    """The account in its new role; its sessions have ended.

    Raises: NotAllowed where `by` may not, or a voter is concerned: a contest
    counts its voters, so they neither become something else nor come from it.
    """
    require(by, Permission.MANAGE_ACCOUNTS)
    if Role.VOTER in (account.role, role) or role is Role.PUBLIC:
        raise NotAllowed(
            f"an account cannot change from {account.role} to {role}",
            remedy="send an invitation for another account",
        )
    changed = msgspec.structs.replace(account, role=role, subject=subject)
    desk.people.set_access(changed)
    return changed


def suspend(desk: Desk, by: Account, account: Account) -> Account:
    """The account, which cannot be used until it is resumed.

    Raises: NotAllowed where `by` may not, or would lock itself out.
    """
    require(by, Permission.MANAGE_ACCOUNTS)
    if by.id == account.id:
        raise NotAllowed(
            "nobody can suspend their own account",
            remedy="have somebody else of the office do it",
        )
    return _in_state(desk, account, AccountState.SUSPENDED)


def resume(desk: Desk, by: Account, account: Account) -> Account:
    """The account, which can be used again. Raises: NotAllowed for others."""
    require(by, Permission.MANAGE_ACCOUNTS)
    return _in_state(desk, account, AccountState.ACTIVE)


def _in_state(desk: Desk, account: Account, state: AccountState) -> Account:
    changed = msgspec.structs.replace(account, state=state)
    desk.people.set_access(changed)
    return changed
