"""What a GGUF file expects next, asked of llama.cpp's own server."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from dokja.adapters.harness.libraries import releases
from dokja.adapters.harness.llama_cpp import (
    BESIDE,
    FAINTEST,
    FORCED,
    running_llama,
    tokens_of,
)
from dokja.adapters.harness.records import Fault
from dokja.adapters.harness.server import Patience, Server, reach, run_apart
from dokja.errors import Unavailable

Told = TypeVar("Told")


@dataclass(frozen=True, kw_only=True)
class LlamaTokens:
    """Implements `commitment.ports.NextTokens` over a server that runs."""

    address: str
    key: str
    patience: Patience
    engine: str
    vocabulary: int

    def likeliest(
        self, sequence: Sequence[int], count: int
    ) -> tuple[tuple[int, ...], ...]:
        """At every place, the likeliest tokens; of equals the lower number first."""

        async def asked(server: Server) -> tuple[tuple[int, ...], ...]:
            found, drawn = [], await _whole_token(server)
            for end in range(1, len(sequence) + 1):
                told = await _told(server, sequence[:end], count, drawn)
                found.append(tuple(sorted(told, key=lambda t: (-told[t], t))))
            return tuple(found)

        return self._ask(asked)

    def worth(
        self, sequence: Sequence[int], asked: Sequence[Sequence[int]]
    ) -> tuple[tuple[float, ...], ...]:
        """At every place, log-probabilities, none below what single floats hold."""

        async def told(server: Server) -> tuple[tuple[float, ...], ...]:
            drawn = await _whole_token(server)
            return tuple(
                [
                    await _worth(server, sequence[: place + 1], tokens, drawn)
                    for place, tokens in enumerate(asked)
                ]
            )

        return self._ask(told)

    def _ask(self, ask: Callable[[Server], Awaitable[Told]]) -> Told:
        async def work() -> Told:
            async with reach(self.address, self.patience, secret=self.key) as server:
                return await ask(server)

        return _answered(work())


@contextmanager
def llama_tokens(
    model: Path, *, context: int, patience: Patience
) -> Iterator[LlamaTokens]:
    """The file, served as long as it is needed.

    Raises: Unavailable without the extra; InvalidInput where llama.cpp cannot load it.
    """
    release = releases(["xllamacpp"], extra="llama")
    orders = {"context": context, "threads": 1}
    with running_llama(model, orders, patience) as (address, key):

        async def vocabulary() -> int:
            async with reach(address, patience, secret=key) as server:
                return _size(await server.get("/v1/models"))

        yield LlamaTokens(
            address=address,
            key=key,
            patience=patience,
            engine=f"llama.cpp of {release}; cpu; one thread; context {context}; "
            "f32 cache; flash attention off",
            vocabulary=_answered(vocabulary()),
        )


async def _worth(
    server: Server, prefix: Sequence[int], tokens: Sequence[int], drawn: int
) -> tuple[float, ...]:
    for beside in BESIDE:
        told = await _told(server, prefix, beside, drawn)
        if all(token in told for token in tokens):
            return tuple(max(told[token], FAINTEST) for token in tokens)
    raise Unavailable(
        "the server does not tell of a token", remedy="compare the other formats"
    )


async def _whole_token(server: Server) -> int:
    """A token that is drawn everywhere, for it holds a whole character.

    Of a place where a token is drawn that ends within one, the server tells nothing.
    """
    return (await tokens_of(server, "1"))[-1]


async def _told(
    server: Server, prefix: Sequence[int], count: int, drawn: int
) -> dict[int, float]:
    """The likeliest tokens after the prefix, with their log-probabilities.

    What is told is what the model gave before anything was added to it.
    """
    answer = await server.post(
        "/completion",
        {
            "prompt": list(prefix),
            "n_predict": 1,
            "n_probs": count,
            "temperature": 0,
            "logit_bias": [[drawn, FORCED]],
            "cache_prompt": False,
        },
    )
    told = answer.get("completion_probabilities")
    first = told[0] if isinstance(told, list) and told else None
    likely = first.get("top_logprobs") if isinstance(first, dict) else None
    found = likely if isinstance(likely, list) else []
    return {
        int(each["id"]): float(each["logprob"])
        for each in found
        if isinstance(each.get("logprob"), int | float)
    }


def _size(listed: Mapping[str, Any]) -> int:
    data = listed.get("data")
    meta = data[0].get("meta") if isinstance(data, list) and data else None
    size = meta.get("n_vocab") if isinstance(meta, dict) else None
    if type(size) is not int or size < 1:
        raise Unavailable(
            "llama.cpp does not say how many tokens the file has",
            remedy="use the release of xllamacpp that the extra names",
        )
    return size


def _answered(work: Coroutine[Any, Any, Told]) -> Told:
    """What the server tells. Raises: Unavailable where it does not."""
    try:
        return run_apart(work)
    except Fault as fault:
        raise Unavailable(
            f"llama.cpp does not answer: {fault.fact}", remedy="try once more"
        ) from fault
