"""A desk on a real database, and people who come to it."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import msgspec

from dokja.adapters.passwords import Argon2Hasher, Work
from dokja.adapters.store import Store
from dokja.evidence.values import Text
from dokja.people import Counter, Invited, invite, notice_digest, notices_for
from dokja.people.digests import provider_identity
from dokja.people.invite import invite_first
from dokja.people.ports import Desk
from dokja.people.register import (
    accept_invitation,
    register_voter,
)
from dokja.people.values import (
    Account,
    Application,
    Controller,
    Identity,
    Invitation,
    PersonCard,
    Region,
    Role,
    Sex,
    Skill,
    Voter,
)
from dokja.wiring.office import desk_of

NOW = datetime(2026, 1, 20, 9, tzinfo=timezone(timedelta(hours=9)))
CONTEST = "stage-1"
PASSWORD = "four words nobody joins"  # noqa: S105 - of nobody
CONTROLLER = Controller(
    organisation=Text(ko="예시 사무국", en="Example office"),
    officer=Text(ko="개인정보 보호책임자", en="data protection officer"),
    contact="office@example.org",
)
QUICK = Work(passes=1, memory_kib=64, lanes=1)
CARD = PersonCard(
    name="홍길동",
    email="gildong@example.org",
    employer="활빈당 연구소",
    sex=Sex.MALE,
    region=Region.HONAM,
    skill=Skill.WEEKLY,
)


def desk_on(store: Store) -> Desk:
    """A desk whose passwords cost little."""
    return msgspec.structs.replace(desk_of(store), passwords=Argon2Hasher(QUICK))


def counter_for(role: Role, *, now: datetime = NOW) -> Counter:
    """The counter at which somebody of the role registers."""
    return Counter(notices=notices_for(role, CONTROLLER), now=now)


def application_of(role: Role, *, login: str = "", **changes: object) -> Application:
    """An application that agrees to everything."""
    notices = notices_for(role, CONTROLLER)
    fields = {
        "card": CARD,
        "born": date(1990, 5, 17),
        "agreed": tuple(notice_digest(notice) for notice in notices),
        "login": login,
        "password": PASSWORD if login else "",
    }
    return Application(**(fields | changes))  # type: ignore[arg-type]


def person(number: int | str) -> Identity:
    """The identity of one of many."""
    return provider_identity("https://id.example.org", f"person-{number}")


def new_voter(desk: Desk, number: int | str, *, contest: str = CONTEST) -> Voter:
    """A voter who registered."""
    return register_voter(
        desk,
        application_of(Role.VOTER),
        counter_for(Role.VOTER),
        contest=contest,
        identity=person(number),
    )


def account_of(desk: Desk, number: int | str, contest: str = CONTEST) -> Account:
    """The account of that person."""
    account = desk.people.account_of(person(number), contest)
    assert account is not None
    return account


def first_invitation(desk: Desk) -> Invitation:
    """The invitation an office begins with; nobody is there yet to send it."""
    ((invitation, _),) = invite_first(desk, [Invited(role=Role.OFFICE)], now=NOW)
    return invitation


def new_office(desk: Desk) -> Account:
    """The first account of the office."""
    return accept_invitation(
        desk,
        application_of(Role.OFFICE, login="office"),
        counter_for(Role.OFFICE),
        invitation=first_invitation(desk),
    )


def new_member(desk: Desk, office: Account, invited: Invited, login: str) -> Account:
    """An account that an invitation opened."""
    invitation, _ = invite(desk, office, invited, now=NOW)
    return accept_invitation(
        desk,
        application_of(invited.role, login=login),
        counter_for(invited.role),
        invitation=invitation,
    )
