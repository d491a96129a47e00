"""What a model is taught: text, photographs or sounds, each with its own measure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import torch
from corpus import MASK, Material, batches, material
from recipes import Shape, Training
from transformers import PreTrainedModel

WINDOW = 128
PROBED = 8
# 15 % of 16 tokens leave a short lesson: Wettig et al. 2023 hide up to 40 %.
MASKED = 0.3
TEMPERATURE = 2.0
# A trained text model must be this far below what single tokens pay, in nats.
LEARNED_NATS = 0.3

Batch = tuple[torch.Tensor, torch.Tensor]


class Subject(Protocol):
    """A source of batches with a loss; a batch is (input, what is asked for)."""

    def batches(self, training: Training) -> Iterator[Batch]:
        """The batches in the order that the training names, without end."""

    def loss(self, model: PreTrainedModel, batch: Batch) -> torch.Tensor:
        """The mean loss of a batch."""

    def held_out_loss(self, model: PreTrainedModel) -> float:
        """The mean loss on what no training sees."""

    def plain_loss(self, mix: str) -> float:
        """What a model pays that looks at no context."""

    def is_learned(self, loss: float) -> bool:
        """Whether a held-out loss shows that context is used."""

    def size(self, mix: str) -> int:
        """Tokens, patches or frames of one epoch."""

    def answers(self, model: PreTrainedModel) -> torch.Tensor:
        """The outputs on a fixed held-out batch."""

    def keep(self, folder: Path) -> None:
        """Nothing; writes what belongs beside the weights."""


class NextToken:
    """The corpus, read from left to right."""

    def __init__(self, words: Material, window: int = WINDOW) -> None:
        self.words = words
        self._window = window

    def batches(self, training: Training) -> Iterator[Batch]:
        """The batches in the order that the training names, without end."""
        ids = self.words.train[training.mix]
        for rows in batches(ids, training.rows, training.window, training.order):
            whole = torch.from_numpy(rows)
            yield whole[:, :-1], whole[:, 1:]

    def loss(self, model: PreTrainedModel, batch: Batch) -> torch.Tensor:
        """The cross entropy in nats a token."""
        logits = model(batch[0], use_cache=False).logits.flatten(0, 1)
        return torch.nn.functional.cross_entropy(logits, batch[1].flatten())

    @torch.no_grad()
    def held_out_loss(self, model: PreTrainedModel) -> float:
        """The cross entropy on held-out prose in nats a token."""
        inputs, wanted = self._held_out()
        losses = [
            self.loss(model, (inputs[at : at + 32], wanted[at : at + 32]))
            * len(inputs[at : at + 32])
            for at in range(0, len(inputs), 32)
        ]
        return round(float(sum(losses)) / len(inputs), 4)

    def _held_out(self) -> Batch:
        ids = torch.from_numpy(self.words.held_out)
        count = (len(ids) - 1) // self._window
        inputs, wanted = ids[: count * self._window], ids[1 : count * self._window + 1]
        return inputs.view(count, self._window), wanted.view(count, self._window)

    def plain_loss(self, mix: str) -> float:
        """The entropy of single tokens in nats."""
        return self.words.unigram_entropy(mix)

    def is_learned(self, loss: float) -> bool:
        """Whether the loss is clearly under the entropy of single tokens."""
        return loss < self.plain_loss("prose") - LEARNED_NATS

    def size(self, mix: str) -> int:
        """The tokens of one epoch."""
        return len(self.words.train[mix])

    @torch.no_grad()
    def answers(self, model: PreTrainedModel) -> torch.Tensor:
        """The logits of eight held-out rows."""
        model.eval()
        logits: torch.Tensor = model(self._held_out()[0][:PROBED]).logits
        return logits

    def keep(self, folder: Path) -> None:
        """Nothing; writes the tokenizer."""
        self.words.tokenizer.save_pretrained(folder)


class HiddenToken(NextToken):
    """The corpus with 30 % of its tokens hidden (Devlin et al. 2019, masks only)."""

    def batches(self, training: Training) -> Iterator[Batch]:
        """The batches in the order that the training names, without end."""
        draws = torch.Generator().manual_seed(training.order)
        for rows, _ in super().batches(training):
            yield self._hide(rows, draws)

    def _hide(self, rows: torch.Tensor, draws: torch.Generator) -> Batch:
        hidden = torch.rand(rows.shape, generator=draws) < MASKED
        mask = int(self.words.tokenizer.convert_tokens_to_ids(MASK))
        return rows.masked_fill(hidden, mask), rows.masked_fill(~hidden, -100)

    def loss(self, model: PreTrainedModel, batch: Batch) -> torch.Tensor:
        """The cross entropy in nats a hidden token."""
        asked = batch[1] != -100
        logits = model(batch[0]).logits[asked]
        return torch.nn.functional.cross_entropy(logits, batch[1][asked])

    def _held_out(self) -> Batch:
        return self._hide(super()._held_out()[0], torch.Generator().manual_seed(0))


class Imitation:
    """A subject in which a teacher's answers take the place of the right ones."""

    def __init__(self, subject: NextToken, teacher: PreTrainedModel) -> None:
        self._subject = subject
        self._teacher = teacher

    def batches(self, training: Training) -> Iterator[Batch]:
        """The batches in the order that the training names, without end."""
        return self._subject.batches(training)

    def loss(self, model: PreTrainedModel, batch: Batch) -> torch.Tensor:
        """The divergence from the teacher at a raised temperature.

        Source: Hinton, Vinyals, Dean 2015: soft targets, times the temperature squared.
        """
        logits = model(batch[0], use_cache=False).logits.flatten(0, 1)
        with torch.no_grad():
            wanted = self._teacher(batch[0], use_cache=False).logits.flatten(0, 1)
        return TEMPERATURE**2 * torch.nn.functional.kl_div(
            torch.log_softmax(logits / TEMPERATURE, dim=-1),
            torch.log_softmax(wanted / TEMPERATURE, dim=-1),
            reduction="batchmean",
            log_target=True,
        )

    def size(self, mix: str) -> int:
        """The tokens of one epoch."""
        return self._subject.size(mix)


def subject_of(shape: Shape, cache: Path) -> Subject:
    """What a model of this shape is taught."""
    if shape.family == "vit":
        from pictures import Pictures

        return Pictures(shape)
    if shape.family == "whisper":
        from sounds import Sounds

        return Sounds(shape)
    words = material(cache, shape.tokenizer, shape.vocabulary)
    if shape.family == "bert":
        # Held-out text may not reach positions that no training has seen.
        return HiddenToken(words, int(shape.more["max_position_embeddings"]))
    return NextToken(words)
