"""Picked rows and columns: the same values however the reads are split."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from dokja.adapters.weights import LocalModelFolder
from dokja.adapters.weights.byte_source import LocalBytes, open_local
from dokja.errors import InvalidInput
from dokja.submission.ports import Checkpoint
from tests.gguf_fixture import HEADS, converted, write_gguf

EXPERTS = "model.layers.0.mlp.experts.up_proj"
QUERY = "model.layers.0.self_attn.q_proj.weight"
ON_ONE_FILE = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _as_safetensors(root: Path) -> None:
    rng = np.random.default_rng(1)
    tensors = {
        "brain": rng.normal(size=(40, 9)).astype(ml_dtypes.bfloat16),
        EXPERTS: rng.normal(size=(5, 12, 31)).astype(np.float16),
        "vector": rng.normal(size=70).astype(np.float32),
        "scalar": np.array(2.5, np.float32),
        "empty": np.zeros((0, 4), np.float32),
        "narrow": np.zeros((4, 0), np.float32),
    }
    save_file(tensors, root / "model.safetensors")


def _as_fp8(root: Path) -> None:
    rng = np.random.default_rng(2)
    scales = {"block": ((70, 150), (3, 5)), "expert": ((3, 20, 33), (3, 2, 3))}
    parts, header, position = [], {}, 0
    for name, (shape, counts) in scales.items():
        codes = rng.normal(size=shape).astype(ml_dtypes.float8_e4m3fn)
        factors = rng.random(counts).astype(np.float32)
        for key, kind, table in (
            (name, "F8_E4M3", codes),
            (f"{name}_scale_inv", "F32", factors),
        ):
            data = table.tobytes()
            header[key] = {
                "dtype": kind,
                "shape": table.shape,
                "data_offsets": [position, position + len(data)],
            }
            parts.append(data)
            position += len(data)
    raw = json.dumps(header).encode()
    body = b"".join((len(raw).to_bytes(8, "little"), raw, *parts))
    (root / "model.safetensors").write_bytes(body)
    config = {"quantization_config": {"weight_block_size": [32, 32]}}
    (root / "config.json").write_text(json.dumps(config))


def _as_gguf(root: Path, kind: str) -> None:
    rng = np.random.default_rng(3)
    tensors = {
        QUERY: rng.normal(size=(HEADS * 8, 96)).astype(np.float32),
        "model.layers.0.mlp.up_proj.weight": rng.normal(size=(20, 64)).astype(
            np.float32
        ),
    }
    stored = dict(converted(name, table) for name, table in tensors.items())
    experts = rng.normal(size=(3, 4, 64)).astype(np.float32)
    stored["blk.0.ffn_up_exps.weight"] = experts
    write_gguf(root / "model.gguf", stored, kind)


WRITERS: dict[str, Callable[[Path], None]] = {
    "safetensors": _as_safetensors,
    "FP8": _as_fp8,
    "GGUF F16": lambda root: _as_gguf(root, "F16"),
    "GGUF Q4_0": lambda root: _as_gguf(root, "Q4_0"),
}


@pytest.fixture(scope="module", params=WRITERS)
def model(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A folder with one model, in each form that weights come in."""
    root = tmp_path_factory.mktemp("model")
    WRITERS[request.param](root)
    return root


def _open(root: Path, block_bytes: int = 1 << 20) -> Checkpoint:
    return LocalModelFolder(root, block_bytes=block_bytes).checkpoint(".")


def _whole(
    checkpoint: Checkpoint, name: str
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    shape = checkpoint.shapes()[name]
    return checkpoint.rows(name, 0, shape[0] if shape else 1)


@ON_ONE_FILE
@given(data=st.data(), block_bytes=st.integers(1, 6000) | st.just(1 << 16))
def test_picked_values_are_those_of_the_rows(
    model: Path, data: st.DataObject, block_bytes: int
) -> None:
    """Rows out of order, twice, or in parts must be the rows themselves."""
    checkpoint, whole = _open(model, block_bytes), _open(model)
    for name in checkpoint.shapes():
        table = _whole(whole, name)
        count, width = table.shape

        def chosen(size: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
            indices = st.lists(st.integers(0, size - 1), max_size=8)
            found = data.draw(indices) if size else []
            return np.array(found, dtype=np.intp)

        rows, columns = chosen(count), chosen(width)
        every = checkpoint.picked(name, rows, None)
        assert every.dtype == np.float32
        np.testing.assert_array_equal(every, table[rows])
        some = checkpoint.picked(name, rows, columns)
        np.testing.assert_array_equal(some, table[np.ix_(rows, columns)])


@ON_ONE_FILE
@given(block_bytes=st.integers(1, 6000) | st.just(1 << 16))
def test_rows_blocks_and_digests_do_not_depend_on_the_block(
    model: Path, block_bytes: int
) -> None:
    """Two machines with different memory must publish the same bundle."""
    small, large = _open(model, block_bytes), _open(model)
    for name, shape in small.shapes().items():
        np.testing.assert_array_equal(_whole(small, name), _whole(large, name))
        assert small.digest(name) == large.digest(name)
        joined = list(small.blocks(name))
        assert sum(map(len, joined)) == (shape[0] if shape else 1)


def test_indices_outside_a_tensor_are_refused(model: Path) -> None:
    """Numpy counts a negative index from the end, which is another row."""
    checkpoint = _open(model)
    for name in checkpoint.shapes():
        count, width = _whole(checkpoint, name).shape
        for rows, columns in (([-1], None), ([count], None), ([0], [width])):
            picked = None if columns is None else np.array(columns)
            if count:
                with pytest.raises(InvalidInput, match="asked for"):
                    checkpoint.picked(name, np.array(rows), picked)


def test_an_opened_checkpoint_travels_to_another_process(model: Path) -> None:
    """Workers receive it by pickle and must read what their parent would."""
    checkpoint = _open(model)
    there = pickle.loads(pickle.dumps(checkpoint))  # noqa: S301
    assert there.shapes() == checkpoint.shapes()
    for name in checkpoint.shapes():
        np.testing.assert_array_equal(_whole(there, name), _whole(checkpoint, name))
        assert there.digest(name) == checkpoint.digest(name)
    assert len(pickle.dumps(checkpoint)) < 20_000


class Counted:
    """A byte source that counts what is read through it."""

    def __init__(self, source: LocalBytes) -> None:
        self._source = source
        self.reads: list[int] = []
        self.shown, self.size = source.shown, source.size
        self.gap, self.stride = source.gap, source.stride

    def read(self, start: int, stop: int) -> bytes:
        """The bytes, counted."""
        self.reads.append(stop - start)
        return self._source.read(start, stop)


def test_only_what_is_picked_is_read(tmp_path: Path) -> None:
    """A sample of a stack of experts must not read the stack."""
    from dokja.adapters.weights.safetensors_header import read_header
    from dokja.adapters.weights.stored_table import picked_numbers

    stack = np.arange(4 * 1000 * 300, dtype=np.float32).reshape(4, 1000, 300)
    save_file({"w": stack}, tmp_path / "model.safetensors")
    source = Counted(open_local(tmp_path / "model.safetensors", "model.safetensors"))
    table = read_header(source)["w"].table
    source.reads.clear()
    columns = np.array([5, 299_990, 100_000])
    found = picked_numbers(table, np.array([2, 0]), columns, block_bytes=1 << 20)
    np.testing.assert_array_equal(found, stack.reshape(4, -1)[[[2], [0]], columns])
    assert sum(source.reads) == 2 * 3 * 4
    source.reads.clear()
    picked_numbers(table, np.array([1]), None, block_bytes=1 << 16)
    assert max(source.reads) <= 1 << 16
    assert sum(source.reads) == 1000 * 300 * 4


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    """Half of one file and half of another is nobody's model."""
    save_file({"w": np.ones((4, 4))}, tmp_path / "model.safetensors")
    checkpoint = _open(tmp_path)
    assert checkpoint.rows("w", 0, 1)[0, 0] == 1
    save_file({"w": np.zeros((4, 4))}, tmp_path / "model.safetensors")
    os.utime(tmp_path / "model.safetensors", (1, 1))
    with pytest.raises(InvalidInput, match="changed while it was read"):
        checkpoint.rows("w", 0, 1)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(InvalidInput, match="cannot be read"):
        checkpoint.digest("w")


def test_a_link_put_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    """Between opening and reading a file can be swapped for another's."""
    save_file({"w": np.ones((4, 4))}, tmp_path / "model.safetensors")
    checkpoint = _open(tmp_path)
    (tmp_path / "model.safetensors").rename(tmp_path / "other")
    (tmp_path / "model.safetensors").symlink_to(tmp_path / "other")
    with pytest.raises(InvalidInput, match="cannot be read"):
        checkpoint.rows("w", 0, 1)


@pytest.mark.parametrize("shape", [[0, 1 << 40], [1 << 30, 0], [0] * 40, [1 << 70, 0]])
def test_an_empty_tensor_with_endless_rows_is_refused(
    tmp_path: Path, shape: list[int]
) -> None:
    """It takes no bytes, so that only its shape could fill the memory."""
    header = {"w": {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}}
    raw = json.dumps(header).encode()
    place = tmp_path / "model.safetensors"
    place.write_bytes(len(raw).to_bytes(8, "little") + raw)
    with pytest.raises(InvalidInput, match="shape that no weights have"):
        _open(tmp_path)
