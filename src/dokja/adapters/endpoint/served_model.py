"""A model behind any server that speaks OpenAI's dialect: vLLM, llama.cpp, others."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

from dokja.adapters.endpoint.attempt import Asked, Ending, Failed, Timing
from dokja.adapters.endpoint.event_stream import ChatReading, events, read_object
from dokja.contest.served.pictures import picture_kind
from dokja.contest.served.values import EndpointFault, EndpointRules, FaultReason
from dokja.errors import InvalidInput, Unavailable

CHAT, MODELS = "/v1/chat/completions", "/v1/models"
LIST_BYTES = 1 << 20
_SEED_BITS = (1 << 31) - 1
_SECRET = re.compile(r"[!-~]*")
_RETRY_AFTER = re.compile(r"[0-9]{1,5}")


class ServedModel:
    """One model at one server; a key stands in no log, no error and no repr."""

    def __init__(
        self, *, address: str, name: str, rules: EndpointRules, secret: str = ""
    ) -> None:
        """`address` goes without the `/v1`. Raises: InvalidInput, Unavailable."""
        _require_address(address)
        if not _SECRET.fullmatch(secret):
            raise InvalidInput(
                "the key of an endpoint holds a character that no header carries",
                remedy="give the key alone, without spaces or line breaks",
            )
        self._name = name
        self._rules = rules
        self._http = _client(address, rules, secret)

    @property
    def name(self) -> str:
        """Under which it is served."""
        return self._name

    async def attempt(
        self, asked: Asked, timing: Timing
    ) -> AsyncGenerator[str | Ending]:
        """Words to show, and at last the ending. Raises: Failed."""
        reading = ChatReading(model=self._name, rules=self._rules, timing=timing)
        async with self._opened("POST", CHAT, timing, self._body(asked)) as response:
            chunks = response.aiter_raw()
            async for event in events(chunks, timing, self._rules):
                words = reading.words(event)
                if words:
                    yield words
            yield reading.ending()

    async def check(self) -> EndpointFault | None:
        """What is wrong now; None where the server lists the model."""
        timing = Timing(self._rules)
        try:
            async with self._opened("GET", MODELS, timing) as response:
                listed = read_object(await _bounded(response, timing))
        except Failed as failed:
            return failed.fault
        data = listed.get("data")
        known = data if isinstance(data, list) else []
        if any(isinstance(m, dict) and m.get("id") == self._name for m in known):
            return None
        return EndpointFault(
            reason=FaultReason.REFUSED, detail="the server does not list the model"
        )

    async def close(self) -> None:
        """Nothing; closes the connections."""
        await self._http.aclose()

    def _body(self, asked: Asked) -> dict[str, Any]:
        content: Any = asked.prompt
        if asked.image is not None:
            kind = picture_kind(asked.image, self._rules)
            url = f"data:{kind};base64,{base64.b64encode(asked.image).decode('ascii')}"
            content = [
                {"type": "image_url", "image_url": {"url": url}},
                {"type": "text", "text": asked.prompt},
            ]
        return {
            "model": self._name,
            "messages": [{"role": "user", "content": content}],
            "max_tokens": self._rules.most_tokens,
            "temperature": self._rules.temperature,
            "top_p": 1,
            "seed": asked.seed & _SEED_BITS,
            "stream": True,
            "stream_options": {"include_usage": True},
        }

    @asynccontextmanager
    async def _opened(
        self, method: str, path: str, timing: Timing, body: Any = None
    ) -> AsyncIterator[Any]:
        """The response, its status checked and its body unread. Raises: Failed."""
        import httpx2

        response: Any = None
        try:
            request = self._http.build_request(method, path, json=body)
            response = await timing.wait(self._http.send(request, stream=True))
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


def _client(address: str, rules: EndpointRules, secret: str) -> Any:
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
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=20),
        follow_redirects=False,
        trust_env=False,
        verify=address.startswith("https:"),
    )


def _require_address(address: str) -> None:
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
        raise Failed(FaultReason.SERVER_ERROR, f"the server answered {status}")
    if status != 200:
        fact = f"the server answered {status}"
        raise Failed(FaultReason.REFUSED, fact, again=False)
    if response.headers.get("Content-Encoding", "identity") != "identity":
        fact = "the server sent a packed answer, which was not asked for"
        raise Failed(FaultReason.MALFORMED, fact, again=False)


async def _bounded(response: Any, timing: Timing) -> bytes:
    found, chunks = bytearray(), response.aiter_raw()
    while (chunk := await timing.wait(anext(chunks, None))) is not None:
        found += chunk
        if len(found) > LIST_BYTES:
            fact = f"the server sent more than {LIST_BYTES} bytes of a list"
            raise Failed(FaultReason.TOO_LONG, fact, again=False)
    return bytes(found)
