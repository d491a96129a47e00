"""Cookies: what they are called, and how they leave with the answer."""

from __future__ import annotations

from http.cookies import SimpleCookie

from starlette.requests import Request

SESSION = "dokja-session"
BROWSER = "dokja-browser"
"""Before sign-in: binds forms and the way to a provider to this browser."""
REGISTRATION = "dokja-registration"
"""Leads to the identity a provider vouched for, until the form comes in."""
INVITED = "dokja-invited"
"""Token of the link that was just made, until the list has shown it once."""
_HOST = "__Host-"
_LONGEST = 200


def read_cookie(request: Request, name: str) -> str:
    """The cookie's text; empty where there is none, or none of ours."""
    value = request.cookies.get(_full_name(request, name), "")
    return value if len(value) <= _LONGEST else ""


def keep_cookie(request: Request, name: str, value: str) -> None:
    """Send the cookie with the answer to this request, until the browser closes."""
    _waiting(request).append(_header(request, name, value))


def drop_cookie(request: Request, name: str) -> None:
    """Have the browser forget the cookie."""
    _waiting(request).append(_header(request, name, ""))


def waiting_cookies(state: dict[str, object]) -> list[str]:
    """Headers of the cookies that leave with the answer."""
    found = state.setdefault("cookies", [])
    assert isinstance(found, list)
    return found


def _waiting(request: Request) -> list[str]:
    return waiting_cookies(request.scope.setdefault("state", {}))


def _header(request: Request, name: str, value: str) -> str:
    cookie: SimpleCookie = SimpleCookie()
    full = _full_name(request, name)
    cookie[full] = value
    morsel = cookie[full]
    morsel["path"] = "/"
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    if _is_secure(request):
        morsel["secure"] = True
    if not value:
        morsel["max-age"] = 0
    return morsel.OutputString()


def _full_name(request: Request, name: str) -> str:
    """Over https with the prefix that keeps other hosts from setting it."""
    return f"{_HOST}{name}" if _is_secure(request) else name


def _is_secure(request: Request) -> bool:
    return str(request.url.scheme) == "https"
