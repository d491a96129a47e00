"""Opens the weights at a place by what its files hold."""

from __future__ import annotations

from dokja.adapters.weights.gguf_checkpoint import open_gguf
from dokja.adapters.weights.gguf_header import is_gguf
from dokja.adapters.weights.onnx_checkpoint import open_onnx
from dokja.adapters.weights.pickles import is_named_pickle, refuse_foreign
from dokja.adapters.weights.places import Place
from dokja.adapters.weights.safetensors_checkpoint import (
    INDEX,
    WEIGHTS,
    open_safetensors,
)
from dokja.errors import InvalidInput
from dokja.submission.ports import Checkpoint

GGUF_SUFFIX, ONNX_SUFFIX = ".gguf", ".onnx"


def open_checkpoint(
    place: Place, name: str | None = None, *, block_bytes: int
) -> Checkpoint:
    """The weights at `place`: the file of that name, else what the folder holds.

    A folder's safetensors come first: a file of another kind beside them is a
    copy made for one program. Raises: InvalidInput for a missing, ambiguous or
    broken file.
    """
    if name is None and not _holds_safetensors(place):
        name = _only(place, GGUF_SUFFIX) or _only(place, ONNX_SUFFIX)
        if name is None:
            raise _nothing_to_read(place)
    if name is None:
        return open_safetensors(place, None, block_bytes=block_bytes)
    if name.endswith(ONNX_SUFFIX):
        return open_onnx(place, name, block_bytes=block_bytes)
    source = place.source(name)
    if name.endswith(GGUF_SUFFIX) or is_gguf(source):
        return open_gguf(source, block_bytes=block_bytes)
    refuse_foreign(source)
    return open_safetensors(place, name, block_bytes=block_bytes)


def _holds_safetensors(place: Place) -> bool:
    return (
        place.holds(WEIGHTS) or place.holds(INDEX) or bool(place.listed(".safetensors"))
    )


def _only(place: Place, suffix: str) -> str | None:
    """The folder's one file that ends so; None where it holds none."""
    files = place.listed(suffix)
    if len(files) > 1:
        raise InvalidInput(
            f"{place.shown} holds several {suffix[1:].upper()} files: "
            f"{', '.join(files[:4])}",
            remedy="keep one or name the one that is meant, in model.toml or as the "
            "model itself; join the parts of a GGUF with llama-gguf-split --merge",
        )
    return files[0] if files else None


def _nothing_to_read(place: Place) -> InvalidInput:
    """The refusal of a folder without weights, and what it holds instead."""
    for name in place.listed(""):
        if is_named_pickle(name):
            refuse_foreign(place.source(name))
    return InvalidInput(
        f"{place.shown} holds no {WEIGHTS}, no {INDEX} and no other file of weights "
        "that can be read",
        remedy="name the folder or the file that holds the weights, as safetensors, "
        "GGUF or ONNX; behind http, give the file's own address",
    )
