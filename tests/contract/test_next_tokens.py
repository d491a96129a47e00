"""ONNX models that strangers wrote, run in a process that can be ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from dokja.adapters.harness import onnx_tokens
from dokja.errors import Unavailable


def save(place: Path, nodes: list[Any], tensors: dict[str, Any], out: str) -> Path:
    """A model of the nodes that takes tokens and gives an output of the name."""
    graph = helper.make_graph(
        nodes,
        "main",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["b", "s"])],
        [helper.make_tensor_value_info(out, TensorProto.FLOAT, None)],
        initializer=[numpy_helper.from_array(v, k) for k, v in tensors.items()],
    )
    opset = helper.make_opsetid("", 21)
    onnx.save_model(
        helper.make_model(graph, opset_imports=[opset], ir_version=10), place
    )
    return place


def looping(place: Path) -> Path:
    """A model that counts to 2^62 before it says anything."""
    info = helper.make_tensor_value_info
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["goes"]),
            helper.make_node("Identity", ["held"], ["kept"]),
        ],
        "body",
        [
            info("turn", TensorProto.INT64, []),
            info("go", TensorProto.BOOL, []),
            info("held", TensorProto.FLOAT, [1]),
        ],
        [info("goes", TensorProto.BOOL, []), info("kept", TensorProto.FLOAT, [1])],
    )
    loop = helper.make_node("Loop", ["count", "yes", "zero"], ["logits"], body=body)
    tensors = {
        "count": np.array(1 << 62, dtype=np.int64),
        "yes": np.array(True),  # noqa: FBT003  the library's own signature
        "zero": np.zeros(1, dtype=np.float32),
    }
    return save(place, [loop], tensors, "logits")


def refused(place: Path, *, seconds: float = 60.0) -> str:
    """Why the model is not run."""
    with (
        pytest.raises(Unavailable, match="does not run") as caught,
        onnx_tokens(place, seconds=seconds),
    ):
        pass
    return caught.value.fact


def test_a_model_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """Its process is killed, and the office goes on."""
    assert "no answer within 2 s" in refused(looping(tmp_path / "l.onnx"), seconds=2)


def test_a_model_that_wants_all_memory_gets_none(tmp_path: Path) -> None:
    """Four tebibytes of zeros; its bound is some copies of its own size."""
    shape = {"shape": np.array([1, 1 << 20, 1 << 20], dtype=np.int64)}
    node = helper.make_node("ConstantOfShape", ["shape"], ["logits"])
    assert "no answer" not in refused(
        save(tmp_path / "m.onnx", [node], shape, "logits")
    )


def test_a_model_that_says_something_else_is_not_run(tmp_path: Path) -> None:
    """It has to have logits, of an operator that is known."""
    node = helper.make_node("Cast", ["input_ids"], ["numbers"], to=TensorProto.FLOAT)
    assert "no output named logits" in refused(
        save(tmp_path / "o.onnx", [node], {}, "numbers")
    )
    odd = helper.make_node("Mystery", ["input_ids"], ["logits"], domain="com.example")
    place = save(tmp_path / "u.onnx", [odd], {}, "logits")
    assert "ended with" not in refused(place)


def test_numbers_beside_the_model_lie_in_its_folder(tmp_path: Path) -> None:
    """A file that names a path out of the release reads nothing there."""
    secret = tmp_path / "secret.bin"
    secret.write_bytes(np.ones(4, dtype=np.float32).tobytes())
    (tmp_path / "release").mkdir()
    node = helper.make_node("Identity", ["held"], ["logits"])
    place = save(
        tmp_path / "release" / "m.onnx",
        [node],
        {"held": np.zeros((1, 1, 4), dtype=np.float32)},
        "logits",
    )
    model = onnx.load(place)
    held = model.graph.initializer[0]
    held.ClearField("raw_data")
    held.data_location = TensorProto.EXTERNAL
    for key, value in (("location", "../secret.bin"), ("length", "16")):
        entry = held.external_data.add()
        entry.key, entry.value = key, value
    place.write_bytes(model.SerializeToString())
    assert refused(place)
