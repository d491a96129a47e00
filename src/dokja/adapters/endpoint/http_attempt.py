"""One request over HTTP to a server that may be slow, broken or hostile."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from dokja.adapters.endpoint.attempt import Failed, Timing
from dokja.contest.served.values import EndpointRules, FaultReason
from dokja.errors import InvalidInput, Unavailable

KEPT = 20
_RETRY_AFTER = re.compile(r"[0-9]{1,5}")


@asynccontextmanager
async def opened(http: Any, timing: Timing, request: Any) -> AsyncIterator[Any]:
    """The response, its status checked and its body unread. Raises: Failed."""
    import httpx2

    response: Any = None
    try:
        response = await timing.wait(http.send(request, stream=True))
        _require_plain(response)
        yield response
    except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
        fact = "no connection to the server"
        raise Failed(FaultReason.UNREACHABLE, fact) from error
    except httpx2.TimeoutException as error:
        raise Failed(FaultReason.SLOW, "the server takes no question") from error
    except (httpx2.NetworkError, httpx2.RemoteProtocolError) as error:
        fact = "the connection broke off"
        raise Failed(FaultReason.CUT_OFF, fact) from error
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise Failed(FaultReason.MALFORMED, "no HTTP as it should be") from error
    finally:
        if response is not None:
            await response.aclose()


def client(address: str, rules: EndpointRules, secret: str, *, kept: int = KEPT) -> Any:
    """A client of one server, which follows nothing. Raises: Unavailable.

    `kept` connections stay open between questions. With none, no question meets a
    connection that the server was about to close, which would look like a failure.
    """
    try:
        import httpx2
    except ImportError as error:
        raise Unavailable(
            "asking a served model needs httpx2, which is not installed",
            remedy="install Dokja with its extra: pip install 'dokja[endpoint]'",
        ) from error
    return httpx2.AsyncClient(
        base_url=address,
        headers={
            # Packed answers could unpack to more than the bound of what is read.
            "Accept-Encoding": "identity",
            **({"Authorization": f"Bearer {secret}"} if secret else {}),
        },
        # The whole answer is timed by `Timing`; here only what goes before it.
        timeout=httpx2.Timeout(None, connect=rules.connect_seconds, write=30.0),
        # How many ask at once is the door's to bound: waiting for a connection of
        # our own would be counted as the team's slowness.
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=kept),
        follow_redirects=False,
        trust_env=False,
        verify=_trust() if address.startswith("https:") else False,
    )


@cache
def _trust() -> ssl.SSLContext:
    """Certificates are read once; that takes longer than many a question."""
    import httpx2

    return httpx2.create_ssl_context(trust_env=False)


def require_address(address: str) -> None:
    """Nothing. Raises: InvalidInput unless it is a plain http or https URL."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname)
        bare = not (parts.query or parts.fragment or parts.username or parts.password)
        _ = parts.port
    except ValueError:
        known = bare = False
    if not (known and bare and address.isascii() and address.isprintable()):
        raise InvalidInput(
            "the address of an endpoint is no plain http or https URL",
            remedy="give it as https://host:port, with the key apart from it",
        )


def _require_plain(response: Any) -> None:
    """Nothing. Raises: Failed for a status other than 200, or a packed body."""
    status = response.status_code
    if status == 429:
        wait = response.headers.get("Retry-After", "")
        seconds = float(wait) if _RETRY_AFTER.fullmatch(wait) else None
        raise Failed(FaultReason.RATE_LIMITED, "the server answered 429", wait=seconds)
    if 300 <= status < 400:
        fact = (
            f"the server answered {status}: it sends elsewhere, which is not followed"
        )
        raise Failed(FaultReason.REFUSED, fact, again=False)
    if status >= 500 or status == 408:
        fact = f"the server answered {status}"
        raise Failed(FaultReason.SERVER_ERROR, fact, status=status)
    if status != 200:
        fact = f"the server answered {status}"
        raise Failed(FaultReason.REFUSED, fact, again=False, status=status)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        fact = "the server sent a packed answer, which was not asked for"
        raise Failed(FaultReason.MALFORMED, fact, again=False)


async def bounded(response: Any, timing: Timing, most: int) -> bytes:
    """The whole body of at most so many bytes. Raises: Failed where there are more."""
    found, chunks = bytearray(), response.aiter_raw()
    while (chunk := await timing.wait(anext(chunks, None))) is not None:
        found += chunk
        if len(found) > most:
            fact = f"the server sent more than {most} bytes"
            raise Failed(FaultReason.TOO_LONG, fact, again=False)
    return bytes(found)
