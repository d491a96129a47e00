"""Inspect behind the port: a real model, a judge, and servers that fail."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from dokja.adapters.harness import (
    Endpoint,
    InspectHarness,
    Judge,
    Patience,
    Sampling,
    gguf_digest,
)
from dokja.adapters.harness.llama_cpp import ALIAS, running_llama
from dokja.benchmark.values import FaultCause, Item, Media, SampleStatus, Scoring, Track
from dokja.errors import Unavailable
from dokja.evidence.canonical import digest_bytes
from tests.contract.chat_server import MODEL, ChatServer, chat_server, refuses, says
from tests.contract.gguf_models import smollm2
from tests.contract.small_suites import letters, made

pytestmark = pytest.mark.slow

QUICK = Patience(attempts=2, first_wait=0.1, deadline=4, failures=2)
SECRET = "key-of-the-office"  # noqa: S105  known to this test alone


def endpoint(server: ChatServer, model: str = MODEL) -> Endpoint:
    """A model at a server."""
    return Endpoint(
        address=server.address,
        model=model,
        weights="sha256:00",
        served_by="stand-in 1",
        secret=SECRET,
    )


def harness(
    server: ChatServer, *, patience: Patience = QUICK, **more: Judge | dict[str, Path]
) -> InspectHarness:
    """The harness for a model at a server."""
    return InspectHarness(
        endpoint(server),
        sampling=Sampling(temperature=0.5, seed=3),
        patience=patience,
        **more,  # type: ignore[arg-type]
    )


def test_a_real_model_answers_through_inspect() -> None:
    """SmolLM2-135M at llama.cpp's own server, with the server's count of tokens."""
    suite = letters("Is water wet?", "Is fire cold?")
    orders = {"context": 512, "threads": 1}
    patience = Patience(attempts=2, deadline=20)
    with running_llama(smollm2(), orders, patience) as (address, key):
        served = Endpoint(
            address=address,
            model=ALIAS,
            weights=gguf_digest(smollm2()),
            served_by="llama.cpp",
            secret=key,
        )
        asking = InspectHarness(served, sampling=Sampling(), patience=patience)
        records = asking.run(ALIAS, [suite], repeat=1)
    assert [r.item for r in records] == [item.id for item in suite.items]
    for record in records:
        assert record.status is SampleStatus.SCORED, record.error
        assert record.repeat == 1
        assert record.answer
        assert record.input_tokens is not None
        assert record.output_tokens is not None
        assert 0 < record.output_tokens <= suite.header.output_tokens
        assert record.measured is not None
        assert record.measured.seconds > 0


def test_each_failure_has_its_cause_and_the_rest_is_scored(tmp_path: Path) -> None:
    """In one run: refused, broken, of another model, with a picture, with a judge."""
    (tmp_path / "b.png").write_bytes(b"picture")
    shown = Media(track=Track.IMAGE, path="b.png", digest=digest_bytes(b"picture"))
    questions = ("둘째", "셋째", "다섯째", "넷째", "첫째")
    suite = made(
        Scoring.JUDGE,
        tuple(
            Item(id=q, question=q, cluster=q, media=(shown,) if q == "첫째" else ())
            for q in questions
        ),
    )
    plan = {
        "둘째": [refuses(400, "prompt too long")],
        "셋째": [refuses(500, "lost")],
        "다섯째": [says("이름을 바꾼 답", model="another")],
    }
    marks = {"첫째": [says("좋습니다.\n점수: 7")], "넷째": [says("글쎄요")]}
    with (
        chat_server(plan, other=says("답")) as server,
        chat_server(marks, other=says("점수: 1")) as office,
    ):
        judge = Judge(endpoint=endpoint(office, MODEL))
        asking = harness(server, judge=judge, folders={"small-judge": tmp_path})
        began = time.monotonic()
        records = asking.run(MODEL, [suite], repeat=2)
        took = time.monotonic() - began
        engine = asking.engine
    found = {r.item: (r.status, r.score, r.cause) for r in records}
    ours = FaultCause.INFRASTRUCTURE
    assert found == {
        "첫째": (SampleStatus.SCORED, 0.7, None),
        "둘째": (SampleStatus.ERROR, None, FaultCause.MODEL),
        "셋째": (SampleStatus.ERROR, None, ours),
        "넷째": (SampleStatus.ERROR, None, ours),
        "다섯째": (SampleStatus.ERROR, None, ours),
    }
    assert took < 60
    first = [b for b in server.asked if "첫째" in str(b)]
    assert [(b["seed"], b["temperature"], b["max_tokens"]) for b in first] == [
        (5, 0.5, 8)
    ]
    assert "data:image/png;base64,cGljdHVyZQ==" in str(first[0])
    assert first[0]["_authorization"] == f"Bearer {SECRET}"
    for part in (
        "inspect_ai 0.3.285",
        MODEL,
        "temperature 0.5",
        "judge",
        "judge's words",
    ):
        assert part in engine
    assert SECRET not in engine


def test_a_stopped_server_ends_the_run_before_inspect_begins() -> None:
    """By its own defaults Inspect asks such a server for ever."""
    with socket.socket() as unheard, chat_server() as server:
        unheard.bind(("127.0.0.1", 0))
        server.address = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(Unavailable, match="first request"):
            harness(server).run(MODEL, [letters("물음", "물음 둘")])
    assert time.monotonic() - began < 5


def test_a_server_that_dies_within_a_run_ends_it() -> None:
    """The shard is left for a later attempt and nothing of it is kept as wrong."""
    plan = {"물음": [refuses(500, "gone")]}
    once = Patience(attempts=1, deadline=4, failures=2)
    with (
        chat_server(plan, other=says("2")) as server,
        pytest.raises(Unavailable, match="2 questions in a row"),
    ):
        harness(server, patience=once).run(MODEL, [letters("물음 하나", "물음 둘")])
    assert server.count("물음") == 2


def test_without_a_judge_nothing_is_judged() -> None:
    """Refused before anything is asked."""
    suite = made(Scoring.JUDGE, (Item(id="i", question="q", cluster="c"),))
    with chat_server() as server, pytest.raises(Unavailable, match="judge"):
        harness(server).run(MODEL, [suite])
    assert not server.asked
