"""Safetensors weights, one file or sharded, read by ranges and never trusted."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.adapters.weights.bounded import (
    TEXT_LIMIT,
    TOKENIZER_LIMIT,
    read_json,
)
from dokja.adapters.weights.fp8_scales import ScaledTensor, find_scales
from dokja.adapters.weights.places import Place
from dokja.adapters.weights.safetensors_header import (
    HEADER_LIMIT,
    TensorEntry,
    read_header,
)
from dokja.adapters.weights.stored_checkpoint import (
    PlainTensor,
    StoredCheckpoint,
    StoredTensor,
)
from dokja.errors import InvalidInput

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"


def open_safetensors(
    place: Place, name: str | None, *, block_bytes: int
) -> StoredCheckpoint:
    """The weights at `place`: the file of that name, else what the folder holds.

    Takes `model.safetensors`, else the shards of its index, else the one
    safetensors file there is; config.json and tokenizer.json stand beside
    them. Raises: InvalidInput for a missing, ambiguous or broken file.
    """
    entries = (
        _folder_entries(place) if name is None else read_header(place.source(name))
    )
    config = read_config(place)
    offered, scales = find_scales(entries, config, place.shown)
    tensors: dict[str, StoredTensor] = {
        name: ScaledTensor(entry, scales[name])
        if name in scales
        else PlainTensor(entry.table, entry.shape)
        for name, entry in offered.items()
    }
    return StoredCheckpoint(
        tensors,
        config=config,
        vocabulary=read_vocabulary(place),
        block_bytes=block_bytes,
    )


def _folder_entries(place: Place) -> dict[str, TensorEntry]:
    if place.holds(WEIGHTS):
        return read_header(place.source(WEIGHTS))
    if place.holds(INDEX):
        return _sharded_entries(place)
    files = place.listed(".safetensors")
    if len(files) != 1:
        raise InvalidInput(
            f"{place.shown} holds {len(files)} safetensors files and no {INDEX}",
            remedy="name the file that is meant, or put the index of the shards "
            "beside them",
        )
    return read_header(place.source(files[0]))


def _sharded_entries(place: Place) -> dict[str, TensorEntry]:
    where = f"{place.shown}/{INDEX}"
    index = read_json(place.source(INDEX), HEADER_LIMIT)
    names = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(names, dict) or not names:
        raise _wrong_index(where, "it has no weight_map")
    wanted: dict[str, set[str]] = {}
    for name, shard in names.items():
        if not isinstance(shard, str):
            raise _wrong_index(where, "a shard's name is not text")
        wanted.setdefault(shard, set()).add(name)
    entries: dict[str, TensorEntry] = {}
    for shard in sorted(wanted):
        if "/" in shard or not shard.endswith(".safetensors"):
            raise _wrong_index(where, f"{shard!r} is not a safetensors file beside it")
        found = read_header(place.source(shard))
        if found.keys() & entries.keys():
            raise _wrong_index(where, f"{shard} repeats a tensor of another shard")
        if wanted[shard] != found.keys():
            raise _wrong_index(where, f"it does not list the tensors of {shard}")
        entries.update(found)
    return entries


def _wrong_index(where: str, fact: str) -> InvalidInput:
    return InvalidInput(
        f"{where} does not match its shards: {fact}",
        remedy="save the shards and their index again in one go",
    )


def read_config(place: Place) -> Mapping[str, object]:
    """The parsed config.json, empty where there is none.

    Raises: InvalidInput where it is no table.
    """
    if not place.holds("config.json"):
        return {}
    config = read_json(place.source("config.json"), TEXT_LIMIT)
    if not isinstance(config, dict):
        raise InvalidInput(
            f"{place.shown}/config.json is not a table",
            remedy="hand in the model's own config.json",
        )
    return config


def read_vocabulary(place: Place) -> Mapping[str, int] | None:
    """`model.vocab` of a tokenizer.json: a table, or a list by row."""
    if not place.holds("tokenizer.json"):
        return None
    parsed = read_json(place.source("tokenizer.json"), TOKENIZER_LIMIT)
    model = parsed.get("model") if isinstance(parsed, dict) else None
    tokens = model.get("vocab") if isinstance(model, dict) else None
    if isinstance(tokens, dict):
        table = {token: row for token, row in tokens.items() if type(row) is int}
        return table if len(table) == len(tokens) else None
    if isinstance(tokens, list):
        pieces = [item[0] for item in tokens if isinstance(item, list) and item]
        if len(pieces) == len(tokens) and all(isinstance(p, str) for p in pieces):
            return {piece: row for row, piece in enumerate(pieces)}
    return None
