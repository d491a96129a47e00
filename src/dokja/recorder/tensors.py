"""Tensors as digests and numbers. torch is used where the caller brought it along."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dokja.evidence.canonical import digest_bytes
from dokja.training.sketch import coordinates
from dokja.training.values import TensorDigest

Pick = Callable[[], list[str]]


def loaded_torch() -> Any:
    """The torch module of this process, or None where nothing has imported it."""
    return sys.modules.get("torch")


def named_tensors(state: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Every tensor of a nested state by its path, in the order of the paths."""
    found: dict[str, Any] = {}
    for key, value in state.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found |= named_tensors(value, f"{name}.")
        elif hasattr(value, "data_ptr"):
            found[name] = value
    return dict(sorted(found.items()))


def copied(tensors: Mapping[str, Any]) -> dict[str, Any]:
    """The same tensors in host memory, where training does not change them."""
    return {
        name: tensor.detach().to("cpu", copy=True) for name, tensor in tensors.items()
    }


def tensor_digests(tensors: Mapping[str, Any]) -> tuple[TensorDigest, ...]:
    """Digest of each host tensor: SHA-256 of its values in row order."""
    return tuple(_digest(name, tensor) for name, tensor in tensors.items())


def parameters_of(model: Any) -> dict[str, Any]:
    """The model's parameters by name; a tied one stands once.

    Buffers are left to the checkpoints: no optimizer moves them, so no bound of
    one holds for them.
    """
    return named_tensors(dict(model.named_parameters()))


def float_of(value: Any) -> float:
    """The number of a float or of a tensor of one number."""
    return float(value)


def set_aside(value: Any) -> Any:
    """A number that training cannot change any more; on a GPU it stays there."""
    return value.detach().clone() if hasattr(value, "detach") else value


def digest_of_batches(batches: Sequence[Any]) -> str:
    """Digest of the token ids of the batches of one step, in order."""
    digest = hashlib.sha256()
    for batch in batches:
        ids = batch.to("cpu").contiguous()
        digest.update(f"{ids.dtype}{tuple(ids.shape)}".encode())
        digest.update(memoryview(bytes_of(ids)))
    return "sha256:" + digest.hexdigest()


def generator_states() -> tuple[Any, ...]:
    """States of torch's own generators, on the host and on each GPU in use."""
    torch = loaded_torch()
    if torch is None:
        return ()
    states = [torch.get_rng_state()]
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        states += torch.cuda.get_rng_state_all()
    return tuple(states)


def digest_of_states(states: Iterable[Any]) -> str | None:
    """One digest of the generators' states; None where there are none."""
    found = list(states)
    return (
        digest_bytes(b"".join(bytes_of(s).tobytes() for s in found)) if found else None
    )


class Places:
    """The weights at a root's coordinates: looked up once, read as often as asked.

    Indices go to the tensor's device when they are made, not at every sketch.
    """

    def __init__(self, tensors: Sequence[Any], sizes: Sequence[int], root: str) -> None:
        torch = loaded_torch()
        where, offsets = coordinates(root, sizes)
        self._tensors = tensors
        self._count = len(where)
        self._picked = [
            (
                index,
                mine.tolist(),
                torch.as_tensor(offsets[mine], device=tensors[index].device),
            )
            for index in sorted(set(where.tolist()))
            for mine in (where == index).nonzero()
        ]

    def set_aside(self) -> Callable[[], tuple[str, ...]]:
        """The weights as they are now, which are read when it is called."""
        held = [
            (mine, self._tensors[index].detach().reshape(-1)[at])
            for index, mine, at in self._picked
        ]

        def read() -> tuple[str, ...]:
            texts = [""] * self._count
            for mine, values in held:
                for place, value in zip(mine, values.tolist(), strict=True):
                    texts[place] = float(value).hex()
            return tuple(texts)

        return read


def _digest(name: str, tensor: Any) -> TensorDigest:
    return TensorDigest(
        name=name,
        dtype=str(tensor.dtype).removeprefix("torch."),
        shape=tuple(tensor.shape),
        digest="sha256:" + hashlib.sha256(memoryview(bytes_of(tensor))).hexdigest(),
    )


def bytes_of(tensor: Any) -> Any:
    """The bytes of a host tensor as an array, whatever its type."""
    torch = loaded_torch()
    return tensor.contiguous().reshape(-1).view(torch.uint8).numpy()


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What this process can say of where it trains."""

    devices: tuple[str, ...]
    software: dict[str, str]
    ranks: int
    dtype: str


def surroundings(model: Any) -> Surroundings:
    """Devices, versions, ranks and number type, without asking the network."""
    torch = loaded_torch()
    if torch is None:
        return Surroundings(devices=(), software={}, ranks=1, dtype="")
    first = next(iter(model.parameters()), None)
    cuda = torch.cuda.is_available()
    devices = [
        torch.cuda.get_device_name(n)
        for n in range(torch.cuda.device_count() if cuda else 0)
    ]
    joined = torch.distributed.is_available() and torch.distributed.is_initialized()
    return Surroundings(
        devices=tuple(devices) or ("cpu",),
        software={"torch": str(torch.__version__), "cuda": str(torch.version.cuda)},
        ranks=torch.distributed.get_world_size() if joined else 1,
        dtype="" if first is None else str(first.dtype).removeprefix("torch."),
    )
