"""Batches read again from where a record says: hostile places lead nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from safetensors import numpy as safetensors_numpy

from dokja.adapters.records import MaterialsFolder, RecordFolder
from dokja.evidence.canonical import digest_bytes
from dokja.evidence.values import Text
from dokja.training.batches import Batches
from dokja.training.commitments import Excerpt, batch_commitment, list_bytes, list_root
from dokja.training.values import DataManifest, DataShard, Step

PLACE = {
    "seq": 0,
    "prev": "0" * 64,
    "at": "2026-01-01T00:00:00.000Z",
    "mono_us": 0,
}


class Data:
    """A record's list of one shard, and the materials that hold it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "data").mkdir()
        (folder / "lists").mkdir()
        for name in ("text", "held-out"):
            tokens = np.arange(20, dtype=np.int32)
            starts = np.array([0, 8], dtype=np.int64)
            whole: dict[str, Any] = {"tokens": tokens, "documents": starts}
            path = folder / "data" / f"{name}.safetensors"
            safetensors_numpy.save_file(whole, path)
        raw = (folder / "data" / "text.safetensors").read_bytes()
        shard = DataShard(
            name="text",
            digest=digest_bytes(raw),
            bytes=len(raw),
            tokens=20,
            licence="CC0-1.0",
            source="",
        )
        listed = list_bytes([shard])
        name = digest_bytes(listed)
        (folder / "lists" / f"{name[7:]}.json").write_bytes(listed)
        self.event = DataManifest(
            root=list_root([shard]),
            shards=name,
            count=1,
            tokens=20,
            sampler="",
            **PLACE,  # type: ignore[arg-type]
        )

    def read(self, places: Sequence[Excerpt]) -> object:
        """What comes of a step that is committed to these places."""
        line = msgspec.json.encode({"step": 1, "excerpts": places})
        (self.folder / "order.jsonl").write_bytes(line + b"\n")
        step = Step(
            step=1,
            tokens=1,
            loss="0x1.0p+0",
            lr="0x1.0p+0",
            batch=batch_commitment(places),
            **PLACE,  # type: ignore[arg-type]
        )
        return self.batches().of((step,))

    def batches(self) -> Batches:
        """The reader."""
        source = RecordFolder(self.folder)
        return Batches(source, MaterialsFolder(self.folder), (self.event,))


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """Twenty tokens in two documents."""
    return Data(tmp_path)


def test_an_excerpt_is_read_where_it_stands(data: Data) -> None:
    """It may run on into the document that follows."""
    found = data.read([("text", 1, 2, 3), ("text", 0, 6, 4)])
    assert isinstance(found, tuple)
    assert [row.tolist() for row in found[0]] == [[10, 11, 12], [6, 7, 8, 9]]


@pytest.mark.parametrize(
    "place",
    [
        ("text", -1, 0, 2),
        ("text", 2, 0, 2),
        ("text", 0, -1, 2),
        ("text", 1, 0, 13),
        ("text", 0, 0, 0),
        ("text", 0, 0, 1 << 60),
        ("held-out", 0, 0, 2),
        ("../data/text", 0, 0, 2),
        ("nothing", 0, 0, 2),
    ],
)
def test_a_place_that_is_none_is_a_fact(data: Data, place: Excerpt) -> None:
    """Outside the shard, in one that was not declared, or nowhere."""
    assert isinstance(data.read([place]), Text)


def test_a_shard_that_was_changed_is_not_read(data: Data) -> None:
    """Its digest stands in the record's list."""
    path = data.folder / "data" / "text.safetensors"
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    assert isinstance(data.read([("text", 0, 0, 2)]), Text)


def test_an_order_that_was_changed_is_not_the_recorded_one(data: Data) -> None:
    """The commitment is of the places, in order."""
    data.read([("text", 0, 0, 2), ("text", 1, 0, 2)])
    order = data.folder / "order.jsonl"
    step = Step(
        step=1,
        tokens=1,
        loss="0x1.0p+0",
        lr="0x1.0p+0",
        batch=batch_commitment([("text", 1, 0, 2), ("text", 0, 0, 2)]),
        **PLACE,  # type: ignore[arg-type]
    )
    assert isinstance(data.batches().of((step,)), Text)
    order.write_bytes(b'{"step": 1, "excerpts": [[1]]}\n')
    assert isinstance(data.batches().of((step,)), Text)


def test_what_was_trained_on_is_never_held_out(data: Data) -> None:
    """A name in the record's list is passed over."""
    found = data.batches().held_out(("text", "held-out"), 8, 9)
    assert [row.tolist() for row in found] == [list(range(8)), list(range(8, 16))]
