"""A model that may be slow, broken or gone, asked a bounded number of times."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from dokja.adapters.endpoint.attempt import Asked, Ending, Failed, Model, Timing
from dokja.contest.served.breaker import Breaker, admit, after_answer, after_fault
from dokja.contest.served.pictures import picture_kind
from dokja.contest.served.values import (
    Answer,
    AnswerPiece,
    EndpointFault,
    EndpointRules,
    FaultReason,
    Reply,
)
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.seeds import seed_for, uniform_draws

FIRST_WAIT = 0.5
"""Seconds before a second attempt, half of it at least and one and a half at most."""


class PatientEndpoint:
    """Asks one team's model; implements `contest.endpoints.Endpoint`.

    One for each team and process, for it remembers how the model has fared. Keep
    to one event loop.
    """

    def __init__(self, model: Model, *, rules: EndpointRules, seed: str) -> None:
        """`seed` is the digest of what the waits and draws are bound to."""
        self._model = model
        self._rules = rules
        self._seed = seed
        self._breaker = Breaker()

    @property
    def breaker(self) -> Breaker:
        """How the model has fared of late."""
        return self._breaker

    async def answer(
        self, prompt: str, image: bytes | None = None
    ) -> AsyncGenerator[Reply]:
        """Pieces, and at last one `Answer` or one `EndpointFault`.

        Raises: InvalidInput for a picture that is none, before anything is asked.
        """
        if image is not None:
            picture_kind(image, self._rules)
        now = asyncio.get_running_loop().time()
        admission = admit(self._breaker, now=now, rules=self._rules)
        self._breaker = admission.breaker
        if not admission.admitted:
            yield EndpointFault(
                reason=FaultReason.BREAKER_OPEN,
                detail="not asked: the model failed several times in a row",
                attempts=0,
            )
            return
        async with aclosing(self._asked(prompt, image)) as replies:
            async for reply in replies:
                self._learn(reply)
                yield reply

    async def check(self) -> EndpointFault | None:
        """What is wrong with the endpoint now; None where it is ready."""
        return await self._model.check()

    async def close(self) -> None:
        """Nothing; lets go of connections and threads."""
        await self._model.close()

    def _learn(self, reply: Reply) -> None:
        if isinstance(reply, Answer):
            self._breaker = after_answer(self._breaker)
        if isinstance(reply, EndpointFault):
            now = asyncio.get_running_loop().time()
            self._breaker = after_fault(
                self._breaker, reply.reason, now=now, rules=self._rules
            )

    async def _asked(self, prompt: str, image: bytes | None) -> AsyncGenerator[Reply]:
        subject = digest_bytes(prompt.encode("utf-8", "replace") + (image or b""))
        seed = seed_for(self._seed, f"draws/{subject}")
        asked = Asked(prompt=prompt, image=image, seed=seed)
        timing = Timing(self._rules)
        for attempt in range(1, self._rules.retries + 2):
            timing.begin()
            said: list[str] = []
            try:
                async with aclosing(self._model.attempt(asked, timing)) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, Ending):
                            yield self._whole("".join(said), piece, timing, attempt)
                            return
                        timing.first = timing.spent if not said else timing.first
                        said.append(piece)
                        yield AnswerPiece(text=piece)
                found = Failed(FaultReason.CUT_OFF, "the answer has no end")
            except Failed as failed:
                found = failed
            wait = self._wait(subject, attempt, found)
            if said or not self._goes_on(found, attempt, wait, timing):
                break
            timing.spent += wait
            await asyncio.sleep(wait)
        yield msgspec.structs.replace(found.fault, attempts=attempt, shown=bool(said))

    def _whole(self, text: str, end: Ending, timing: Timing, attempts: int) -> Answer:
        return Answer(
            text=text,
            finish=end.finish,
            model=self._model.name,
            tokens=end.tokens,
            attempts=attempts,
            first_token_seconds=timing.spent if timing.first is None else timing.first,
            seconds=timing.spent,
        )

    def _wait(self, subject: str, attempt: int, found: Failed) -> float:
        """Seconds before the next attempt, drawn so that voters do not ask as one."""
        seed = seed_for(self._seed, f"wait/{subject}/{attempt}")
        drawn = FIRST_WAIT * 2 ** (attempt - 1) * (0.5 + uniform_draws(seed, 1)[0])
        return max(float(drawn), found.wait or 0.0)

    def _goes_on(
        self, found: Failed, attempt: int, wait: float, timing: Timing
    ) -> bool:
        """Whether another attempt is allowed and can still end in time."""
        return found.again and attempt <= self._rules.retries and wait < timing.left
