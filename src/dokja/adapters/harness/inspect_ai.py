"""Inspect: chat, agents, judged answers, pictures and sounds of a served model.

Only its samples are kept. It runs in a process of its own and never without a
limit of retries and of time; a server that is gone ends the run.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dokja.adapters.harness.chat import Sampling
from dokja.adapters.harness.endpoint import WRITTEN, Endpoint, EndpointHarness
from dokja.adapters.harness.libraries import releases
from dokja.adapters.harness.media import content_of
from dokja.adapters.harness.records import (
    FACT_LETTERS,
    Asked,
    Fault,
    Written,
    asked_items,
    fault_record,
    judged_record,
    missing_record,
    not_run_record,
    require_scorings,
    written_record,
)
from dokja.adapters.harness.server import Patience
from dokja.adapters.harness.tool_door import tool_door
from dokja.benchmark.judging.asking import (
    judge_prompt,
    judge_score,
    judge_words_digest,
)
from dokja.benchmark.programs.ports import ProgramPrinter
from dokja.benchmark.values import (
    FaultCause,
    Measured,
    SampleRecord,
    Scoring,
    Suite,
    Tool,
)
from dokja.benchmark.written import prompt_of
from dokja.benchmark.written.tools import NO_CALL_LEFT, PROGRAM_LETTERS, tools_of
from dokja.errors import Unavailable

_SCRIPT = Path(__file__).with_name("inspect_child.py")
_STATUS = re.compile(r"Error code: (?P<status>\d{3})")
_REFUSED = frozenset({"400", "413", "422"})
_TO_START = 120.0
"""Seconds that Inspect may take beside asking."""
_TOOL_SECONDS = 30.0
"""Seconds that one program may take: more than the sandbox gives it."""
_WAITED_OUT = frozenset({"time", "working"})
_OURS = FaultCause.INFRASTRUCTURE


@dataclass(frozen=True, kw_only=True)
class Judge:
    """A served model that marks answers."""

    endpoint: Endpoint
    tokens: int = 512
    """Most tokens of its reason and its mark."""


class InspectHarness:
    """Asks a served model through Inspect; implements `benchmark.ports.Harness`."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        sampling: Sampling,
        patience: Patience,
        judge: Judge | None = None,
        printer: ProgramPrinter | None = None,
        folders: Mapping[str, Path] | None = None,
    ) -> None:
        """`printer` runs a model's programs; `folders` hold pictures and sounds."""
        self._printer = printer
        self._endpoint = endpoint
        self._sampling = sampling
        self._patience = patience
        self._judge = judge
        self._folders = dict(folders or {})

    @property
    def engine(self) -> str:
        """Inspect, the declared engine, every parameter, and who judges how."""
        parts = [
            releases(("inspect_ai", "openai"), extra="inspect"),
            self._endpoint.served_by,
            f"model {self._endpoint.model}",
            f"weights {self._endpoint.weights}",
            self._sampling.shown,
        ]
        if self._judge is not None:
            judge = self._judge.endpoint
            parts.append(f"judge {judge.model} ({judge.weights}; {judge.served_by})")
            parts.append(f"judge's words {judge_words_digest()}")
        if self._printer is not None:
            parts.append(f"agent loop react without submit; {self._printer.engine}")
        return "; ".join(parts)

    @property
    def scorings(self) -> frozenset[Scoring]:
        """Written answers, and judged ones where there is a judge."""
        return WRITTEN | {Scoring.JUDGE} if self._judge else WRITTEN

    def run(
        self, model: str, suites: Sequence[Suite], *, repeat: int = 0
    ) -> tuple[SampleRecord, ...]:
        """One record for every item, in the suites' order."""
        _ = self.engine
        require_scorings(
            suites,
            self.scorings,
            why="it has no judge for or no way",
            tools=frozenset(Tool),
        )
        if self._no_sandbox and any(suite.header.tools for suite in suites):
            return self._some_not_run(model, suites, repeat)
        self._first_request(model, suites, repeat)
        with tempfile.TemporaryDirectory() as place:
            told = self._told(Path(place), self._orders(Path(place), suites, repeat))
        self._require_server([one for samples in told for one in samples.values()])
        return tuple(
            _record(asked, samples.get(number), self._endpoint.model)
            for suite, samples in zip(suites, told, strict=True)
            for number, asked in enumerate(asked_items([suite], repeat))
        )

    @property
    def _no_sandbox(self) -> str:
        """Why no tool can be given to a model here; empty where it can."""
        if self._printer is None:
            return "no sandbox: the harness was given none"
        return self._printer.missing

    def _some_not_run(
        self, model: str, suites: Sequence[Suite], repeat: int
    ) -> tuple[SampleRecord, ...]:
        """The records where suites with tools cannot be run: nothing of them is."""
        fact, found = self._no_sandbox, list[SampleRecord]()
        for suite in suites:
            if suite.header.tools:
                items = asked_items([suite], repeat)
                found += [not_run_record(asked, fact) for asked in items]
            else:
                found += self.run(model, [suite], repeat=repeat)
        return tuple(found)

    def _first_request(self, model: str, suites: Sequence[Suite], repeat: int) -> None:
        """Nothing. Raises: Unavailable where a server is not there or not that model.

        Asked by our own door, which waits for a bounded time.
        """
        judge = [self._judge.endpoint] if self._judge else []
        for endpoint in (self._endpoint, *judge):
            door = EndpointHarness(
                endpoint,
                sampling=self._sampling,
                patience=self._patience,
                folders=self._folders,
            )
            mine = endpoint is self._endpoint
            items = asked_items(suites, repeat) if mine else ()
            door.require_ready(model if mine else endpoint.model, items)

    def _orders(
        self, place: Path, suites: Sequence[Suite], repeat: int
    ) -> dict[str, Any]:
        asked = self._sampling.parameters(repeat, 0)
        config = {name: asked[name] for name in ("temperature", "top_p", "seed")}
        waits = {
            "max_retries": self._patience.attempts - 1,
            "timeout": max(1, round(self._patience.deadline * self._patience.attempts)),
            "attempt_timeout": max(1, round(self._patience.deadline)),
        }
        orders = {
            "model": _served(self._endpoint),
            "config": config | waits,
            "suites": [self._ordered(suite, repeat) for suite in suites],
            "logs": str(place / "logs"),
            "out": str(place / "samples.jsonl"),
            "at_once": 1,
        }
        if self._judge is not None:
            tokens = {"tokens": self._judge.tokens}
            orders["judge"] = _served(self._judge.endpoint) | tokens
        return orders

    def _ordered(self, suite: Suite, repeat: int) -> dict[str, Any]:
        header = suite.header
        judged = header.scoring is Scoring.JUDGE
        return {
            "name": header.id,
            "tools": [vars(words) for words in tools_of(header)],
            "turns": header.turns,
            "seconds": self._seconds(header.turns),
            "letters": PROGRAM_LETTERS,
            "no_call_left": NO_CALL_LEFT,
            "tokens": header.output_tokens,
            "judged": judged,
            "samples": [
                {
                    "content": content_of(
                        prompt_of(header, asked.item), asked, self._folders
                    ),
                    "judge": judge_prompt(header, asked.item) if judged else None,
                }
                for asked in asked_items([suite], repeat)
            ],
        }

    def _seconds(self, turns: int) -> int:
        """Most that one question may take, with every attempt and program."""
        answer = self._patience.deadline * self._patience.attempts
        return round(2 * answer * max(turns, 1) + _TOOL_SECONDS * turns) + 1

    @contextmanager
    def _door(self, suites: Sequence[Mapping[str, Any]]) -> Iterator[int | None]:
        """The descriptor of the way to the sandbox; None where no suite needs one."""
        if self._printer is None or not any(suite["tools"] for suite in suites):
            yield None
            return
        with tool_door(self._printer) as descriptor:
            yield descriptor

    def _told(self, place: Path, orders: dict[str, Any]) -> list[dict[int, Any]]:
        """What each suite's samples gave, by number."""
        suites = orders["suites"]
        limit = _TO_START + sum(one["seconds"] * len(one["samples"]) for one in suites)
        try:
            with self._door(suites) as door:
                told = orders | {"door": door}
                done = subprocess.run(  # noqa: S603  this interpreter, our script
                    [sys.executable, "-P", str(_SCRIPT)],
                    input=json.dumps(told).encode() + b"\n",
                    capture_output=True,
                    cwd=place,
                    env=_environment(place),
                    timeout=limit,
                    check=False,
                    pass_fds=() if door is None else (door,),
                )
        except subprocess.TimeoutExpired as error:
            raise Unavailable(
                f"Inspect did not end within {limit:g} seconds",
                remedy="look after the server; the rest goes on from what is kept",
            ) from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()[-FACT_LETTERS:]
            raise Unavailable(
                f"Inspect ended with {done.returncode}: {said}",
                remedy="check that the locked versions are installed",
            )
        lines = Path(orders["out"]).read_text(encoding="utf-8").splitlines()
        return [{one["id"]: one for one in json.loads(line)} for line in lines]

    def _require_server(self, told: Sequence[Mapping[str, Any]]) -> None:
        """Nothing. Raises: Unavailable where the server was gone at the end."""
        last = [_unanswered(one) for one in told[-self._patience.failures :]]
        gone = [fault for fault in last if fault and fault.cause is _OURS]
        if len(gone) == self._patience.failures:
            raise Unavailable(
                f"the server failed {len(gone)} questions in a row: {gone[-1].fact}",
                remedy="start the server again; what was measured is kept and the "
                "rest goes on from there",
            )


def _served(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "name": endpoint.model,
        "address": endpoint.address,
        "secret": endpoint.secret,
    }


def _environment(place: Path) -> dict[str, str]:
    """What Inspect sees of ours: enough to run, nothing that changes how it asks."""
    kept = {
        n: os.environ[n] for n in ("PATH", "LANG", "LD_LIBRARY_PATH") if n in os.environ
    }
    return {**kept, "HOME": str(place), "HF_HUB_OFFLINE": "1", "NO_PROXY": "*"}


def _record(asked: Asked, told: Mapping[str, Any] | None, model: str) -> SampleRecord:
    if told is None:
        return missing_record(asked, "Inspect gave no sample", _OURS)
    try:
        return _scored(asked, told, model)
    except Fault as fault:
        return fault_record(asked, fault)


def _scored(asked: Asked, told: Mapping[str, Any], model: str) -> SampleRecord:
    """The record of a sample that was answered. Raises: Fault."""
    if told.get("not_run"):
        return not_run_record(asked, told["not_run"][:FACT_LETTERS])
    cut = _cut(asked, told)
    if not cut and (fault := _unanswered(told)):
        raise fault
    if told["answered_by"] != model:
        raise Fault(
            _OURS, f"the server answered as {told['answered_by']!r}"[:FACT_LETTERS]
        )
    if told["stop"] == "content_filter":
        raise Fault(FaultCause.MODEL, "the server's filter withheld the answer")
    written = Written(
        text="" if cut else told["answer"],
        input_tokens=told["input_tokens"],
        output_tokens=told["output_tokens"],
        measured=Measured(seconds=float(told["seconds"] or 0)),
        turns=told.get("turns"),
        tool_calls=told.get("tool_calls"),
        cut=cut,
    )
    if asked.suite.header.scoring is not Scoring.JUDGE:
        return written_record(asked, written)
    score = 0.0 if cut else judge_score(told["judged"] or "")
    if score is None:
        raise Fault(_OURS, "the judge's last line is no score from 0 to 10")
    return judged_record(asked, written, score)


def _cut(asked: Asked, told: Mapping[str, Any]) -> str:
    """Why a model with tools came to no answer; empty where it came to one.

    Raises: Fault where the time was up, which a slow server is enough for.
    """
    limit = told.get("limit")
    if limit in _WAITED_OUT:
        raise Fault(_OURS, "the time for one question was up")
    if limit:
        return f"stopped at the limit of {limit}s without an answer"
    if told.get("cut"):
        return f"asked {asked.suite.header.turns} times without an answer"
    return ""


def _unanswered(told: Mapping[str, Any]) -> Fault | None:
    """Why the model gave no answer; None where it gave one."""
    if told["answer"] is not None:
        return None
    message = " ".join(str(told["error"]).split())
    found = _STATUS.search(message)
    if found is None:
        return Fault(_OURS, f"Inspect had no answer: {message[-200:]}")
    refused = found["status"] in _REFUSED
    fact = f"the server answered {found['status']}"
    return Fault(FaultCause.MODEL if refused else _OURS, fact)
