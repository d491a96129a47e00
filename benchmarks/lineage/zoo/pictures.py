"""Two photographs as a masked-patch lesson for small vision encoders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from recipes import Shape, Training
from sklearn.datasets import load_sample_images
from subjects import Batch
from transformers import PreTrainedModel

HIDDEN = 0.5
HELD_OUT_COLUMNS = 160
HELD_OUT_CROPS = 128
# A trained encoder must pay less than this share of what the mean colour pays.
LEARNED_SHARE = 0.75


class Pictures:
    """Square crops of scikit-learn's two photographs, half of their patches hidden.

    The right-hand columns of each photograph are never trained on.
    """

    def __init__(self, shape: Shape) -> None:
        self._side = int(shape.more["image_size"])
        self._patches = (self._side // int(shape.more["patch_size"])) ** 2
        photographs = [
            torch.from_numpy(np.asarray(image)).permute(2, 0, 1).float() / 127.5 - 1.0
            for image in load_sample_images().images
        ]
        self._train = [p[:, :, :-HELD_OUT_COLUMNS] for p in photographs]
        self._held_out = [p[:, :, -HELD_OUT_COLUMNS:] for p in photographs]

    def _crops(
        self, photographs: list[torch.Tensor], count: int, draws: torch.Generator
    ) -> Batch:
        crops = []
        for number in range(count):
            photograph = photographs[number % len(photographs)]
            top, left = (
                int(torch.randint(length - self._side, (1,), generator=draws))
                for length in photograph.shape[1:]
            )
            crop = photograph[:, top : top + self._side, left : left + self._side]
            mirrored = bool(torch.randint(2, (1,), generator=draws))
            crops.append(crop.flip(-1) if mirrored else crop)
        hidden = torch.rand(count, self._patches, generator=draws) < HIDDEN
        return torch.stack(crops), hidden

    def batches(self, training: Training) -> Iterator[Batch]:
        """The batches in the order that the training names, without end."""
        draws = torch.Generator().manual_seed(training.order)
        while True:
            yield self._crops(self._train, training.rows, draws)

    def loss(self, model: PreTrainedModel, batch: Batch) -> torch.Tensor:
        """The mean absolute error over hidden patches' pixels, in units of 2/255."""
        made = model(batch[0], bool_masked_pos=batch[1])
        error: torch.Tensor = made.loss
        return error

    def _fixed(self) -> Batch:
        draws = torch.Generator().manual_seed(0)
        return self._crops(self._held_out, HELD_OUT_CROPS, draws)

    @torch.no_grad()
    def held_out_loss(self, model: PreTrainedModel) -> float:
        """The loss on crops of the columns that no training sees."""
        return round(float(self.loss(model, self._fixed())), 4)

    def plain_loss(self, mix: str) -> float:
        """The mean absolute distance from the mean colour, on the same crops."""
        assert mix == "pictures"
        crops = self._fixed()[0]
        mean = torch.cat([p.flatten(1) for p in self._train], dim=1).mean(dim=1)
        return round(float((crops - mean[None, :, None, None]).abs().mean()), 4)

    def is_learned(self, loss: float) -> bool:
        """Whether the loss is clearly under that of the mean colour."""
        return loss < LEARNED_SHARE * self.plain_loss("pictures")

    def size(self, mix: str) -> int:
        """The patches of both photographs, cut once without overlap."""
        assert mix == "pictures"
        pixels = sum(p.shape[1] * p.shape[2] for p in self._train)
        return pixels * self._patches // self._side**2

    @torch.no_grad()
    def answers(self, model: PreTrainedModel) -> torch.Tensor:
        """The reconstructions of sixteen held-out crops."""
        model.eval()
        crops, hidden = self._fixed()
        made = model(crops[:16], bool_masked_pos=hidden[:16])
        pixels: torch.Tensor = made.reconstruction
        return pixels

    def keep(self, folder: Path) -> None:
        """Nothing; pictures need no vocabulary."""
