"""A stream of events from a server that may send anything: bounded, then read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from dokja.adapters.endpoint.attempt import Ending, Failed, Timing, shown_text
from dokja.contest.served.values import EndpointRules, FaultReason, Finish

LINE_BYTES = 1 << 17
"""Of one event: a token with all that servers say of it, many times over."""
_SPARE_PIECES = 16
_THOUGHTS = ("reasoning_content", "reasoning")
_ENDS = {"stop": Finish.STOP, "length": Finish.LENGTH}


async def events(
    chunks: AsyncIterator[bytes], timing: Timing, rules: EndpointRules
) -> AsyncIterator[dict[str, Any]]:
    """The objects of the stream up to its end mark or its end. Raises: Failed."""
    held, count = bytearray(), 0
    while True:
        chunk = await timing.wait(anext(chunks, None))
        if chunk is None:
            return
        count += len(chunk)
        if count > rules.most_bytes:
            raise _too_long(f"more than {rules.most_bytes} bytes of one answer")
        *lines, rest = (held + chunk).split(b"\n")
        held = bytearray(rest)
        if len(held) > LINE_BYTES:
            raise _too_long(f"an event of more than {LINE_BYTES} bytes")
        for line in lines:
            name, _, value = bytes(line).strip().partition(b":")
            if name != b"data":  # comments, ids, names of events
                continue
            if value.strip() == b"[DONE]":
                return
            yield read_object(value)


def read_object(data: bytes) -> dict[str, Any]:
    """The JSON object in the bytes. Raises: Failed where it is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _malformed("an event that is not JSON in UTF-8") from error
    if not isinstance(found, dict):
        raise _malformed("an event that is no JSON object")
    return found


@dataclass
class ChatReading:
    """Reads the events of one chat answer."""

    model: str
    rules: EndpointRules
    timing: Timing
    finish: str = ""
    tokens: int | None = None
    pieces: int = field(default=0)

    def words(self, event: dict[str, Any]) -> str:
        """What the event adds to the answer. Raises: Failed."""
        if "error" in event:
            raise Failed(FaultReason.SERVER_ERROR, "the server broke off with an error")
        if event.get("model", self.model) != self.model:
            # One checkpoint for each team: another model's words are not its answer.
            raise Failed(
                FaultReason.MALFORMED,
                "the server answered as another model than was asked",
                again=False,
            )
        self._count(event.get("usage"))
        choices = event.get("choices") or [{}]
        choice = choices[0] if isinstance(choices, list) else None
        delta = choice.get("delta") or {} if isinstance(choice, dict) else None
        if not isinstance(choice, dict) or not isinstance(delta, dict):
            raise _malformed("an event without a delta")
        content = delta.get("content") or ""
        if not isinstance(content, str):
            raise _malformed("words that are no text")
        if content or any(delta.get(name) for name in _THOUGHTS):
            self.timing.heard()
            self.pieces += 1
        if self.pieces > self.rules.most_tokens + _SPARE_PIECES:
            # Each piece holds a token at least.
            raise _too_long(f"more than {self.rules.most_tokens} tokens")
        self.finish = str(choice.get("finish_reason") or self.finish)
        return shown_text(content)

    def ending(self) -> Ending:
        """How the answer ended. Raises: Failed where it did not end well."""
        if self.finish in _ENDS:
            return Ending(finish=_ENDS[self.finish], tokens=self.tokens)
        if self.finish == "content_filter":
            fact = "the server's filter withheld the answer"
            raise Failed(FaultReason.REFUSED, fact, again=False)
        if self.finish and self.finish != "abort":
            raise _malformed("an end of a kind that a written answer has not")
        raise Failed(FaultReason.CUT_OFF, "the answer broke off before its end")

    def _count(self, usage: Any) -> None:
        found = usage.get("completion_tokens") if isinstance(usage, dict) else None
        if type(found) is int and 0 <= found < 1 << 32:
            self.tokens = found


def _malformed(detail: str) -> Failed:
    return Failed(FaultReason.MALFORMED, f"the server sent {detail}")


def _too_long(detail: str) -> Failed:
    return Failed(FaultReason.TOO_LONG, f"the server sent {detail}", again=False)
