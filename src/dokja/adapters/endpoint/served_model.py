"""A model behind any server that speaks OpenAI's dialect: vLLM, llama.cpp, others."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncGenerator
from typing import Any

from dokja.adapters.endpoint.attempt import Asked, Ending, Failed, Timing
from dokja.adapters.endpoint.event_stream import ChatReading, events, read_object
from dokja.adapters.endpoint.http_attempt import (
    KEPT,
    bounded,
    client,
    opened,
    require_address,
)
from dokja.contest.served.pictures import picture_kind
from dokja.contest.served.values import EndpointFault, EndpointRules, FaultReason
from dokja.errors import InvalidInput

CHAT, MODELS = "/v1/chat/completions", "/v1/models"
LIST_BYTES = 1 << 20
_SEED_BITS = (1 << 31) - 1
_SECRET = re.compile(r"[!-~]*")


class ServedModel:
    """One model at one server; a key stands in no log, no error and no repr."""

    def __init__(
        self,
        *,
        address: str,
        name: str,
        rules: EndpointRules,
        secret: str = "",
        kept: int = KEPT,
    ) -> None:
        """`address` goes without the `/v1`. Raises: InvalidInput, Unavailable."""
        require_address(address)
        if not _SECRET.fullmatch(secret):
            raise InvalidInput(
                "the key of an endpoint holds a character that no header carries",
                remedy="give the key alone, without spaces or line breaks",
            )
        self._name = name
        self._rules = rules
        self._http = client(address, rules, secret, kept=kept)

    @property
    def name(self) -> str:
        """Under which it is served."""
        return self._name

    async def attempt(
        self, asked: Asked, timing: Timing
    ) -> AsyncGenerator[str | Ending]:
        """Words to show, and at last the ending. Raises: Failed."""
        reading = ChatReading(model=self._name, rules=self._rules, timing=timing)
        request = self._http.build_request("POST", CHAT, json=self._body(asked))
        async with opened(self._http, timing, request) as response:
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
            request = self._http.build_request("GET", MODELS)
            async with opened(self._http, timing, request) as response:
                listed = read_object(await bounded(response, timing, LIST_BYTES))
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
