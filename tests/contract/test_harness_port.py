"""What holds of every harness alike, on the same suites and the same weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from dokja.adapters.harness import (
    EchoedChoices,
    Endpoint,
    EndpointHarness,
    InspectHarness,
    LlamaCppHarness,
    LmEvalHarness,
    Patience,
    Sampling,
    TransformersHarness,
    gguf_digest,
)
from dokja.adapters.harness.llama_cpp import ALIAS, running_llama
from dokja.benchmark.ports import Harness
from dokja.benchmark.results import adds_up
from dokja.benchmark.suite import item_digest
from dokja.benchmark.values import Item, SampleStatus, Scoring, Suite
from dokja.errors import Unavailable
from tests.contract.chat_server import MODEL, chat_server
from tests.contract.echoing_model import echoes
from tests.contract.gguf_models import convert
from tests.contract.small_suites import letters, made, shipped
from tests.e2e.conftest import ROOT

pytestmark = pytest.mark.slow

TRAINED = ROOT / "examples/models/dalyeoul/text_decoder"
PATIENCE = Patience(attempts=2, first_wait=0.1, deadline=60)
Placed = tuple[Harness, str]
"""A harness, and what it knows the model as."""


@pytest.fixture(scope="module")
def gguf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained example as a GGUF file."""
    return convert(TRAINED, tmp_path_factory.mktemp("gguf") / "trained.gguf")


@contextmanager
def lm_eval(_: Path) -> Iterator[Placed]:
    """lm-eval in this process."""
    yield LmEvalHarness(batch_size=4, dtype="float32"), str(TRAINED)


@contextmanager
def written_here(_: Path) -> Iterator[Placed]:
    """Another library in this process."""
    yield TransformersHarness(dtype="float32"), str(TRAINED)


@contextmanager
def llama_cpp(gguf: Path) -> Iterator[Placed]:
    """llama.cpp's server, started for the run."""
    harness = LlamaCppHarness(
        context=512, threads=1, sampling=Sampling(), patience=PATIENCE
    )
    yield harness, str(gguf)


@contextmanager
def echoing(_: Path) -> Iterator[Placed]:
    """A served model whose server echoes prompts."""
    with chat_server(other=echoes(TRAINED)) as server:
        endpoint = Endpoint(
            address=server.address,
            model=MODEL,
            weights="sha256:00",
            served_by="stand-in 1",
            choices=EchoedChoices(),
        )
        yield (
            EndpointHarness(endpoint, sampling=Sampling(), patience=PATIENCE),
            MODEL,
        )


@contextmanager
def served(gguf: Path) -> Iterator[Endpoint]:
    """The same file at llama.cpp's server."""
    orders = {"context": 512, "threads": 1}
    with running_llama(gguf, orders, PATIENCE) as (address, key):
        yield Endpoint(
            address=address,
            model=ALIAS,
            weights=gguf_digest(gguf),
            served_by="llama.cpp",
            secret=key,
        )


@contextmanager
def endpoint(gguf: Path) -> Iterator[Placed]:
    """Our own door to it."""
    with served(gguf) as at:
        yield EndpointHarness(at, sampling=Sampling(), patience=PATIENCE), ALIAS


@contextmanager
def inspect(gguf: Path) -> Iterator[Placed]:
    """Inspect's door to it."""
    with served(gguf) as at:
        yield InspectHarness(at, sampling=Sampling(), patience=PATIENCE), ALIAS


CHOICES = (shipped("small-sums", 4), shipped("ko-particle", 3))
WORDS = (
    letters("하나", "둘"),
    made(
        Scoring.NUMBER,
        tuple(
            Item(id=f"n{n}", question=f"{n} + 1 =", target=str(n + 1), cluster="c")
            for n in range(2)
        ),
    ),
)
JUDGED = made(Scoring.JUDGE, (Item(id="j", question="q", cluster="c"),))
PROGRAM = made(
    Scoring.CODE, (Item(id="p", question="q", cluster="c", tests="t", entry_point="f"),)
)
PLACES = [
    (lm_eval, CHOICES),
    (llama_cpp, CHOICES),
    (echoing, CHOICES),
    (written_here, WORDS),
    (llama_cpp, WORDS),
    (endpoint, WORDS),
    (inspect, WORDS),
]


@pytest.mark.parametrize(("place", "suites"), PLACES)
def test_every_harness_keeps_the_same_promises(
    place: Callable[[Path], AbstractContextManager[Placed]],
    suites: tuple[Suite, ...],
    gguf: Path,
) -> None:
    """One record an item, in order, of that question, with a score that adds up."""
    with place(gguf) as (harness, model):
        engine = harness.engine
        records = harness.run(model, suites, repeat=1)
        assert harness.engine == engine
        with pytest.raises(Unavailable, match="judge"):
            harness.run(model, [JUDGED])
    items = [(suite, item) for suite in suites for item in suite.items]
    assert len(records) == len(items)
    for record, (suite, item) in zip(records, items, strict=True):
        assert (record.suite, record.item) == (suite.header.id, item.id)
        assert record.item_digest == item_digest(item)
        assert record.repeat == 1
        assert record.status is SampleStatus.SCORED, record.error
        assert adds_up(suite.header.scoring, item, record)
        assert str(TRAINED.parent) not in engine


@pytest.mark.parametrize("place", [written_here, llama_cpp, endpoint, inspect])
def test_a_program_is_kept_for_who_runs_it(
    place: Callable[[Path], AbstractContextManager[Placed]], gguf: Path
) -> None:
    """It is written and not scored: running it is another's work."""
    with place(gguf) as (harness, model):
        (record,) = harness.run(model, [PROGRAM])
    assert (record.status, record.score) == (SampleStatus.NOT_RUN, None)
    assert record.answer


def test_harnesses_of_choices_agree_on_the_same_weights(gguf: Path) -> None:
    """In memory, over HTTP and by llama.cpp: the same choices, item by item."""
    chosen = []
    for place in (lm_eval, llama_cpp, echoing):
        with place(gguf) as (harness, model):
            chosen.append([record.chosen for record in harness.run(model, CHOICES)])
    assert chosen[0] == chosen[1] == chosen[2]


def test_two_doors_to_one_server_are_given_the_same_answers(gguf: Path) -> None:
    """Ours streams and Inspect's does not; the model is asked the same.

    While it streams, llama.cpp keeps a last space to itself.
    """
    answers = []
    for place in (llama_cpp, endpoint, inspect):
        with place(gguf) as (harness, model):
            records = harness.run(model, WORDS)
            answers.append(
                [(r.answer.rstrip(), r.input_tokens, r.output_tokens) for r in records]
            )
    assert answers[0] == answers[1] == answers[2]
