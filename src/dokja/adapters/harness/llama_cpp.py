"""GGUF files on the CPU, through llama.cpp's own server and the endpoint's door."""

from __future__ import annotations

import hashlib
import json
import math
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from dokja.adapters.harness.chat import Sampling
from dokja.adapters.harness.child import end_child, last_words
from dokja.adapters.harness.echoed import split
from dokja.adapters.harness.endpoint import WRITTEN, Endpoint, EndpointHarness
from dokja.adapters.harness.libraries import releases
from dokja.adapters.harness.records import FACT_LETTERS, Fault, Likelihoods
from dokja.adapters.harness.server import Patience, Server, clock
from dokja.benchmark.values import (
    FaultCause,
    Item,
    Measured,
    SampleRecord,
    Scoring,
    Suite,
)
from dokja.errors import InvalidInput, Unavailable

ALIAS = "gguf"
"""What the file is called between us and its server."""
FAINTEST = -85.0
"""Below it llama.cpp's single-precision probabilities run into zero."""
FORCED = 1e4
"""Added to a token's logit so that it is drawn; what is told of it is before that."""
BESIDE = (64, 2048, 1 << 16)
"""How many likely tokens are asked for: few, then more, as many as an answer holds."""
_SCRIPT = Path(__file__).with_name("llama_server.py")


class LlamaCppHarness:
    """Runs a GGUF file; implements `benchmark.ports.Harness`."""

    def __init__(
        self, *, context: int, threads: int, sampling: Sampling, patience: Patience
    ) -> None:
        self._context = context
        self._threads = threads
        self._sampling = sampling
        self._patience = patience

    @property
    def engine(self) -> str:
        """Version and every parameter that changes a score."""
        release = releases(["xllamacpp"], extra="llama")
        return (
            f"llama.cpp of {release}; cpu; {self._threads} threads; "
            f"context {self._context}; one at a time; f32 cache; "
            "flash attention off; ChatML where the file has no template; "
            f"{self._sampling.shown}; {TokenChoices.method}"
        )

    @property
    def scorings(self) -> frozenset[Scoring]:
        """Written answers and log-likelihoods of choices."""
        return WRITTEN | {Scoring.CHOICES}

    def run(
        self, model: str, suites: Sequence[Suite], *, repeat: int = 0
    ) -> tuple[SampleRecord, ...]:
        """One record for every item, in the suites' order; `model` is the file."""
        served_by = self.engine
        with _opened(Path(model)):
            pass  # a file that is not there is the caller's error, not llama.cpp's
        orders = {"context": self._context, "threads": self._threads}
        with running_llama(Path(model), orders, self._patience) as (address, key):
            endpoint = Endpoint(
                address=address,
                model=ALIAS,
                # The run names them; a digest for every shard would read all anew.
                weights="",
                served_by=served_by,
                choices=TokenChoices(),
                secret=key,
            )
            harness = EndpointHarness(
                endpoint, sampling=self._sampling, patience=self._patience
            )
            return harness.run(ALIAS, suites, repeat=repeat)


@dataclass
class TokenChoices:
    """Choices token by token, each forced and its log-likelihood told.

    Implements `endpoint.Choices`. The server says of a drawn token what the model
    gave it before anything was added, so forcing one tells its worth exactly.
    """

    method = "choices by forced token"

    async def offered(self, server: Server, body: Mapping[str, Any]) -> bool:  # noqa: ARG002
        """Whether the server gives what is needed. Raises: Fault."""
        tokens = await tokens_of(server, "1 + 1 = 2")
        told = await _Prefixes(server=server).worth(tokens[:-1], tokens[-1])
        return told <= 0

    async def likelihoods(
        self,
        server: Server,
        item: Item,
        body: Mapping[str, Any],  # noqa: ARG002
    ) -> Likelihoods:
        """What each choice of the item is worth. Raises: Fault."""
        began, known = clock(), _Prefixes(server=server)
        asked = len(await tokens_of(server, split(item.question, "").question))
        values, from_above = [], set()
        for place, choice in enumerate(item.choices):
            whole = await tokens_of(server, item.question + choice)
            if not 0 < asked < len(whole):
                fact = "a question or a choice has no token of its own"
                raise Fault(FaultCause.SUITE, fact)
            told = [
                await known.worth(whole[:end], whole[end])
                for end in range(asked, len(whole))
            ]
            if min(told) <= FAINTEST:
                from_above.add(place)
            values.append(sum(max(worth, FAINTEST) for worth in told))
        return Likelihoods(
            values=values,
            from_above=frozenset(from_above),
            measured=Measured(seconds=clock() - began),
        )


@dataclass
class _Prefixes:
    """Tokens after prefixes of one item, each asked for once.

    The first question reads everything anew and the later ones go on from there,
    so that nothing hangs on what was asked before this item.
    """

    server: Server
    known: dict[tuple[tuple[int, ...], int], float] = field(default_factory=dict)

    async def worth(self, prefix: Sequence[int], token: int) -> float:
        """The log-likelihood of the token after the prefix. Raises: Fault."""
        place = (tuple(prefix), token)
        if place not in self.known:
            told = await self._drawn(prefix, token, beside=1)
            # A token that ends within a character is never told when it is drawn,
            # only as one that might have been: another one is drawn then.
            if told is None:
                told = await self._beside(prefix, token)
            self.known[place] = told
        return self.known[place]

    async def _beside(self, prefix: Sequence[int], token: int) -> float:
        whole = (await tokens_of(self.server, "1"))[-1]
        for beside in BESIDE:
            drawn = await self._drawn(prefix, whole, beside=beside, sought=token)
            if drawn is not None:
                return drawn
        raise Fault(FaultCause.INFRASTRUCTURE, "the server does not tell of a token")

    async def _drawn(
        self,
        prefix: Sequence[int],
        token: int,
        *,
        beside: int,
        sought: int | None = None,
    ) -> float | None:
        """What is told where `token` is drawn, of itself or of one beside it."""
        answer = await self.server.post(
            "/completion",
            {
                "prompt": list(prefix),
                "n_predict": 1,
                "n_probs": beside,
                "temperature": 0,
                "logit_bias": [[token, FORCED]],
                "cache_prompt": bool(self.known),
            },
        )
        told = answer.get("completion_probabilities")
        first = told[0] if isinstance(told, list) and told else None
        if not isinstance(first, dict):
            return None
        if first.get("id") != token:
            raise Fault(FaultCause.INFRASTRUCTURE, "the server drew another token")
        if sought is None:
            return _number(first)
        others = first.get("top_logprobs", [])
        found = [_number(other) for other in others if other.get("id") == sought]
        return found[0] if found else None


def _number(told: Mapping[str, Any]) -> float:
    """The log-likelihood that is told; not a number where the model gave none."""
    worth = told.get("logprob")
    return float(worth) if isinstance(worth, int | float) else math.nan


async def tokens_of(server: Server, text: str) -> list[int]:
    """The tokens of a text, as the file's tokenizer cuts it. Raises: Fault."""
    answer = await server.post("/tokenize", {"content": text, "add_special": True})
    found = answer.get("tokens")
    if not isinstance(found, list) or any(type(token) is not int for token in found):
        raise Fault(FaultCause.INFRASTRUCTURE, "the server gave no tokens")
    return found


def gguf_digest(path: Path) -> str:
    """Digest of the file as it is: what a run's weights are named by.

    Raises: InvalidInput where it cannot be read.
    """
    with _opened(path) as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


@contextmanager
def _opened(path: Path) -> Iterator[BufferedReader]:
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be read: {error.strerror}",
            remedy="give the path of a GGUF file",
        ) from error


@contextmanager
def running_llama(
    model: Path, orders: Mapping[str, int], patience: Patience
) -> Iterator[tuple[str, str]]:
    """Address and key of a server that is there as long as it is needed.

    Raises: InvalidInput where llama.cpp cannot load the file.
    """
    key = secrets.token_hex(16)
    told = {**orders, "model": str(model.resolve()), "alias": ALIAS, "key": key}
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603  this interpreter, our script
            # -P: what stands beside the script is named like what it imports.
            [sys.executable, "-P", str(_SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
        try:
            yield _address(process, json.dumps(told), errors, patience.deadline), key
        finally:
            end_child(process)


def _address(
    process: subprocess.Popen[bytes], told: str, errors: IO[bytes], seconds: float
) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    late = threading.Event()

    def give_up() -> None:
        late.set()
        process.kill()

    watch = threading.Timer(seconds, give_up)
    watch.start()
    try:
        process.stdin.write(told.encode() + b"\n")
        process.stdin.flush()
        line = process.stdout.readline(1 << 16)
    except BrokenPipeError:
        line = b""
    finally:
        watch.cancel()
    if line:
        return str(json.loads(line)["address"])
    if late.is_set():
        raise Unavailable(
            f"llama.cpp did not load the model within {seconds:g} seconds",
            remedy="give it longer, or a machine that is less busy",
        )
    said = last_words(process, errors)
    errors_said = [line for line in said if "error" in line.lower()]
    last = (errors_said or said)[0]
    raise InvalidInput(
        f"llama.cpp cannot load the model: {last[-FACT_LETTERS:]}",
        remedy="check that the GGUF file is whole and of an architecture it knows",
    )
