"""Digests by which tokens and persons are found again without being kept."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from dokja.people.values import Identity, IdentityKind

_SEPARATOR = "\x1f"


def token_digest(token: str) -> str:
    """What is kept of a token.

    A plain hash is enough: nobody can try all tokens of 256 random bits.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def keyed_digest(key: bytes, *parts: str) -> str:
    """HMAC-SHA256 of the parts, for names that somebody could try out."""
    message = _SEPARATOR.join(parts).encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def form_token(token: str) -> str:
    """What a form sends back to show that this browser was given it.

    It follows from the token in the cookie and not the other way round, so a
    page may carry it, and nothing needs to be kept.
    """
    return hashlib.sha256(f"form{_SEPARATOR}{token}".encode()).hexdigest()


def is_form_token(given: str, token: str) -> bool:
    """Whether `given` belongs to the token, compared in constant time."""
    return hmac.compare_digest(given.encode(), form_token(token).encode())


def provider_identity(issuer: str, subject: str) -> Identity:
    """The identity a provider vouches for."""
    return _identity(IdentityKind.PROVIDER, issuer, subject)


def invited_identity(invitation_id: str) -> Identity:
    """The identity the office vouches for by an invitation."""
    return _identity(IdentityKind.INVITATION, "invitation", invitation_id)


def declared_identity(name: str) -> Identity:
    """The identity somebody only states; it vouches for nothing."""
    return _identity(IdentityKind.DECLARED, "", plain_login(name))


def fingerprint(key: bytes, contest: str, identity: Identity) -> str:
    """What keeps a person from registering twice in a contest.

    Without the contest's key nobody can tell whose it is, nor whether two
    contests met the same person.
    """
    return keyed_digest(
        key, contest, identity.kind.value, identity.issuer, identity.subject_digest
    )


def plain_login(login: str) -> str:
    """The login as it is compared: composed, without case or outer spaces."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def plain_password(password: str) -> str:
    """The password as it is hashed: one form for what keyboards write in two."""
    return unicodedata.normalize("NFC", password)


def _identity(kind: IdentityKind, issuer: str, subject: str) -> Identity:
    text = f"{kind.value}{_SEPARATOR}{issuer}{_SEPARATOR}{subject}"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Identity(kind=kind, issuer=issuer, subject_digest=digest)
