"""Runs samples through Inspect, in a process of its own.

Inspect keeps an event loop, a terminal and settings of its own; none of them may
meet ours. The orders come as one line of JSON; what each sample gave is written to
the file they name, one object a line. Nothing of Dokja is imported here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


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


def asked(model: dict[str, Any], config: dict[str, Any], tokens: int) -> Any:
    """A served model, asked with what every request says."""
    from inspect_ai.model import GenerateConfig, get_model

    return get_model(
        f"openai-api/served/{model['name']}",
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
        judge = asked(orders["judge"], orders["config"], orders["judge"]["tokens"])

        async def score(state: Any, target: Any) -> Any:  # noqa: ARG001  Inspect's names
            before, after = state.metadata["judge"]
            words = await judge.generate(before + state.output.completion + after)
            return Score(value=0, explanation=words.completion)

        return score

    decorated: Any = scorer(metrics=[mean()], name="judge")
    return decorated(judging)()


def task_of(orders: dict[str, Any], suite: dict[str, Any]) -> Any:
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
    return Task(
        name=suite["name"],
        dataset=MemoryDataset(samples),
        solver=generate(),
        scorer=judge_of(orders) if suite["judged"] else None,
        config=GenerateConfig(max_tokens=suite["tokens"]),
    )


def read(used: Any) -> int:
    """Tokens of the prompt; Inspect counts those a server had kept apart."""
    kept = (used.input_tokens_cache_read, used.input_tokens_cache_write)
    return int(used.input_tokens + sum(count or 0 for count in kept))


def told(sample: Any) -> dict[str, Any]:
    """What one sample gave."""
    choices = sample.output.choices
    used = sample.output.usage
    judged = (sample.scores or {}).get("judge")
    return {
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


def measured(orders: dict[str, Any]) -> Iterator[list[dict[str, Any]]]:
    """What the samples of each suite gave."""
    from inspect_ai import eval as run

    for suite in orders["suites"]:
        (log,) = run(
            task_of(orders, suite),
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
        yield [told(sample) for sample in log.samples or ()]


def main() -> None:
    """Nothing; writes what was measured."""
    orders = json.loads(sys.stdin.readline())
    with Path(orders["out"]).open("w", encoding="utf-8") as out:
        for samples in measured(orders):
            out.write(json.dumps(samples) + "\n")


if __name__ == "__main__":
    main()
