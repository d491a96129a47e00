"""One attempt at an answer: what is asked, how long it may take, how it fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from dokja.contest.served.values import (
    EndpointFault,
    EndpointRules,
    FaultReason,
    Finish,
)

Awaited = TypeVar("Awaited")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a model is asked, the same for every team."""

    prompt: str
    image: bytes | None
    seed: int
    """Of the draws, where the rules have a temperature."""


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a whole answer ended."""

    finish: Finish
    tokens: int | None


class Failed(Exception):
    """An attempt that gave no whole answer; never leaves the package."""

    def __init__(
        self,
        reason: FaultReason,
        detail: str,
        *,
        again: bool = True,
        wait: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.again = again
        """Whether another attempt may help."""
        self.wait = wait
        """Seconds that the server asks to be left alone for."""
        self.status = status
        """Of the answer, where it is the status that is wrong."""

    @property
    def fault(self) -> EndpointFault:
        """The failure as a value."""
        return EndpointFault(reason=self.reason, detail=self.detail)


class Timing:
    """What is left of the time for an answer.

    It runs only while the model is waited for: a reader who takes a piece late
    is not the team's fault.
    """

    def __init__(self, rules: EndpointRules) -> None:
        self._rules = rules
        self.spent = 0.0
        """Seconds of all attempts."""
        self.first: float | None = None
        """Seconds until the first word that was shown."""
        self.begin()

    def begin(self) -> None:
        """Nothing; another attempt begins."""
        self._silent = 0.0
        self._spoke = False

    def heard(self) -> None:
        """Nothing; the model has shown that it is at work."""
        self._silent, self._spoke = 0.0, True

    @property
    def left(self) -> float:
        """Seconds left of all."""
        return self._rules.whole_seconds - self.spent

    async def wait(self, awaited: Awaitable[Awaited]) -> Awaited:
        """What is awaited. Raises: Failed where it takes too long."""
        rules, clock = self._rules, asyncio.get_running_loop().time
        silence = rules.pause_seconds if self._spoke else rules.first_token_seconds
        began = clock()
        try:
            async with asyncio.timeout(min(silence - self._silent, self.left)):
                return await awaited
        except TimeoutError as error:
            late = self._late(silence, clock() - began)
            # Asking a slow server twice makes it slower.
            raise Failed(FaultReason.SLOW, late, again=False) from error
        finally:
            self.spent += clock() - began
            self._silent += clock() - began

    def _late(self, silence: float, waited: float) -> str:
        if self.spent + waited >= self._rules.whole_seconds:
            return f"no whole answer within {self._rules.whole_seconds:g} s"
        if self._spoke:
            return f"no further token within {silence:g} s"
        return f"no first token within {silence:g} s"


class Model(Protocol):
    """A model that can be asked once."""

    @property
    def name(self) -> str:
        """Under which it is served."""

    def attempt(self, asked: Asked, timing: Timing) -> AsyncGenerator[str | Ending]:
        """Words to show, and at last the ending. Raises: Failed."""

    async def check(self) -> EndpointFault | None:
        """What is wrong with it now; None where it is ready."""

    async def close(self) -> None:
        """Nothing; lets go of what it holds."""


def shown_text(text: str) -> str:
    """The text without what no page can hold: lone surrogates, control characters."""
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(
        letter
        for letter in joined
        if letter in "\n\t" or not ("\x00" <= letter < " " or "\x7f" <= letter < "\xa0")
    )
