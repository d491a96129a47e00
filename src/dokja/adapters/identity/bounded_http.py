"""Short answers over HTTP from servers that may be slow or hostile."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2 as httpx

from dokja.errors import InvalidInput, Unavailable

_LONGEST_ANSWER = 1 << 20
_SECONDS = 5.0
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def require_safe(address: object, *, what: str) -> str:
    """The address, which is https or leads to this machine.

    Raises: InvalidInput for any other.
    """
    parts = urlsplit(address if isinstance(address, str) else "")
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not isinstance(address, str) or not (
        (parts.scheme == "https" and parts.hostname) or local
    ):
        raise InvalidInput(
            f"{what} is {address!r}, which is not an https address",
            remedy="give the provider's https address",
        )
    return address


def get_json(address: str, *, who: str) -> dict[str, Any]:
    """The JSON object at the address. Raises: what `post_form` raises."""
    return _asked(who, "GET", address, {}, None)


def post_form(
    address: str,
    fields: Mapping[str, str],
    *,
    who: str,
    auth: tuple[str, str] | None,
) -> dict[str, Any]:
    """The JSON object that answers a form.

    Raises: Unavailable where the server does not answer in time, or not with a
    JSON object of bounded size; InvalidInput where it refuses the form.
    """
    return _asked(who, "POST", address, fields, auth)


def _client() -> httpx.Client:
    """A client for one question: what a provider set in cookies is forgotten."""
    return httpx.Client(timeout=_SECONDS, follow_redirects=False, verify=_trust())


@cache
def _trust() -> ssl.SSLContext:
    """Certificates are read once; that takes longer than the question itself."""
    return httpx.create_ssl_context()


def _asked(
    who: str,
    method: str,
    address: str,
    fields: Mapping[str, str],
    auth: tuple[str, str] | None,
) -> dict[str, Any]:
    try:
        with (
            _client() as client,
            client.stream(
                method,
                address,
                data=dict(fields) or None,
                auth=auth,
                headers={"accept": "application/json"},
            ) as response,
        ):
            body = _bounded(response)
            status = response.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unusable(who, f"does not answer: {type(error).__name__}") from error
    found = _object(body, who)
    if 400 <= status < 500 and method == "POST":
        raise InvalidInput(
            f"{who} refuses the sign-in: {str(found.get('error', status))[:80]}",
            remedy="sign in again; if it stays so, the office checks client id and "
            "secret",
        )
    if status != 200:
        raise _unusable(who, f"answers with status {status}")
    return found


def _bounded(response: httpx.Response) -> bytes:
    body = b""
    for part in response.iter_bytes():
        body += part
        if len(body) > _LONGEST_ANSWER:
            break
    return body


def _object(body: bytes, who: str) -> dict[str, Any]:
    try:
        found = json.loads(body) if len(body) <= _LONGEST_ANSWER else None
    except (ValueError, RecursionError) as error:
        raise _unusable(who, "does not answer with JSON") from error
    if not isinstance(found, dict):
        raise _unusable(who, "does not answer with a JSON object of bounded size")
    return found


def _unusable(who: str, fact: str) -> Unavailable:
    return Unavailable(
        f"the identity provider {who} {fact}",
        remedy="try again later, or sign in another way",
    )
