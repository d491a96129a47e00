"""A model with tools behind the port: Inspect's loop, our sandbox, and its limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dokja.adapters.harness import (
    Endpoint,
    InspectHarness,
    Patience,
    Sampling,
    gguf_digest,
)
from dokja.adapters.harness.llama_cpp import ALIAS, running_llama
from dokja.adapters.sandbox import ProgramSandbox, SandboxLimits
from dokja.benchmark.generated import generate_suite
from dokja.benchmark.suite import checked_suite
from dokja.benchmark.values import (
    AnswerRule,
    AnswerRuleKind,
    FaultCause,
    Item,
    SampleRecord,
    SampleStatus,
    Scoring,
    Suite,
    Tool,
)
from dokja.errors import InvalidInput, Unavailable
from dokja.wiring.engines import ENDPOINT, INSPECT, Engine, harness_for
from tests.contract.chat_server import (
    MODEL,
    TOOL_TOKENS,
    ChatServer,
    Reaction,
    Request,
    chat_server,
    refuses,
    says,
)
from tests.contract.gguf_models import smollm2, with_tool_template
from tests.contract.small_suites import letters, made

pytestmark = pytest.mark.slow

QUICK = Patience(attempts=2, first_wait=0.1, deadline=6, failures=3)
LIMITS = SandboxLimits(cpu_seconds=1, wall_seconds=4)
TURNS = 3
READ = 7 + TOOL_TOKENS
"""Tokens of every prompt with tools."""


@pytest.fixture(scope="module")
def sandbox() -> ProgramSandbox:
    """The sandbox of this machine, which may have none."""
    found = ProgramSandbox(LIMITS)
    if found.missing:
        pytest.skip(found.missing)
    return found


def calls(*arguments: str, tool: str = "python", model: str = MODEL) -> Reaction:
    """Uses the tool so often, with arguments as they are written."""
    message = {
        "role": "assistant",
        "content": "정답: 7",
        "tool_calls": [
            {
                "id": f"call{place}",
                "type": "function",
                "function": {"name": tool, "arguments": given},
            }
            for place, given in enumerate(arguments)
        ],
    }
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls"}
    whole = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [choice],
        "usage": {"prompt_tokens": READ, "completion_tokens": 3, "total_tokens": 15},
    }
    return lambda request: request.send(json.dumps(whole).encode())


def program(code: str) -> str:
    """The arguments of a right call."""
    return json.dumps({"code": code})


def repeats_what_it_was_told(request: Request) -> None:
    """Answers with what the tool said last."""
    last = request.body["messages"][-1]
    assert last["role"] == "tool"
    says(f"정답: {last['content']}")(request)


def with_tools(suite: Suite, *, turns: int = TURNS) -> Suite:
    """The suite, whose model may run programs."""
    header = msgspec.structs.replace(suite.header, tools=(Tool.PYTHON,), turns=turns)
    changed = msgspec.structs.replace(suite, header=header)
    return checked_suite(changed, where="tests")


def numbers(**targets: int) -> Suite:
    """Questions with their numbers as targets."""
    items = tuple(
        Item(id=name, question=name, target=str(target), cluster=name)
        for name, target in targets.items()
    )
    return with_tools(made(Scoring.NUMBER, items, tokens=64))


def harness(server: ChatServer, sandbox: ProgramSandbox | None) -> InspectHarness:
    """The harness for a model at a server."""
    return InspectHarness(
        at(server), sampling=Sampling(), patience=QUICK, printer=sandbox
    )


def at(server: ChatServer) -> Endpoint:
    """The model at the server."""
    return Endpoint(
        address=server.address,
        model=MODEL,
        weights="sha256:00",
        served_by="stand-in 1",
    )


def tool_answers(server: ChatServer, word: str) -> list[str]:
    """What the tools said at last of a question with the word."""
    asked = [b for b in server.asked if word in str(b["messages"][0]["content"])]
    last = max(asked, key=lambda body: len(body["messages"]))
    return [m["content"] for m in last["messages"] if m["role"] == "tool"]


def test_a_model_runs_programs_and_answers_with_what_they_print(
    sandbox: ProgramSandbox,
) -> None:
    """Every turn counts: tokens, turns, tools; one that fails is the model's affair."""
    right = program("print(12345678 * 87654321)")
    plan: dict[str, list[Reaction]] = {
        "곱": [calls(right), repeats_what_it_was_told],
        "틀린": [
            calls('{"code": '),
            calls(program("1 / 0"), program("print(5)")),
            repeats_what_it_was_told,
        ],
        "다른": [calls(program("1"), tool="shell"), says("정답: 9")],
        "잃은": [calls(program("print(1)")), refuses(500, "lost")],
        "넘친": [calls(program("print(1)")), refuses(400, "context is full")],
        "남의": [calls(program("print(1)"), model="another"), says("정답: 7")],
        "바로": [says("정답: 3")],
    }
    suite = numbers(
        곱=12345678 * 87654321, 틀린=5, 다른=9, 바로=3, 잃은=7, 넘친=7, 남의=7
    )
    with chat_server(plan, other=says("?")) as server:
        asking = harness(server, sandbox)
        *records, lost, full, strange = asking.run(MODEL, [suite])
        engine = asking.engine
    # What was said on the way is not what was meant in the end.
    ours, models = FaultCause.INFRASTRUCTURE, FaultCause.MODEL
    found = [(r.score, r.cause) for r in (lost, full, strange)]
    assert found == [(None, ours), (None, models), (None, ours)]
    assert [r.score for r in records] == [1, 1, 1, 1], records
    assert [(r.turns, r.tool_calls) for r in records] == [
        *((2, 1), (3, 2), (2, 0), (1, 0))
    ]
    assert [r.input_tokens for r in records] == [2 * READ, 3 * READ, 2 * READ, READ]
    assert all(r.measured and r.measured.seconds > 0 for r in records)
    malformed, failed, printed = tool_answers(server, "틀린")
    assert "Error parsing" in malformed
    assert (failed, printed) == ("ZeroDivisionError: division by zero", "5")
    assert "shell" in tool_answers(server, "다른")[0]
    (tool,) = next(b for b in server.asked if "곱" in str(b))["tools"]
    assert tool["function"]["name"] == "python"
    assert "파이썬" in tool["function"]["description"]
    assert sandbox.engine in engine


def test_loops_end_and_programs_are_contained(
    sandbox: ProgramSandbox, tmp_path: Path
) -> None:
    """In one run: loops are cut and no answer; a program sees and reaches nothing."""
    planted = tmp_path / "planted"
    programs = {
        "쓰기": f"open({str(planted)!r}, 'w').write('x')",
        "읽기": f"print(open({str(Path(__file__))!r}).read())",
        "끝없": "while True: pass",
        "출력": "print('x' * 10**7)",
        "밖": "import socket; socket.create_connection(('127.0.0.1', 1), 2)",
        "환경": "import os; print(dict(os.environ), os.listdir('/'))",
        "길다": "#" * 30_000,
    }
    plan: dict[str, list[Reaction]] = {
        word: [calls(program(code)), says("정답: 1")] for word, code in programs.items()
    }
    many = [program(f"print({number})") for number in range(20)]
    plan |= {"돌고": [calls(program("print(7)"))], "많이": [calls(*many)]}
    suite = numbers(**dict.fromkeys(programs, 1), 돌고=7, 많이=7)
    with chat_server(plan, other=says("?")) as server:
        *records, loop, crowd = harness(server, sandbox).run(MODEL, [suite])
        told = {word: tool_answers(server, word)[0] for word in programs}
    assert [record.score for record in records] == [1] * len(programs)
    assert not planted.exists()
    assert "FileNotFoundError" in told["쓰기"]
    assert "FileNotFoundError" in told["읽기"]
    assert told["끝없"] == "stopped at a limit of time"
    assert told["출력"] == "x" * 2000
    assert "OSError" in told["밖"]
    assert "HOME" not in told["환경"]
    assert "'home'" not in told["환경"]
    assert "was not run" in told["길다"]
    for cut in (loop, crowd):
        assert (cut.status, cut.score) == (SampleStatus.SCORED, 0)
        assert (cut.tool_calls, cut.answer) == (TURNS, "")
        assert "without an answer" in cut.error
    assert (loop.turns, server.count("돌고")) == (TURNS, TURNS)
    assert loop.error == f"asked {TURNS} times without an answer"


def _not_run(records: tuple[SampleRecord, ...]) -> set[tuple[str, str]]:
    return {(r.status.value, r.error) for r in records}


def test_without_a_sandbox_nothing_with_tools_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not run, with the reason; a suite without tools beside it is."""
    monkeypatch.setattr("shutil.which", lambda _: None)
    suites = [numbers(곱=1, 합=2), letters("물음", "물음 둘")]
    with chat_server(other=says("정답: A")) as server:
        records = harness(server, ProgramSandbox(LIMITS)).run(MODEL, suites)
        none = harness(server, None).run(MODEL, suites[:1])
    fact = "no sandbox: unshare, timeout is not there"
    assert _not_run(records[:2]) == {("not_run", fact)}
    assert {r.cause for r in records[:2]} == {FaultCause.INFRASTRUCTURE}
    assert [r.score for r in records[2:]] == [1, 1]
    assert _not_run(none) == {("not_run", "no sandbox: the harness was given none")}
    assert server.count("곱") == 0


def test_walls_that_fall_within_a_run_leave_the_question_unscored(
    sandbox: ProgramSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the model's fault nor its answer."""
    assert not sandbox.missing
    plan = {"곱": [calls(program("print(1)")), says("정답: 1")]}
    monkeypatch.setattr("shutil.which", lambda _: None)
    with chat_server(plan, other=says("정답: 1")) as server:
        first, second = harness(server, sandbox).run(MODEL, [numbers(곱=1, 합=1)])
    assert first.status is SampleStatus.NOT_RUN
    assert first.error.startswith("no sandbox: ")
    assert second.score == 1


def test_a_server_that_takes_no_tools_is_not_the_model_s_fault(
    sandbox: ProgramSandbox,
) -> None:
    """Known from the first request that has them."""

    def no_tools(request: Request) -> None:
        answer = refuses(400, "no tools here") if "tools" in request.body else says("?")
        answer(request)

    with (
        chat_server(other=no_tools) as server,
        pytest.raises(Unavailable, match="no tools here"),
    ):
        harness(server, sandbox).run(MODEL, [numbers(곱=1, 합=2)])


def test_a_server_that_drops_tools_in_silence_is_found_out(
    sandbox: ProgramSandbox,
) -> None:
    """Else a model that never heard of a tool would be scored for not using it."""
    same = says("정답: 1", usage={"prompt_tokens": 7, "completion_tokens": 1})
    with (
        chat_server(other=same) as server,
        pytest.raises(Unavailable, match="shows the model nothing"),
    ):
        harness(server, sandbox).run(MODEL, [numbers(곱=1, 합=2)])
    assert server.count("곱") == 0


def served(name: str, server: ChatServer, **more: Any) -> Engine:
    """The engine as an office names it."""
    return Engine(
        name=name,
        model=MODEL,
        address=server.address,
        served_by="stand-in 1",
        weights=f"sha256:{'0' * 64}",
        **more,
    )


def few_tool_sums() -> Suite:
    """The first two items of the shipped suite."""
    whole = generate_suite("ko-tool-sums")
    header = msgspec.structs.replace(whole.header, items=2)
    return Suite(header=header, items=whole.items[:2])


def test_only_inspect_gives_tools() -> None:
    """Every other engine says so before anything is asked."""
    suite = few_tool_sums()
    with chat_server() as server:
        for name in ("lm-eval", "transformers", "llama.cpp", ENDPOINT):
            with pytest.raises(InvalidInput, match="lets a model use tools"):
                harness_for(served(name, server), [suite])
        asking = harness_for(served(ENDPOINT, server), [])
        with pytest.raises(Unavailable, match="does not give it"):
            asking.run(MODEL, [suite])
    assert not server.asked


@pytest.mark.parametrize(
    ("judge", "said"),
    [
        ({"judge_model": MODEL}, "name and its address"),
        ({"judge_served_by": "x"}, "name and its address"),
        ({"judge_model": MODEL, "judge_address": "http://x"}, "--judge-weights"),
    ],
)
def test_half_a_judge_is_none(judge: dict[str, str], said: str) -> None:
    """Who judged is part of every score: all of it is said."""
    with chat_server() as server, pytest.raises(InvalidInput, match=said):
        harness_for(served(INSPECT, server, **judge), [])


def test_the_engine_measures_the_shipped_suite_and_a_judge_reads_last_answers(
    sandbox: ProgramSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is asked with its own key; a judge's turns are none of the model's."""
    assert not sandbox.missing
    monkeypatch.setenv("DOKJA_JUDGE_KEY", "judge-key")
    monkeypatch.setenv("DOKJA_ENDPOINT_KEY", "model-key")
    items = tuple(Item(id=q, question=q, cluster=q) for q in ("첫째", "둘째"))
    suites = (
        few_tool_sums(),
        with_tools(made(Scoring.JUDGE, items, tokens=64)),
    )
    solved, _ = suites[0].items
    plan: dict[str, list[Reaction]] = {
        solved.question: [
            calls(program(f"print({solved.target})")),
            repeats_what_it_was_told,
        ],
        "첫째": [calls(program("print(41 + 1)")), repeats_what_it_was_told],
        "둘째": [calls(program("print(1)"))],
    }
    with (
        chat_server(plan, other=says("정답: 0")) as server,
        chat_server(other=says("좋습니다.\n점수: 8")) as office,
    ):
        judge = {
            "judge_model": MODEL,
            "judge_address": office.address,
            "judge_served_by": "judge 1",
            "judge_weights": f"sha256:{'1' * 64}",
        }
        asking = harness_for(served(INSPECT, server, **judge), suites)
        records = asking.run(MODEL, suites)
    found = [(r.score, r.turns, r.input_tokens) for r in records]
    assert found == [
        (1, 2, 2 * READ),
        (0, 1, READ),
        (0.8, 2, 2 * READ),
        (0, TURNS, TURNS * READ),
    ]
    assert any("정답: 42" in json.dumps(b, ensure_ascii=False) for b in office.asked)
    assert {b["_authorization"] for b in office.asked} == {"Bearer judge-key"}
    assert {b["_authorization"] for b in server.asked} == {"Bearer model-key"}
    assert "judge 1" in asking.engine
    assert "CPython" in asking.engine
    assert "-key" not in asking.engine


def at_llama(address: str, key: str, place: Path) -> Endpoint:
    """SmolLM2 at llama.cpp's own server."""
    return Endpoint(
        address=address,
        model=ALIAS,
        weights=gguf_digest(place),
        served_by="llama.cpp",
        secret=key,
    )


CALL = '{"name": "python", "arguments": {"code": "print(2 * 3)"}}'
SAY_AFTER_ME = "Repeat this text exactly, and nothing else:\n"


def test_a_real_server_and_a_real_model_go_round_the_loop(
    sandbox: ProgramSandbox, tmp_path: Path
) -> None:
    """SmolLM2 calls no tool of its own accord; what it is to say is put before it.

    As it is packaged its template has no tools, which the server says nothing of.
    """
    rules = (AnswerRule(kind=AnswerRuleKind.WORDS_AT_LEAST, number=1),)
    asks = (f"{SAY_AFTER_ME}<tool_call>\n{CALL}\n</tool_call>", "Say: hello")
    items = tuple(
        Item(id=f"n{n}", question=question, rules=rules, cluster="c")
        for n, question in enumerate(asks)
    )
    suite = with_tools(made(Scoring.RULES, items, tokens=40), turns=2)
    patience = Patience(attempts=1, deadline=30)
    place = with_tool_template(smollm2(), tmp_path / "tools.gguf")
    orders = {"context": 1024, "threads": 1}
    told: dict[Path, tuple[SampleRecord, ...]] = {}
    for file in (smollm2(), place):
        with running_llama(file, orders, patience) as (address, key):
            asking = InspectHarness(
                at_llama(address, key, file),
                sampling=Sampling(),
                patience=patience,
                printer=sandbox,
            )
            if file == place:
                told[file] = asking.run(ALIAS, [suite])
                continue
            with pytest.raises(Unavailable, match="shows the model nothing"):
                asking.run(ALIAS, [suite])
    called, plain = told[place]
    assert called.status is plain.status is SampleStatus.SCORED
    assert (called.turns, plain.turns) == (2, 1), (called, plain)
    assert called.tool_calls is not None
    assert called.tool_calls >= 1
    assert plain.tool_calls == 0
    # Both prompts of the loop tell of the tool, and the second of its answer.
    assert called.input_tokens is not None
    assert plain.input_tokens is not None
    assert called.input_tokens > 2 * plain.input_tokens
