"""Sessions: opened at sign-in, looked up with every request, ended."""

from __future__ import annotations

from datetime import datetime

from dokja.people.digests import token_digest
from dokja.people.ports import Desk, SessionBook
from dokja.people.values import Account, AccountState, Session, SessionRules

_LONGEST_TOKEN = 200


def open_session(
    desk: Desk,
    account: Account,
    *,
    now: datetime,
    rules: SessionRules,
    instead_of: str = "",
) -> str:
    """The token of a new session, to be handed to the browser and forgotten.

    `instead_of`, the token the browser came with, ends: a token from before
    sign-in must not become one that is signed in.
    """
    if instead_of:
        desk.sessions.end(token_digest(instead_of))
    token = desk.secrets.token()
    desk.sessions.add(
        Session(
            digest=token_digest(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            expires_at=now + rules.longest,
        )
    )
    return token


def signed_in(
    sessions: SessionBook, token: str, *, now: datetime, rules: SessionRules
) -> Account | None:
    """The account behind the token, where its session still holds."""
    if not token or len(token) > _LONGEST_TOKEN:
        return None
    found = sessions.find(token_digest(token))
    if found is None:
        return None
    session, account = found
    idle = now - session.seen_at
    if now >= session.expires_at or idle >= rules.idle:
        sessions.end(session.digest)
        return None
    if account.state is not AccountState.ACTIVE:
        return None
    if idle >= rules.touch_every:
        sessions.touch(session.digest, now)
    return account


def sign_out(sessions: SessionBook, token: str) -> None:
    """End the session of this token."""
    sessions.end(token_digest(token))


def clear_sessions(sessions: SessionBook, *, now: datetime, rules: SessionRules) -> int:
    """How many sessions had ended by themselves and are deleted."""
    return sessions.end_expired(now, now - rules.idle)
