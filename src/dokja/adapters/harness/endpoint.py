"""Any server that speaks OpenAI's dialect: written answers, and choices by echo."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from dokja.adapters.harness.chat import Sampling, write
from dokja.adapters.harness.media import content_of, sample_part
from dokja.adapters.harness.records import (
    Asked,
    Fault,
    Likelihoods,
    Written,
    asked_items,
    choice_record,
    fault_record,
    require_scorings,
    written_record,
)
from dokja.adapters.harness.server import Patience, Server, reach, run_apart
from dokja.benchmark.values import Item, SampleRecord, Scoring, Suite
from dokja.benchmark.written import prompt_of
from dokja.errors import Unavailable

WRITTEN = frozenset(
    {Scoring.LETTER, Scoring.EXACT, Scoring.NUMBER, Scoring.RULES, Scoring.CODE}
)
"""What a model that writes can be asked; programs are run by another."""
_SAMPLE_TOOL = {
    "type": "function",
    "function": {
        "name": "add",
        "description": "Adds.",
        "parameters": {"type": "object", "properties": {"x": {"type": "string"}}},
    },
}
"""That any server which lets a model use tools takes."""
Answer = TypeVar("Answer")
Ask = Callable[[Server, Asked], Awaitable[SampleRecord]]


class Choices(Protocol):
    """A way to have log-likelihoods of choices from a server."""

    method: str
    """As the engine names it."""

    async def offered(self, server: Server, body: Mapping[str, Any]) -> bool:
        """Whether the server gives what is needed. Raises: Fault."""

    async def likelihoods(
        self, server: Server, item: Item, body: Mapping[str, Any]
    ) -> Likelihoods:
        """What each choice of the item is worth. Raises: Fault."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A served model, as the office declares it."""

    address: str
    """Without the `/v1`. Not part of any result."""
    model: str
    """Under which the server knows it, to the letter."""
    weights: str
    """Digest of the weights that are served."""
    served_by: str
    """Engine and version, precision and devices: all that changes an answer."""
    choices: Choices | None = None
    """How log-likelihoods are had of it; None where it offers none."""
    secret: str = field(default="", repr=False)


class EndpointHarness:
    """Asks one served model; implements `benchmark.ports.Harness`."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        sampling: Sampling,
        patience: Patience,
        at_once: int = 1,
        folders: Mapping[str, Path] | None = None,
    ) -> None:
        """`folders` hold each suite's pictures and sounds."""
        self._endpoint = endpoint
        self._sampling = sampling
        self._patience = patience
        self._at_once = at_once
        self._folders = dict(folders or {})

    @property
    def engine(self) -> str:
        """The declared engine and every parameter of a request."""
        parts = (
            self._endpoint.served_by,
            f"model {self._endpoint.model}",
            f"weights {self._endpoint.weights}",
            self._sampling.shown,
            f"{self._at_once} at once",
        )
        choices = self._endpoint.choices
        return "; ".join((*parts, choices.method) if choices else parts)

    @property
    def scorings(self) -> frozenset[Scoring]:
        """Written answers; choices where the server is declared to echo."""
        return WRITTEN | {Scoring.CHOICES} if self._endpoint.choices else WRITTEN

    def run(
        self, model: str, suites: Sequence[Suite], *, repeat: int = 0
    ) -> tuple[SampleRecord, ...]:
        """One record for every item, in the suites' order."""
        require_scorings(suites, self.scorings, why="this endpoint does not offer")
        self._require_model(model)
        return run_apart(self._measured(asked_items(suites, repeat)))

    def require_ready(self, model: str, items: Sequence[Asked]) -> None:
        """Nothing. Raises: Unavailable where the server is not ready for the items."""
        self._require_model(model)
        run_apart(self._checked(items))

    def _require_model(self, model: str) -> None:
        if model != self._endpoint.model:
            raise Unavailable(
                f"the endpoint serves {self._endpoint.model!r}, not {model!r}",
                remedy="name the model as the server does; one model's answers must "
                "never stand under another's name",
            )

    async def _checked(self, items: Sequence[Asked]) -> None:
        ending = self._endpoint
        async with reach(
            ending.address, self._patience, secret=ending.secret
        ) as server:
            await self._check(server, items)

    async def _measured(self, items: Sequence[Asked]) -> tuple[SampleRecord, ...]:
        ending = self._endpoint
        async with reach(
            ending.address, self._patience, secret=ending.secret
        ) as server:
            await self._check(server, items)
            return await ask_all(server, items, self._ask, at_once=self._at_once)

    async def _check(self, server: Server, items: Sequence[Asked]) -> None:
        """Nothing. Raises: Unavailable for what no model can be blamed for.

        Each kind of request is made once of something that any model can answer.
        """
        for asked in items:
            content_of("", asked, self._folders)
        scorings = {asked.suite.header.scoring for asked in items}
        if scorings != {Scoring.CHOICES}:
            body = self._chat("1 + 1 =", repeat=0, tokens=1)
            plain = await checked(write(server, body))
            if any(asked.suite.header.tools for asked in items):
                await _check_tools(server, body, plain)
        for track in sorted({m.track for a in items for m in a.item.media}):
            content = [sample_part(track), {"type": "text", "text": "?"}]
            await checked(write(server, self._chat(content, repeat=0, tokens=1)))
        choices = self._endpoint.choices
        if choices and Scoring.CHOICES in scorings:
            await _check_choices(choices, server, self._completion(0))

    async def _ask(self, server: Server, asked: Asked) -> SampleRecord:
        choices = self._endpoint.choices
        if choices and asked.suite.header.scoring is Scoring.CHOICES:
            body = self._completion(asked.repeat)
            found = await choices.likelihoods(server, asked.item, body)
            return choice_record(asked, found)
        header = asked.suite.header
        content = content_of(prompt_of(header, asked.item), asked, self._folders)
        body = self._chat(content, repeat=asked.repeat, tokens=header.output_tokens)
        return written_record(asked, await write(server, body))

    def _chat(self, content: Any, *, repeat: int, tokens: int) -> dict[str, Any]:
        return {
            "model": self._endpoint.model,
            "messages": [{"role": "user", "content": content}],
            **self._sampling.parameters(repeat, tokens),
        }

    def _completion(self, repeat: int) -> dict[str, Any]:
        asked = self._sampling.parameters(repeat, 1)
        return {"model": self._endpoint.model, **asked}


async def _check_tools(server: Server, body: Mapping[str, Any], plain: Written) -> None:
    """Nothing. Raises: Unavailable where the server shows the model no tools.

    Some take them and leave them out without a word, where the model's template
    has no place for them: the prompt is as long as without.
    """
    told = await checked(write(server, {**body, "tools": [_SAMPLE_TOOL]}))
    if told.input_tokens is not None and told.input_tokens == plain.input_tokens:
        raise Unavailable(
            "the server takes tools and shows the model nothing of them",
            remedy="serve the model with a chat template that has tools; a model "
            "that has none cannot be measured with this suite",
        )


async def _check_choices(
    choices: Choices, server: Server, body: Mapping[str, Any]
) -> None:
    if not await checked(choices.offered(server, body)):
        raise Unavailable(
            f"the server does not offer {choices.method}",
            remedy="measure choices of the weights themselves, or serve the model "
            "with an engine that offers them",
        )


async def ask_all(
    server: Server, items: Sequence[Asked], ask: Ask, *, at_once: int
) -> tuple[SampleRecord, ...]:
    """What each item gave, in their order; a fault of one is its record.

    Raises: Unavailable where the server is gone, with nothing left running.
    """
    turn = asyncio.Semaphore(at_once)

    async def one(asked: Asked) -> SampleRecord:
        async with turn:
            try:
                return await ask(server, asked)
            except Fault as fault:
                return fault_record(asked, fault)

    tasks = [asyncio.ensure_future(one(asked)) for asked in items]
    try:
        return tuple(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()


async def checked(asking: Awaitable[Answer]) -> Answer:
    """The answer to a first request. Raises: Unavailable where there is none."""
    try:
        return await asking
    except Fault as fault:
        raise Unavailable(
            f"the server does not answer a first request: {fault.fact}",
            remedy="start it, and see that it takes what every request says: model, "
            "temperature, seed and the most tokens of an answer; and pictures, sounds "
            "or tools where the suite has them",
        ) from fault
