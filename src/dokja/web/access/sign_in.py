"""Signing in with a password or a provider, and signing out."""

from __future__ import annotations

import msgspec
from starlette.exceptions import HTTPException

from dokja.evidence.values import Text
from dokja.people import (
    Attempt,
    Errand,
    Return,
    Vouched,
    come_back,
    hold_for_registration,
    leave_for,
    sign_in,
    sign_in_by_identity,
    sign_out,
)
from dokja.people.values import AuditOutcome, SignIn, SignInOutcome
from dokja.web.cookies import (
    BROWSER,
    REGISTRATION,
    SESSION,
    drop_cookie,
    keep_cookie,
    read_cookie,
)
from dokja.web.entry import SESSION_RULES, Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.visit import Visit

room = Room()

_PROBLEMS = {
    SignInOutcome.REFUSED: Text(
        ko="로그인 이름이나 비밀번호가 맞지 않습니다.",
        en="Login and password do not go together.",
    ),
    SignInOutcome.THROTTLED: Text(
        ko="로그인 시도가 너무 많습니다. 15분 뒤에 다시 시도해 주십시오.",
        en="Too many attempts. Please try again in 15 minutes.",
    ),
    SignInOutcome.UNKNOWN_IDENTITY: Text(
        ko="이 신원으로 등록한 계정이 없습니다.",
        en="No account was opened with this identity.",
    ),
}
_STATUS = {SignInOutcome.THROTTLED: 429}


class ProviderLink(msgspec.Struct, frozen=True, kw_only=True):
    """A way in through somebody who vouches."""

    name: str
    title: Text


class SignInView(msgspec.Struct, frozen=True, kw_only=True):
    """The sign-in page."""

    providers: tuple[ProviderLink, ...]
    onward: str
    problem: Text | None = None


@room.page("/signin")
def sign_in_page(visit: Visitor, onward: str = "/") -> Page:
    """The form, and the providers one can sign in with."""
    return _form(visit, local_path(onward))


@room.act("/signin")
def sign_in_act(visit: Visitor) -> Page | Onward:
    """Onward, signed in; or the form again, which says no more than it must."""
    visit.note("sign_in", "account")
    onward = local_path(visit.sent("onward"))
    password = visit.sent_raw("password")
    result = sign_in(visit.office.desk, visit.sent("login"), password, _attempt(visit))
    if result.outcome is SignInOutcome.SIGNED_IN:
        return let_in(visit, result, onward)
    visit.note("sign_in", "account", outcome=AuditOutcome.REFUSED)
    return _form(visit, onward, outcome=result.outcome)


@room.act("/signout")
def sign_out_act(visit: Visitor) -> Onward:
    """To the first page, signed out here and for whoever had copied the cookie."""
    visit.note("sign_out", "account")
    if visit.account is not None:
        sign_out(visit.office.desk.sessions, visit.browser)
        drop_cookie(visit.request, SESSION)
    return Onward(to="/")


@room.way("/signin/with/{provider}")
def leave(
    visit: Visitor, provider: str, onward: str = "/", invitation: str = ""
) -> Onward:
    """To the provider: by a link, since a form may only be sent to this site."""
    office = visit.office
    if provider not in office.providers:
        raise HTTPException(404)
    errand = Errand(
        contest=office.contest, invitation=invitation[:200], onward=local_path(onward)
    )
    address = leave_for(
        office.desk,
        office.providers[provider],
        errand,
        back_to=f"{visit.site}/signin/with/{provider}/back",
        browser=_traveller(visit),
        now=office.now(),
    )
    return Onward(to=address)


@room.way("/signin/with/{provider}/back")
def back(visit: Visitor, state: str = "", code: str = "", iss: str = "") -> Onward:
    """Onward, signed in; or on to register, with the identity waiting."""
    office = visit.office
    given = Return(state=state, code=code, issuer=iss, browser=_traveller(visit))
    vouched = come_back(office.desk, office.providers, given, now=office.now())
    if vouched.errand.invitation:
        return _to_register(visit, vouched, f"/invitation/{vouched.errand.invitation}")
    for contest in ("", vouched.errand.contest):
        result = sign_in_by_identity(
            office.desk, vouched.identity, _attempt(visit), contest=contest
        )
        if result.outcome is SignInOutcome.SIGNED_IN:
            return let_in(visit, result, vouched.errand.onward)
        if result.outcome is SignInOutcome.REFUSED:
            raise HTTPException(403)
    return _to_register(visit, vouched, "/register")


def let_in(visit: Visit, result: SignIn, onward: str) -> Onward:
    """Onward, with the session's cookie; the browser's earlier token is dropped."""
    assert result.token is not None
    visit.request.state.account = result.account
    keep_cookie(visit.request, SESSION, result.token)
    drop_cookie(visit.request, BROWSER)
    return Onward(to=onward)


def local_path(asked: str) -> str:
    """A path of this site; the first page for anything that could lead elsewhere."""
    is_local = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    is_plain = all(letter > " " and letter not in "\\\x7f" for letter in asked)
    return asked if is_local and is_plain and len(asked) <= 500 else "/"


def provider_links(visit: Visit) -> tuple[ProviderLink, ...]:
    """The providers of the office."""
    found = visit.office.providers.values()
    return tuple(ProviderLink(name=each.name, title=each.title) for each in found)


def _traveller(visit: Visit) -> str:
    """The browser's own token, also where somebody is signed in."""
    return read_cookie(visit.request, BROWSER) or visit.browser


def _to_register(visit: Visit, vouched: Vouched, to: str) -> Onward:
    office = visit.office
    token = hold_for_registration(office.desk, vouched, now=office.now())
    keep_cookie(visit.request, REGISTRATION, token)
    return Onward(to=to)


def _attempt(visit: Visit) -> Attempt:
    return Attempt(
        address=visit.client_address,
        now=visit.office.now(),
        token=visit.browser if visit.account else "",
        sessions=SESSION_RULES,
    )


def _form(visit: Visit, onward: str, *, outcome: SignInOutcome | None = None) -> Page:
    view = SignInView(
        providers=provider_links(visit),
        onward=onward,
        problem=_PROBLEMS[outcome] if outcome else None,
    )
    status = 200 if outcome is None else _STATUS.get(outcome, 403)
    title = Text(ko="로그인", en="Sign in")
    return Page(template="access/signin.html", title=title, view=view, status=status)
