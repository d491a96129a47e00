"""GGUF files behind the port, run by llama.cpp's own server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from dokja.adapters.harness import (
    LlamaCppHarness,
    LmEvalHarness,
    Patience,
    Sampling,
    gguf_digest,
)
from dokja.adapters.harness.llama_cpp import TokenChoices, running_llama
from dokja.adapters.harness.server import Server, reach
from dokja.benchmark.values import FaultCause, Item, SampleStatus, Scoring, Suite
from dokja.errors import InvalidInput
from tests.contract.gguf_models import convert, smollm2
from tests.contract.small_suites import letters, made, shipped
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.slow

TRAINED = ROOT / "examples/models/dalyeoul/text_decoder"
ORDERS = {"context": 256, "threads": 1}


def harness() -> LlamaCppHarness:
    """The harness on one thread."""
    return LlamaCppHarness(
        context=512,
        threads=1,
        sampling=Sampling(),
        patience=Patience(attempts=2, first_wait=0.1, deadline=60),
    )


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained example as a GGUF file of 32-bit floats."""
    return convert(TRAINED, tmp_path_factory.mktemp("gguf") / "trained.gguf")


@pytest.fixture(scope="module")
def suites() -> tuple[Suite, ...]:
    """Choices whose words are whole tokens, and ones cut within a character."""
    return shipped("small-sums", 6), shipped("ko-particle", 6)


@pytest.fixture(scope="module")
def measured(
    gguf: Path, suites: tuple[Suite, ...]
) -> dict[str, dict[str, tuple[float, ...]]]:
    """Log-likelihoods of every choice, asked in the suites' order and backwards."""
    items = [item for suite in suites for item in suite.items]

    async def values(
        server: Server, asked: Iterator[Item]
    ) -> dict[str, tuple[float, ...]]:
        choices = TokenChoices()
        return {
            item.id: tuple((await choices.likelihoods(server, item, {})).values)
            for item in asked
        }

    async def both(address: str, key: str) -> dict[str, dict[str, tuple[float, ...]]]:
        async with reach(address, Patience(), secret=key) as server:
            forward = await values(server, iter(items))
            return {"forward": forward, "back": await values(server, reversed(items))}

    with running_llama(gguf, ORDERS, Patience()) as (address, key):
        return asyncio.run(both(address, key))


def expected(suites: tuple[Suite, ...]) -> dict[str, tuple[float, ...]]:
    """The same log-likelihoods of the same weights, by transformers."""
    model = AutoModelForCausalLM.from_pretrained(TRAINED, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(TRAINED)

    def worth(question: str, choice: str) -> float:
        asked = len(tokenizer(question)["input_ids"])
        whole = tokenizer(question + choice)["input_ids"]
        with torch.no_grad():
            told = torch.log_softmax(model(torch.tensor([whole])).logits[0], dim=-1)
        places = range(asked, len(whole))
        return sum(float(told[place - 1, whole[place]]) for place in places)

    return {
        item.id: tuple(worth(item.question, choice) for choice in item.choices)
        for suite in suites
        for item in suite.items
    }


def test_forced_tokens_are_worth_what_transformers_says(
    measured: dict[str, dict[str, tuple[float, ...]]], suites: tuple[Suite, ...]
) -> None:
    """The same weights in the same precision, by two engines."""
    wanted = expected(suites)
    assert measured["forward"].keys() == wanted.keys()
    for item, values in measured["forward"].items():
        assert values == pytest.approx(wanted[item], abs=1e-3), item


def test_what_was_asked_before_changes_no_bit(
    measured: dict[str, dict[str, tuple[float, ...]]],
) -> None:
    """A shard that is measured later gives what it would have given at first."""
    assert measured["forward"] == measured["back"]


def test_choices_are_those_of_lm_eval(gguf: Path, suites: tuple[Suite, ...]) -> None:
    """Two harnesses, one model, the same answers."""
    mine = harness().run(str(gguf), suites)
    theirs = LmEvalHarness(batch_size=1, dtype="float32").run(str(TRAINED), suites)
    assert [(r.item, r.item_digest, r.chosen) for r in mine] == [
        (r.item, r.item_digest, r.chosen) for r in theirs
    ]
    assert {record.status for record in mine} == {SampleStatus.SCORED}


CHAT = made(
    Scoring.EXACT,
    tuple(
        Item(id=f"chat-{n}", question=question, target=target, cluster=f"c{n}")
        for n, (question, target) in enumerate(
            [("Say hello.", "Hello"), ("The capital of France?", "Paris")]
        )
    ),
    tokens=12,
)


def test_a_real_chat_model_writes_the_same_answers_each_time() -> None:
    """SmolLM2-135M over the chat door, with the server's own count of tokens."""
    first = harness().run(str(smollm2()), [CHAT])
    again = harness().run(str(smollm2()), [CHAT])
    assert [r.answer for r in first] == [r.answer for r in again]
    for record in first:
        assert record.status is SampleStatus.SCORED
        assert record.answer.strip()
        assert record.input_tokens is not None
        assert record.input_tokens > 20
        assert record.output_tokens is not None
        assert 0 < record.output_tokens <= 12
        assert record.measured is not None
        assert record.measured.first_token_seconds is not None


def test_a_prompt_longer_than_the_context_is_an_error_and_no_zero(gguf: Path) -> None:
    """llama.cpp refuses it; the others are answered."""
    suite = letters("짧은 물음", "긴 물음 " * 400)
    short, long = harness().run(str(gguf), [suite])
    assert short.status is SampleStatus.SCORED
    assert (long.status, long.score) == (SampleStatus.ERROR, None)
    assert long.cause is FaultCause.MODEL
    assert "context" in long.error


def test_the_engine_names_all_that_changes_a_score() -> None:
    """Release, threads, context, precision of the cache and sampling."""
    engine = harness().engine
    for part in ("llama.cpp", "xllamacpp 20", "1 threads", "context 512", "f32 cache"):
        assert part in engine
    for part in ("temperature 0", "seed 0 + repeat", "forced token"):
        assert part in engine


def test_weights_are_named_by_the_digest_of_the_file() -> None:
    """The digest that the package's publisher gives of its file begins so."""
    assert gguf_digest(smollm2()).startswith("sha256:b179c952")


def test_a_file_that_does_not_load_is_named_with_a_remedy(
    tmp_path: Path, suites: tuple[Suite, ...]
) -> None:
    """It takes down its own process and nothing else."""
    place = tmp_path / "broken.gguf"
    place.write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(InvalidInput, match="cannot load the model"):
        harness().run(str(place), suites)
    with pytest.raises(InvalidInput, match="cannot be read"):
        harness().run(str(tmp_path / "none.gguf"), suites)
