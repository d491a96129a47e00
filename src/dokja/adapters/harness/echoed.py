"""Log-likelihoods of choices from a server that echoes the prompt with them.

The choice's tokens are those by which question and choice together are longer
than the question, as lm-evaluation-harness counts them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dokja.adapters.harness.chat import used_tokens
from dokja.adapters.harness.records import Fault, Likelihoods
from dokja.adapters.harness.server import Server, clock
from dokja.benchmark.values import FaultCause, Item, Measured

COMPLETIONS = "/v1/completions"


@dataclass(frozen=True, kw_only=True)
class Split:
    """A question and a choice as they are counted."""

    question: str
    choice: str


def split(question: str, choice: str) -> Split:
    """Question and choice, the question's last spaces counted to the choice.

    Tokens carry the space before a word, so that it belongs to what follows.
    """
    kept = question.rstrip()
    return Split(question=kept, choice=question[len(kept) :] + choice)


class EchoedChoices:
    """Choices by echo; implements `endpoint.Choices`."""

    method = "choices by echo"

    async def offered(self, server: Server, body: Mapping[str, Any]) -> bool:
        """Whether the server gives what is needed. Raises: Fault."""
        asked = {**body, "prompt": "1 + 1 =", "echo": True, "logprobs": 1}
        return _echoed(await server.post(COMPLETIONS, asked)) is not None

    async def likelihoods(
        self, server: Server, item: Item, body: Mapping[str, Any]
    ) -> Likelihoods:
        """What each choice of the item is worth. Raises: Fault."""
        began = clock()
        question = split(item.question, "").question
        alone = await server.post(COMPLETIONS, {**body, "prompt": question})
        asked = used_tokens(alone.get("usage"))[0]
        values = []
        for choice in item.choices:
            both = {**body, "prompt": item.question + choice}
            echoing = {**both, "echo": True, "logprobs": 1}
            values.append(_worth(await server.post(COMPLETIONS, echoing), asked))
        return Likelihoods(values=values, measured=Measured(seconds=clock() - began))


def _echoed(answer: Mapping[str, Any]) -> list[Any] | None:
    choices = answer.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    told = first.get("logprobs") if isinstance(first, dict) else None
    values = told.get("token_logprobs") if isinstance(told, dict) else None
    count = used_tokens(answer.get("usage"))[0]
    if not isinstance(values, list) or count is None or len(values) < count:
        return None
    return values[:count]


def _worth(answer: Mapping[str, Any], asked: int | None) -> float:
    values = _echoed(answer)
    if values is None or asked is None:
        fact = "the server's answer lacks log-likelihoods or the count of tokens"
        raise Fault(FaultCause.INFRASTRUCTURE, fact)
    mine = values[asked:]
    if not mine:
        raise Fault(FaultCause.SUITE, "a choice adds no token to the question")
    if any(type(value) not in (int, float) for value in mine):
        fact = "the server gave no log-likelihood for a token"
        raise Fault(FaultCause.INFRASTRUCTURE, fact)
    return float(sum(mine))
