"""Opens the weights at a path by what the file holds."""

from __future__ import annotations

from pathlib import Path

from dokja.adapters.weights.bounded import refuse_link
from dokja.adapters.weights.gguf_checkpoint import open_gguf
from dokja.adapters.weights.gguf_header import is_gguf
from dokja.adapters.weights.safetensors_checkpoint import INDEX, open_safetensors
from dokja.errors import InvalidInput
from dokja.submission.ports import Checkpoint

GGUF_SUFFIX = ".gguf"


def open_checkpoint(place: Path, *, shown: str, block_bytes: int) -> Checkpoint:
    """The weights at `place`: a safetensors or GGUF file, or a folder of them.

    A folder's safetensors come first: a GGUF file beside them is a copy made
    for one program. `shown` is how errors name the place. Raises:
    InvalidInput for a missing, ambiguous or broken file.
    """
    refuse_link(place, shown)
    if place.is_dir():
        alone = _only_gguf(place, shown)
        if alone is not None:
            where = f"{shown}/{alone.name}"
            return open_gguf(alone, shown=where, block_bytes=block_bytes)
    elif place.is_file() and (place.suffix == GGUF_SUFFIX or is_gguf(place)):
        return open_gguf(place, shown=shown, block_bytes=block_bytes)
    return open_safetensors(place, shown=shown, block_bytes=block_bytes)


def _only_gguf(folder: Path, shown: str) -> Path | None:
    """The folder's one GGUF file; None where it holds none, or safetensors."""
    if (folder / INDEX).exists() or any(folder.glob("*.safetensors")):
        return None
    files = sorted(folder.glob(f"*{GGUF_SUFFIX}"))
    if len(files) > 1:
        raise InvalidInput(
            f"{shown} holds several GGUF files: "
            f"{', '.join(file.name for file in files[:4])}",
            remedy="keep one, joined from its parts with llama-gguf-split --merge "
            "where it was split, or name it in model.toml as the component's path",
        )
    return files[0] if files else None
