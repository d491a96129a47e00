"""Written answers of a transformers folder on the CPU: greedy, one thread, no hub."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dokja.adapters.harness.endpoint import WRITTEN
from dokja.adapters.harness.libraries import releases
from dokja.adapters.harness.records import (
    Asked,
    Fault,
    Written,
    asked_items,
    fault_record,
    require_scorings,
    written_record,
)
from dokja.adapters.harness.server import clock
from dokja.adapters.harness.transformers_model import LoadedModel, loaded_model
from dokja.benchmark.values import FaultCause, Measured, SampleRecord, Scoring, Suite
from dokja.benchmark.written import prompt_of

_PACKAGES = ("transformers", "torch")


class TransformersHarness:
    """Writes with a folder's own model; implements `benchmark.ports.Harness`."""

    def __init__(self, *, dtype: str) -> None:
        self._dtype = dtype

    @property
    def engine(self) -> str:
        """Versions and every parameter that changes a score."""
        versions = releases(_PACKAGES, extra="harness")
        drawn = "greedy; the tokenizer's chat template where it has one"
        return f"{versions}; cpu; one thread; {self._dtype}; {drawn}"

    @property
    def scorings(self) -> frozenset[Scoring]:
        """Written answers that a program can score."""
        return WRITTEN

    def run(
        self, model: str, suites: Sequence[Suite], *, repeat: int = 0
    ) -> tuple[SampleRecord, ...]:
        """One record for every item, in the suites' order; each repeat is equal."""
        _ = self.engine
        require_scorings(suites, self.scorings, why="it does not score")
        loaded = loaded_model(model, self._dtype)
        return tuple(_record(asked, loaded) for asked in asked_items(suites, repeat))


def _record(asked: Asked, loaded: LoadedModel) -> SampleRecord:
    try:
        return written_record(asked, _written(asked, loaded))
    except Fault as fault:
        return fault_record(asked, fault)


def _written(asked: Asked, loaded: LoadedModel) -> Written:
    """The answer to one item. Raises: Fault."""
    import torch
    from transformers import LogitsProcessorList

    began = clock()
    tokens = _tokens(prompt_of(asked.suite.header, asked.item), loaded)
    room = asked.suite.header.output_tokens
    if loaded.limit is not None:
        room = min(room, loaded.limit - len(tokens))
    if room < 1 or not tokens:
        fact = f"a prompt of {len(tokens)} tokens, where the model takes {loaded.limit}"
        raise Fault(FaultCause.MODEL, fact)
    watch = _Watch()
    try:
        with torch.inference_mode():
            written = loaded.model.generate(
                torch.tensor([tokens]),
                attention_mask=torch.ones((1, len(tokens)), dtype=torch.long),
                max_new_tokens=room,
                do_sample=False,
                pad_token_id=loaded.tokenizer.pad_token_id or 0,
                logits_processor=LogitsProcessorList([watch]),
            )[0, len(tokens) :]
    except (RuntimeError, ValueError, IndexError) as error:
        raise Fault(FaultCause.MODEL, f"the model cannot write: {error}") from error
    first = None if watch.first is None else watch.first - began
    return Written(
        text=loaded.tokenizer.decode(written, skip_special_tokens=True),
        input_tokens=len(tokens),
        output_tokens=len(written),
        measured=Measured(seconds=clock() - began, first_token_seconds=first),
    )


class _Watch:
    """Notes when the first token could be drawn, and that each could be."""

    first: float | None = None

    def __call__(self, _: Any, scores: Any) -> Any:
        """The scores as they are. Raises: Fault where they are no numbers."""
        if self.first is None:
            self.first = clock()
        if bool(scores.isnan().any()):
            raise Fault(FaultCause.MODEL, "the weights give no number for a token")
        return scores


def _tokens(prompt: str, loaded: LoadedModel) -> list[int]:
    """The prompt as the model reads it. Raises: Fault."""
    tokenizer = loaded.tokenizer
    if not tokenizer.chat_template:
        return list(tokenizer(prompt)["input_ids"])
    turns = [{"role": "user", "content": prompt}]
    try:
        text = tokenizer.apply_chat_template(
            turns, tokenize=False, add_generation_prompt=True
        )
    except Exception as error:  # a submitted template may raise anything
        fact = f"the chat template fails: {type(error).__name__}"
        raise Fault(FaultCause.MODEL, fact) from error
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])
