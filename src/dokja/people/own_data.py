"""One's own data: to correct them, and to agree or no longer agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from dokja.errors import NotAllowed
from dokja.people.consent import notice_digest
from dokja.people.ports import Admission, PeopleBook
from dokja.people.register import require_card, without_optional
from dokja.people.values import (
    Account,
    Consent,
    ConsentKind,
    ConsentNotice,
    PersonalData,
    PersonCard,
)


def own_data(people: PeopleBook, account: Account) -> PersonalData:
    """Everything that is kept about the person, to be shown and to be taken.

    Raises: NotAllowed where the account was erased.
    """
    data = people.personal_data(account.id)
    if data is None:
        raise NotAllowed(
            "nothing is kept about this account any more", remedy="sign out"
        )
    return data


def correct(
    people: PeopleBook,
    account: Account,
    card: PersonCard,
    *,
    notices: Sequence[ConsentNotice],
    admission: Admission | None = None,
) -> PersonCard:
    """The card as it is kept now.

    The year of birth stays: it was checked against the rules. What only an
    optional consent allows is dropped where that was not given. Raises: what the
    admission raises, where other answers would move the person to a full cell.
    """
    kept = own_data(people, account)
    card = msgspec.structs.replace(require_card(card), birth_year=kept.card.birth_year)
    if not _allows_optional(kept, notices):
        card, admission = without_optional(card), None
    people.correct(account, card, admission)
    return card


def agree(
    people: PeopleBook, account: Account, notice: ConsentNotice, *, now: datetime
) -> Consent:
    """The consent to a notice, given now."""
    consent = Consent(
        notice=notice.id,
        version=notice.version,
        digest=notice_digest(notice),
        given_at=now,
    )
    people.set_consent(account.id, consent)
    return consent


def withdraw_consent(
    people: PeopleBook, account: Account, notice: ConsentNotice, *, now: datetime
) -> PersonCard:
    """The card without what the consent had allowed to be kept.

    Raises: NotAllowed for a required consent, which ends with the account.
    """
    if notice.kind is ConsentKind.REQUIRED:
        raise NotAllowed(
            "without this consent nothing may be kept",
            remedy="erase your data; that withdraws it and ends taking part",
        )
    kept = own_data(people, account)
    for consent in kept.consents:
        if consent.notice == notice.id and consent.withdrawn_at is None:
            gone = msgspec.structs.replace(consent, withdrawn_at=now)
            people.set_consent(account.id, gone)
    card = without_optional(kept.card)
    people.correct(account, card)
    return card


def _allows_optional(kept: PersonalData, notices: Sequence[ConsentNotice]) -> bool:
    optional = {n.id for n in notices if n.kind is ConsentKind.OPTIONAL}
    given = {c.notice for c in kept.consents if c.withdrawn_at is None}
    return not optional or bool(optional & given)
