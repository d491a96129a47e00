"""ONNX weights: real files of the onnx library, and hostile ones."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

from dokja.adapters.weights import LocalModelFolder, find_subject
from dokja.errors import InvalidInput
from dokja.lineage import LineageVerdict, compare_lineage
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind
from tests.contract.range_server import serving
from tests.onnx_fixture import Table, constant, export, tensor, write_onnx
from tests.unit.lineage.lineage_models import comparison, taught

FILE = "model.onnx"
LAYERS, WIDTH, UNITS, TOKENS = 2, 64, 128, 300
UP = "model.layers.0.mlp.up_proj.weight"


def _trained(seed: int, dtype: Any = np.float32) -> dict[str, Table]:
    """The tensors of a small llama with outliers, as training leaves them."""
    rng = np.random.default_rng(seed)
    shapes = {"model.embed_tokens.weight": (TOKENS, WIDTH)}
    for layer in range(LAYERS):
        before = f"model.layers.{layer}."
        shapes |= {
            f"{before}self_attn.q_proj.weight": (WIDTH, WIDTH),
            f"{before}self_attn.k_proj.weight": (WIDTH // 2, WIDTH),
            f"{before}self_attn.v_proj.weight": (WIDTH // 2, WIDTH),
            f"{before}self_attn.o_proj.weight": (WIDTH, WIDTH),
            f"{before}mlp.gate_proj.weight": (UNITS, WIDTH),
            f"{before}mlp.up_proj.weight": (UNITS, WIDTH),
            f"{before}mlp.down_proj.weight": (WIDTH, UNITS),
        }
    tables: dict[str, Table] = {
        name: taught(rng.normal(size=shape).astype(np.float32), rng).astype(dtype)
        for name, shape in shapes.items()
    }
    norms = [f"model.layers.{layer}.input_layernorm.weight" for layer in range(LAYERS)]
    return tables | {name: rng.normal(size=WIDTH).astype(dtype) for name in norms}


def _tuned(trained: dict[str, Table], seed: int) -> dict[str, Table]:
    rng = np.random.default_rng(seed)
    return {
        name: (table + 0.05 * rng.normal(size=table.shape)).astype(table.dtype)
        for name, table in trained.items()
    }


def _open(root: Path, block_bytes: int = 1 << 20) -> Checkpoint:
    return LocalModelFolder(root, block_bytes=block_bytes).checkpoint(".")


def _whole(checkpoint: Checkpoint, name: str) -> Table:
    shape = checkpoint.shapes()[name]
    return checkpoint.rows(name, 0, shape[0] if shape else 1)


@pytest.mark.parametrize("style", ["paths", "scopes"])
@pytest.mark.parametrize("beside", ["", "model.onnx_data"])
@pytest.mark.parametrize("dtype", [np.float32, np.float16, ml_dtypes.bfloat16])
def test_an_export_reads_as_the_model_that_was_exported(
    tmp_path: Path, style: str, beside: str, dtype: Any
) -> None:
    """Names, orientation and digests must all lead back to the safetensors."""
    trained = _trained(1, dtype)
    save_file(trained, tmp_path / "model.safetensors")
    export(tmp_path / "onnx" / FILE, trained, style=style, beside=beside)
    (tmp_path / "onnx" / "config.json").write_text('{"hidden_size": 64}')
    original, found = _open(tmp_path), _open(tmp_path / "onnx")
    assert found.shapes() == original.shapes()
    assert found.config == {"hidden_size": 64}
    for name in original.shapes():
        read = _whole(found, name)
        assert read.flags.c_contiguous
        np.testing.assert_array_equal(read, _whole(original, name))
        assert found.digest(name) == original.digest(name)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), block_bytes=st.integers(1, 3000) | st.just(1 << 16))
def test_the_block_size_changes_no_value(
    tmp_path: Path, data: st.DataObject, block_bytes: int
) -> None:
    """A matrix turned round is read by columns, in parts of any size."""
    table = np.arange(35 * 17, dtype=np.float32).reshape(35, 17)
    if not (tmp_path / FILE).exists():
        export(tmp_path / FILE, {UP: table}, style="paths")
    checkpoint = _open(tmp_path, block_bytes)
    rows = np.array(data.draw(st.lists(st.integers(0, 34), max_size=6)), np.intp)
    columns = np.array(data.draw(st.lists(st.integers(0, 16), max_size=6)), np.intp)
    picked = checkpoint.picked(UP, rows, columns)
    np.testing.assert_array_equal(picked, table[np.ix_(rows, columns)])
    np.testing.assert_array_equal(checkpoint.picked(UP, rows, None), table[rows])
    np.testing.assert_array_equal(np.concatenate(list(checkpoint.blocks(UP))), table)
    assert checkpoint.digest(UP) == _open(tmp_path).digest(UP)
    there = pickle.loads(pickle.dumps(checkpoint))  # noqa: S301
    np.testing.assert_array_equal(there.rows(UP, 3, 9), table[3:9])


@pytest.mark.parametrize("is_raw", [True, False])
@pytest.mark.parametrize(
    "dtype",
    [np.float32, np.float16, np.float64, ml_dtypes.bfloat16, np.int8, np.uint8,
     np.int32, np.int64],
)  # fmt: skip
def test_every_type_is_read_from_either_form(
    tmp_path: Path, dtype: Any, *, is_raw: bool
) -> None:
    """Small tools list numbers one by one; large exports write raw bytes."""
    values = np.array([[0, 1, 2, 100], [5, -3, 7, 90]])
    table = (np.abs(values) if dtype is np.uint8 else values).astype(dtype)
    write_onnx(tmp_path / FILE, [tensor("a.weight", table, is_raw=is_raw)])
    expected = table.astype(np.float32)
    np.testing.assert_array_equal(_whole(_open(tmp_path), "a.weight"), expected)
    save_file({"a.weight": table}, tmp_path / "b.safetensors")
    (tmp_path / "onnx").mkdir()
    (tmp_path / FILE).rename(tmp_path / "onnx" / FILE)
    found = _open(tmp_path / "onnx").digest("a.weight")
    assert found == _open(tmp_path).digest("a.weight")


def test_tensors_of_nodes_and_of_inner_graphs_are_found(tmp_path: Path) -> None:
    """A weight moved into a node or a branch would escape every comparison."""
    rng = np.random.default_rng(3)
    tables = [rng.normal(size=(3, 4)).astype(np.float32) for _ in range(4)]
    branch = helper.make_graph(
        [constant("held.in.branch", tables[1])],
        "branch",
        [],
        [],
        initializer=[tensor("in.branch", tables[2])],
    )
    nodes = [
        constant("/model/Constant_output_0", tables[0]),
        constant("shape", np.array([1, 2, 3])),
        constant("one", np.array([2.5], np.float32)),
        helper.make_node("If", ["c"], ["o"], then_branch=branch, else_branch=branch),
    ]
    write_onnx(tmp_path / FILE, [tensor("out.side", tables[3])], nodes)
    found = _open(tmp_path)
    assert set(found.shapes()) == {
        "/model/Constant_output_0", "held.in.branch", "held.in.branch#2",
        "in.branch", "in.branch#2", "out.side",
    }  # fmt: skip
    np.testing.assert_array_equal(_whole(found, "in.branch#2"), tables[2])
    np.testing.assert_array_equal(_whole(found, "/model/Constant_output_0"), tables[0])


def test_only_what_one_module_uses_gets_its_name(tmp_path: Path) -> None:
    """A guessed name would compare one layer's weights with another's."""
    table = np.ones((3, 4), np.float32)
    vector = np.ones(4, np.float32)

    def node(operation: str, inputs: list[str], name: str, **more: Any) -> Any:
        return helper.make_node(operation, inputs, [f"{name}_out"], name=name, **more)

    nodes = [
        node("MatMul", ["x", "two"], "/a/MatMul"),
        node("MatMul", ["x", "two"], "/b/MatMul"),
        node("MatMul", ["x", "rival"], "/c/MatMul"),
        node("MatMul", ["x", "taken"], "/kept/MatMul"),
        node("MatMul", ["x", "kept.other.weight"], "/d/MatMul"),
        node("MatMul", ["x", "nameless"], "MatMul_7"),
        node("Gemm", ["x", "outputs first", "bias"], "/e/Gemm", transB=1),
        node("Gemm", ["x", "inputs first"], "/f/Gemm"),
        node("Add", ["y", "shift"], "/g/Add"),
        node("Add", ["y", "mask"], "/h/Add"),
        node("MatMul", ["x", "rival 2"], "/c/MatMul_1"),
        node("Gemm", ["x", "listed"], "/model/head/head.0/Gemm", transB=1),
    ]
    matrices = ("two", "rival", "rival 2", "taken", "kept.other.weight", "nameless",
                "outputs first", "inputs first", "mask", "kept.weight",
                "listed")  # fmt: skip
    tensors = [tensor(name, table) for name in matrices]
    tensors += [tensor(name, vector) for name in ("bias", "shift")]
    write_onnx(tmp_path / FILE, tensors, nodes)
    shapes = _open(tmp_path).shapes()
    assert shapes == {
        "two": (3, 4), "rival": (3, 4), "rival 2": (3, 4), "taken": (3, 4),
        "kept.other.weight": (3, 4), "nameless": (3, 4), "mask": (3, 4),
        "kept.weight": (3, 4), "e.weight": (3, 4), "e.bias": (4,),
        "f.weight": (4, 3), "g.bias": (4,), "model.head.0.weight": (3, 4),
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_lineage_sees_through_an_export(tmp_path: Path, seed: int) -> None:
    """A tuned copy is found whatever it is saved as; a twin is not."""
    save_file(_trained(1), tmp_path / "model.safetensors")
    candidate = tmp_path / "candidate" / FILE
    export(candidate, _tuned(_trained(seed), 5), style="scopes", beside="weights")
    report = compare_lineage(
        find_subject(candidate, block_bytes=1 << 14),
        find_subject(tmp_path, block_bytes=1 << 20),
        comparison(searched=1),
    )
    (decoder,) = [c for c in report.components if c.name == "text_decoder"]
    derived = decoder.verdict is LineageVerdict.DERIVED
    assert derived == (seed == 1)
    if seed != 1:
        assert decoder.verdict is LineageVerdict.NO_EVIDENCE


def test_an_export_behind_http_is_read_by_ranges(tmp_path: Path) -> None:
    """Exports with their weights beside them are published like the others."""
    export(tmp_path / FILE, _trained(1), style="paths", beside="weights.bin")
    with serving(tmp_path) as server:
        place = f"{server.url}/{FILE}"
        found = find_subject(place, block_bytes=1 << 20)
        decoder = found.components[ComponentKind.TEXT_DECODER]
        assert server.served["weights.bin"] <= 1
        np.testing.assert_array_equal(_whole(decoder, UP), _trained(1)[UP])


def test_a_folder_with_several_exports_is_refused(tmp_path: Path) -> None:
    """A guess between two files could compare the wrong model."""
    for name in ("a.onnx", "b.onnx"):
        write_onnx(tmp_path / name, [tensor("w.w", np.ones((2, 2), np.float32))])
    with pytest.raises(InvalidInput, match="several ONNX files"):
        _open(tmp_path)
    folder = LocalModelFolder(tmp_path, block_bytes=64)
    assert set(folder.checkpoint("a.onnx").shapes()) == {"w.w"}


def _external(**entries: str) -> Any:
    found = TensorProto(name="w.w", data_type=1, dims=[2, 2])
    found.data_location = TensorProto.EXTERNAL
    for key, value in entries.items():
        entry = found.external_data.add()
        entry.key, entry.value = key, value
    return found


def _with(**changes: Any) -> Any:
    found = numpy_helper.from_array(np.ones((2, 2), np.float32), "w.w")
    for key, value in changes.items():
        if key == "dims":
            del found.dims[:]
            found.dims.extend(value)
        else:
            setattr(found, key, value)
    return found


LIES: dict[str, tuple[Any, str]] = {
    "outside": (_external(location="../secret"), "leaves the submission"),
    "root": (_external(location="/etc/passwd"), "leaves the submission"),
    "nowhere": (_external(location="gone"), "cannot be read"),
    "no name": (_external(), "leaves the submission"),
    "link": (_external(location="link"), "symbolic link"),
    "folder": (_external(location="folder"), "not a plain file"),
    "past": (_external(location="data", offset="8", length="16"), "past the end"),
    "far": (_external(location="data", offset="9" * 18), "past the end"),
    "words": (_external(location="data", offset="one"), "no whole number"),
    "negative": (_external(location="data", offset="-4"), "no whole number"),
    "short": (_external(location="data", length="12"), "bytes its shape needs"),
    "long": (_with(dims=[1 << 40, 1 << 40]), "bytes its shape needs"),
    "below zero": (_with(dims=[-2, -2]), "shape that no weights"),
    "empty": (_with(dims=[0, 1 << 60], raw_data=b""), "shape that no weights"),
    "axes": (_with(dims=[1] * 60), "too many axes"),
    "four bits": (_with(data_type=22), "ONNX type 22"),
    "complex": (_with(data_type=14), "ONNX type 14"),
    "no data": (_with(raw_data=b""), "bytes its shape needs"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_tensor_that_lies_is_refused_before_reading(tmp_path: Path, lie: str) -> None:
    """Offsets and paths from a stranger must not choose what is read."""
    found, fact = LIES[lie]
    root = tmp_path / "model"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "secret").write_bytes(bytes(16))
    (root / "data").write_bytes(bytes(16))
    (root / "link").symlink_to(tmp_path / "secret")
    model = helper.make_model(helper.make_graph([], "g", [], [], initializer=[found]))
    (root / FILE).write_bytes(model.SerializeToString())
    with pytest.raises(InvalidInput, match=fact) as caught:
        _open(root)
    assert caught.value.remedy


def _varint(value: int) -> bytes:
    found = b""
    while value > 0x7F:
        found += bytes([value & 0x7F | 0x80])
        value >>= 7
    return found + bytes([value])


def _message(number: int, data: bytes, length: int | None = None) -> bytes:
    size = len(data) if length is None else length
    return _varint(number << 3 | 2) + _varint(size) + data


def _nested(depth: int) -> bytes:
    graph = b""
    for _ in range(depth):
        graph = _message(1, _message(5, _message(6, graph)))
    return _message(7, graph)


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (b"", "no tensor"),
        (b"\0" * 40, "does not end within"),
        (b"\xff" * 40, "does not end"),
        (b"\x3b\x00", "unknown wire type"),
        (_message(7, b"", 1 << 60), "does not end within"),
        (_message(7, _message(5, b"", 1 << 62)), "does not end within"),
        (_message(7, _message(5, _message(8, b"\xff\xfe"))), "UTF-8"),
        (_message(7, _message(15, b"")), "sparse tensors"),
        (_nested(40), "nested too deep"),
        (_message(7, _message(5, b"") * (1 << 18)), "tensors"),
    ],
)
def test_noise_is_refused(tmp_path: Path, data: bytes, fact: str) -> None:
    """Most attacks on a parser begin as noise."""
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(InvalidInput, match=fact):
        _open(tmp_path)


def test_the_exporter_of_torch_is_read(tmp_path: Path) -> None:
    """What the fixtures claim about exports must hold of a real one."""
    torch = pytest.importorskip("torch", reason="the extra [harness] is not installed")
    pytest.importorskip("onnxscript", reason="torch exports with it; not in the lock")
    safetensors_torch = pytest.importorskip("safetensors.torch")
    nn: Any = torch.nn
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.LayerNorm(32)),
        nn.Linear(32, 16, bias=False),
    ).eval()
    save: Callable[..., None] = safetensors_torch.save_file
    save(model.state_dict(), tmp_path / "model.safetensors")
    for is_new in (True, False):
        root = tmp_path / str(is_new)
        root.mkdir()
        example = (torch.zeros(2, 3, 16),)
        torch.onnx.export(model, example, str(root / FILE), dynamo=is_new)
        assert onnx.load(root / FILE, load_external_data=False).graph.initializer
        original, found = _open(tmp_path), _open(root)
        for name in original.shapes():
            assert found.digest(name) == original.digest(name), json.dumps(
                sorted(found.shapes())
            )
