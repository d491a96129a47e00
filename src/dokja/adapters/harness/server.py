"""A server that may be slow, broken or gone, asked for a bounded time."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dokja.adapters.harness.records import FACT_LETTERS, Fault
from dokja.benchmark.values import FaultCause
from dokja.errors import Unavailable

ANSWER_BYTES = 16 << 20
"""Bytes of one answer: many thousand tokens with all that is said of them."""
LONGEST_WAIT = 30.0
"""Seconds that are waited at most before asking again, whatever a server wishes."""
_TOO_MANY, _TOO_SLOW = 429, 408
_NOT_LET_IN = frozenset({401, 403, 404, 405, 407})
Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a server is waited for and when it counts as gone."""

    attempts: int = 3
    """How often one question is asked at most."""
    first_wait: float = 1.0
    """Seconds before the second attempt; doubled before each later one."""
    deadline: float = 120.0
    """Seconds of one attempt, whatever trickles in meanwhile."""
    failures: int = 5
    """Questions failed in a row by the server's fault after which it is gone."""


@dataclass
class Server:
    """An open connection; counts the failures that come in a row."""

    http: Any
    patience: Patience
    secret: str
    failed: int = field(default=0)

    async def get(self, path: str) -> dict[str, Any]:
        """The JSON object that the server has there. Raises: Fault."""
        return await self.patiently(lambda: self._object("GET", path, None))

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The JSON object that the server answers with. Raises: Fault."""
        return await self.patiently(lambda: self._object("POST", path, body))

    async def patiently(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """What asking gives, asked again where that may help.

        Raises: Fault after the last attempt, Unavailable where the server has
        failed so often in a row that it counts as gone.
        """
        wait = self.patience.first_wait
        for attempt in range(1, self.patience.attempts + 1):
            try:
                async with asyncio.timeout(self.patience.deadline):
                    answer = await ask()
            except TimeoutError:
                limit = f"{self.patience.deadline:g} seconds"
                fault = Fault(_OURS, f"no whole answer within {limit}", again=True)
            except Fault as found:
                fault = found
            else:
                self.failed = 0
                return answer
            if not fault.again or attempt == self.patience.attempts:
                break
            await asyncio.sleep(min(wait, LONGEST_WAIT))
            wait *= 2
        self._count(fault)
        raise fault

    def _count(self, fault: Fault) -> None:
        """Counts a failure. Raises: Unavailable where it is one too many."""
        if fault.cause is not FaultCause.INFRASTRUCTURE:
            self.failed = 0
            return
        self.failed += 1
        if self.failed >= self.patience.failures:
            raise Unavailable(
                f"the server failed {self.failed} questions in a row: {fault.fact}",
                remedy="start the server again; what was measured is kept and the "
                "rest goes on from there",
            ) from fault

    @asynccontextmanager
    async def opened(
        self, method: str, path: str, body: Mapping[str, Any] | None
    ) -> AsyncIterator[Any]:
        """The response, its status checked and its body not yet read. Raises: Fault."""
        import httpx2

        try:
            async with self.http.stream(method, path, json=body) as response:
                if response.status_code != 200:
                    said = await _bounded(response, ANSWER_BYTES)
                    raise self._refusal(response.status_code, said)
                yield response
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            fact = f"the connection failed: {type(error).__name__}"
            raise Fault(_OURS, fact, again=True) from error

    async def _object(
        self, method: str, path: str, body: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        async with self.opened(method, path, body) as response:
            return read_object(await _bounded(response, ANSWER_BYTES))

    def _refusal(self, status: int, said: bytes) -> Exception:
        """What a status other than 200 means."""
        fact = f"the server answered {status}: {self.told(said)}"
        if status in _NOT_LET_IN:
            return Unavailable(
                fact, remedy="check the address, the model's name and the key"
            )
        if status in (_TOO_MANY, _TOO_SLOW) or status >= 500 or status < 400:
            return Fault(_OURS, fact, again=status >= 400)
        return Fault(FaultCause.MODEL, fact)

    def told(self, said: bytes) -> str:
        """What a server says of a fault, cut, without the key it was given."""
        text = said[: 4 * FACT_LETTERS].decode("utf-8", errors="replace")
        if self.secret:
            text = text.replace(self.secret, "…")
        shown = "".join(c if c.isprintable() else " " for c in text)
        return " ".join(shown.split())[:FACT_LETTERS]


_OURS = FaultCause.INFRASTRUCTURE


@asynccontextmanager
async def reach(
    address: str, patience: Patience, *, secret: str = ""
) -> AsyncIterator[Server]:
    """A connection to the server at an address, which no proxy stands before."""
    try:
        import httpx2
    except ImportError as error:
        raise Unavailable(
            "asking a server needs httpx2, which is not installed",
            remedy="install Dokja with its extra: pip install 'dokja[endpoint]'",
        ) from error
    async with httpx2.AsyncClient(
        base_url=address,
        headers={"Authorization": f"Bearer {secret}"} if secret else {},
        timeout=patience.deadline,
        follow_redirects=False,
        trust_env=False,
        # Certificates take long to load, and without TLS there are none to check.
        verify=address.startswith("https:"),
    ) as http:
        yield Server(http=http, patience=patience, secret=secret)


def read_object(data: bytes) -> dict[str, Any]:
    """The JSON object in the bytes. Raises: Fault where it is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        fact = "the server answered with something that is not JSON"
        raise Fault(_OURS, fact, again=True) from error
    if not isinstance(found, dict):
        raise Fault(_OURS, "the server answered with no JSON object", again=True)
    return found


async def events(response: Any) -> AsyncIterator[dict[str, Any]]:
    """The objects of a stream of events, up to its end mark.

    Raises: Fault where the stream ends without it or is longer than an answer.
    """
    held, count = bytearray(), 0
    async for part in response.aiter_bytes():
        held += part
        count += len(part)
        if count > ANSWER_BYTES:
            raise Fault(_OURS, f"an answer of more than {ANSWER_BYTES >> 20} MiB")
        if b"\n" not in part:
            continue
        *lines, held = held.split(b"\n")
        for line in lines:
            name, _, value = bytes(line).strip().partition(b":")
            if value.strip() == b"[DONE]":
                return
            if name in (b"data", b"error"):
                found = read_object(value)
                yield found if name == b"data" else {"error": found}
    raise Fault(_OURS, "the answer broke off", again=True)


async def _bounded(response: Any, limit: int) -> bytes:
    found = bytearray()
    async for part in response.aiter_bytes():
        found += part
        if len(found) > limit:
            raise Fault(_OURS, f"an answer of more than {limit >> 20} MiB")
    return bytes(found)


def clock() -> float:
    """Seconds on a clock that only goes forward."""
    return time.monotonic()


def run_apart(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What the coroutine gives, also where the caller already runs a loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, work).result()
