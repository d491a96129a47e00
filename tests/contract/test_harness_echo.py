"""Log-likelihoods of choices over HTTP, from a server that echoes them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from dokja.adapters.harness import (
    EchoedChoices,
    Endpoint,
    EndpointHarness,
    LmEvalHarness,
    Patience,
    Sampling,
)
from dokja.benchmark.values import FaultCause, Item, SampleStatus, Scoring
from dokja.errors import Unavailable
from tests.contract.chat_server import (
    MODEL,
    ChatServer,
    Reaction,
    Request,
    chat_server,
    refuses,
)
from tests.contract.echoing_model import echoes, tells
from tests.contract.small_suites import made, shipped
from tests.e2e.conftest import ROOT

TRAINED = ROOT / "examples/models/cheotnunmaeul/text_decoder"
QUICK = Patience(attempts=2, first_wait=0.01, deadline=5)


def harness(server: ChatServer) -> EndpointHarness:
    """The harness for a model at a server that is declared to echo."""
    endpoint = Endpoint(
        address=server.address,
        model=MODEL,
        weights="sha256:00",
        served_by="stand-in 1",
        choices=EchoedChoices(),
    )
    return EndpointHarness(endpoint, sampling=Sampling(), patience=QUICK)


PAIR = made(
    Scoring.CHOICES,
    tuple(
        Item(id=f"i{n}", question=question, choices=("가", "나"), answer=0, cluster="c")
        for n, question in enumerate(("첫 물음 ", "둘째 물음 "))
    ),
)


@pytest.mark.slow
def test_choices_are_those_of_lm_eval() -> None:
    """The same model asked over HTTP and in memory chooses the same."""
    suites = [shipped("small-sums", 6), shipped("ko-particle", 6)]
    with chat_server(other=echoes(TRAINED)) as server:
        asking = harness(server)
        over_http = asking.run(MODEL, suites)
        assert "choices by echo" in asking.engine
    in_memory = LmEvalHarness(batch_size=1, dtype="float32").run(str(TRAINED), suites)
    assert [(r.item, r.chosen) for r in over_http] == [
        (r.item, r.chosen) for r in in_memory
    ]
    assert {record.status for record in over_http} == {SampleStatus.SCORED}


@pytest.mark.parametrize(
    ("values", "cause", "fact"),
    [
        ([math.nan], FaultCause.MODEL, "no log-likelihood"),
        ([None], FaultCause.INFRASTRUCTURE, "no log-likelihood for a token"),
        (["-1.5"], FaultCause.INFRASTRUCTURE, "no log-likelihood for a token"),
    ],
)
def test_what_is_no_number_is_an_error_and_no_choice(
    values: list[Any], cause: FaultCause, fact: str
) -> None:
    """The likeliest of nothing would be the first choice: here the right one."""
    with chat_server({"첫": [tells(values)]}, other=tells([])) as server:
        first, second = harness(server).run(MODEL, [PAIR])
    assert (first.status, first.score, first.cause) == (SampleStatus.ERROR, None, cause)
    assert fact in first.error
    assert second.status is SampleStatus.SCORED


def silent(request: Request) -> None:
    """Answers as though no echo had been asked for."""
    request.send(b'{"choices": [{"text": "2"}], "usage": {"prompt_tokens": 7}}')


@pytest.mark.parametrize("other", [refuses(400, "Only no echo is supported"), silent])
def test_a_server_without_echo_is_refused_with_the_reason(other: Reaction) -> None:
    """llama.cpp says so; others answer as though nothing had been asked."""
    with (
        chat_server(other=other) as server,
        pytest.raises(Unavailable, match="echo"),
    ):
        harness(server).run(MODEL, [PAIR])
    assert len(server.asked) == 1
