"""Files of every kind with bytes changed: refused, or read inside the file."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from dokja.adapters.weights import LocalModelFolder
from dokja.adapters.weights import byte_source as sources
from dokja.errors import DokjaError
from tests.gguf_fixture import HEADS, converted, write_gguf
from tests.onnx_fixture import constant, export, tensor, write_onnx

MUTATIONS = int(os.environ.get("DOKJA_FUZZ_MUTATIONS", "300"))
"""Changed files of each kind; raised by hand for a longer run."""
SEED = int(os.environ.get("DOKJA_FUZZ_SEED", "1"))
SECONDS = 5
UP, EXPERTS = "model.layers.0.mlp.up_proj.weight", "model.layers.0.mlp.experts"


def _table(*shape: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.random.default_rng(len(shape)).normal(size=shape).astype(np.float32)


def _single(root: Path) -> None:
    tensors = {
        UP: _table(6, 8).astype(ml_dtypes.bfloat16),
        EXPERTS: _table(2, 3, 4),
        "empty": _table(0, 3),
        "scalar": np.array(1.5, np.float32),
    }
    save_file(tensors, root / "model.safetensors")
    (root / "config.json").write_text('{"hidden_size": 8}')
    (root / "tokenizer.json").write_text('{"model": {"vocab": {"a": 0}}}')


def _sharded(root: Path) -> None:
    names = {UP: "m-1.safetensors", EXPERTS: "m-2.safetensors"}
    for name, shard in names.items():
        save_file({name: _table(3, 4)}, root / shard)
    index = {"metadata": {"total_size": 96}, "weight_map": names}
    (root / "model.safetensors.index.json").write_text(json.dumps(index))


def _fp8(root: Path) -> None:
    parts = {UP: ("F8_E4M3", (6, 8), 48), f"{UP}_scale_inv": ("F32", (3, 2), 24)}
    header, position = {}, 0
    for name, (kind, shape, size) in parts.items():
        header[name] = {
            "dtype": kind,
            "shape": shape,
            "data_offsets": [position, position + size],
        }
        position += size
    raw = json.dumps(header).encode()
    start = len(raw).to_bytes(8, "little")
    (root / "model.safetensors").write_bytes(start + raw + bytes(range(72)))


def _gguf(kind: str) -> Callable[[Path], None]:
    def write(root: Path) -> None:
        query = "model.layers.0.self_attn.q_proj.weight"
        trained = {query: _table(HEADS * 2, 32), UP: _table(4, 32)}
        stored = dict(converted(name, table) for name, table in trained.items())
        stored["blk.0.ffn_up_exps.weight"] = _table(2, 3, 32)
        write_gguf(root / "model.gguf", stored, kind, tokens=["a", "b"])

    return write


def _onnx(beside: str) -> Callable[[Path], None]:
    def write(root: Path) -> None:
        export(root / "model.onnx", {UP: _table(6, 8)}, style="scopes", beside=beside)

    return write


def _onnx_by_numbers(root: Path) -> None:
    tensors = [
        tensor("a.weight", _table(3, 4), is_raw=False),
        tensor("b.weight", _table(3, 4).astype(np.float16), is_raw=False),
        tensor("c.weight", np.arange(6).reshape(2, 3), is_raw=False),
    ]
    nodes = [constant("/model/Constant_output_0", _table(3, 5))]
    write_onnx(root / "model.onnx", tensors, nodes)


WRITERS: dict[str, Callable[[Path], None]] = {
    "safetensors": _single,
    "sharded": _sharded,
    "FP8": _fp8,
    "GGUF F16": _gguf("F16"),
    "GGUF Q4_0": _gguf("Q4_0"),
    "ONNX": _onnx(""),
    "ONNX beside": _onnx("weights.bin"),
    "ONNX numbers": _onnx_by_numbers,
}
Files = Mapping[str, bytes]


@pytest.fixture(scope="module", params=WRITERS)
def files(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Files:
    """The files of one small model of each kind."""
    root = tmp_path_factory.mktemp("true")
    WRITERS[request.param](root)
    return {place.name: place.read_bytes() for place in root.iterdir()}


@pytest.fixture
def largest(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the local reads of a test that were asked for, file by file."""
    asked: list[int] = []
    read = sources.LocalBytes.read

    def watched(self: sources.LocalBytes, start: int, stop: int) -> bytes:
        found = read(self, start, stop)
        assert 0 <= start <= stop <= self.size
        asked.append(stop - start)
        return found

    monkeypatch.setattr(sources.LocalBytes, "read", watched)
    return asked


def _survives(root: Path, files: Files) -> bool:
    """Whether the files read as weights; anything but a refusal escapes."""
    root.mkdir(exist_ok=True)
    for name, data in files.items():
        (root / name).write_bytes(data)
    began = time.process_time()
    try:
        checkpoint = LocalModelFolder(root, block_bytes=256).checkpoint(".")
        for name, shape in checkpoint.shapes().items():
            count = shape[0] if shape else 1
            assert sum(map(len, checkpoint.blocks(name))) == count
            assert checkpoint.digest(name).startswith("sha256:")
            some = np.arange(0, count, 2)
            assert len(checkpoint.picked(name, some, None)) == len(some)
            name.encode()
    except DokjaError as error:
        str(error).encode()
        return False
    finally:
        assert time.process_time() - began < SECONDS
    return True


def _changed(data: bytes, rng: np.random.Generator) -> bytes:
    """The bytes after a few of the changes that accidents and attacks make."""
    found = bytearray(data)
    for _ in range(int(rng.integers(1, 4))):
        # Headers lie in front; a change among weights changes a value and no more.
        reach = len(found) if rng.random() < 0.5 else min(len(found), 400)
        at = int(rng.integers(0, max(1, reach)))
        kind = int(rng.integers(0, 6))
        if kind == 0:
            found[at : at + 1] = bytes([int(rng.integers(0, 256))])
        elif kind == 1:
            number = int(rng.choice([0, 1, 127, 1 << 31, (1 << 60) - 1, (1 << 64) - 1]))
            width = int(rng.choice([1, 4, 8]))
            found[at : at + width] = (number % (1 << 8 * width)).to_bytes(
                width, "little"
            )
        elif kind == 2:
            del found[at : at + int(rng.integers(1, 40))]
        elif kind == 3:
            found[at:at] = rng.bytes(int(rng.integers(1, 20)))
        elif kind == 4:
            found[at:at] = found[at : at + int(rng.integers(1, 80))]
        elif at < len(found) and 0x30 <= found[at] <= 0x39:
            found[at : at + 1] = b"99999999999999999999"[: int(rng.integers(1, 20))]
        else:
            found[at : at + 1] = bytes(
                [(found[at] ^ (1 << at % 8)) if at < len(found) else 0]
            )
    return bytes(found)


def test_the_true_files_are_read(files: Files, tmp_path: Path) -> None:
    """The changed files below are each a few steps from these."""
    assert _survives(tmp_path / "model", files)


def test_changed_files_are_refused_or_read_inside_the_file(
    files: Files, tmp_path: Path, largest: list[int]
) -> None:
    """Whatever the bytes say, nothing outside the file is looked at."""
    rng = np.random.default_rng(SEED)
    total = sum(map(len, files.values()))
    refused = 0
    for number in range(MUTATIONS):
        victim = sorted(files)[int(rng.integers(0, len(files)))]
        changed = {**files, victim: _changed(files[victim], rng)}
        try:
            refused += not _survives(tmp_path / "model", changed)
        except Exception as error:
            place = tmp_path / f"crash-{number}"
            place.write_bytes(changed[victim])
            raise AssertionError(f"{victim} of mutation {number}: {place}") from error
    assert refused > 0
    assert max(largest) <= 2 * total + (1 << 12)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_changes_that_hypothesis_finds_are_refused_or_read(
    files: Files, tmp_path: Path, data: st.DataObject
) -> None:
    """Its changes shrink to the smallest file that breaks a reader."""
    victim = data.draw(st.sampled_from(sorted(files)))
    changed = bytearray(files[victim])
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed)))
        new = data.draw(st.binary(max_size=9))
        changed[at : at + data.draw(st.integers(0, 9))] = new
    _survives(tmp_path / "model", {**files, victim: bytes(changed)})


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(share=st.floats(0, 1, exclude_max=True), data=st.data())
def test_a_truncated_file_never_crashes_a_reader(
    files: Files, tmp_path: Path, share: float, data: st.DataObject
) -> None:
    """A download that broke off is the commonest fault of all."""
    victim = data.draw(st.sampled_from(sorted(files)))
    kept = files[victim][: int(share * len(files[victim]))]
    _survives(tmp_path / "model", {**files, victim: kept})


ENDLESS: dict[str, tuple[str, bytes]] = {
    "safetensors": ("model.safetensors", (1 << 60).to_bytes(8, "little") + b"{}"),
    "GGUF": ("model.gguf", b"GGUF\3\0\0\0" + (1 << 60).to_bytes(8, "little") * 4),
    "ONNX": ("model.onnx", b"\x3a" + b"\xff" * 8 + b"\x0f" + b"\x2a" * 30),
    "index": (
        "model.safetensors.index.json",
        json.dumps({"weight_map": {str(n): f"{n}.safetensors" for n in range(50_000)}})
        .encode(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDLESS)
def test_a_file_that_claims_endless_tensors_fails_fast(
    tmp_path: Path, kind: str
) -> None:
    """Counts from a stranger must not decide how long the organiser waits."""
    name, data = ENDLESS[kind]
    assert not _survives(tmp_path / "model", {name: data})
