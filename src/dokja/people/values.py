"""Who takes part, under which pseudonym, and which data of theirs are kept.

What stands here is operations: it can be changed and deleted, and none of it
enters an act or a bundle, which know pseudonyms only.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from dokja.evidence.values import Text


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what follows: unknown keys are errors."""


class Role(StrEnum):
    """What somebody is in the programme; one account has one role."""

    OFFICE = "office"
    TEAM = "team"
    EXPERT = "expert"
    EXPERT_USER = "expert_user"
    VOTER = "voter"
    AUDITOR = "auditor"
    PUBLIC = "public"


class Language(StrEnum):
    """The language in which somebody is addressed."""

    KOREAN = "ko"
    ENGLISH = "en"


class AccountState(StrEnum):
    """Whether an account may be used."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class Account(_Entry, frozen=True, kw_only=True):
    """The right to sign in as one role.

    A voter's account belongs to one contest, so that nothing ties what a
    person did in one contest to another.
    """

    id: str
    """Random; stands in the audit and says nothing about the person."""
    role: Role
    subject: str = ""
    """Team, or pseudonym of the expert, expert user or voter; else empty."""
    contest: str = ""
    """Of a voter only."""
    language: Language = Language.KOREAN
    state: AccountState = AccountState.ACTIVE
    login: str = ""
    """Empty where the person signs in elsewhere."""
    created_at: datetime

    @property
    def pseudonym(self) -> str:
        """The name under which acts know this person; never that of a team."""
        return self.id if self.role is Role.TEAM else self.subject or self.id


class IdentityKind(StrEnum):
    """What vouches that two accounts are not one person."""

    PROVIDER = "provider"
    INVITATION = "invitation"
    DECLARED = "declared"


class Identity(_Entry, frozen=True, kw_only=True):
    """Who somebody is to whoever vouches for it."""

    kind: IdentityKind
    issuer: str
    """Address of the provider, or the invitation's; empty where only declared."""
    subject_digest: str
    """Of the issuer and its name for the person; the name itself is not kept."""


class Credential(_Entry, frozen=True, kw_only=True):
    """An account with what its password is checked against."""

    account: Account
    password_hash: str


class NewAccount(_Entry, frozen=True, kw_only=True):
    """Everything that is written when an account is opened, at once or not at all."""

    account: Account
    card: PersonCard
    consents: tuple[Consent, ...]
    password_hash: str | None = None
    identity: Identity | None = None
    invitation: str | None = None
    """Id of the invitation that is used up by this."""


class Session(_Entry, frozen=True, kw_only=True):
    """A signed-in browser; only the digest of its token is kept."""

    digest: str
    account_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    """Whatever happens; the idle limit may end it earlier."""


class SessionRules(_Entry, frozen=True, kw_only=True):
    """How long a session lasts."""

    idle: timedelta = timedelta(minutes=30)
    longest: timedelta = timedelta(hours=10)
    touch_every: timedelta = timedelta(minutes=1)
    """Use is noted no finer than this, so that reading pages writes nothing."""


class ThrottleRules(_Entry, frozen=True, kw_only=True):
    """How many sign-ins may fail within the window."""

    window: timedelta = timedelta(minutes=15)
    per_login: int = 10
    per_address: int = 50


class SignInOutcome(StrEnum):
    """What came of an attempt to sign in.

    `refused` covers a wrong password, an unknown login and a suspended account
    alike: the answer must not tell who has an account.
    """

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    THROTTLED = "throttled"
    UNKNOWN_IDENTITY = "unknown_identity"


class SignIn(_Entry, frozen=True, kw_only=True):
    """The outcome of an attempt, with account and token where it succeeded."""

    outcome: SignInOutcome
    account: Account | None = None
    token: str | None = None
    """Shown once, to the browser."""


class Invitation(_Entry, frozen=True, kw_only=True):
    """The office's word that whoever holds the link may open one account."""

    id: str
    role: Role
    subject: str = ""
    contest: str = ""
    language: Language = Language.KOREAN
    digest: str
    """Of the link's token, which is shown once."""
    invited_by: str
    """Account id."""
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    withdrawn_at: datetime | None = None


class InvitationState(StrEnum):
    """What an invitation is good for now."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Sex(StrEnum):
    """As the person states it, for the quotas; may be left unstated."""

    FEMALE = "female"
    MALE = "male"
    UNSTATED = "unstated"


class AgeBand(StrEnum):
    """Ages that a quota tells apart."""

    TEENS = "14-19"
    TWENTIES = "20-29"
    THIRTIES = "30-39"
    FORTIES = "40-49"
    FIFTIES = "50-59"
    SIXTY_AND_OVER = "60+"
    UNSTATED = "unstated"


class Region(StrEnum):
    """Where somebody lives, as coarse as a quota needs it."""

    CAPITAL = "capital"
    GANGWON = "gangwon"
    CHUNGCHEONG = "chungcheong"
    HONAM = "honam"
    YEONGNAM = "yeongnam"
    JEJU = "jeju"
    ABROAD = "abroad"
    UNSTATED = "unstated"


class Skill(StrEnum):
    """How often somebody uses AI models, as they say."""

    NEVER = "never"
    MONTHLY = "monthly"
    WEEKLY = "weekly"
    DAILY = "daily"
    PROFESSIONAL = "professional"
    UNSTATED = "unstated"


class PersonCard(_Entry, frozen=True, kw_only=True):
    """The personal data of one person: the only place where they stand.

    The day of birth is asked for, checked and not kept.
    """

    name: str = ""
    email: str = ""
    employer: str = ""
    sex: Sex = Sex.UNSTATED
    birth_year: int | None = None
    region: Region = Region.UNSTATED
    skill: Skill = Skill.UNSTATED


class Stratum(_Entry, frozen=True, kw_only=True):
    """The cell of the quotas somebody falls into."""

    sex: Sex
    age: AgeBand
    region: Region
    skill: Skill


class Voter(_Entry, frozen=True, kw_only=True):
    """A person in a contest: the pseudonym and the number of arrival, from 1."""

    contest: str
    pseudonym: str
    number: int


class Controller(_Entry, frozen=True, kw_only=True):
    """Who answers for the personal data."""

    organisation: Text
    officer: Text
    """The office of the person in charge, not the person's name."""
    contact: str


class ConsentKind(StrEnum):
    """Whether taking part depends on the consent."""

    REQUIRED = "required"
    OPTIONAL = "optional"


class ConsentNotice(_Entry, frozen=True, kw_only=True):
    """What somebody is told before they agree; its digest stands in the consent."""

    id: str
    version: str
    kind: ConsentKind
    title: Text
    controller: Controller
    purpose: Text
    items: Text
    retention: Text
    rights: Text
    refusal: Text
    """The right to refuse, and what follows from refusing."""


class Consent(_Entry, frozen=True, kw_only=True):
    """That somebody agreed to a notice, word for word as its digest says."""

    notice: str
    version: str
    digest: str
    given_at: datetime
    withdrawn_at: datetime | None = None


class Application(_Entry, frozen=True, kw_only=True):
    """What somebody hands in to open an account."""

    card: PersonCard
    born: date
    language: Language = Language.KOREAN
    agreed: tuple[str, ...]
    """Digests of the notices whose boxes were ticked."""
    login: str = ""
    password: str = ""


class RegistrationRules(_Entry, frozen=True, kw_only=True):
    """Who may register for a contest. No rule lets in a child under 14."""

    minimum_age: int = 14
    accepts: tuple[IdentityKind, ...] = (
        IdentityKind.PROVIDER,
        IdentityKind.INVITATION,
    )
    """What may vouch for one person, one voter. `declared` vouches for nothing."""


class PersonalData(_Entry, frozen=True, kw_only=True):
    """Everything that is kept about one person, as they may see and take it."""

    account: Account
    card: PersonCard
    consents: tuple[Consent, ...]
    identities: tuple[Identity, ...]
    voter: Voter | None = None


class AuditOutcome(StrEnum):
    """What came of what somebody tried to do."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class AuditEntry(_Entry, frozen=True, kw_only=True):
    """One line of the audit: who did what to what, without personal data."""

    sequence: int = 0
    """Given by the store; 0 before."""
    at: datetime
    account_id: str
    """Empty for somebody who is not signed in."""
    role: Role
    verb: str
    object: str
    outcome: AuditOutcome
    request_id: str


class Draft(_Entry, frozen=True, kw_only=True):
    """Text that was saved and not handed in."""

    owner: str
    """Account id."""
    name: str
    body: bytes
    """JSON."""
    version: int
    """1 with the first save; the next save says which one it goes on from."""
    saved_at: datetime


class Passage(_Entry, frozen=True, kw_only=True):
    """What a browser carries from one step to the next; can be taken once."""

    digest: str
    """Of the token the browser holds."""
    purpose: str
    body: bytes
    """JSON; stays here, so that no browser can change it."""
    expires_at: datetime
