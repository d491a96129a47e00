"""A callback for Lightning; importable where Lightning is not installed."""

from __future__ import annotations

from typing import Any

from dokja.recorder.recorder import Recorder

try:
    from lightning.pytorch.callbacks import Callback
except ImportError:
    # Lightning calls it by the names of its methods; the class is only its mark.
    Callback = object


class LightningRecorder(Callback):  # type: ignore[misc, unused-ignore]
    """Records a Lightning run: `Trainer(callbacks=[LightningRecorder(record)])`.

    Make the recorder in the first process only, and close it after training.
    """

    def __init__(self, record: Recorder, *, recipe: str, seed: str = "") -> None:
        """`recipe` and `seed` say how the first weights were made."""
        self._record = record
        self._recipe, self._seed = recipe, seed
        self._rate: float | None = None
        self._seen = 0

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        """Records the first weights, or the state that was loaded."""
        optimizer = trainer.optimizers[0]
        self._seen = trainer.global_step
        if trainer.global_step:
            loaded = _state(pl_module, optimizer)
            self._record.resume(
                pl_module, optimizer, step=trainer.global_step, state=loaded
            )
        else:
            self._record.begin(
                pl_module, optimizer, recipe=self._recipe, seed=self._seed
            )

    def on_before_optimizer_step(
        self, trainer: Any, pl_module: Any, optimizer: Any
    ) -> None:
        """Keeps the coming step's rate: the schedule may move on before it ends."""
        del trainer, pl_module
        self._rate = max(float(group["lr"]) for group in optimizer.param_groups)

    def on_train_batch_end(
        self, trainer: Any, pl_module: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Records the step, where this batch ended one."""
        del pl_module, batch, batch_idx
        if trainer.global_step == self._seen:
            return
        self._seen = trainer.global_step
        loss = outputs.get("loss") if isinstance(outputs, dict) else outputs
        self._record.step(
            trainer.global_step,
            loss=float("nan") if loss is None else loss,
            lr=self._rate,
        )

    def on_save_checkpoint(
        self, trainer: Any, pl_module: Any, checkpoint: dict[str, Any]
    ) -> None:
        """Records the checkpoint."""
        del checkpoint
        saved = _state(pl_module, trainer.optimizers[0])
        self._record.checkpoint(trainer.global_step, saved)


def _state(module: Any, optimizer: Any) -> dict[str, Any]:
    """The state by its parts, as a checkpoint of it is recorded."""
    return {
        "model": module.state_dict(),
        "optimizer": optimizer.state_dict()["state"],
    }
