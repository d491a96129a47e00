"""The port of the endpoints: served models, misbehaving ones, and one in here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dokja.adapters.endpoint import ExampleModel, PatientEndpoint, ServedModel
from dokja.adapters.harness import Patience
from dokja.adapters.harness.llama_cpp import ALIAS, running_llama
from dokja.contest.served.breaker import BreakerState
from dokja.contest.served.values import (
    Answer,
    AnswerPiece,
    EndpointFault,
    EndpointRules,
    FaultReason,
    Finish,
    Reply,
)
from dokja.errors import InvalidInput
from tests.contract import chat_server as chat
from tests.contract import hostile_servers as hostile
from tests.contract.gguf_models import convert
from tests.e2e.conftest import ROOT

TRAINED = ROOT / "examples/models/dalyeoul/text_decoder"
QUICK = EndpointRules(
    connect_seconds=5,
    first_token_seconds=10,
    pause_seconds=10,
    whole_seconds=20,
    most_tokens=32,
    most_bytes=1 << 18,
    breaker_faults=2,
    breaker_seconds=1,
)
ONCE = msgspec.structs.replace(QUICK, retries=0)
IMPATIENT = msgspec.structs.replace(
    ONCE, first_token_seconds=0.8, pause_seconds=0.6, whole_seconds=1.5
)
SMALL = EndpointRules(most_tokens=12)
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + b"\0\0\0\x02\0\0\0\x02" + b"\x08\0\0\0\0"
)
KEY = "key-that-nobody-may-read"


def served(address: str, *, rules: EndpointRules = QUICK, **more: str) -> Any:
    """The endpoint of a server of this machine."""
    given: dict[str, Any] = {"name": chat.MODEL, "secret": KEY, **more}
    return PatientEndpoint(
        ServedModel(address=address, rules=rules, **given), rules=rules, seed="rules"
    )


async def replies(
    endpoint: PatientEndpoint, prompt: str = "1 + 1 =", image: bytes | None = None
) -> list[Reply]:
    """All that one question brings."""
    return [reply async for reply in endpoint.answer(prompt, image)]


@asynccontextmanager
async def closing(endpoint: PatientEndpoint) -> AsyncIterator[PatientEndpoint]:
    """The endpoint, let go of at the end."""
    try:
        yield endpoint
    finally:
        await endpoint.close()


def asked_once(reaction: chat.Reaction, *, rules: EndpointRules = QUICK) -> list[Reply]:
    """What a server that reacts so brings."""

    async def ask(address: str) -> list[Reply]:
        async with closing(served(address, rules=rules)) as endpoint:
            return await replies(endpoint)

    with chat.chat_server(other=reaction) as server:
        return asyncio.run(ask(server.address))


FAULTS: dict[str, tuple[chat.Reaction, FaultReason, bool]] = {
    "slow first token": (chat.hangs, FaultReason.SLOW, False),
    "headers without end": (chat.drips_headers, FaultReason.SLOW, False),
    "stall in mid-stream": (
        hostile.sends(hostile.chunk("둘"), b": still here\n\n", pause=5),
        FaultReason.SLOW,
        True,
    ),
    "comments instead of words": (
        hostile.sends(*[b": still here\n\n"] * 40, pause=0.05),
        FaultReason.SLOW,
        False,
    ),
    "a token now and then": (
        hostile.sends(*[hostile.chunk("x")] * 20, pause=0.15),
        FaultReason.SLOW,
        True,
    ),
    "too many requests": (
        hostile.answers_with(429, Retry_After="3600"),
        FaultReason.RATE_LIMITED,
        False,
    ),
    "server error": (chat.refuses(500), FaultReason.SERVER_ERROR, False),
    "error in mid-stream": (chat.breaks_with_error, FaultReason.SERVER_ERROR, False),
    "bad request": (chat.refuses(400), FaultReason.REFUSED, False),
    "sends elsewhere": (
        hostile.answers_with(302, Location="http://127.0.0.1:9/"),
        FaultReason.REFUSED,
        False,
    ),
    "withheld by a filter": (
        hostile.sends(hostile.chunk("", finish_reason="content_filter")),
        FaultReason.REFUSED,
        False,
    ),
    "no JSON": (chat.garbage, FaultReason.MALFORMED, False),
    "deep JSON": (
        hostile.sends(b"data: " + b"[" * 60_000 + b"\n\n"),
        FaultReason.MALFORMED,
        False,
    ),
    "no UTF-8": (
        hostile.sends(b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n'),
        FaultReason.MALFORMED,
        False,
    ),
    "a list for an object": (
        hostile.sends(b"data: [1]\n\n"),
        FaultReason.MALFORMED,
        False,
    ),
    "words that are no text": (
        hostile.sends(b'data: {"choices": [{"delta": {"content": {"a": 1}}}]}\n\n'),
        FaultReason.MALFORMED,
        False,
    ),
    "no HTTP": (hostile.no_http, FaultReason.CUT_OFF, False),
    "a packed answer": (hostile.packed, FaultReason.MALFORMED, False),
    "another model": (chat.says("2", model="other"), FaultReason.MALFORMED, False),
    "calls a tool": (
        hostile.sends(hostile.chunk("", finish_reason="tool_calls")),
        FaultReason.MALFORMED,
        False,
    ),
    "a line without end": (
        hostile.without_end(b"data: " + b"x" * 4096),
        FaultReason.TOO_LONG,
        False,
    ),
    "tokens without end": (
        hostile.without_end(hostile.chunk("x")),
        FaultReason.TOO_LONG,
        True,
    ),
    "thoughts without end": (
        hostile.without_end(
            b'data: {"choices": [{"delta": {"reasoning_content": "x"}}]}\n\n'
        ),
        FaultReason.TOO_LONG,
        False,
    ),
    "comments as fast as can be": (
        hostile.without_end(b": nothing\n\n"),
        FaultReason.TOO_LONG,
        False,
    ),
    "hangs up at once": (hostile.sends(), FaultReason.CUT_OFF, False),
    "hangs up in mid-stream": (chat.breaks_off, FaultReason.CUT_OFF, True),
}


@pytest.mark.parametrize("case", FAULTS)
def test_every_fault_of_a_server_is_a_named_value(case: str) -> None:
    """Whatever a server does, the page gets pieces and one fault, in bounded time."""
    reaction, reason, shown = FAULTS[case]
    late = reason is FaultReason.SLOW
    found = asked_once(reaction, rules=IMPATIENT if late else ONCE)
    assert isinstance(found[-1], EndpointFault), found[-1]
    assert (found[-1].reason, found[-1].shown) == (reason, shown), found[-1]
    assert all(isinstance(piece, AnswerPiece) for piece in found[:-1])
    assert bool(found[:-1]) is shown


def test_a_server_that_is_not_there_is_unreachable() -> None:
    """And is tried as often as the rules say."""
    with chat.chat_server() as server:
        address = server.address

    async def ask() -> list[Reply]:
        async with closing(served(address)) as endpoint:
            return await replies(endpoint)

    (fault,) = asyncio.run(ask())
    assert isinstance(fault, EndpointFault)
    assert (fault.reason, fault.attempts) == (FaultReason.UNREACHABLE, 2)


def test_a_failed_attempt_is_made_again_before_anything_was_shown() -> None:
    """After the first word, never: a reader would see one answer turn into another."""

    async def ask(address: str) -> tuple[list[Reply], list[Reply]]:
        async with closing(served(address)) as endpoint:
            first = await replies(endpoint, "first")
            return first, await replies(endpoint, "second")

    reactions = {
        "first": [
            hostile.answers_with(429, Retry_After="0"),
            chat.says("둘", model=chat.MODEL),
        ],
        "second": [chat.breaks_off, chat.says("둘")],
    }
    with chat.chat_server(reactions) as server:
        first, second = asyncio.run(ask(server.address))
        counts = server.count("first"), server.count("second")
    assert isinstance(first[-1], Answer)
    assert (first[-1].text, first[-1].attempts) == ("둘", 2)
    assert isinstance(second[-1], EndpointFault)
    assert second[-1].shown
    assert counts == (2, 1)


def test_a_model_that_keeps_failing_is_left_alone_and_tried_again() -> None:
    """Nobody waits for a dead server, and it is back as soon as it answers."""

    async def ask(address: str) -> tuple[list[FaultReason], Reply, BreakerState]:
        async with closing(served(address)) as endpoint:
            ends = [(await replies(endpoint, "down"))[-1] for _ in range(4)]
            reasons = [end.reason for end in ends if isinstance(end, EndpointFault)]
            await asyncio.sleep(QUICK.breaker_seconds + 0.05)
            (*_, last) = await replies(endpoint, "up")
            return reasons, last, endpoint.breaker.state

    reactions = {"down": [chat.refuses(503)], "up": [chat.says("둘")]}
    with chat.chat_server(reactions) as server:
        reasons, last, state = asyncio.run(ask(server.address))
        assert server.count("down") == 4
    assert reasons == [FaultReason.SERVER_ERROR] * 2 + [FaultReason.BREAKER_OPEN] * 2
    assert isinstance(last, Answer)
    assert state is BreakerState.CLOSED


def test_what_no_page_can_hold_is_taken_out_of_an_answer() -> None:
    """Half a surrogate cannot be encoded, a control character moves a terminal."""
    said = r'"\ud83d\ude00 \ud83d x\u0000\u001b[2J\n끝"'
    body = '{"choices": [{"delta": {"content": ' + said + "}}]}"
    (*_, last) = asked_once(
        hostile.sends(
            b": a comment\r\nevent: x\r\n",
            f"data: {body}\r\n\r\n".encode(),
            hostile.END,
        )
    )
    assert isinstance(last, Answer)
    assert last.text == "\U0001f600 \ufffd x[2J\n끝"
    last.text.encode()


def test_a_reader_who_is_slow_is_not_the_teams_fault() -> None:
    """The time runs only while the server is waited for."""

    async def ask(address: str) -> Reply:
        async with closing(served(address, rules=IMPATIENT)) as endpoint:
            found = []
            async for reply in endpoint.answer("1"):
                found.append(reply)
                await asyncio.sleep(IMPATIENT.pause_seconds * 1.1)
            return found[-1]

    with chat.chat_server(other=chat.says("둘다섯")) as server:
        last = asyncio.run(ask(server.address))
    assert isinstance(last, Answer)
    assert last.seconds < IMPATIENT.pause_seconds


def test_a_reader_who_leaves_lets_go_of_the_connection() -> None:
    """And the next question is answered."""

    async def ask(address: str) -> Reply:
        async with closing(served(address)) as endpoint:
            async with aclosing(endpoint.answer("first")) as asked:
                async for _ in asked:
                    break
            return (await replies(endpoint, "second"))[-1]

    reactions = {"first": [hostile.without_end(hostile.chunk("x"))]}
    with chat.chat_server(reactions) as server:
        assert isinstance(asyncio.run(ask(server.address)), Answer)


def test_no_key_is_in_any_log_or_fault(caplog: pytest.LogCaptureFixture) -> None:
    """Not even where the server repeats it."""
    caplog.set_level(logging.DEBUG)
    (fault,) = asked_once(hostile.echoes_key)
    model = ServedModel(address="http://127.0.0.1:9", name="m", rules=QUICK, secret=KEY)
    told = [str(fault), repr(model), repr(vars(model)), caplog.text]
    assert [text for text in told if KEY in text] == []


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        ("ftp://host", ""),
        ("http://user:pass@host", ""),
        ("http://host/?key=1", ""),
        ("http://", ""),
        ("http://host:99999", ""),
        ("http://host\r\nX: y", ""),
        ("http://127.0.0.1:9", "key\r\nX-Other: 1"),
        ("http://127.0.0.1:9", "열쇠"),
    ],
)
def test_an_address_or_a_key_that_could_slip_a_header_in_is_refused(
    address: str, secret: str
) -> None:
    """And the refusal does not repeat the key."""
    with pytest.raises(InvalidInput) as refusal:
        ServedModel(address=address, name="m", rules=QUICK, secret=secret)
    assert not secret or secret not in str(refusal.value)


def test_a_picture_travels_as_data_and_another_file_never() -> None:
    """What it is, is read from its bytes; a bad one is no fault of the team."""

    async def ask(address: str) -> Reply:
        async with closing(served(address)) as endpoint:
            for bad in (b"GIF89a", PNG[:16] + b"\xff" * 8 + PNG[24:], b"\xff\xd8\xff"):
                with pytest.raises(InvalidInput):
                    await replies(endpoint, "?", bad)
            return (await replies(endpoint, "무엇인가요?", PNG))[-1]

    with chat.chat_server() as server:
        assert isinstance(asyncio.run(ask(server.address)), Answer)
        (asked,) = server.asked
    picture, text = asked["messages"][0]["content"]
    assert picture["image_url"]["url"].startswith("data:image/png;base64,")
    assert text == {"type": "text", "text": "무엇인가요?"}
    assert asked["_authorization"] == f"Bearer {KEY}"
    assert asked["max_tokens"] == QUICK.most_tokens


def test_a_server_is_checked_by_what_it_lists() -> None:
    """Ready, of another name, or gone: three different things to tell a team."""

    async def ask(address: str) -> list[EndpointFault | None]:
        found = []
        for name in (chat.MODEL, "another"):
            async with closing(served(address, name=name)) as endpoint:
                found.append(await endpoint.check())
        return found

    with chat.chat_server() as server:
        address = server.address
        ready, other = asyncio.run(ask(address))
    gone, _ = asyncio.run(ask(address))
    assert ready is None
    assert other is not None
    assert other.reason is FaultReason.REFUSED
    assert gone is not None
    assert gone.reason is FaultReason.UNREACHABLE


Opened = Callable[[], PatientEndpoint]


@pytest.fixture(scope="module", params=["plain server", "llama.cpp", "in process"])
def working(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Opened]:
    """An endpoint that works, of each of the three kinds."""
    if request.param == "plain server":
        with chat.chat_server(other=chat.says("둘입니다")) as server:
            yield lambda: served(server.address, rules=SMALL)
    elif request.param == "in process":
        if find_spec("transformers") is None:
            pytest.skip("needs the extra harness")
        model = ExampleModel(TRAINED, name="dalyeoul", rules=SMALL)
        yield lambda: PatientEndpoint(model, rules=SMALL, seed="rules")
    else:
        if find_spec("xllamacpp") is None:
            pytest.skip("needs the extra llama")
        gguf: Path = convert(TRAINED, tmp_path_factory.mktemp("gguf") / "trained.gguf")
        orders = {"context": 256, "threads": 1}
        with running_llama(gguf, orders, Patience()) as (address, key):
            yield lambda: served(address, rules=SMALL, name=ALIAS, secret=key)


def test_a_working_endpoint_streams_one_whole_answer(working: Opened) -> None:
    """The pieces are the answer, and the answer comes last and once."""

    async def ask() -> tuple[EndpointFault | None, list[Reply], list[Reply]]:
        async with closing(working()) as endpoint:
            wrong = await endpoint.check()
            return wrong, await replies(endpoint), await replies(endpoint)

    wrong, found, again = asyncio.run(ask())
    assert wrong is None
    *pieces, last = found
    assert isinstance(last, Answer), last
    assert "".join(p.text for p in pieces if isinstance(p, AnswerPiece)) == last.text
    assert last.text
    assert len(pieces) > 1
    assert last.finish in Finish
    assert last.tokens is not None
    assert 0 < last.first_token_seconds <= last.seconds
    assert again[:-1] == pieces


def test_a_working_endpoint_answers_many_at_once(working: Opened) -> None:
    """Each reader gets an answer to the own prompt, equal to one asked alone."""
    prompts = [f"{n} + {n} =" for n in range(4)]

    async def ask() -> tuple[list[Reply], list[Reply]]:
        async with closing(working()) as endpoint:
            at_once = await asyncio.gather(*(replies(endpoint, p) for p in prompts))
            alone = [await replies(endpoint, p) for p in prompts]
            return [r[-1] for r in at_once], [r[-1] for r in alone]

    at_once, alone = asyncio.run(ask())
    texts = [
        [end.text for end in e if isinstance(end, Answer)] for e in (at_once, alone)
    ]
    assert len(texts[0]) == len(prompts)
    assert texts[0] == texts[1]


def test_models_in_here_that_are_opened_at_once_take_turns() -> None:
    """One that ran while another was opened gave no numbers."""
    if find_spec("transformers") is None:
        pytest.skip("needs the extra harness")
    folders = [TRAINED, ROOT / "examples/models/galbaramjae/text_decoder"]

    async def ask() -> list[list[Reply]]:
        opened = [
            PatientEndpoint(
                ExampleModel(folder, name="m", rules=SMALL), rules=SMALL, seed="rules"
            )
            for folder in folders * 2
        ]
        found = await asyncio.gather(*(replies(endpoint) for endpoint in opened))
        for endpoint in opened:
            await endpoint.close()
        return found

    one, two, one_again, two_again = asyncio.run(ask())
    assert isinstance(one[-1], Answer)
    assert isinstance(two[-1], Answer)
    assert (one[:-1], two[:-1]) == (one_again[:-1], two_again[:-1])
    assert one[-1].text != two[-1].text


def test_a_model_in_here_refuses_what_it_cannot_take(tmp_path: Path) -> None:
    """A picture, a prompt without end, a folder without a model: each by name."""
    if find_spec("transformers") is None:
        pytest.skip("needs the extra harness")

    async def ask(folder: Path, prompt: str, image: bytes | None) -> Reply:
        model = ExampleModel(folder, name="m", rules=ONCE)
        async with closing(PatientEndpoint(model, rules=ONCE, seed="x")) as endpoint:
            return (await replies(endpoint, prompt, image))[-1]

    ends = [
        asyncio.run(ask(TRAINED, "?", PNG)),
        asyncio.run(ask(TRAINED, "물음 " * 2000, None)),
        asyncio.run(ask(tmp_path, "?", None)),
    ]
    assert [end.reason for end in ends if isinstance(end, EndpointFault)] == [
        FaultReason.REFUSED,
        FaultReason.REFUSED,
        FaultReason.UNREACHABLE,
    ]
