"""What a model learns from as files: shards of tokens that a record names by their digests."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from safetensors.numpy import save
from text import Tokens, corpus_entry

from dokja.training.values import DataShard


def shard_bytes(tokens: Tokens) -> bytes:
    """The shard's file: its tokens and where its documents begin."""
    return save({"tokens": tokens.ids.astype(np.int16), "documents": tokens.documents})


def shard_of(source: str, tokens: Tokens, folder: Path | None) -> DataShard:
    """What a record says of a source; its file is written where a folder is named."""
    entry, data = corpus_entry(source), shard_bytes(tokens)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{source}.safetensors").write_bytes(data)
    return DataShard(
        name=source,
        digest=f"sha256:{hashlib.sha256(data).hexdigest()}",
        bytes=len(data),
        tokens=len(tokens.ids),
        licence=entry["spdx"],
        source=f"{entry['package']} {entry['version']}: {entry['taken']}",
        documents=len(tokens.documents),
    )
