"""Limits: how much one address, one account and one request may ask for."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_KEPT = 20_000
"""Buckets at once; who was quiet longest is forgotten first, with a full bucket."""
_BURST = 10
_LARGEST_BODY = 1 << 20
_PER_ACCOUNT = 5.0
_TOO_MANY = (
    "요청이 너무 많습니다. 잠시 뒤에 다시 시도해 주십시오.\n"
    "Too many requests. Please try again in a moment.\n"
)
_TOO_LARGE = (
    "보낸 내용이 너무 큽니다. 1 MiB까지 받습니다.\n"
    "What was sent is too large; the limit is 1 MiB.\n"
)


class TokenBuckets:
    """Buckets that fill with time; whoever finds theirs empty has to wait."""

    def __init__(self, *, per_second: float, kept: int = _KEPT) -> None:
        self._per_second = per_second
        self._full = per_second * _BURST
        self._kept = kept
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._guard = threading.Lock()

    def admits(self, key: str, *, at: float | None = None) -> bool:
        """Whether one more is let through at that second of a steady clock."""
        now = time.monotonic() if at is None else at
        with self._guard:
            left, since = self._buckets.pop(key, (self._full, now))
            left = min(self._full, left + (now - since) * self._per_second)
            is_admitted = left >= 1
            self._buckets[key] = (left - 1 if is_admitted else left, now)
            if len(self._buckets) > self._kept:
                self._buckets.popitem(last=False)
        return is_admitted

    def __len__(self) -> int:
        return len(self._buckets)


def account_limit(app: FastAPI) -> TokenBuckets:
    """The buckets of the accounts of this app."""
    found = getattr(app.state, "account_limit", None)
    if not isinstance(found, TokenBuckets):
        found = app.state.account_limit = TokenBuckets(per_second=_PER_ACCOUNT)
    return found


class AddressLimit:
    """Refuses an address that asks for too much."""

    def __init__(self, app: ASGIApp, *, per_second: float) -> None:
        self._app = app
        self._buckets = TokenBuckets(per_second=per_second)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers 429."""
        if scope["type"] == "http" and not str(scope["path"]).startswith("/static/"):
            client = scope.get("client") or ("", 0)
            if not self._buckets.admits(str(client[0])):
                refusal = PlainTextResponse(_TOO_MANY, 429, {"retry-after": "2"})
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses a body that is larger than any form of this site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or answers 413 before the body is kept."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        taken = 0
        is_answered = False

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > _LARGEST_BODY:
                raise _TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal is_answered
            is_answered = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _TooLargeError:
            if not is_answered:
                await PlainTextResponse(_TOO_LARGE, 413)(scope, receive, send)


class _TooLargeError(Exception):
    """The body went over the limit while it was being read."""
