"""The answers of a contest: prepared ones, or asked of the models battle by battle.

Models are asked both at once. What they say is kept as a file before it is
shown, so that a reload, a vote and a server that was started again all see the
same; a fault becomes an act before it becomes anything else.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import cached_property
from pathlib import Path

import msgspec

from dokja.adapters.folders.whole_file import written_beside
from dokja.contest.battles.cast import voter_subject
from dokja.contest.battles.opening import RunningContest
from dokja.contest.battles.show import Texts, after_faults, battle_texts, prompt_of
from dokja.contest.served.values import Answer, Endpoint, EndpointFault
from dokja.contest.values import Battle, PreparedAnswer, VoidReason
from dokja.wiring.endpoints import last_reply

OnFault = Callable[[str, EndpointFault], None]
"""Told the team and its fault; puts it on record."""


class BattleAnswers(msgspec.Struct, frozen=True, kw_only=True):
    """What the models of one battle said, or why they did not."""

    answers: dict[str, str]
    """By team."""
    faults: dict[str, EndpointFault]


class LiveAnswers:
    """Models that are asked while a contest runs; on a thread of their own."""

    def __init__(
        self, endpoints: Mapping[str, Endpoint], *, folder: Path, on_fault: OnFault
    ) -> None:
        self._endpoints = endpoints
        self._folder = folder
        self._on_fault = on_fault
        self._guard = threading.Lock()
        self._asked: dict[str, Future[None]] = {}

    def of(
        self, place: str, prompt: str, image: bytes | None, teams: Sequence[str]
    ) -> BattleAnswers | None:
        """What is kept of the battle named `place`; None while models are asked."""
        file = self._folder / f"{place}.json"
        with self._guard:
            if file.is_file():
                self._asked.pop(place, None)
                return msgspec.json.decode(file.read_bytes(), type=BattleAnswers)
            running = self._asked.get(place)
            if running is None or running.done():
                asking = self._ask(file, prompt, image, teams)
                self._asked[place] = asyncio.run_coroutine_threadsafe(
                    asking, self._loop
                )
        return None

    def close(self) -> None:
        """Nothing; lets go of the models and of the thread."""
        if "_loop" not in self.__dict__:
            return
        closing = asyncio.run_coroutine_threadsafe(self._close(), self._loop)
        closing.result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=loop.run_forever, name="contest-models", daemon=True
        )
        self._thread.start()
        return loop

    async def _ask(
        self, file: Path, prompt: str, image: bytes | None, teams: Sequence[str]
    ) -> None:
        ends = await asyncio.gather(
            *(last_reply(self._endpoints[team], prompt, image) for team in teams)
        )
        found = dict(zip(teams, ends, strict=True))
        faults = {t: end for t, end in found.items() if isinstance(end, EndpointFault)}
        for team, fault in faults.items():
            await asyncio.to_thread(self._on_fault, team, fault)
        kept = BattleAnswers(
            answers={
                t: end.text for t, end in found.items() if isinstance(end, Answer)
            },
            faults=faults,
        )
        await asyncio.to_thread(_keep, file, msgspec.json.encode(kept))

    async def _close(self) -> None:
        for asked in list(self._asked.values()):
            asked.cancel()
        for endpoint in self._endpoints.values():
            await endpoint.close()


class ContestAnswers:
    """What is shown of each battle, wherever it comes from."""

    def __init__(
        self,
        prepared: Sequence[PreparedAnswer],
        pictures: Mapping[str, bytes],
        live: LiveAnswers | None = None,
    ) -> None:
        self._prepared: dict[str, dict[str, str]] = {}
        for answer in prepared:
            self._prepared.setdefault(answer.prompt, {})[answer.team] = answer.text
        self._pictures = pictures
        self._live = live

    def texts(
        self, contest: RunningContest, battle: Battle
    ) -> Texts | VoidReason | None:
        """Both texts, or why there are none; None while the models are asked."""
        prepared = self._prepared.get(battle.prompt, {})
        if self._live is None:
            return battle_texts(contest, battle, prepared)
        prompt = prompt_of(contest, battle)
        voter = voter_subject(contest, battle.voter).rsplit("/", 1)[1]
        found = self._live.of(
            f"{voter}-{battle.number:03d}",
            prompt.text,
            self._pictures.get(prompt.image_digest),
            sorted({battle.left, battle.right}),
        )
        if found is None:
            return None
        answers = found.answers
        if found.faults:
            instead = after_faults(contest, found.faults, prepared)
            if isinstance(instead, VoidReason):
                return instead
            answers = {**answers, **instead}
        return battle_texts(contest, battle, answers)


def _keep(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    written_beside(file, data).replace(file)
