"""Published weights beside a recorded checkpoint, tensor by tensor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.training.kept_state import KeptState, digest_of_array
from dokja.training.stored_tensors import number_type
from dokja.training.values import TensorDigest

MODEL = "model."
"""Under which a checkpoint holds the model's own state."""
_WRAPPINGS = ("", "model.", "module.", "_orig_mod.")
"""What trainers put before a name and take off when they publish."""
_CAST = frozenset({"float64", "float32", "float16", "bfloat16"})
"""Types between which values are rounded and not scaled as well."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One checkpoint's model: digests always, values where they were kept."""

    tensors: tuple[TensorDigest, ...]
    """Of the whole state, as it was listed."""
    state: KeptState | None


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """How published weights and a checkpoint's stand to each other, by name."""

    same: tuple[str, ...]
    cast: tuple[str, ...]
    """The checkpoint's, rounded to the published number type."""
    other: tuple[str, ...]
    unread: tuple[str, ...]
    """Of another number type, where the checkpoint's values were not kept."""
    added: tuple[str, ...]
    """Published, and in the checkpoint under no name and as no tied weight, or in
    another shape, or quantised."""
    left_out: tuple[str, ...]
    """In the checkpoint, and not published under any name."""

    @property
    def is_whole(self) -> bool:
        """Whether everything published is the checkpoint's, and nothing is missing."""
        return bool(self.same or self.cast) and not (
            self.other or self.unread or self.added or self.left_out
        )


def likeness(
    release: KeptState, recorded: Recorded, trained: Sequence[str]
) -> Likeness:
    """The likeness of published weights to a checkpoint.

    `trained` are the names of the first weights: what is no such weight, as a
    buffer, may be left out of what is published.
    """
    by_name = {t.name: t for t in recorded.tensors if t.name.startswith(MODEL)}
    pairs = paired(release.names(), list(by_name))
    kinds = ("same", "cast", "other", "unread", "added")
    found: dict[str, list[str]] = {kind: [] for kind in kinds}
    for name, own in pairs.items():
        found[_kind(release, name, by_name[own], recorded.state)].append(name)
    said = {release.digest(name).digest for name in pairs}
    found["added"] += [
        name
        for name in release.names()
        if name not in pairs and release.digest(name).digest not in said
    ]
    kept = {by_name[own].digest for own in pairs.values()}
    weights = {MODEL + name for name in trained}
    left_out = [
        name
        for name, tensor in by_name.items()
        if name in weights and tensor.digest not in kept
    ]
    return Likeness(
        **{kind: tuple(names) for kind, names in found.items()},
        left_out=tuple(left_out),
    )


def paired(published: Sequence[str], recorded: Sequence[str]) -> Mapping[str, str]:
    """Recorded name of each published one, by the wrapping that fits most of them."""
    own = set(recorded)
    best: dict[str, str] = {}
    for wrapping in _WRAPPINGS:
        for taken_off in _WRAPPINGS:
            names = {
                name: MODEL + wrapping + name.removeprefix(taken_off)
                for name in published
                if name.startswith(taken_off)
            }
            fitting = {name: to for name, to in names.items() if to in own}
            if len(fitting) > len(best):
                best = fitting
    return best


def _kind(
    release: KeptState, name: str, own: TensorDigest, state: KeptState | None
) -> str:
    """How one published tensor stands to the recorded one."""
    found = release.digest(name)
    if (found.dtype, found.shape) == (own.dtype, own.shape):
        return "same" if found.digest == own.digest else "other"
    if found.shape != own.shape or not {found.dtype, own.dtype} <= _CAST:
        return "added"
    if state is None:
        return "unread"
    # Rounds to the nearest, ties to even, as trainers do.
    with np.errstate(over="ignore"):
        cast = state.array(own.name).astype(number_type(found.dtype))
    return "cast" if digest_of_array(name, cast).digest == found.digest else "other"
