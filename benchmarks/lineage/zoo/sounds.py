"""Synthesised sounds as a transcription lesson for a small audio encoder.

There is no recorded audio in the repository: every sound here is made by rule and
is marked synthetic in the zoo's description.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch
from recipes import Shape, Training
from subjects import Batch
from transformers import PreTrainedModel
from transformers.audio_utils import mel_filter_bank

RATE = 8000
HOP = 80
WINDOW = 256
NOTES = 16
LENGTH = 8
START = 0
HELD_OUT_SOUNDS = 128
LEARNED_SHARE = 0.75


class Sounds:
    """Eight notes in a row, with overtones, glides and noise, to be named."""

    def __init__(self, shape: Shape) -> None:
        self._frames = 2 * int(shape.more["max_source_positions"])
        bank = mel_filter_bank(
            num_frequency_bins=WINDOW // 2 + 1,
            num_mel_filters=int(shape.more["num_mel_bins"]),
            min_frequency=0.0,
            max_frequency=RATE / 2,
            sampling_rate=RATE,
            norm="slaney",
            mel_scale="slaney",
        )
        self._bank = torch.from_numpy(bank).float()

    def _sounds(self, count: int, draws: torch.Generator) -> Batch:
        notes = torch.randint(NOTES, (count, LENGTH), generator=draws)
        samples = self._frames * HOP
        pitch = 150.0 * 2 ** (notes / 6.0)
        pitch = pitch.repeat_interleave(samples // LENGTH, dim=1)
        glide = 1 + 0.02 * torch.randn(count, 1, generator=draws)
        phase = torch.cumsum(2 * torch.pi * pitch * glide / RATE, dim=1)
        loud = torch.rand(count, 4, 1, generator=draws)
        overtones = torch.arange(1, 5)[:, None] * phase[:, None]
        wave = (loud / torch.arange(1, 5)[:, None] * torch.sin(overtones)).sum(dim=1)
        wave += 0.1 * torch.randn(count, samples, generator=draws)
        return self._mel(wave), notes + 1

    def _mel(self, wave: torch.Tensor) -> torch.Tensor:
        parts = torch.stft(
            wave, WINDOW, HOP, window=torch.hann_window(WINDOW), return_complex=True
        )
        power = parts[:, :, : self._frames].abs().square().transpose(1, 2)
        # As Whisper does it: eight decades under the loudest.
        logs = (power @ self._bank).clamp_min(1e-10).log10()
        logs = torch.maximum(logs, logs.amax(dim=(1, 2), keepdim=True) - 8.0)
        # Beside the fixed positions of the encoder, whose amplitude is one, a small
        # model is deaf to sounds that are not brought to unit variance.
        apart = logs - logs.mean(dim=(1, 2), keepdim=True)
        return (apart / logs.std(dim=(1, 2), keepdim=True)).transpose(1, 2)

    def batches(self, training: Training) -> Iterator[Batch]:
        """The batches in the order that the training names, without end."""
        draws = torch.Generator().manual_seed(training.order)
        while True:
            yield self._sounds(training.rows, draws)

    def _logits(self, model: PreTrainedModel, batch: Batch) -> torch.Tensor:
        start = torch.full((len(batch[1]), 1), START)
        asked = torch.cat([start, batch[1][:, :-1]], dim=1)
        logits: torch.Tensor = model(
            input_features=batch[0], decoder_input_ids=asked, use_cache=False
        ).logits
        return logits

    def loss(self, model: PreTrainedModel, batch: Batch) -> torch.Tensor:
        """The cross entropy in nats a note."""
        logits = self._logits(model, batch).flatten(0, 1)
        return torch.nn.functional.cross_entropy(logits, batch[1].flatten())

    def _fixed(self) -> Batch:
        return self._sounds(HELD_OUT_SOUNDS, torch.Generator().manual_seed(0))

    @torch.no_grad()
    def held_out_loss(self, model: PreTrainedModel) -> float:
        """The loss on sounds that no training draws."""
        return round(float(self.loss(model, self._fixed())), 4)

    def plain_loss(self, mix: str) -> float:
        """The entropy of a note: all are as likely."""
        assert mix == "sounds"
        return float(torch.log(torch.tensor(float(NOTES))))

    def is_learned(self, loss: float) -> bool:
        """Whether the sounds are heard at all."""
        return loss < LEARNED_SHARE * self.plain_loss("sounds")

    def size(self, mix: str) -> int:
        """The frames of a hundred batches: sounds are drawn, none comes twice."""
        assert mix == "sounds"
        return 100 * 16 * self._frames

    @torch.no_grad()
    def answers(self, model: PreTrainedModel) -> torch.Tensor:
        """The logits of sixteen held-out sounds."""
        model.eval()
        sounds, notes = self._fixed()
        return self._logits(model, (sounds[:16], notes[:16]))

    def keep(self, folder: Path) -> None:
        """Nothing; notes need no vocabulary."""
