"""Names of exported tensors as the library that trained the model gives them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dokja.adapters.weights.onnx_header import (
    STORED,
    OnnxModel,
    OnnxNode,
    OnnxTensor,
)

WHOLE_NUMBERS = frozenset({"I64", "I32", "U64", "U32", "BOOL"})
"""Types of shapes, axes and indices; no weight of one axis is stored so."""
PLACES: Mapping[str, Mapping[int, str]] = {
    "MatMul": {1: "weight"},
    "Gemm": {1: "weight", 2: "bias"},
    "Gather": {0: "weight"},
    "Conv": {1: "weight", 2: "bias"},
    "ConvTranspose": {1: "weight", 2: "bias"},
    "LayerNormalization": {1: "weight", 2: "bias"},
    "RMSNormalization": {1: "weight"},
    "Mul": {0: "weight", 1: "weight"},
    "Add": {0: "bias", 1: "bias"},
}
"""Which input of an operation is which parameter of its module."""
VECTORS = frozenset({"Mul", "Add"})
"""Operations whose parameter has one axis; others are masks and tables."""


@dataclass(frozen=True)
class NamedTensor:
    """A tensor under its trained name."""

    tensor: OnnxTensor
    is_flipped: bool
    """Whether it is stored as inputs by outputs, the other way than trained."""


def named_tensors(model: OnnxModel) -> dict[str, NamedTensor]:
    """The model's weights under the names of the library that trained them.

    Exporters keep most names, but fold the weight of a linear layer into a
    transposed tensor with a number for a name; the node that multiplies by it
    still says the module. What no single node names stays as stored.
    """
    own = _own_names(model)
    tensors = {name: tensor for name, tensor in own.items() if _is_weight(name, tensor)}
    claims: dict[str, set[tuple[str, bool]]] = {}
    claimants: dict[str, set[str]] = {}
    for node in model.nodes:
        for name, claim in _claims(node, tensors):
            claims.setdefault(name, set()).add(claim)
            claimants.setdefault(claim[0], set()).add(name)
    found = {}
    for name, tensor in tensors.items():
        claimed = claims.get(name, set())
        trained, is_flipped = name, False
        if len(claimed) == 1:
            ((wanted, turned),) = claimed
            if wanted not in own and len(claimants[wanted]) == 1:
                trained, is_flipped = wanted, turned
        found[trained] = NamedTensor(tensor, is_flipped)
    return found


def is_kept(name: str) -> bool:
    """Whether a name is a module's path, as exporters keep it."""
    return "." in name and "/" not in name and "::" not in name


def _own_names(model: OnnxModel) -> dict[str, OnnxTensor]:
    """Tensors by their own name; graphs within graphs may repeat one."""
    found: dict[str, OnnxTensor] = {}
    for tensor in model.tensors:
        name, again = tensor.name or "unnamed", 1
        while name in found:
            again += 1
            name = f"{tensor.name or 'unnamed'}#{again}"
        found[name] = tensor
    return found


def _is_weight(name: str, tensor: OnnxTensor) -> bool:
    """Whether a tensor could be trained, and is no shape, index or factor."""
    stored = STORED.get(tensor.kind, "")
    if stored in WHOLE_NUMBERS and len(tensor.shape) < 2:
        return False
    return is_kept(name) or math.prod(tensor.shape) != 1


def _claims(
    node: OnnxNode, tensors: Mapping[str, OnnxTensor]
) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Tensors that a node names: each with its trained name, and if it is turned."""
    places = PLACES.get(node.operation, {}) if node.module else {}
    for place, kind in places.items():
        name = node.inputs[place] if place < len(node.inputs) else ""
        tensor = tensors.get(name)
        if tensor is None or is_kept(name):
            continue
        axes = len(tensor.shape)
        if node.operation in VECTORS and axes != 1:
            continue
        if node.operation in ("MatMul", "Gemm") and kind == "weight" and axes != 2:
            continue
        is_turned = (
            node.operation in ("MatMul", "Gemm")
            and kind == "weight"
            and not node.is_transposed
        )
        yield name, (f"{node.module}.{kind}", is_turned)
