"""lm-evaluation-harness: log-likelihoods of choices, of a model on the CPU.

Of a run only the samples are kept; the harness's own totals, its cache
(which is not keyed by the model) and its access to a hub are not used.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from dokja.adapters.harness.libraries import no_model, releases, stay_offline
from dokja.adapters.harness.records import (
    Asked,
    Fault,
    Likelihoods,
    asked_items,
    choice_record,
    fault_record,
    missing_record,
    require_scorings,
)
from dokja.benchmark.values import FaultCause, SampleRecord, Scoring, Suite

_PACKAGES = ("lm_eval", "transformers", "torch")
_TEXTS_KEPT = 512


class LmEvalHarness:
    """Scores multiple choice with lm-eval's `hf` model, one thread, no hub."""

    def __init__(self, *, batch_size: int, dtype: str) -> None:
        self._batch_size = batch_size
        self._dtype = dtype

    @property
    def engine(self) -> str:
        """Versions and every parameter that changes a score."""
        versions = releases(_PACKAGES, extra="harness")
        return f"{versions}; hf cpu; batch {self._batch_size}; {self._dtype}"

    @property
    def scorings(self) -> frozenset[Scoring]:
        """Log-likelihoods of choices."""
        return frozenset({Scoring.CHOICES})

    def run(
        self, model: str, suites: Sequence[Suite], *, repeat: int = 0
    ) -> tuple[SampleRecord, ...]:
        """One record for every item, in the suites' order; each repeat is equal."""
        engine = self.engine
        require_scorings(suites, self.scorings, why="it does not score")
        logging.getLogger("lm_eval").setLevel(logging.ERROR)
        with _silent_stderr():
            samples = _evaluate(model, suites, self._batch_size, self._dtype)
        loaded = _loaded(model, self._batch_size, self._dtype)
        return tuple(
            _cut_record(asked, loaded)
            or _record(asked, samples[suite.header.id].get(index), engine)
            for suite in suites
            for index, asked in enumerate(asked_items([suite], repeat))
        )


@contextlib.contextmanager
def _silent_stderr() -> Iterator[None]:
    """Sends file descriptor 2 nowhere: the harness runs git, which complains.

    Replacing `sys.stderr` alone would not reach a child process.
    """
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _evaluate(
    model: str, suites: Sequence[Suite], batch_size: int, dtype: str
) -> dict[str, dict[int, dict[str, Any]]]:
    stay_offline()
    import torch
    from lm_eval import evaluator
    from lm_eval.tasks import TaskManager

    # It asks pip and the compilers about the machine for 2 s a shard; none of it
    # is kept.
    evaluator.add_env_info = _nothing

    # Sums depend on how many threads share them.
    torch.set_num_threads(1)
    results = evaluator.simple_evaluate(
        model=_loaded(model, batch_size, dtype),
        tasks=[_task(suite) for suite in suites],
        task_manager=TaskManager(include_defaults=False),
        bootstrap_iters=0,
        log_samples=True,
        verbosity="ERROR",
    )
    return {
        suite: {int(sample["doc_id"]): sample for sample in samples}
        for suite, samples in results["samples"].items()
    }


def _nothing(_results: dict[str, Any]) -> None:
    """Nothing; stands where lm-eval describes the machine."""


@lru_cache(maxsize=1)
def _loaded(model: str, batch_size: int, dtype: str) -> Any:
    """The model of a path, kept for the next shard of the same run.

    Weights do not change while they are measured: their digest is taken before
    and after.
    """
    from lm_eval.models.huggingface import HFLM

    try:
        loaded = HFLM(
            pretrained=model, device="cpu", dtype=dtype, batch_size=batch_size
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise no_model(error) from error
    loaded.tok_encode = _reads_once(loaded.tok_encode)
    return loaded


def _reads_once(encode: Callable[..., list[int]]) -> Callable[..., list[int]]:
    """The tokenizer, which keeps what it read of the items it is at.

    The harness has each question read again for each of its choices.
    """
    kept = lru_cache(maxsize=_TEXTS_KEPT)(encode)

    def read(*text: Any, **how: Any) -> list[int]:
        return list(kept(*text, **how))

    return read


def _task(suite: Suite) -> dict[str, Any]:
    documents = [
        {"question": item.question, "choices": list(item.choices), "gold": item.answer}
        for item in suite.items
    ]

    def dataset(**_: object) -> dict[str, Any]:
        from datasets import Dataset

        return {"test": Dataset.from_list(documents)}

    return {
        "task": suite.header.id,
        "custom_dataset": dataset,
        "test_split": "test",
        "output_type": "multiple_choice",
        # A column, not a template: that would be compiled for every item.
        "doc_to_text": "question",
        "doc_to_choice": "choices",
        "doc_to_target": "gold",
        # A space of the language belongs to the choice, where it can be seen.
        "target_delimiter": "",
        "num_fewshot": 0,
        "metric_list": [
            {"metric": "acc", "aggregation": "mean", "higher_is_better": True}
        ],
        "metadata": {"version": suite.header.version},
    }


def _cut_record(asked: Asked, loaded: Any) -> SampleRecord | None:
    """The record of an item that the harness cuts to fit; None where it fits.

    It drops the beginning without a word, and with it what was asked about.
    """
    longest = max(
        len(loaded.tok_encode(asked.item.question + choice))
        for choice in asked.item.choices
    )
    # The last token is only looked for, never read.
    if longest <= loaded.max_length + 1:
        return None
    fact = f"{longest} tokens, where the model takes {loaded.max_length}"
    return fault_record(asked, Fault(FaultCause.MODEL, fact))


def _record(asked: Asked, sample: dict[str, Any] | None, engine: str) -> SampleRecord:
    if sample is None:
        return missing_record(asked, f"no sample from {engine}", None)
    values = [float(answer[0]) for answer in sample["filtered_resps"]]
    return choice_record(asked, Likelihoods(values=values))
