"""A callback for the `transformers` Trainer."""

from __future__ import annotations

from typing import Any

from transformers import TrainerCallback

from dokja.recorder.recorder import Recorder
from dokja.recorder.tensors import loaded_torch


class RecorderCallback(TrainerCallback):  # type: ignore[misc, unused-ignore]
    """Records a Trainer's run: `Trainer(..., callbacks=[RecorderCallback(record)])`.

    Make the recorder in the first process only, and close it after training. Loss
    is the model's own output; a model that returns none is recorded with `nan`.
    """

    def __init__(self, record: Recorder, *, recipe: str, seed: str = "") -> None:
        """`recipe` and `seed` say how the first weights were made."""
        self._record = record
        self._recipe, self._seed = recipe, seed
        self._rate = float("nan")
        self._losses: list[Any] = []
        self._is_summed = False

    def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Records the first weights, or the state that was loaded."""
        del args, control
        model, optimizer = given["model"], given.get("optimizer")
        if state.global_step:
            loaded = _state(model, optimizer)
            self._record.resume(model, optimizer, step=state.global_step, state=loaded)
        else:
            self._record.begin(model, optimizer, recipe=self._recipe, seed=self._seed)
        model.register_forward_hook(self._hear, with_kwargs=True)

    def on_pre_optimizer_step(
        self, args: Any, state: Any, control: Any, **given: Any
    ) -> None:
        """Keeps the coming step's rate: the schedule moves on before the step ends."""
        del args, state, control
        groups = given["optimizer"].param_groups
        self._rate = max(float(group["lr"]) for group in groups)

    def on_step_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Records the step."""
        del args, control, given
        self._record.step(state.global_step, loss=self._loss(), lr=self._rate)

    def on_save(self, args: Any, state: Any, control: Any, **given: Any) -> None:
        """Records the checkpoint."""
        del args, control
        saved = _state(given["model"], given.get("optimizer"))
        self._record.checkpoint(state.global_step, saved)

    def _hear(self, module: Any, args: Any, kwargs: Any, output: Any) -> None:
        """Keeps the loss of a forward pass; several make up one step."""
        del args
        loss = getattr(output, "loss", None)
        if module.training and loss is not None:
            self._losses.append(loss.detach())
            # The Trainer then divides by the tokens of the whole step.
            self._is_summed = kwargs.get("num_items_in_batch") is not None

    def _loss(self) -> Any:
        losses, self._losses = self._losses, []
        if not losses:
            return float("nan")
        together = loaded_torch().stack(losses)
        return together.sum() if self._is_summed else together.mean()


def _state(model: Any, optimizer: Any) -> dict[str, Any]:
    """The state by its parts, as a checkpoint of it is recorded."""
    parts = {"model": model.state_dict()}
    if optimizer is not None:
        parts["optimizer"] = optimizer.state_dict()["state"]
    return parts
