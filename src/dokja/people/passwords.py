"""Which passwords are taken."""

from __future__ import annotations

from dokja.errors import InvalidInput
from dokja.people.digests import plain_login, plain_password

SHORTEST = 12
LONGEST = 256
_DIFFERENT = 5


def require_password(password: str, *, login: str) -> str:
    """The password in the form that is hashed.

    Length counts and kinds of characters do not (NIST SP 800-63B-4, 3.1.1.2).
    Raises: InvalidInput where it is short, nearly one character, or the login.
    """
    plain = plain_password(password)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise InvalidInput(
            f"a password has {SHORTEST} to {LONGEST} characters",
            remedy="choose a longer one: a few words that only you would put together",
            korean=f"비밀번호는 {SHORTEST}자 이상 {LONGEST}자 이하로 정해 주십시오.",
        )
    name = plain_login(login)
    if len(set(plain)) < _DIFFERENT or (name and name in plain_login(plain)):
        raise InvalidInput(
            "the password can be guessed: it repeats itself or holds the login",
            remedy="choose a few words that only you would put together",
            korean="짐작하기 쉬운 비밀번호입니다. 다른 비밀번호를 정해 주십시오.",
        )
    return plain
