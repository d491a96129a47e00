"""A small model in this process, so that a contest runs without any server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dokja.adapters.endpoint.attempt import Asked, Ending, Failed, Timing, shown_text
from dokja.contest.served.values import (
    EndpointFault,
    EndpointRules,
    FaultReason,
    Finish,
)
from dokja.errors import Unavailable
from dokja.evidence.seeds import uniform_draws

MOST_WAITING = 32
"""Questions of one model that wait for the thread; more are told that it is busy."""
_HALF_LETTER = "\ufffd"


@dataclass(frozen=True)
class _Loaded:
    model: Any
    tokenizer: Any
    room: int
    """Tokens that the model takes, prompt and answer together."""


class ExampleModel:
    """A transformers folder on the CPU; all of them take turns on one thread.

    Nothing is fetched and no code of the folder is run. A model's time begins when
    its turn does: other teams' questions are not its slowness.
    """

    def __init__(self, folder: Path, *, name: str, rules: EndpointRules) -> None:
        """Raises: Unavailable without the extra `harness`."""
        if find_spec("transformers") is None or find_spec("torch") is None:
            raise Unavailable(
                "a model in this process needs transformers and torch",
                remedy="install Dokja with its extra: pip install 'dokja[harness]', "
                "or serve the model and give its address",
            )
        self._folder = folder
        self._name = name
        self._rules = rules
        self._loaded: _Loaded | None = None
        self._waiting = 0

    @property
    def name(self) -> str:
        """As the office calls it."""
        return self._name

    async def attempt(
        self, asked: Asked, timing: Timing
    ) -> AsyncGenerator[str | Ending]:
        """Words to show, and at last the ending. Raises: Failed."""
        if asked.image is not None:
            fact = "the model takes no pictures"
            raise Failed(FaultReason.REFUSED, fact, again=False)
        if self._waiting >= MOST_WAITING:
            fact = f"{MOST_WAITING} questions wait already"
            raise Failed(FaultReason.RATE_LIMITED, fact)
        turn = _Turn()
        self._waiting += 1
        work = _one_thread().submit(self._work, asked, turn)
        work.add_done_callback(turn.end)
        try:
            await turn.begun.wait()
            while True:
                piece = await timing.wait(turn.told.get())
                if isinstance(piece, Failed):
                    raise piece
                timing.heard()
                if piece:
                    yield piece
                if isinstance(piece, Ending):
                    return
        finally:
            turn.left.set()
            work.cancel()
            self._waiting -= 1

    async def check(self) -> EndpointFault | None:
        """What is wrong now; loads the model where that was not done yet."""
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(_one_thread(), self._load)
        except Failed as failed:
            return failed.fault
        return None

    async def close(self) -> None:
        """Nothing; lets go of the weights."""
        self._loaded = None

    def _load(self) -> _Loaded:
        if self._loaded is None:
            self._loaded = _load(self._folder)
        return self._loaded

    def _work(self, asked: Asked, turn: _Turn) -> None:
        """Nothing; puts words until the end, a failure, or until nobody reads."""
        try:
            loaded = self._load()
            turn.begin()
            for piece in _written(loaded, asked, self._rules):
                turn.put(piece)
                if turn.left.is_set():
                    return
        except Failed as failed:
            turn.put(failed)


class _Turn:
    """One question on the thread, and the event loop on which its reader waits."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.told: asyncio.Queue[str | Ending | Failed] = asyncio.Queue()
        self.begun = asyncio.Event()
        self.left = threading.Event()
        """Set by a reader who waits no longer."""

    def begin(self) -> None:
        """Nothing; the reader's time begins."""
        if not self.left.is_set():
            self._loop.call_soon_threadsafe(self.begun.set)

    def put(self, piece: str | Ending | Failed) -> None:
        """Nothing; hands the piece to the reader."""
        if not self.left.is_set():
            self._loop.call_soon_threadsafe(self.told.put_nowait, piece)

    def end(self, _: object) -> None:
        """Nothing; read where the work ended without an ending, and never else."""
        self.put(Failed(FaultReason.SERVER_ERROR, "the model fails", again=False))
        self.begin()


@cache
def _one_thread() -> ThreadPoolExecutor:
    """The thread on which every model of this process is opened and runs.

    While one is opened, transformers changes defaults of torch that are the whole
    process's; another that ran meanwhile gave no numbers.
    """
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="example-model")


def _load(folder: Path) -> _Loaded:
    """The folder's model. Raises: Failed where transformers does not open it."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    said: Any = logging
    said.set_verbosity_error()
    said.disable_progress_bar()
    # Sums depend on how many threads share them.
    torch.set_num_threads(1)
    local = {"local_files_only": True, "trust_remote_code": False}
    try:
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, use_safetensors=True, **local
        )
        tokenizer = AutoTokenizer.from_pretrained(folder, **local)
    except (OSError, ValueError, RuntimeError, KeyError, ImportError) as error:
        fact = f"the model cannot be opened: {type(error).__name__}"
        raise Failed(FaultReason.UNREACHABLE, fact, again=False) from error
    room = getattr(model.config, "max_position_embeddings", None) or 1024
    return _Loaded(model.eval(), tokenizer, room)


def _written(
    loaded: _Loaded, asked: Asked, rules: EndpointRules
) -> Iterator[str | Ending]:
    """Words as they are drawn, and the ending; an empty one for half a letter."""
    tokens = _tokens(loaded, asked.prompt)
    room = min(rules.most_tokens, loaded.room - len(tokens))
    if not tokens or room < 1:
        fact = f"the model takes {loaded.room} tokens, prompt and answer together"
        raise Failed(FaultReason.REFUSED, fact, again=False)
    drawn: list[int] = []
    shown = 0
    finish = Finish.LENGTH
    for token in _drawn(loaded, tokens, room, asked, rules):
        if token is None:
            finish = Finish.STOP
            break
        drawn.append(token)
        text = loaded.tokenizer.decode(drawn, skip_special_tokens=True)
        whole = text.rstrip(_HALF_LETTER)
        yield shown_text(whole[shown:])
        shown = max(shown, len(whole))
    yield Ending(finish=finish, tokens=len(drawn))


def _drawn(
    loaded: _Loaded,
    tokens: list[int],
    room: int,
    asked: Asked,
    rules: EndpointRules,
) -> Iterator[int | None]:
    """Tokens one by one; None where the model ends its answer."""
    import torch

    ends = loaded.model.generation_config.eos_token_id
    stops = set(ends if isinstance(ends, list) else [ends])
    chances = uniform_draws(asked.seed, room) if rules.temperature else None
    given, cache = torch.tensor([tokens]), None
    for place in range(room):
        with torch.inference_mode():
            out = loaded.model(input_ids=given, past_key_values=cache, use_cache=True)
            worth = out.logits[0, -1].double()
            if not bool(torch.isfinite(worth).any()) or bool(worth.isnan().any()):
                fact = "the weights give no number for a token"
                raise Failed(FaultReason.SERVER_ERROR, fact, again=False)
            if chances is None:
                token = int(worth.argmax())
            else:
                share = (worth / rules.temperature).softmax(0).cumsum(0)
                token = int(torch.searchsorted(share, float(chances[place])))
                token = min(token, len(share) - 1)
        if token in stops:
            yield None
            return
        yield token
        given, cache = torch.tensor([[token]]), out.past_key_values


def _tokens(loaded: _Loaded, prompt: str) -> list[int]:
    """The prompt as the model reads it. Raises: Failed."""
    tokenizer = loaded.tokenizer
    if not tokenizer.chat_template:
        return list(tokenizer(prompt)["input_ids"])
    turns = [{"role": "user", "content": prompt}]
    try:
        text = tokenizer.apply_chat_template(
            turns, tokenize=False, add_generation_prompt=True
        )
    except Exception as error:  # a submitted template may raise anything
        fact = f"the chat template fails: {type(error).__name__}"
        raise Failed(FaultReason.SERVER_ERROR, fact, again=False) from error
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])
