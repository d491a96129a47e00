"""What a model learns from as files: shards of tokens that a record names by their digests."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from safetensors.numpy import save
from text import Tokens, corpus_entry

from dokja.training.values import DataShard


def write_shard(name: str, tokens: Tokens, folder: Path) -> bytes:
    """The bytes of the shard's file, which is written: tokens and where documents begin."""
    data = save({"tokens": tokens.ids.astype(np.int16), "documents": tokens.documents})
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.safetensors").write_bytes(data)
    return data


def shard_of(source: str, tokens: Tokens, folder: Path) -> DataShard:
    """What a record says of a source, whose file is written to the folder."""
    entry, data = corpus_entry(source), write_shard(source, tokens, folder)
    return DataShard(
        name=source,
        digest=f"sha256:{hashlib.sha256(data).hexdigest()}",
        bytes=len(data),
        tokens=len(tokens.ids),
        licence=entry["spdx"],
        source=f"{entry['package']} {entry['version']}: {entry['taken']}",
        documents=len(tokens.documents),
    )
