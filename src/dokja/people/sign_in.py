"""Signing in: by a password kept here, or by an identity checked elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from dokja.people.digests import keyed_digest, plain_login, plain_password
from dokja.people.ports import Desk
from dokja.people.sessions import open_session
from dokja.people.values import (
    Account,
    AccountState,
    Credential,
    Identity,
    SessionRules,
    SignIn,
    SignInOutcome,
    ThrottleRules,
)

_THROTTLE_KEY = "sign-in throttle"
_LONGEST_LOGIN = 200
_LONGEST_PASSWORD = 1000
_REFUSED = SignIn(outcome=SignInOutcome.REFUSED)
_THROTTLED = SignIn(outcome=SignInOutcome.THROTTLED)


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """Where an attempt comes from and when, and the rules that hold for it."""

    address: str
    now: datetime
    token: str = ""
    """The one the browser came with."""
    sessions: SessionRules = SessionRules()
    throttle: ThrottleRules = ThrottleRules()


def sign_in(desk: Desk, login: str, password: str, attempt: Attempt) -> SignIn:
    """The outcome; the same for a wrong password and for an unknown login.

    An attempt counts before the password is looked at and is forgiven when it
    was right: guesses made at once cannot pass together.
    """
    if len(login) > _LONGEST_LOGIN or len(password) > _LONGEST_PASSWORD:
        return _REFUSED
    name = plain_login(login)
    number = desk.secrets.name()
    by_login, limits = _limits(desk, name, attempt)
    if not desk.attempts.admit(
        number, limits, now=attempt.now, since=attempt.now - attempt.throttle.window
    ):
        return _THROTTLED
    found = desk.people.credential(name)
    plain = plain_password(password)
    # The work is done for unknown logins too, so that time tells nothing.
    right = desk.passwords.matches(plain, found.password_hash if found else None)
    if found is None or not right or not _is_active(found.account):
        return _REFUSED
    desk.attempts.forgive(number, by_login)
    _renew_hash(desk, found, plain)
    return _signed_in(desk, found.account, attempt)


def sign_in_by_identity(
    desk: Desk, identity: Identity, attempt: Attempt, *, contest: str = ""
) -> SignIn:
    """The outcome for an identity that a provider has just confirmed.

    `unknown_identity` where it opened no account here: the person may register.
    """
    account = desk.people.account_of(identity, contest)
    if account is None:
        return SignIn(outcome=SignInOutcome.UNKNOWN_IDENTITY)
    if not _is_active(account):
        return _REFUSED
    return _signed_in(desk, account, attempt)


def is_password_of(desk: Desk, account: Account, password: str) -> bool:
    """Whether it is the account's password: asked again before grave acts."""
    kept = desk.people.password_hash(account.id)
    return desk.passwords.matches(plain_password(password[:_LONGEST_PASSWORD]), kept)


def _limits(desk: Desk, login: str, attempt: Attempt) -> tuple[str, Mapping[str, int]]:
    """The key of the login, and the limit of every key that counts.

    Keys are keyed digests: a list of addresses would be personal data.
    """
    key = desk.keys.keep(_THROTTLE_KEY, desk.secrets.key())
    by_login = keyed_digest(key, "login", login)
    by_address = keyed_digest(key, "address", attempt.address)
    return by_login, {
        by_login: attempt.throttle.per_login,
        by_address: attempt.throttle.per_address,
    }


def _is_active(account: Account) -> bool:
    return account.state is AccountState.ACTIVE


def _renew_hash(desk: Desk, found: Credential, plain: str) -> None:
    if desk.passwords.is_outdated(found.password_hash):
        desk.people.set_password(found.account.id, desk.passwords.hash(plain))


def _signed_in(desk: Desk, account: Account, attempt: Attempt) -> SignIn:
    token = open_session(
        desk,
        account,
        now=attempt.now,
        rules=attempt.sessions,
        instead_of=attempt.token,
    )
    return SignIn(outcome=SignInOutcome.SIGNED_IN, account=account, token=token)
