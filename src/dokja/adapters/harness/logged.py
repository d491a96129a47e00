"""What other harnesses log of one sample, read into one form. Their scores are not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from dokja.adapters.harness.log_files import (
    SAMPLE_BYTES,
    objects,
    open_log,
    packed_samples,
    parsed,
    read_lines,
    read_list,
    refused,
)


class LogKind(StrEnum):
    """Whose log it is."""

    INSPECT = "inspect"
    """Inspect's `.eval`, or the same as JSON."""
    LM_EVAL = "lm-eval"
    """`samples_*.jsonl` of lm-evaluation-harness, and of lmms-eval after it."""
    VLMEVALKIT = "vlmevalkit"
    """Predictions of VLMEvalKit as a JSON list, or one object a line."""


@dataclass(frozen=True, kw_only=True)
class Logged:
    """One sample of a log; what it lacks is None."""

    id: str
    question: str
    answer: str | None = None
    likelihoods: tuple[float, ...] = ()
    continuations: tuple[str, ...] = ()
    """The choices as the log words them, in its order."""
    judged: float | None = None
    """What the one scorer of the log gave, from 0 to 1."""
    repeat: int = 0
    error: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    seconds: float | None = None


def read_log(path: Path, kind: LogKind) -> Iterator[Logged]:
    """Every sample of the log. Raises: InvalidInput where it is none of that kind."""
    return _READERS[kind](path)


def _inspect(path: Path) -> Iterator[Logged]:
    for sample in _inspect_samples(path):
        output, error = _part(sample, "output"), _part(sample, "error")
        usage = [u for u in _part(sample, "model_usage").values() if _is_map(u)]
        # The model's own line of the bill can be told only where it is alone.
        used = usage[0] if len(usage) == 1 else {}
        epoch = sample.get("epoch", 1)
        yield Logged(
            id=str(sample.get("id", "")),
            question=_asked(sample.get("input"), path),
            answer=None if error else _said(output),
            judged=_judged(_part(sample, "scores")),
            repeat=epoch - 1 if type(epoch) is int and epoch > 0 else -1,
            error=str(error.get("message", ""))[:300] if error else "",
            input_tokens=_read_tokens(used),
            output_tokens=_count(used.get("output_tokens")),
            seconds=_seconds(sample.get("working_time")),
        )


def _read_tokens(used: Mapping[str, Any]) -> int | None:
    """Tokens of the prompt; Inspect counts those a server had kept apart."""
    count = _count(used.get("input_tokens"))
    kept = [_count(used.get(f"input_tokens_cache_{way}")) for way in ("read", "write")]
    return None if count is None else count + sum(tokens or 0 for tokens in kept)


def _inspect_samples(path: Path) -> Iterator[dict[str, Any]]:
    with open_log(path) as file:
        packed = file.read(2) == b"PK"
        file.seek(0)
        data = b"" if packed else file.read(SAMPLE_BYTES + 1)
    if packed:
        yield from packed_samples(path)
    elif len(data) > SAMPLE_BYTES:
        raise refused(path, "is too large as JSON; give Inspect's packed log")
    else:
        yield from objects(parsed(data, path).get("samples"), path)


def _asked(given: Any, path: Path) -> str:
    """The text of the question: what the user said last."""
    if isinstance(given, str):
        return given
    turns = [turn for turn in given or () if _is_map(turn)]
    users = [turn for turn in turns if turn.get("role") == "user"]
    if not users:
        raise refused(path, "has a sample without a question")
    return _text(users[-1].get("content"))


def _said(output: Mapping[str, Any]) -> str | None:
    choices = output.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    message = first.get("message") if isinstance(first, dict) else None
    return _text(message.get("content")) if isinstance(message, dict) else None


def _text(content: Any) -> str:
    """The words of a message, in the order of its parts."""
    if isinstance(content, str):
        return content
    parts = [part for part in content or () if _is_map(part)]
    return "".join(str(part.get("text", "")) for part in parts if "text" in part)


_GRADES = {"C": 1.0, "P": 0.5, "I": 0.0}


def _judged(scores: Mapping[str, Any]) -> float | None:
    if len(scores) != 1:
        return None
    (score,) = scores.values()
    value = score.get("value") if _is_map(score) else None
    if isinstance(value, str):
        return _GRADES.get(value)
    return _share(value)


def _lm_eval(path: Path) -> Iterator[Logged]:
    kept = None
    for sample in read_lines(path):
        # Each filter has its own line of every sample, with the same raw answer.
        kept = sample.get("filter") if kept is None else kept
        if sample.get("filter") != kept:
            continue
        doc, calls = _part(sample, "doc"), _calls(sample.get("arguments"))
        values = _likelihoods(sample.get("filtered_resps"))
        for repeat, answer in enumerate([None] if values else _raw(sample)):
            yield Logged(
                id=str(doc.get("id", "")),
                question=_question(doc, sample, calls, path),
                answer=answer,
                likelihoods=values,
                continuations=tuple(str(call[1]) for call in calls if len(call) > 1),
                repeat=repeat,
            )


def _question(
    doc: Mapping[str, Any],
    sample: Mapping[str, Any],
    calls: list[list[Any]],
    path: Path,
) -> str:
    """What was asked: of the document, of lmms-eval, or what the model was given."""
    given = [call[0] for call in calls[:1] if call]
    for found in (doc.get("question"), sample.get("input"), *given):
        if isinstance(found, str):
            return found
    raise refused(path, "has a sample without a question")


def _raw(sample: Mapping[str, Any]) -> list[str | None]:
    """The answers as they were written, one for each repeat."""
    found = sample.get("resps")
    first = found[0] if isinstance(found, list) and found else None
    answers = first if isinstance(first, list) else [first]
    return [answer if isinstance(answer, str) else None for answer in answers] or [None]


def _calls(arguments: Any) -> list[list[Any]]:
    """What the model was called with, one list a call: a list, or named places."""
    if _is_map(arguments):
        calls = [call for call in arguments.values() if _is_map(call)]
        return [list(call.values()) for call in calls]
    return [list(c) for c in arguments or () if isinstance(c, list | tuple) and c]


def _likelihoods(responses: Any) -> tuple[float, ...]:
    """The log-likelihood of each choice, where that is what was asked for."""
    if not isinstance(responses, list) or not responses:
        return ()
    if not all(isinstance(r, list) and len(r) == 2 for r in responses):
        return ()
    if any(str(response[1]) not in ("True", "False") for response in responses):
        return ()
    try:
        return tuple(float(response[0]) for response in responses)
    except (TypeError, ValueError):
        return tuple(math.nan for _ in responses)


def _vlmevalkit(path: Path) -> Iterator[Logged]:
    with open_log(path) as file:
        listed = file.read(1) == b"["
    for sample in read_list(path) if listed else read_lines(path):
        question, answer = sample.get("question"), sample.get("prediction")
        if not isinstance(question, str):
            raise refused(path, "has a sample without a question")
        yield Logged(
            id=str(sample.get("id", sample.get("index", ""))),
            question=question,
            answer=answer if isinstance(answer, str) else None,
        )


_READERS: Mapping[LogKind, Callable[[Path], Iterator[Logged]]] = {
    LogKind.INSPECT: _inspect,
    LogKind.LM_EVAL: _lm_eval,
    LogKind.VLMEVALKIT: _vlmevalkit,
}


def _is_map(found: Any) -> bool:
    return isinstance(found, dict)


def _part(sample: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = sample.get(name)
    return found if isinstance(found, dict) else {}


def _count(found: Any) -> int | None:
    return found if type(found) is int and found >= 0 else None


def _seconds(found: Any) -> float | None:
    usable = type(found) in (int, float) and math.isfinite(found) and found >= 0
    return float(found) if usable else None


def _share(found: Any) -> float | None:
    return float(found) if type(found) in (int, float) and 0 <= found <= 1 else None
