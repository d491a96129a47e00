"""Registering to vote: what is kept is said first, then asked for."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

import msgspec

from dokja.errors import DokjaError, InvalidInput
from dokja.evidence.values import Text
from dokja.people import (
    Counter,
    Vouched,
    account_of_voter,
    hold_for_registration,
    notice_digest,
    open_session,
    register_voter,
    take_for_registration,
)
from dokja.people.digests import declared_identity
from dokja.people.values import (
    Account,
    Application,
    ConsentNotice,
    IdentityKind,
    Language,
    PersonCard,
    Region,
    Role,
    Sex,
    SignIn,
    SignInOutcome,
    Skill,
)
from dokja.web.access.sign_in import ProviderLink, let_in, provider_links
from dokja.web.access.words import CHOICES, Choice
from dokja.web.cookies import REGISTRATION, drop_cookie, keep_cookie, read_cookie
from dokja.web.entry import SESSION_RULES, Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.refusals import STATUS
from dokja.web.visit import Visit

E = TypeVar("E", bound=StrEnum)

room = Room()


class ShownNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A notice with the digest that the box beside it sends back."""

    digest: str
    notice: ConsentNotice


class RegistrationView(msgspec.Struct, frozen=True, kw_only=True):
    """A page on which somebody opens an account."""

    role: Role
    to: str
    notices: tuple[ShownNotice, ...]
    choices: dict[str, tuple[Choice, ...]]
    providers: tuple[ProviderLink, ...]
    invitation: str
    """Token; empty where nobody was invited."""
    is_vouched: bool
    takes_password: bool
    problem: Text | None = None


@room.page("/register")
def registration_page(visit: Visitor) -> Page:
    """The notices and the form."""
    return _voter_form(visit)


@room.act("/register")
def registration_act(visit: Visitor) -> Page | Onward:
    """To the contest, as a voter; or the form again with what is wrong."""
    visit.note("register", f"contest/{visit.office.contest}")
    office = visit.office
    waiting = waiting_identity(visit)
    try:
        application = application_of(visit)
        voter = register_voter(
            office.desk,
            application,
            counter_of(visit, Role.VOTER),
            contest=office.contest,
            identity=waiting.identity
            if waiting
            else declared_identity(application.login),
        )
    except DokjaError as error:
        hold_again(visit, waiting)
        return _voter_form(visit, error=error, is_vouched=waiting is not None)
    return enter_as(visit, account_of_voter(office.desk, voter), "/contest")


def enter_as(visit: Visit, account: Account, to: str) -> Onward:
    """Onward, signed in as the account that was just opened."""
    drop_cookie(visit.request, REGISTRATION)
    token = open_session(
        visit.office.desk, account, now=visit.office.now(), rules=SESSION_RULES
    )
    outcome = SignInOutcome.SIGNED_IN
    return let_in(visit, SignIn(outcome=outcome, account=account, token=token), to)


def waiting_identity(visit: Visit) -> Vouched | None:
    """The identity a provider vouched for, taken; None where none waits."""
    token = read_cookie(visit.request, REGISTRATION)
    if not token:
        return None
    return take_for_registration(visit.office.desk, token, now=visit.office.now())


def hold_again(visit: Visit, waiting: Vouched | None) -> None:
    """Let the identity wait on while the form is corrected."""
    if waiting is not None:
        office = visit.office
        token = hold_for_registration(office.desk, waiting, now=office.now())
        keep_cookie(visit.request, REGISTRATION, token)


def counter_of(visit: Visit, role: Role) -> Counter:
    """What an application of this role is checked against."""
    office = visit.office
    return Counter(
        notices=office.notices(role),
        now=office.now(),
        rules=office.registration,
        admission=office.admission if role is Role.VOTER else None,
    )


def application_of(visit: Visit) -> Application:
    """The application the form holds. Raises: InvalidInput for what is no answer."""
    return Application(
        card=card_of(visit),
        born=_born(visit.sent("born")),
        language=Language(visit.language),
        agreed=visit.sent_all("agreed"),
        login=visit.sent("login"),
        password=visit.sent_raw("password"),
    )


def card_of(visit: Visit) -> PersonCard:
    """The card the form holds. Raises: InvalidInput for what is no answer."""
    return PersonCard(
        name=visit.sent("name"),
        email=visit.sent("email"),
        employer=visit.sent("employer"),
        sex=_chosen(Sex, visit.sent("sex")),
        region=_chosen(Region, visit.sent("region")),
        skill=_chosen(Skill, visit.sent("skill")),
    )


def shown_notices(visit: Visit, role: Role) -> tuple[ShownNotice, ...]:
    """The notices of a role, each with its digest."""
    notices = visit.office.notices(role)
    return tuple(ShownNotice(digest=notice_digest(n), notice=n) for n in notices)


def problem_of(error: DokjaError) -> Text:
    """What is wrong, in both languages."""
    english = f"{error.fact}. {error.remedy}."
    return Text(ko=error.korean or english, en=english)


def status_of(error: DokjaError | None) -> int:
    """Status of a page that says what is wrong."""
    found = (code for kind, code in STATUS.items() if isinstance(error, kind))
    return next(found, 200)


def _voter_form(
    visit: Visit, *, error: DokjaError | None = None, is_vouched: bool | None = None
) -> Page:
    if is_vouched is None:
        is_vouched = bool(read_cookie(visit.request, REGISTRATION))
    accepts = visit.office.registration.accepts
    view = RegistrationView(
        role=Role.VOTER,
        to="/register",
        notices=shown_notices(visit, Role.VOTER),
        choices=CHOICES,
        providers=provider_links(visit),
        invitation="",
        is_vouched=is_vouched,
        takes_password=IdentityKind.DECLARED in accepts and not is_vouched,
        problem=problem_of(error) if error else None,
    )
    title = Text(ko="국민 참여 평가 등록", en="Register to vote")
    return Page(
        template="access/register.html",
        title=title,
        view=view,
        status=status_of(error),
    )


def _born(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            "the date of birth is no date",
            remedy="give year, month and day",
            korean="생년월일을 입력해 주십시오.",
        ) from error


def _chosen(kind: type[E], text: str) -> E:
    try:
        return kind(text or "unstated")
    except ValueError as error:
        raise InvalidInput(
            f"{text[:40]!r} is none of the answers",
            remedy="choose one of those on the page",
            korean="화면에 있는 항목에서 골라 주십시오.",
        ) from error
