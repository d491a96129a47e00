"""The explained share that a method should find, where the zoo's record fixes it.

Computed here from the two models' tensors under the true layer map, with no code
of the project's, so that a wrong map or a wrong formula there shows.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

LAYERED = re.compile(r"(model\.layers\.)(\d+)(\..+_proj\.weight)")
TABLES = ("model.embed_tokens.weight", "lm_head.weight")
Array = npt.NDArray[np.float64]
Names = Callable[[str], str | None]


def true_shares(
    folders: tuple[Path, Path], model: dict[str, Any], derives: dict[str, Any]
) -> dict[str, float]:
    """The share for each component for which it is known, of what descends.

    A copy in another basis is explained in full. What was trained after its
    basis had been changed is left out, and so is what has other shapes: the
    record does not say which unit became which.
    """
    parts = {
        "text_decoder": any(layer is not None for layer in derives["layer_map"]),
        "embeddings": derives["embeddings"] or derives["head"],
    }
    if model["camouflage"]:
        hidden = 1.0 if not model["training"] else None
        return {name: hidden for name, there in parts.items() if there and hidden}
    if model["shape"]["family"] not in {"llama", "qwen2"}:
        return {}
    mine, theirs = (_tensors(folder) for folder in folders)
    layers = derives["layer_map"]
    found = {
        "text_decoder": _share(mine, theirs, lambda name: _partner(name, layers)),
        "embeddings": _share(mine, theirs, lambda n: n if n in TABLES else None),
    }
    return {n: s for n, s in found.items() if parts[n] and s is not None}


@lru_cache(maxsize=4)
def _tensors(folder: Path) -> dict[str, Array]:
    """The matrices of a model that the zoo saved, which is all BF16.

    Read by hand: the zoo may hold hundreds, and torch takes seconds to import.
    """
    found = {}
    for path in sorted(folder.glob("*.safetensors")):
        content = path.read_bytes()
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8 : 8 + length])
        for name, entry in header.items():
            if name != "__metadata__" and len(entry["shape"]) == 2:
                assert entry["dtype"] == "BF16", (path, name)
                start, end = (8 + length + at for at in entry["data_offsets"])
                values = np.frombuffer(content[start:end], dtype=ml_dtypes.bfloat16)
                found[name] = values.astype(np.float64).reshape(entry["shape"])
    return found


def _partner(name: str, layers: list[int | None]) -> str | None:
    """The reference's name of a tensor of a layer; "" where it has none."""
    found = LAYERED.fullmatch(name)
    if found is None:
        return None
    layer = layers[int(found[2])]
    return "" if layer is None else f"{found[1]}{layer}{found[3]}"


def _share(
    mine: dict[str, Array], theirs: dict[str, Array], partner: Names
) -> float | None:
    """The parameters' share of variance that the best multiple of A explains of B."""
    explained = total = 0.0
    for name, b in mine.items():
        other = partner(name)
        if other is None:
            continue
        total += b.size
        if other:
            a = theirs[other]
            if a.shape != b.shape:
                return None
            explained += b.size * _squared_correlation(a, b)
    return explained / total if total else None


def _squared_correlation(a: Array, b: Array) -> float:
    x, y = (values - values.mean(axis=0) for values in (a, b))
    across = float(np.vdot(x, y))
    if across <= 0.0:
        return 0.0
    return across**2 / (float(np.vdot(x, x)) * float(np.vdot(y, y)))
