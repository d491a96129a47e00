"""A served model behind the port, and every way in which a server fails."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import time
from pathlib import Path

import pytest

from dokja.adapters.harness import (
    EchoedChoices,
    Endpoint,
    EndpointHarness,
    Patience,
    Sampling,
)
from dokja.benchmark.values import (
    FaultCause,
    Item,
    Media,
    SampleStatus,
    Scoring,
    Suite,
    Track,
)
from dokja.errors import Unavailable
from dokja.evidence.canonical import digest_bytes
from tests.contract.chat_server import (
    MODEL,
    ChatServer,
    Reaction,
    Request,
    breaks_off,
    breaks_with_error,
    chat_server,
    deep,
    drips,
    drips_headers,
    endless,
    garbage,
    hangs,
    refuses,
    says,
)
from tests.contract.small_suites import letters, made

QUICK = Patience(attempts=2, first_wait=0.01, deadline=0.6, failures=4)
SECRET = "key-of-the-office"  # noqa: S105  known to this test alone
OURS, MODELS = FaultCause.INFRASTRUCTURE, FaultCause.MODEL


def harness(
    server: ChatServer | str,
    *,
    patience: Patience = QUICK,
    sampling: Sampling | None = None,
    choices: EchoedChoices | None = None,
    folders: dict[str, Path] | None = None,
    at_once: int = 1,
) -> EndpointHarness:
    """The harness for a model at a server."""
    address = server if isinstance(server, str) else server.address
    endpoint = Endpoint(
        address=address,
        model=MODEL,
        weights="sha256:00",
        served_by="stand-in 1",
        choices=choices,
        secret=SECRET,
    )
    return EndpointHarness(
        endpoint,
        sampling=sampling or Sampling(),
        patience=patience,
        folders=folders,
        at_once=at_once,
    )


THREE = letters("첫째 물음", "둘째 물음", "셋째 물음")


def test_each_answer_is_scored_with_its_tokens_and_times() -> None:
    """Tokens are the server's own count, times the clock's of the one who waited."""
    with chat_server({"둘째": [says("정답: B")], "셋째": [says("모르겠습니다")]}) as s:
        records = harness(s).run(MODEL, [THREE])
    assert [r.item for r in records] == [item.id for item in THREE.items]
    assert [(r.score, r.chosen) for r in records] == [(1, 0), (0, 1), (0, None)]
    assert [r.answer for r in records] == ["정답: A", "정답: B", "모르겠습니다"]
    assert [(r.input_tokens, r.output_tokens) for r in records] == [
        (7, 5),
        (7, 5),
        (7, 6),
    ]
    for record in records:
        assert record.measured is not None
        assert record.measured.first_token_seconds is not None
        assert 0 < record.measured.first_token_seconds <= record.measured.seconds


def test_every_parameter_that_changes_an_answer_is_sent_and_named() -> None:
    """The seed is the first one and the repeat; a key or an address is never named."""
    with chat_server() as server:
        asking = harness(server, sampling=Sampling(temperature=0.7, seed=40))
        records = asking.run(MODEL, [THREE], repeat=2)
        engine = asking.engine
    last = server.asked[-1]
    sent = {n: last[n] for n in ("model", "temperature", "top_p", "seed", "max_tokens")}
    assert sent == {
        "model": MODEL,
        "temperature": 0.7,
        "top_p": 1,
        "seed": 42,
        "max_tokens": 8,
    }
    assert last["_authorization"] == f"Bearer {SECRET}"
    assert {record.repeat for record in records} == {2}
    for part in ("stand-in 1", MODEL, "sha256:00", "temperature 0.7", "seed 40"):
        assert part in engine
    assert SECRET not in engine
    assert "127.0.0.1" not in engine
    assert SECRET not in repr(asking._endpoint)


@pytest.mark.parametrize(
    ("reactions", "times", "cause", "fact"),
    [
        ([refuses(400, "prompt too long")], 1, MODELS, "400: .*prompt too long"),
        ([refuses(500, f"lost {SECRET}")], 2, OURS, "500: .*lost …"),
        ([refuses(503)], 2, OURS, "503"),
        ([refuses(429)], 2, OURS, "429"),
        ([refuses(302)], 1, OURS, "302"),
        ([garbage], 2, OURS, "not JSON"),
        ([deep], 2, OURS, "not JSON|no JSON object"),
        ([endless], 1, OURS, "more than 16 MiB"),
        ([hangs], 2, OURS, "within 0.6 seconds|Timeout"),
        ([drips], 2, OURS, "within 0.6 seconds"),
        ([drips_headers], 2, OURS, "within 0.6 seconds"),
        ([breaks_off], 2, OURS, "broke off"),
        ([breaks_with_error], 2, OURS, "out of memory"),
        ([says("정답: A", model="another")], 1, OURS, "answered as 'another'"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_failed_answer_is_an_error_with_its_cause_and_no_other_s(
    reactions: list[Reaction], times: int, cause: FaultCause, fact: str
) -> None:
    """Never a 0, never dropped, asked a bounded number of times in bounded time."""
    with chat_server({"둘째": reactions}) as server:
        began = time.monotonic()
        first, second, third = harness(server).run(MODEL, [THREE])
        took = time.monotonic() - began
    assert (first.score, third.score) == (1, 1)
    assert (second.status, second.score) == (SampleStatus.ERROR, None)
    assert second.cause is cause
    assert re.search(fact, second.error), second.error
    assert SECRET not in second.error
    assert server.count("둘째") == times
    assert took < 5


def test_many_at_once_are_kept_in_the_suite_s_order_and_named() -> None:
    """Whoever is answered first; how many were asked together may move last bits."""

    def slow_first(request: Request) -> None:
        time.sleep(0.3 if "물음 0" in request.question else 0.0)
        says("정답: A")(request)

    many = letters(*(f"물음 {number}" for number in range(12)))
    with chat_server(other=slow_first) as server:
        asking = harness(server, at_once=4)
        records = asking.run(MODEL, [many])
    assert [record.item for record in records] == [item.id for item in many.items]
    assert {record.score for record in records} == {1}
    assert "4 at once" in asking.engine


def test_a_server_that_recovers_is_asked_again() -> None:
    """What one attempt lost, the next one has."""
    with chat_server({"둘째": [refuses(500), says("정답: A")]}) as server:
        records = harness(server).run(MODEL, [THREE])
    assert [record.score for record in records] == [1, 1, 1]
    assert server.count("둘째") == 2


def test_a_stopped_server_ends_the_run_at_once() -> None:
    """Others have been seen to wait for ever; nothing here does."""
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unheard.getsockname()[1]}"
        began = time.monotonic()
        with pytest.raises(Unavailable, match="first request"):
            harness(address).run(MODEL, [THREE])
    assert time.monotonic() - began < 3


def test_a_server_that_dies_within_a_run_is_not_asked_to_the_end() -> None:
    """After so many failures in a row the shard is left for a later attempt."""
    many = letters(*(f"물음 {number}" for number in range(40)))
    with (
        chat_server({"물음": [says("정답: A")] * 3 + [breaks_off]}) as server,
        pytest.raises(Unavailable, match="4 questions in a row"),
    ):
        harness(server).run(MODEL, [many])
    assert server.count("물음") == 3 + 4 * 2


def test_failures_that_are_not_in_a_row_do_not_end_a_run() -> None:
    """A server that answers in between is there."""
    many = letters(*(f"물음 {number}" for number in range(12)))
    plan = [refuses(500), refuses(500), says("정답: A")] * 12
    with chat_server({"물음": [*plan, says("정답: A")]}) as server:
        records = harness(server).run(MODEL, [many])
    assert {record.cause for record in records} == {None, OURS}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_who_is_not_let_in_hears_so_before_anything_is_asked(status: int) -> None:
    """A wrong key or name is nobody's wrong answer."""
    with (
        chat_server(other=refuses(status, f"bad key {SECRET}")) as server,
        pytest.raises(Unavailable, match=str(status)) as caught,
    ):
        harness(server).run(MODEL, [THREE])
    assert SECRET not in str(caught.value)
    assert len(server.asked) == 1


def test_a_server_that_takes_no_such_request_is_not_the_model_s_fault() -> None:
    """A 400 to the very first request is about its form."""
    with (
        chat_server(other=refuses(400, "unknown field seed")) as server,
        pytest.raises(Unavailable, match="unknown field seed"),
    ):
        harness(server).run(MODEL, [THREE])


@pytest.mark.parametrize(
    "usage", [{}, {"prompt_tokens": "7"}, {"prompt_tokens": -1, "total": 3}]
)
def test_lost_usage_stays_unknown(usage: dict[str, object]) -> None:
    """Tokens nobody counted are None, and the answer is scored all the same."""
    with chat_server(other=says("정답: A", usage=usage)) as server:
        records = harness(server).run(MODEL, [THREE])
    assert {record.score for record in records} == {1}
    assert {(r.input_tokens, r.output_tokens) for r in records} == {(None, None)}


def test_another_model_s_name_is_refused() -> None:
    """Answers of one model never stand under another's name."""
    with (
        chat_server() as server,
        pytest.raises(Unavailable, match=f"serves '{MODEL}', not 'other'"),
    ):
        harness(server).run("other", [THREE])
    assert not server.asked


def test_what_the_endpoint_cannot_score_is_refused_before_it_is_asked() -> None:
    """There is no judge behind a chat server, and choices need an echo."""
    item = Item(id="c", question="q", cluster="c", tests="t", entry_point="f")
    for scoring in (Scoring.JUDGE, Scoring.CHOICES):
        with chat_server() as server, pytest.raises(Unavailable, match=scoring.value):
            harness(server).run(MODEL, [made(scoring, (item,))])
        assert not server.asked


def test_it_runs_where_a_loop_already_runs() -> None:
    """A notebook and a web door have a loop of their own."""

    async def within() -> int:
        return len(harness(server).run(MODEL, [THREE]))

    with chat_server() as server:
        assert asyncio.run(within()) == 3


def seen(picture: bytes) -> Suite:
    """A suite whose one question shows a picture, of which the digest is frozen."""
    shown = Media(track=Track.IMAGE, path="a/b.png", digest=digest_bytes(picture))
    first, second = letters("무엇이 보입니까", "그림 없는 물음").items
    first = Item(
        **{n: getattr(first, n) for n in first.__struct_fields__} | {"media": (shown,)}
    )
    return made(Scoring.LETTER, (first, second))


@pytest.fixture
def pictures(tmp_path: Path) -> dict[str, Path]:
    """The folder of the suite with its picture."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.png").write_bytes(b"picture")
    return {"small-letter": tmp_path}


def test_a_picture_reaches_the_server_as_it_was_frozen(
    pictures: dict[str, Path],
) -> None:
    """As a data URL before the words; the server is first asked with one of ours."""
    with chat_server() as server:
        records = harness(server, folders=pictures).run(MODEL, [seen(b"picture")])
    assert [record.score for record in records] == [1, 1]
    with_picture = [
        b for b in server.asked if not isinstance(b["messages"][0]["content"], str)
    ]
    assert len(with_picture) == 2
    shown = with_picture[1]["messages"][0]["content"][0]["image_url"]["url"]
    assert shown == "data:image/png;base64,cGljdHVyZQ=="


def test_a_server_that_takes_no_pictures_is_not_the_model_s_fault(
    pictures: dict[str, Path],
) -> None:
    """It refuses a picture that any model takes, so nothing was measured."""
    refused = {"?": [refuses(400, "no images")]}
    with chat_server(refused) as server, pytest.raises(Unavailable, match="no images"):
        harness(server, folders=pictures).run(MODEL, [seen(b"picture")])


def test_a_changed_picture_stops_the_run_before_it_begins(
    pictures: dict[str, Path],
) -> None:
    """Another picture is another question."""
    with chat_server() as server, pytest.raises(Unavailable, match="frozen"):
        harness(server, folders=pictures).run(MODEL, [seen(b"another")])
    assert not server.asked


@pytest.mark.parametrize("way", ["link", "link above", "missing", "large", "pipe"])
def test_files_that_are_not_plain_ones_of_the_suite_are_refused(
    way: str, pictures: dict[str, Path], tmp_path: Path
) -> None:
    """A suite may come from a party; its files lead nowhere else."""
    place = tmp_path / "a/b.png"
    place.unlink()
    if way == "link":
        place.symlink_to("/etc/hostname")
    elif way == "link above":
        (tmp_path / "a").rmdir()
        (tmp_path / "a").symlink_to(tmp_path.parent)
    elif way == "large":
        with place.open("wb") as file:
            file.truncate(21 << 20)
    elif way == "pipe":
        os.mkfifo(place)
    with chat_server() as server, pytest.raises(Unavailable):
        harness(server, folders=pictures).run(MODEL, [seen(b"picture")])
    assert not server.asked
