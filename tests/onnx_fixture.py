"""Real ONNX files, written by the onnx library as exporters write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Table = npt.NDArray[Any]

KINDS = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.float16): TensorProto.FLOAT16,
    np.dtype(np.float64): TensorProto.DOUBLE,
    np.dtype(ml_dtypes.bfloat16): TensorProto.BFLOAT16,
    np.dtype(np.int8): TensorProto.INT8,
    np.dtype(np.uint8): TensorProto.UINT8,
    np.dtype(np.int32): TensorProto.INT32,
    np.dtype(np.int64): TensorProto.INT64,
}


def tensor(name: str, table: Table, *, is_raw: bool = True) -> Any:
    """A TensorProto; its numbers in raw_data or in the list of their type."""
    kind = KINDS[table.dtype]
    if is_raw:
        return helper.make_tensor(name, kind, table.shape, table.tobytes(), raw=True)
    values = table if kind != TensorProto.BFLOAT16 else table.astype(np.float32)
    return helper.make_tensor(name, kind, table.shape, values.ravel().tolist())


def write_onnx(
    place: Path,
    tensors: list[Any],
    nodes: list[Any] | None = None,
    *,
    beside: str = "",
) -> None:
    """Writes a model; numbers of 64 bytes and more lie in the file `beside`."""
    place.parent.mkdir(parents=True, exist_ok=True)
    graph = helper.make_graph(nodes or [], "main", [], [], initializer=tensors)
    model = helper.make_model(graph, producer_name="test")
    if not beside:
        onnx.save_model(model, place)
        return
    onnx.save_model(
        model,
        place,
        save_as_external_data=True,
        location=beside,
        size_threshold=64,
    )


def export(
    place: Path, trained: Mapping[str, Table], *, style: str, beside: str = ""
) -> None:
    """Trained tensors as an exporter of torch leaves them.

    Matrices of linear layers lose their name and are turned round. `style` is
    "scopes" where the node's notes name the module, "paths" where its own name
    does.
    """
    tensors, nodes = [], []
    for number, (name, table) in enumerate(trained.items()):
        module = name.removesuffix(".weight")
        if table.ndim != 2 or "embed" in name:
            tensors.append(tensor(name, table))
            continue
        folded = f"onnx::MatMul_{number}" if style == "paths" else f"val_{number}"
        tensors.append(tensor(folded, np.ascontiguousarray(table.T)))
        path = "/" + "/".join(_steps(module)) + "/MatMul"
        node = helper.make_node(
            "MatMul",
            [f"in_{number}", folded],
            [f"out_{number}"],
            name=path if style == "paths" else f"node_MatMul_{number}",
        )
        if style == "scopes":
            entry = node.metadata_props.add()
            entry.key = "pkg.torch.onnx.name_scopes"
            entry.value = str(["", "model", module, f"linear_{number}"])
        nodes.append(node)
    write_onnx(place, tensors, nodes, beside=beside)


def constant(name: str, table: Table) -> Any:
    """A node that holds a tensor."""
    held = numpy_helper.from_array(table, name="")
    return helper.make_node("Constant", [], [name], value=held)


def _steps(module: str) -> list[str]:
    """Modules of a path; the place in a list stays with the list's name."""
    steps: list[str] = []
    for part in module.split("."):
        if part.isdigit() and steps:
            steps[-1] += f".{part}"
        else:
            steps.append(part)
    return steps
