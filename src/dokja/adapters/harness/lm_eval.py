"""lm-evaluation-harness: log-likelihoods of choices, of a model on the CPU.

Of a run only the samples are kept; the harness's own totals, its cache
(which is not keyed by the model) and its access to a hub are not used.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import msgspec

from dokja.benchmark.suite import item_digest
from dokja.benchmark.values import Item, SampleRecord, SampleStatus, Scoring, Suite
from dokja.errors import InvalidInput, Unavailable

_PACKAGES = ("lm_eval", "transformers", "torch")


class LmEvalHarness:
    """Scores multiple choice with lm-eval's `hf` model, one thread, no hub."""

    def __init__(self, *, batch_size: int, dtype: str) -> None:
        self._batch_size = batch_size
        self._dtype = dtype

    @property
    def engine(self) -> str:
        """Versions and every parameter that changes a score."""
        try:
            versions = "; ".join(f"{name} {_release(name)}" for name in _PACKAGES)
        except PackageNotFoundError as error:
            raise Unavailable(
                f"the harness needs {error.name}, which is not installed",
                remedy="install Dokja with its extra: pip install 'dokja[harness]'",
            ) from error
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
        logging.getLogger("lm_eval").setLevel(logging.ERROR)
        with _silent_stderr():
            samples = _evaluate(model, suites, self._batch_size, self._dtype)
        return tuple(
            msgspec.structs.replace(
                _record(suite, item, samples[suite.header.id].get(index), engine),
                repeat=repeat,
            )
            for suite in suites
            for index, item in enumerate(suite.items)
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
    # Read by the libraries when they are imported, so it has to come first.
    os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ["TRANSFORMERS_VERBOSITY"] = "error"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    import torch
    from lm_eval.evaluator import simple_evaluate
    from lm_eval.tasks import TaskManager

    # Sums depend on how many threads share them.
    torch.set_num_threads(1)
    results = simple_evaluate(
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


@lru_cache(maxsize=1)
def _loaded(model: str, batch_size: int, dtype: str) -> Any:
    """The model of a path, kept for the next shard of the same run.

    Weights do not change while they are measured: their digest is taken before
    and after.
    """
    from lm_eval.models.huggingface import HFLM

    try:
        return HFLM(pretrained=model, device="cpu", dtype=dtype, batch_size=batch_size)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise InvalidInput(
            f"the harness cannot load the model: {error}",
            remedy="check config.json and the tokenizer against the weights; the "
            "folder must open with transformers without remote code",
        ) from error


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
        "doc_to_text": "{{question}}",
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


def _record(
    suite: Suite, item: Item, sample: dict[str, Any] | None, engine: str
) -> SampleRecord:
    status, chosen, score, error = SampleStatus.MISSING, None, None, ""
    if sample is None:
        error = f"no sample from {engine}"
    else:
        likelihoods = [float(answer[0]) for answer in sample["filtered_resps"]]
        if len(likelihoods) != len(item.choices) or any(map(math.isnan, likelihoods)):
            status, error = SampleStatus.ERROR, "a choice has no log-likelihood"
        else:
            status = SampleStatus.SCORED
            chosen = max(range(len(likelihoods)), key=likelihoods.__getitem__)
            score = int(chosen == item.answer)
    return SampleRecord(
        suite=suite.header.id,
        suite_version=suite.header.version,
        item=item.id,
        item_digest=item_digest(item),
        cluster=item.cluster,
        status=status,
        chosen=chosen,
        score=score,
        error=error,
    )


def _release(package: str) -> str:
    # A local label (+cpu) names the build, which the device already does.
    return version(package).partition("+")[0]
