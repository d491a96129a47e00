"""Signing in with a provider: out with a sealed passage, back with a code."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from dokja.errors import NotAllowed
from dokja.people.digests import token_digest
from dokja.people.ports import Desk, IdentityProvider
from dokja.people.values import Identity, IdentityKind, Passage

_OUT = "provider"
_REGISTRATION = "registration"
_OUT_FOR = timedelta(minutes=10)
_REGISTERING_FOR = timedelta(minutes=30)


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody was about to do when they were sent to a provider."""

    contest: str = ""
    invitation: str = ""
    """Token of the invitation they hold."""
    onward: str = "/"


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser came back with."""

    state: str
    code: str
    issuer: str = ""
    """As the answer names it (RFC 9207); empty where it names none."""
    browser: str
    """Token the browser held before it left."""


class Vouched(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody a provider vouched for, and what they were about to do."""

    identity: Identity
    errand: Errand


class _Out(msgspec.Struct, frozen=True, kw_only=True):
    provider: str
    nonce: str
    verifier: str
    back_to: str
    browser: str
    errand: Errand


def leave_for(
    desk: Desk,
    provider: IdentityProvider,
    errand: Errand,
    *,
    back_to: str,
    browser: str,
    now: datetime,
) -> str:
    """The provider's address, to which the browser is sent.

    State, nonce and PKCE verifier are random, kept here and usable once, and
    only by the browser that left.
    """
    state, nonce, verifier = (desk.secrets.token() for _ in range(3))
    address = provider.way_out(
        back_to=back_to, state=state, nonce=nonce, verifier=verifier
    )
    out = _Out(
        provider=provider.name,
        nonce=nonce,
        verifier=verifier,
        back_to=back_to,
        browser=token_digest(browser),
        errand=errand,
    )
    desk.passages.put(
        Passage(
            digest=token_digest(state),
            purpose=_OUT,
            body=msgspec.json.encode(out),
            expires_at=now + _OUT_FOR,
        )
    )
    return address


def come_back(
    desk: Desk,
    providers: Mapping[str, IdentityProvider],
    given: Return,
    *,
    now: datetime,
) -> Vouched:
    """Who came back, and for what.

    Raises: NotAllowed where nobody left with this state, it was used or is too
    old, or another browser or provider answers; what `identify` raises.
    """
    passage = desk.passages.take(token_digest(given.state), _OUT, now)
    if passage is None:
        raise _refused("the way back was used, is too old, or was never opened")
    out = msgspec.json.decode(passage.body, type=_Out)
    if not hmac.compare_digest(out.browser, token_digest(given.browser)):
        raise _refused("another browser went out than came back")
    provider = providers.get(out.provider)
    if provider is None or given.issuer not in ("", provider.issuer):
        raise _refused("another provider answers than was asked")
    identity = provider.identify(
        given.code, back_to=out.back_to, nonce=out.nonce, verifier=out.verifier
    )
    return Vouched(identity=identity, errand=out.errand)


def hold_for_registration(desk: Desk, vouched: Vouched, *, now: datetime) -> str:
    """Token by which the identity is found again when the form comes in."""
    token = desk.secrets.token()
    desk.passages.put(
        Passage(
            digest=token_digest(token),
            purpose=_REGISTRATION,
            body=msgspec.json.encode(vouched),
            expires_at=now + _REGISTERING_FOR,
        )
    )
    return token


def take_for_registration(desk: Desk, token: str, *, now: datetime) -> Vouched:
    """The identity that waited. Raises: NotAllowed where none waits any more."""
    passage = desk.passages.take(token_digest(token), _REGISTRATION, now)
    if passage is None:
        raise _refused("the registration took too long")
    vouched = msgspec.json.decode(passage.body, type=Vouched)
    assert vouched.identity.kind is IdentityKind.PROVIDER
    return vouched


def _refused(fact: str) -> NotAllowed:
    return NotAllowed(
        fact,
        remedy="sign in again from the start",
        korean="로그인 절차가 올바르지 않습니다. 처음부터 다시 로그인해 주십시오.",
    )
