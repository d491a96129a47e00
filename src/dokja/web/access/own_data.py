"""One's own data: to see, correct, take away and erase."""

from __future__ import annotations

import msgspec

from dokja.errors import NotAllowed
from dokja.evidence.values import Text
from dokja.people import (
    agree,
    change_password,
    correct,
    erase,
    own_data,
    withdraw_consent,
)
from dokja.people.sign_in import is_password_of
from dokja.people.values import (
    Account,
    ConsentKind,
    ConsentNotice,
    Language,
    PersonalData,
    Role,
)
from dokja.web.access.registration import ShownNotice, card_of, shown_notices
from dokja.web.access.words import CHOICES, Choice
from dokja.web.cookies import SESSION, drop_cookie, keep_cookie
from dokja.web.entry import SESSION_RULES, Member, Visitor
from dokja.web.languages import keep_language
from dokja.web.pages import Onward, Page, Room, as_response
from dokja.web.visit import Visit

room = Room()


class OwnDataView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is kept about the person who asks."""

    data: PersonalData
    notices: tuple[ShownNotice, ...]
    has_password: bool
    choices: dict[str, tuple[Choice, ...]]


@room.page("/me")
def own_data_page(visit: Visitor, member: Member) -> Page:
    """The data, the consents and the forms; the twin is the data to take away."""
    people = visit.office.desk.people
    view = OwnDataView(
        data=own_data(people, member),
        notices=shown_notices(visit, member.role),
        has_password=people.password_hash(member.id) is not None,
        choices=CHOICES,
    )
    title = Text(ko="내 정보", en="My data")
    return Page(template="access/me.html", title=title, view=view)


@room.act("/me/card")
def correct_act(visit: Visitor, member: Member) -> Onward:
    """The page again, with the corrected card."""
    visit.note("correct", f"account/{member.id}")
    notices = visit.office.notices(member.role)
    admission = visit.office.admission if member.role is Role.VOTER else None
    people, card = visit.office.desk.people, card_of(visit)
    correct(people, member, card, notices=notices, admission=admission)
    return Onward(to="/me")


@room.act("/me/consent")
def consent_act(visit: Visitor, member: Member) -> Onward:
    """The page again, the optional consent given or withdrawn."""
    visit.note("consent", f"account/{member.id}")
    people, now = visit.office.desk.people, visit.office.now()
    notice = _optional_notice(visit, member, visit.sent("notice"))
    if visit.sent("given") == "yes":
        agree(people, member, notice, now=now)
    else:
        withdraw_consent(people, member, notice, now=now)
    return Onward(to="/me")


@room.act("/me/language")
def language_act(visit: Visitor, member: Member) -> object:
    """The page again, in the language that was chosen."""
    visit.note("language", f"account/{member.id}")
    language = Language.ENGLISH if visit.sent("language") == "en" else Language.KOREAN
    visit.office.desk.people.set_language(member.id, language)
    response = as_response(Onward(to="/me"), visit)
    keep_language(visit.request, response, language.value)
    return response


@room.act("/me/password")
def password_act(visit: Visitor, member: Member) -> Onward:
    """The page again; every other session has ended."""
    visit.note("change_password", f"account/{member.id}")
    token = change_password(
        visit.office.desk,
        member,
        present=visit.sent_raw("present"),
        wanted=visit.sent_raw("wanted"),
        now=visit.office.now(),
        rules=SESSION_RULES,
    )
    keep_cookie(visit.request, SESSION, token)
    return Onward(to="/me")


@room.act("/me/erase")
def erase_act(visit: Visitor, member: Member) -> Page:
    """The page that says what is gone and what stays.

    Raises: NotAllowed where the box was not ticked or the password is wrong.
    """
    visit.note("erase", f"account/{member.id}")
    _require_meant(visit, member)
    office = visit.office
    erase(office.desk, member, by=member, place=office.place, now=office.now())
    drop_cookie(visit.request, SESSION)
    visit.account = None
    title = Text(ko="삭제했습니다", en="Erased")
    view = Erased(role=member.role)
    return Page(template="access/erased.html", title=title, view=view)


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """That the data are gone."""

    role: Role


def _require_meant(visit: Visit, member: Account) -> None:
    desk = visit.office.desk
    has_password = desk.people.password_hash(member.id) is not None
    if visit.sent("sure") != "yes" or (
        has_password and not is_password_of(desk, member, visit.sent_raw("password"))
    ):
        raise NotAllowed(
            "the erasure was not confirmed",
            remedy="tick the box and, where you have one, give your password",
            korean="삭제를 확인하지 못했습니다. 확인란에 표시하고 비밀번호를 입력해 "
            "주십시오.",
        )


def _optional_notice(visit: Visit, member: Account, name: str) -> ConsentNotice:
    for notice in visit.office.notices(member.role):
        if notice.id == name and notice.kind is ConsentKind.OPTIONAL:
            return notice
    raise NotAllowed(
        "this is no optional consent",
        remedy="erase your data to withdraw a required one",
        korean="필수 동의는 내 정보를 삭제하면 철회됩니다.",
    )
