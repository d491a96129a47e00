"""Registering: consent, age and one person, one account are checked first."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.people.ages import CHILD_UNDER, age_on
from dokja.people.consent import consents_given
from dokja.people.digests import fingerprint, invited_identity, plain_login
from dokja.people.passwords import require_password
from dokja.people.ports import Admission, Desk
from dokja.people.values import (
    Account,
    Application,
    ConsentKind,
    ConsentNotice,
    Identity,
    IdentityKind,
    Invitation,
    NewAccount,
    PersonCard,
    Region,
    RegistrationRules,
    Role,
    Sex,
    Skill,
    Voter,
)

_LONGEST_FIELD = 200
_OLDEST = 130


class Counter(msgspec.Struct, frozen=True, kw_only=True):
    """What an application is checked against, and when."""

    notices: tuple[ConsentNotice, ...]
    now: datetime
    """In the programme's zone: the day somebody turns 14 is a day there."""
    rules: RegistrationRules = RegistrationRules()
    admission: Admission | None = None
    """What a voter must fit into; None where everybody may vote."""


def register_voter(
    desk: Desk,
    application: Application,
    counter: Counter,
    *,
    contest: str,
    identity: Identity,
    invitation: Invitation | None = None,
) -> Voter:
    """The voter with pseudonym and number; the account is opened with it.

    Raises: NotAllowed where consent is missing, the person is too young, or
    nobody vouches for the identity; Conflict where this person registered
    before, erased since or not; InvalidInput for what cannot be read.
    """
    _require_vouched(identity, counter.rules)
    key = desk.keys.keep(identity_key(contest), desk.secrets.key())
    account = Account(
        id=desk.secrets.name(),
        role=Role.VOTER,
        subject=f"v-{desk.secrets.name()}",
        contest=contest,
        language=application.language,
        login=plain_login(application.login),
        created_at=counter.now,
    )
    new = _checked(desk, account, application, counter)
    return desk.people.open_voter(
        msgspec.structs.replace(
            new,
            # What was only declared is no way in: the password is.
            identity=None if identity.kind is IdentityKind.DECLARED else identity,
            invitation=invitation.id if invitation else None,
        ),
        fingerprint(key, contest, identity),
        counter.admission,
    )


def accept_invitation(
    desk: Desk,
    application: Application,
    counter: Counter,
    *,
    invitation: Invitation,
    identity: Identity | None = None,
) -> Account:
    """The account an invitation opens; its link is used up with it.

    `identity` where the person will sign in with a provider, else the
    application names login and password. A voter's account has a number, too.
    Raises: what `register_voter` raises.
    """
    if invitation.role is Role.VOTER:
        voter = register_voter(
            desk,
            application,
            counter,
            contest=invitation.contest,
            identity=identity or invited_identity(invitation.id),
            invitation=invitation,
        )
        return account_of_voter(desk, voter)
    account = Account(
        id=desk.secrets.name(),
        role=invitation.role,
        subject=invitation.subject,
        language=application.language,
        login=plain_login(application.login),
        created_at=counter.now,
    )
    new = _checked(desk, account, application, counter)
    if identity is None and new.password_hash is None:
        raise _no_way_in()
    return desk.people.open_account(
        msgspec.structs.replace(new, identity=identity, invitation=invitation.id)
    )


def identity_key(contest: str) -> str:
    """Name of the secret that the contest's fingerprints are made with."""
    return f"contest/{contest}/identity"


def _checked(
    desk: Desk, account: Account, application: Application, counter: Counter
) -> NewAccount:
    _require_age(application, counter)
    consents = consents_given(counter.notices, application.agreed, now=counter.now)
    optional = {n.id for n in counter.notices if n.kind is ConsentKind.OPTIONAL}
    agreed = {consent.notice for consent in consents}
    card = require_card(application.card)
    if optional and not optional & agreed:
        card = without_optional(card)
    if bool(application.login) is not bool(application.password):
        raise _no_way_in()
    hashed = None
    if application.password:
        plain = require_password(application.password, login=application.login)
        hashed = desk.passwords.hash(plain)
    return NewAccount(
        account=account,
        card=msgspec.structs.replace(card, birth_year=application.born.year),
        consents=consents,
        password_hash=hashed,
    )


def require_card(card: PersonCard) -> PersonCard:
    """The card without outer spaces. Raises: InvalidInput where a field is long."""
    texts = {
        name: " ".join(getattr(card, name).split())
        for name in ("name", "email", "employer")
    }
    too_long = sorted(
        name for name, text in texts.items() if len(text) > _LONGEST_FIELD
    )
    if too_long:
        raise InvalidInput(
            f"{', '.join(too_long)}: longer than {_LONGEST_FIELD} characters",
            remedy="shorten it",
            korean=f"{_LONGEST_FIELD}자 이내로 입력해 주십시오.",
        )
    return msgspec.structs.replace(card, **texts)


def without_optional(card: PersonCard) -> PersonCard:
    """The card without what only an optional consent allows to be kept."""
    return msgspec.structs.replace(
        card, sex=Sex.UNSTATED, region=Region.UNSTATED, skill=Skill.UNSTATED
    )


def _require_age(application: Application, counter: Counter) -> None:
    age = age_on(application.born, counter.now.date())
    if not 0 <= age <= _OLDEST:
        raise InvalidInput(
            "the date of birth cannot be right",
            remedy="give year, month and day",
            korean="생년월일을 확인해 주십시오.",
        )
    least = max(CHILD_UNDER, counter.rules.minimum_age)
    if age < least:
        raise NotAllowed(
            f"taking part is open from the age of {least}",
            remedy="nothing was stored; you are welcome when you are old enough",
            korean=f"만 {least}세부터 참여할 수 있습니다. 저장한 정보는 없습니다.",
        )


def _require_vouched(identity: Identity, rules: RegistrationRules) -> None:
    if identity.kind not in rules.accepts:
        raise NotAllowed(
            f"nobody vouches that this is one person: the identity is only "
            f"{identity.kind.value}",
            remedy="sign in with one of the identity providers, or use an invitation",
            korean="본인확인이 필요합니다. 외부 로그인이나 초대장을 이용해 주십시오.",
        )


def account_of_voter(desk: Desk, voter: Voter) -> Account:
    """The account that was opened with the voter. Raises: Conflict, if erased."""
    account = desk.people.voter_account(voter)
    if account is None:
        raise Conflict(
            "the account was erased as soon as it was opened",
            remedy="who had their data erased cannot register again",
            korean="등록한 정보가 이미 삭제되어 다시 등록할 수 없습니다.",
        )
    return account


def _no_way_in() -> InvalidInput:
    return InvalidInput(
        "the account would have no way in",
        remedy="give both a login and a password, or sign in with a provider",
        korean="로그인 이름과 비밀번호를 모두 입력해 주십시오.",
    )
