"""What a run is announced with, and what can be seen of its surroundings."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from dokja.recorder.log_writer import Place
from dokja.recorder.tensors import surroundings
from dokja.training.values import AnyEvent, Environment, Optimizer


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """What a team says of its run before it begins."""

    config: Mapping[str, Any] | None = None
    """Recorded by its digest."""
    code: str | None = None
    """Digest of the code tree."""
    code_changed: bool | None = None
    lock: str | None = None
    """Digest of the lock file."""
    lease: str = ""
    micro_batch: int | None = None
    deterministic: bool | None = None


def environment_of(model: Any, said: Announcement) -> Callable[[Place], AnyEvent]:
    """The job that records machines and software as they are now."""
    seen = surroundings(model)
    return lambda place: Environment(
        software={"python": platform.python_version()} | seen.software,
        devices=seen.devices,
        ranks=seen.ranks,
        dtype=seen.dtype,
        micro_batch=said.micro_batch,
        deterministic=said.deterministic,
        lease=said.lease,
        **place,
    )


def bound_of(model: Any, optimizer: Any) -> Callable[[Place], AnyEvent]:
    """The job that records the optimizer, as far as it bounds how weights move."""
    groups = optimizer.param_groups
    moved = {id(each) for group in groups for each in group["params"]}
    trained = (each for each in model.parameters() if each.requires_grad)
    betas = groups[0].get("betas")
    decay = max(float(group.get("weight_decay", 0.0)) for group in groups)
    name = type(optimizer).__name__.lower()
    if not all(id(each) in moved for each in trained):
        name += " and another"  # Whose steps its bound says nothing of.
    same = all(group.get("betas") == betas for group in groups)
    return lambda place: Optimizer(
        name=name,
        beta1=float(betas[0]).hex() if betas and same else None,
        beta2=float(betas[1]).hex() if betas and same else None,
        weight_decay=decay.hex(),
        **place,
    )
