"""What the acts on people need from the outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from dokja.evidence.values import Act, Text
from dokja.people.values import (
    Account,
    AuditEntry,
    Consent,
    Credential,
    Draft,
    Identity,
    Invitation,
    Language,
    NewAccount,
    Passage,
    PersonalData,
    PersonCard,
    Session,
    Stratum,
    Voter,
)


class Secrets(Protocol):
    """Randomness that nobody can guess."""

    def token(self) -> str:
        """256 random bits that fit into an address."""

    def key(self) -> bytes:
        """32 random bytes."""

    def name(self) -> str:
        """Lower-case letters and digits, 80 bits, for ids and pseudonyms."""


class PasswordHasher(Protocol):
    """Slow hashes of passwords."""

    def hash(self, password: str) -> str:
        """What is kept in place of the password."""

    def matches(self, password: str, kept: str | None) -> bool:
        """Whether `kept` is of this password; for None never, after equal work."""

    def is_outdated(self, kept: str) -> bool:
        """Whether it was made with less work than is asked for today."""


class IdentityProvider(Protocol):
    """Somebody who vouches for who a person is."""

    @property
    def name(self) -> str:
        """How addresses of this site name the provider."""

    @property
    def title(self) -> Text:
        """How people know it."""

    @property
    def issuer(self) -> str:
        """The provider's own name for itself."""

    def way_out(self, *, back_to: str, state: str, nonce: str, verifier: str) -> str:
        """The address a browser is sent to, to sign in there and come back."""

    def identify(
        self, code: str, *, back_to: str, nonce: str, verifier: str
    ) -> Identity:
        """Who came back with this code.

        Raises: Unavailable where the provider does not answer; InvalidInput
        where what it answers cannot be believed.
        """


class Admission(Protocol):
    """Whether a voter fits into the contest, told from strata alone."""

    @property
    def year(self) -> int:
        """The year in which ages are reached."""

    def check(self, person: Stratum, present: Sequence[Stratum]) -> None:
        """Nothing. Raises: NotAllowed where the person cannot be let in."""


class PeopleBook(Protocol):
    """Accounts, cards, consents, invitations and voters: what can be deleted."""

    def open_account(self, new: NewAccount) -> Account:
        """The account, written with its card and consents, all or none.

        Raises: Conflict where the login or the identity has an account, or the
        invitation was used in the meantime.
        """

    def open_voter(
        self, new: NewAccount, fingerprint: str, admission: Admission | None = None
    ) -> Voter:
        """The voter, numbered next in the contest, written with the account.

        The admission is checked in the same transaction, so that people who come
        at once cannot take one place. Raises: Conflict where the fingerprint is
        taken in this contest, and what `open_account` and the admission raise.
        """

    def account(self, account_id: str) -> Account | None:
        """The account of this id."""

    def accounts(self) -> tuple[Account, ...]:
        """Every account, oldest first; a voter's only through its contest."""

    def credential(self, login: str) -> Credential | None:
        """The account that signs in under this name."""

    def account_of(self, identity: Identity, contest: str = "") -> Account | None:
        """The account this identity opened, in the contest where one is named."""

    def password_hash(self, account_id: str) -> str | None:
        """What the account's password is checked against."""

    def set_password(self, account_id: str, password_hash: str) -> None:
        """Keep another hash; sessions stay as they are."""

    def set_access(self, account: Account) -> None:
        """Keep role, subject and state as `account` has them, and end its sessions."""

    def set_language(self, account_id: str, language: Language) -> None:
        """Address the person in this language from now on."""

    def correct(
        self, account: Account, card: PersonCard, admission: Admission | None = None
    ) -> None:
        """Put `card` in place of the old one, admitted in the same transaction."""

    def personal_data(self, account_id: str) -> PersonalData | None:
        """Everything that is kept about the person."""

    def set_consent(self, account_id: str, consent: Consent) -> None:
        """Put this consent in place of an earlier one to the same notice."""

    def invite(self, invitation: Invitation) -> None:
        """Add an invitation."""

    def invitation(self, digest: str) -> Invitation | None:
        """The invitation whose token has this digest."""

    def invitations(self) -> tuple[Invitation, ...]:
        """Every invitation, newest first."""

    def withdraw_invitation(self, invitation_id: str, now: datetime) -> bool:
        """Whether it was open and is withdrawn now."""

    def voter(self, contest: str, pseudonym: str) -> Voter | None:
        """The voter of this pseudonym; stays after the person was erased."""

    def voters(self, contest: str) -> tuple[Voter, ...]:
        """Every voter in the order of arrival."""

    def strata(self, contest: str, year: int) -> Mapping[int, Stratum]:
        """The stratum of every voter who was not erased, by number.

        Ages are those reached in `year`.
        """

    def voter_account(self, voter: Voter) -> Account | None:
        """The voter's account; None once the person was erased."""

    def voter_accounts(self, contest: str) -> tuple[Account, ...]:
        """Accounts of the contest's voters, in the order of arrival."""

    def erase(self, account_id: str, act: Act) -> bool:
        """Whether there was such an account; it is gone with all that hung on it.

        Card, consents, identity, password, sessions, drafts and account are
        deleted and the act appended in one transaction. What stays: the
        contest's fingerprints and the voter's number and pseudonym.
        """

    def close_contest(self, contest: str, key: str, act: Act) -> int:
        """How many voters were erased, with all that is left of the contest.

        The secret named `key` is destroyed, the fingerprints and everything that
        `erase` deletes are gone for every voter, and the act is appended, in one
        transaction.
        """


class SessionBook(Protocol):
    """Signed-in browsers."""

    def add(self, session: Session) -> None:
        """Keep a session."""

    def find(self, digest: str) -> tuple[Session, Account] | None:
        """The session of this token with its account."""

    def touch(self, digest: str, now: datetime) -> None:
        """Note that it was used."""

    def end(self, digest: str) -> None:
        """Forget the session."""

    def end_all(self, account_id: str, *, but: str = "") -> int:
        """How many sessions of the account were ended, but for one digest."""

    def end_expired(self, now: datetime, idle_since: datetime) -> int:
        """How many had expired, or had not been used since `idle_since`."""


class AttemptBook(Protocol):
    """Attempts to sign in that failed or are under way."""

    def admit(
        self,
        attempt: str,
        limits: Mapping[str, int],
        *,
        now: datetime,
        since: datetime,
    ) -> bool:
        """Whether every key has fewer attempts since then than its limit.

        If so the attempt is counted for each key, in the same transaction, so
        that guesses made at once cannot pass together. Older rows are deleted.
        """

    def forgive(self, attempt: str, key: str) -> None:
        """Forget this attempt, and every one that was counted for the key."""


class Audit(Protocol):
    """What was done or refused; only grows."""

    def add(self, entry: AuditEntry) -> None:
        """Append a line."""

    def entries(self, *, after: int = 0, limit: int = 200) -> tuple[AuditEntry, ...]:
        """Lines that follow number `after`, in order."""

    def latest(self, limit: int = 200) -> tuple[AuditEntry, ...]:
        """The newest lines, newest first."""


class DraftBook(Protocol):
    """Texts that were saved and not handed in."""

    def save(
        self, owner: str, name: str, body: bytes, *, based_on: int, now: datetime
    ) -> Draft:
        """The draft as it now stands, one version up.

        Saving the same text again from the same version changes nothing.
        Raises: Conflict where another save came between; the newer text stays.
        """

    def find(self, owner: str, name: str) -> Draft | None:
        """The draft of this name."""

    def of(self, owner: str) -> tuple[Draft, ...]:
        """Every draft of the owner, by name."""

    def discard(self, owner: str, name: str) -> None:
        """Delete the draft, once it was handed in."""


class KeyBook(Protocol):
    """Secrets that are kept until a given moment and then destroyed."""

    def keep(self, name: str, value: bytes) -> bytes:
        """The secret of this name; `value` where there was none.

        Raises: Conflict where the secret of this name was destroyed.
        """

    def find(self, name: str) -> bytes | None:
        """The secret; None where there is none, or none any more."""

    def destroy(self, name: str, now: datetime) -> bool:
        """Whether there was one; its name stays taken, so none can follow it."""


class PassageBook(Protocol):
    """What browsers carry from one step to the next."""

    def put(self, passage: Passage) -> None:
        """Keep it until it is taken or expires."""

    def take(self, digest: str, purpose: str, now: datetime) -> Passage | None:
        """The passage, which is gone by this; None if taken, expired or unknown."""


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the acts on people work with."""

    people: PeopleBook
    sessions: SessionBook
    attempts: AttemptBook
    audit: Audit
    drafts: DraftBook
    keys: KeyBook
    passages: PassageBook
    passwords: PasswordHasher
    secrets: Secrets
