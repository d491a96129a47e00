"""Picks the harness or engine by its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from dokja.adapters.harness import (
    EchoedChoices,
    Endpoint,
    EndpointHarness,
    InspectHarness,
    Judge,
    LlamaCppHarness,
    LmEvalHarness,
    Patience,
    Sampling,
    TransformersHarness,
)
from dokja.adapters.sandbox import ProgramSandbox
from dokja.benchmark.ports import Harness
from dokja.benchmark.programs import ScoresPrograms
from dokja.benchmark.programs.ports import ProgramPrinter
from dokja.benchmark.runs.ports import ShardTask
from dokja.benchmark.values import SampleRecord, Scoring, Suite
from dokja.errors import InvalidInput
from dokja.settings import read_settings

LM_EVAL, TRANSFORMERS = "lm-eval", "transformers"
LLAMA_CPP, ENDPOINT, INSPECT = "llama.cpp", "endpoint", "inspect"
SERVED = frozenset({ENDPOINT, INSPECT})
"""Engines whose model is at a server, with weights as the office declares them."""
DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Engine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What measures, with every parameter of it that changes a score."""

    name: str
    batch_size: int = 16
    """Of lm-eval."""
    dtype: str = "float32"
    """Of lm-eval."""
    context: int = 4096
    """Tokens of llama.cpp's window."""
    threads: int = 1
    """Of llama.cpp: sums depend on how many share them."""
    temperature: float = 0.0
    seed: int = 0
    model: str = ""
    """Name under which a server knows the model."""
    address: str = ""
    """Of a served model, without the `/v1`; stands in no result."""
    served_by: str = ""
    """What serves it, as the office declares it: engine, version, precision."""
    weights: str = ""
    """Digest of the served weights, as the office declares it."""
    echoes: bool = False
    """Whether the server gives log-likelihoods of an echoed prompt."""
    media: tuple[tuple[str, str], ...] = ()
    """Suite and the folder that holds its pictures and sounds; stands in no result."""
    at_once: int = 1
    """Questions that a server is asked at once."""
    judge_model: str = ""
    """Name under which a server knows the model that judges; empty for no judge."""
    judge_address: str = ""
    judge_served_by: str = ""
    judge_weights: str = ""
    """Of the judge, as of the model: stands in the name of every score it gave."""


def measure_shard(engine: Engine, task: ShardTask) -> tuple[SampleRecord, ...]:
    """The records of a shard; made in whichever process does the work."""
    harness = harness_for(engine, [task.suite])
    return harness.run(task.model, [task.suite], repeat=task.shard.repeat)


def harness_for(engine: Engine, suites: Sequence[Suite]) -> Harness:
    """The harness of that name; with a sandbox where a suite asks for programs.

    Raises: InvalidInput for an unknown one, or one that gives a model no tools
    where a suite has them.
    """
    harness = make_harness(engine)
    with_tools = [suite.header.id for suite in suites if suite.header.tools]
    if with_tools and engine.name != INSPECT:
        raise InvalidInput(
            f"suite {with_tools[0]} lets a model use tools, which {engine.name} does "
            "not give it",
            remedy=f"measure the model at a server with --engine {INSPECT}",
        )
    if with_tools:
        harness = _inspect(engine, printer=_sandbox())
    if any(suite.header.scoring is Scoring.CODE for suite in suites):
        return ScoresPrograms(harness, _sandbox())
    return harness


@lru_cache(maxsize=4)
def make_harness(engine: Engine) -> Harness:
    """The harness of that name. Raises: InvalidInput for an unknown one."""
    if engine.name not in ENGINES:
        raise InvalidInput(
            f"there is no engine {engine.name!r}",
            remedy=f"give one of {', '.join(ENGINES)}",
        )
    return ENGINES[engine.name](engine)


@lru_cache(maxsize=1)
def _sandbox() -> ProgramSandbox:
    """One for the process, which tries once whether walls can be had."""
    return ProgramSandbox()


def _lm_eval(engine: Engine) -> Harness:
    return LmEvalHarness(batch_size=engine.batch_size, dtype=engine.dtype)


def _transformers(engine: Engine) -> Harness:
    return TransformersHarness(dtype=engine.dtype)


def _llama_cpp(engine: Engine) -> Harness:
    return LlamaCppHarness(
        context=engine.context,
        threads=engine.threads,
        sampling=_sampling(engine),
        patience=Patience(),
    )


def _endpoint(engine: Engine) -> Harness:
    return EndpointHarness(
        _served_model(engine),
        sampling=_sampling(engine),
        patience=Patience(),
        at_once=engine.at_once,
        folders=_folders(engine),
    )


def _inspect(engine: Engine, *, printer: ProgramPrinter | None = None) -> Harness:
    return InspectHarness(
        _served_model(engine),
        sampling=_sampling(engine),
        patience=Patience(),
        judge=_judge(engine),
        printer=printer,
        folders=_folders(engine),
    )


def _served_model(engine: Engine) -> Endpoint:
    _require_served(engine.served_by, engine.weights, who="model", option="--")
    return Endpoint(
        address=engine.address,
        model=engine.model,
        weights=engine.weights,
        served_by=engine.served_by,
        choices=EchoedChoices() if engine.echoes else None,
        secret=read_settings().endpoint_key or "",
    )


def _judge(engine: Engine) -> Judge | None:
    """The judge; None where no option names one. Raises: InvalidInput for half a one.

    It is never the model itself by default: who judges is said or nobody does.
    """
    named = (engine.judge_model, engine.judge_address)
    if not any((*named, engine.judge_served_by, engine.judge_weights)):
        return None
    if not all(named):
        raise InvalidInput(
            "a judge needs its model's name and its address",
            remedy="give --judge-model and --judge-address",
        )
    _require_served(
        engine.judge_served_by, engine.judge_weights, who="judge", option="--judge-"
    )
    return Judge(
        endpoint=Endpoint(
            address=engine.judge_address,
            model=engine.judge_model,
            weights=engine.judge_weights,
            served_by=engine.judge_served_by,
            secret=read_settings().judge_key or "",
        )
    )


def _require_served(served_by: str, weights: str, *, who: str, option: str) -> None:
    if not served_by or not DIGEST.fullmatch(weights):
        raise InvalidInput(
            f"a served {who} needs to say what serves it and which weights",
            remedy=f"give {option}served-by, and {option}weights with sha256: and 64 "
            "hex digits",
        )


def _folders(engine: Engine) -> dict[str, Path]:
    return {suite: Path(folder) for suite, folder in engine.media}


def _sampling(engine: Engine) -> Sampling:
    return Sampling(temperature=engine.temperature, seed=engine.seed)


ENGINES: Mapping[str, Callable[[Engine], Harness]] = {
    LM_EVAL: _lm_eval,
    TRANSFORMERS: _transformers,
    LLAMA_CPP: _llama_cpp,
    ENDPOINT: _endpoint,
    INSPECT: _inspect,
}
