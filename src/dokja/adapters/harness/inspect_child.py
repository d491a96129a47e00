"""Runs samples through Inspect, in a process of its own.

Inspect keeps an event loop, a terminal and settings of its own; none of them may
meet ours. The orders come as one line of JSON; what each sample gave is written to
the file they name, one object a line. Nothing of Dokja is imported here.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

JUDGE = "judge"
MESSAGES_A_TURN = 10


def content(parts: Any) -> Any:
    """A message's content as Inspect has it."""
    from inspect_ai.model import ContentAudio, ContentImage, ContentText

    found: list[Any] = []
    for part in parts:
        if part["type"] == "text":
            found.append(ContentText(text=part["text"]))
        elif part["type"] == "image_url":
            found.append(ContentImage(image=part["image_url"]["url"]))
        else:
            data, kind = part["input_audio"]["data"], part["input_audio"]["format"]
            url = f"data:audio/{kind};base64,{data}"
            found.append(ContentAudio(audio=url, format=kind))
    return found


class Door:
    """The way to the sandbox of the process that gave the orders."""

    def __init__(self, descriptor: int) -> None:
        self.lines = socket.socket(fileno=descriptor).makefile("rwb")
        self.turn = threading.Lock()

    def ask(self, program: str) -> dict[str, str]:
        """What came of a program; it is never run in this process."""
        with self.turn:
            self.lines.write(json.dumps(program).encode() + b"\n")
            self.lines.flush()
            found: dict[str, str] = json.loads(self.lines.readline())
        return found


def tool_of(words: dict[str, str], door: Door, suite: dict[str, Any]) -> Any:
    """The tool by which a model has a program run."""
    from anyio.to_thread import run_sync
    from inspect_ai.tool import ToolDef, ToolParam, ToolParams
    from inspect_ai.util import store

    async def run(code: str) -> str:
        kept = store()
        if kept.get("calls", 0) >= suite["turns"]:
            return str(suite["no_call_left"])
        kept.set("calls", kept.get("calls", 0) + 1)
        found = await run_sync(door.ask, code[: suite["letters"] + 1])
        if "not_run" in found:
            kept.set("not_run", found["not_run"])
            raise RuntimeError(found["not_run"])
        return found["told"]

    argument: Any = ToolParam(type="string", description=words["meaning"])
    return ToolDef(
        run,
        name=words["name"],
        description=words["description"],
        parameters=ToolParams(properties={"code": argument}, required=["code"]),
        max_output=0,
    )


def agent_of(suite: dict[str, Any], door: Door) -> Any:
    """Inspect's loop of tools, asked so often at most, as a solver."""
    from inspect_ai.agent import as_solver, react
    from inspect_ai.solver import solver

    async def goes_on(state: Any) -> bool:
        asked_yet = sum(one.role == "assistant" for one in state.messages)
        return bool(state.output.message.tool_calls) and asked_yet < suite["turns"]

    loop = as_solver(
        react(
            prompt=None,
            tools=[tool_of(words, door, suite) for words in suite["tools"]],
            submit=False,
            on_continue=goes_on,
            truncation="disabled",
        )
    )

    def agent() -> Any:
        async def solve(state: Any, generate: Any) -> Any:
            state = await loop(state, generate)
            state.store.set("ended", value=True)
            return state

        return solve

    decorated: Any = solver(agent)
    return decorated()


def asked(
    model: dict[str, Any], config: dict[str, Any], tokens: int, role: str | None = None
) -> Any:
    """A served model, asked with what every request says."""
    from inspect_ai.model import GenerateConfig, get_model

    return get_model(
        f"openai-api/served/{model['name']}",
        role=role,
        config=GenerateConfig(max_tokens=tokens, **config),
        base_url=f"{model['address']}/v1",
        api_key=model["secret"] or "none",
        memoize=False,
        # The client below Inspect would ask again by itself, times Inspect's tries.
        max_retries=0,
    )


def judge_of(orders: dict[str, Any]) -> Any:
    """The scorer that keeps a judge's words; what they are worth is not said here."""
    from inspect_ai.scorer import Score, mean, scorer

    def judging() -> Any:
        tokens = orders["judge"]["tokens"]
        judge = asked(orders["judge"], orders["config"], tokens, role=JUDGE)

        async def score(state: Any, target: Any) -> Any:  # noqa: ARG001  Inspect's names
            before, after = state.metadata["judge"]
            words = await judge.generate(before + state.output.completion + after)
            return Score(value=0, explanation=words.completion)

        return score

    decorated: Any = scorer(metrics=[mean()], name="judge")
    return decorated(judging)()


def task_of(orders: dict[str, Any], suite: dict[str, Any], door: Door | None) -> Any:
    """One suite as a task."""
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.model import ChatMessageUser, GenerateConfig
    from inspect_ai.solver import generate

    samples = []
    for place, one in enumerate(suite["samples"]):
        words = one["content"]
        given = words if isinstance(words, str) else content(words)
        samples.append(
            Sample(
                id=place,
                input=[ChatMessageUser(content=given)],
                metadata={"judge": one["judge"]},
            )
        )
    with_tools = door is not None and suite["tools"]
    return Task(
        name=suite["name"],
        dataset=MemoryDataset(samples),
        solver=agent_of(suite, door) if door and with_tools else generate(),
        scorer=judge_of(orders) if suite["judged"] else None,
        config=GenerateConfig(max_tokens=suite["tokens"]),
        **(limits_of(suite) if with_tools else {}),
    )


def limits_of(suite: dict[str, Any]) -> dict[str, Any]:
    """What ends a loop that its own count of turns did not end."""
    turns = suite["turns"]
    return {
        "turn_limit": turns,
        "message_limit": 1 + MESSAGES_A_TURN * turns,
        "token_limit": f"output:{turns * suite['tokens']}",
        "time_limit": suite["seconds"],
    }


def read(used: Any) -> int:
    """Tokens of the prompt; Inspect counts those a server had kept apart."""
    kept = (used.input_tokens_cache_read, used.input_tokens_cache_write)
    return int(used.input_tokens + sum(count or 0 for count in kept))


def told(sample: Any, *, agent: str | None) -> dict[str, Any]:
    """What one sample gave; `agent` names a model that had tools."""
    choices = sample.output.choices
    used = sample.output.usage
    judged = (sample.scores or {}).get(JUDGE)
    found = {
        "id": sample.id,
        "answer": sample.output.completion if choices else None,
        "stop": choices[0].stop_reason if choices else None,
        "answered_by": sample.output.model if choices else None,
        "error": sample.error.message if sample.error else None,
        "input_tokens": read(used) if used else None,
        "output_tokens": used.output_tokens if used else None,
        "seconds": sample.output.time or sample.working_time,
        "judged": judged.explanation if judged else None,
    }
    return found if agent is None else found | loop_told(sample, found, agent)


def loop_told(sample: Any, found: dict[str, Any], agent: str) -> dict[str, Any]:
    """What is otherwise for a model with tools: all its turns count."""
    outputs = [
        event.output
        for event in sample.events
        if event.event == "model" and event.role != JUDGE and event.output.choices
    ]
    ended = sample.store.get("ended", False)
    last = sample.output.choices[0].message if sample.output.choices else None
    used = [output.usage for output in outputs]
    others = [one.model for one in outputs if one.model != agent]
    counted = bool(used) and all(used)
    return {
        "answer": found["answer"] if ended else None,
        "cut": bool(ended and last and last.tool_calls),
        "limit": sample.limit.type if sample.limit else None,
        "not_run": sample.store.get("not_run"),
        "answered_by": others[0] if others else agent,
        "input_tokens": sum(map(read, used)) if counted else None,
        "output_tokens": sum(one.output_tokens for one in used) if counted else None,
        "seconds": sample.working_time,
        "turns": len(outputs),
        "tool_calls": sample.store.get("calls", 0),
    }


def measured(orders: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """What the samples of each suite gave."""
    from inspect_ai import eval as run

    door = Door(orders["door"]) if orders["door"] is not None else None
    for suite in orders["suites"]:
        (log,) = run(
            task_of(orders, suite, door),
            model=asked(orders["model"], orders["config"], suite["tokens"]),
            log_dir=orders["logs"],
            display="none",
            log_realtime=False,
            log_images=False,
            fail_on_error=False,
            retry_on_error=0,
            score_display=False,
            max_samples=orders["at_once"],
            max_connections=orders["at_once"],
        )
        agent = orders["model"]["name"] if suite["tools"] else None
        yield [told(sample, agent=agent) for sample in log.samples or ()]


def main() -> None:
    """Nothing; writes what was measured."""
    orders = json.loads(sys.stdin.readline())
    with Path(orders["out"]).open("w", encoding="utf-8") as out:
        for samples in measured(orders):
            out.write(json.dumps(samples) + "\n")


if __name__ == "__main__":
    main()
