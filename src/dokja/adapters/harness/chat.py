"""One written answer of a chat server, read as it is streamed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dokja.adapters.harness.records import Fault, Written
from dokja.adapters.harness.server import Server, clock, events
from dokja.benchmark.values import FaultCause, Measured

CHAT = "/v1/chat/completions"
_THOUGHTS = ("reasoning_content", "reasoning")
_REFUSED = range(400, 500)


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How tokens are drawn; the seed of a repeat is the first one and its number."""

    temperature: float = 0.0
    seed: int = 0

    @property
    def shown(self) -> str:
        """As an engine names it."""
        drawn = f"temperature {self.temperature:g}; top_p 1"
        return f"chat; {drawn}; seed {self.seed} + repeat"

    def parameters(self, repeat: int, tokens: int) -> dict[str, Any]:
        """What every request says of it."""
        return {
            "temperature": self.temperature,
            "top_p": 1,
            "seed": self.seed + repeat,
            "max_tokens": tokens,
        }


@dataclass
class _Reply:
    text: str = ""
    finish: str = ""
    first: float | None = None
    tokens: tuple[int | None, int | None] = (None, None)


async def write(server: Server, body: Mapping[str, Any]) -> Written:
    """The answer to a chat request. Raises: Fault."""
    return await server.patiently(lambda: _streamed(server, body))


async def _streamed(server: Server, body: Mapping[str, Any]) -> Written:
    began, reply = clock(), _Reply()
    asked = {**body, "stream": True, "stream_options": {"include_usage": True}}
    async with server.opened("POST", CHAT, asked) as response:
        async for event in events(response):
            _refuse_fault(event, server)
            _refuse_stranger(event, str(body["model"]))
            _add(reply, event, began)
    ended = clock()
    if reply.finish == "content_filter":
        raise Fault(FaultCause.MODEL, "the server's filter withheld the answer")
    if not reply.finish:
        raise Fault(FaultCause.INFRASTRUCTURE, "the answer has no end", again=True)
    return Written(
        text=reply.text,
        input_tokens=reply.tokens[0],
        output_tokens=reply.tokens[1],
        measured=Measured(seconds=ended - began, first_token_seconds=reply.first),
    )


def _refuse_fault(event: Mapping[str, Any], server: Server) -> None:
    if "error" not in event:
        return
    said = event["error"]
    code = said.get("code") if isinstance(said, dict) else None
    message = said.get("message", said) if isinstance(said, dict) else said
    fact = f"the server broke off: {server.told(str(message).encode())}"
    if isinstance(code, int) and code in _REFUSED:
        raise Fault(FaultCause.MODEL, fact)
    raise Fault(FaultCause.INFRASTRUCTURE, fact, again=True)


def _refuse_stranger(event: Mapping[str, Any], model: str) -> None:
    """Nothing. Raises: Fault where another model answers than the one asked."""
    if event.get("model", model) != model:
        fact = f"the server answered as {str(event['model'])[:80]!r}, not as asked"
        raise Fault(FaultCause.INFRASTRUCTURE, fact)


def _add(reply: _Reply, event: Mapping[str, Any], began: float) -> None:
    choices = event.get("choices") or [{}]
    choice = choices[0] if isinstance(choices, list) else {}
    if not isinstance(choice, dict) or not isinstance(choice.get("delta", {}), dict):
        raise Fault(FaultCause.INFRASTRUCTURE, "the answer has no delta", again=True)
    delta = choice.get("delta", {})
    words = delta.get("content")
    if reply.first is None and (words or any(delta.get(name) for name in _THOUGHTS)):
        reply.first = clock() - began
    reply.text += words if isinstance(words, str) else ""
    reply.finish = str(choice.get("finish_reason") or reply.finish)
    if event.get("usage"):
        reply.tokens = used_tokens(event["usage"])


def used_tokens(usage: Any) -> tuple[int | None, int | None]:
    """Tokens read and written as the server counted them; None where it did not."""
    if not isinstance(usage, dict):
        return None, None
    read, written = (usage.get(f"{kind}_tokens") for kind in ("prompt", "completion"))
    return _count(read), _count(written)


def _count(found: Any) -> int | None:
    return found if type(found) is int and found >= 0 else None
