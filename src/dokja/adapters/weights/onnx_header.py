"""The tensors and nodes of an ONNX file, found without reading a weight.

Source: onnx.proto of the ONNX project, whose field numbers these are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dokja.adapters.weights.bounded import DamagedFile
from dokja.adapters.weights.byte_source import ByteSource
from dokja.adapters.weights.byte_window import ByteWindow
from dokja.adapters.weights.onnx_wire import (
    BYTES,
    FIXED,
    VARINT,
    Field,
    fields,
    signed,
    varint,
)
from dokja.errors import InvalidInput

FIELD_LIMIT = 1 << 22
"""Fields of one file that are looked at; large exports have about a million."""
TENSOR_LIMIT = 1 << 17
KEPT_LIMIT = 256 << 20
"""Bytes of all names that are kept."""
NAME_LIMIT = 1 << 12
DEPTH_LIMIT = 8
"""Graphs within graphs."""
AXES_LIMIT = 32
SCOPES = "pkg.torch.onnx.name_scopes"
"""Where the exporter writes the modules that a node stands in, outermost first."""

_QUOTED = re.compile(r"'([^']*)'")
_MODULE = re.compile(r"[\w.-]+")
_SPARSE, _TENSOR, _GRAPH, _TENSORS, _GRAPHS = 15, 5, 6, 10, 11


@dataclass(kw_only=True)
class OnnxTensor:
    """A TensorProto: what it says of itself, and where its numbers lie."""

    name: str = ""
    kind: int = 0
    """Its type, by the format's number."""
    shape: tuple[int, ...] = ()
    data: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Where the bytes of each field of numbers lie, by the field's number."""
    is_external: bool = False
    outside: dict[str, str] = field(default_factory=dict)
    """File, offset and length of numbers that lie in another file."""
    is_constant: bool = False
    """Whether it stands in a node and not among the graph's own tensors."""


@dataclass(frozen=True, kw_only=True)
class OnnxNode:
    """What a node does with which tensors, and the module it was made from."""

    operation: str
    module: str
    """As `model.layers.0.mlp.up_proj`; empty where the export does not say."""
    inputs: tuple[str, ...]
    is_transposed: bool
    """Whether the operation turns its second input round (`transB`)."""


@dataclass(frozen=True)
class OnnxModel:
    """All tensors and nodes, of graphs within graphs too."""

    tensors: tuple[OnnxTensor, ...]
    nodes: tuple[OnnxNode, ...]


def read_onnx_header(source: ByteSource) -> OnnxModel:
    """The tensors and nodes of the file; their numbers are not read.

    Raises: InvalidInput, naming the file, where it is no ONNX model.
    """
    reader = _Reader(source)
    for item in reader.fields(0, source.size):
        if item.number in (7, 25) and item.kind == BYTES:
            # A function lists its nodes under another number than a graph.
            reader.graph(item, nodes=1 if item.number == 7 else 7, depth=0)
    if not reader.tensors:
        raise broken_onnx(source.shown, "it holds no tensor")
    return OnnxModel(tuple(reader.tensors), tuple(reader.nodes))


class _Reader:
    """Walks the messages that lead to tensors and passes over the others."""

    def __init__(self, source: ByteSource) -> None:
        self._window = ByteWindow(source, source.size, broken_onnx)
        self._fields = self._kept = 0
        self.tensors: list[OnnxTensor] = []
        self.nodes: list[OnnxNode] = []

    def fields(self, start: int, stop: int) -> Iterator[Field]:
        """The fields of a message, counted."""
        for item in fields(self._window, start, stop):
            self._fields += 1
            if self._fields > FIELD_LIMIT:
                raise self._window.refusal(f"it has more than {FIELD_LIMIT} fields")
            yield item

    def graph(self, message: Field, *, nodes: int, depth: int) -> None:
        """Adds what a GraphProto holds."""
        if depth > DEPTH_LIMIT:
            raise self._window.refusal("its graphs are nested too deep")
        for item in self.fields(message.start, message.stop):
            if item.kind != BYTES:
                continue
            if item.number == nodes:
                self._node(item, depth)
            elif item.number == 5 and nodes == 1:
                self._add(self._tensor(item))
            elif item.number == _SPARSE and nodes == 1:
                raise InvalidInput(
                    f"{self._window.source.shown} holds sparse tensors, which cannot "
                    "be read",
                    remedy="export the model with dense tensors",
                )

    def _node(self, message: Field, depth: int) -> None:
        inputs, outputs, texts = [], [], {3: "", 4: ""}
        module, is_transposed = "", False
        held: list[OnnxTensor] = []
        for item in self.fields(message.start, message.stop):
            if item.kind != BYTES:
                continue
            if item.number == 1:
                inputs.append(self._text(item))
            elif item.number == 2:
                outputs.append(self._text(item))
            elif item.number in texts:
                texts[item.number] = self._text(item)
            elif item.number == 5:
                found, turned = self._attribute(item, depth)
                held += found
                is_transposed = is_transposed or turned
            elif item.number == 9:
                module = self._scope(item) or module
        for tensor in held:
            tensor.name = outputs[0] if outputs else texts[3]
            tensor.is_constant = True
            self._add(tensor)
        self.nodes.append(
            OnnxNode(
                operation=texts[4],
                module=module or _module_of(texts[3]),
                inputs=tuple(inputs),
                is_transposed=is_transposed,
            )
        )

    def _attribute(self, message: Field, depth: int) -> tuple[list[OnnxTensor], bool]:
        """Tensors of an attribute, and whether it is a `transB` that is set."""
        name, number, held = "", 0, []
        for item in self.fields(message.start, message.stop):
            if item.number == 1 and item.kind == BYTES:
                name = self._text(item)
            elif item.number == 3 and item.kind == VARINT:
                number = item.value
            elif item.number in (_TENSOR, _TENSORS) and item.kind == BYTES:
                held.append(self._tensor(item))
            elif item.number in (_GRAPH, _GRAPHS) and item.kind == BYTES:
                self.graph(item, nodes=1, depth=depth + 1)
        return held, name == "transB" and number != 0

    def _tensor(self, message: Field) -> OnnxTensor:
        found, axes = OnnxTensor(), list[int]()
        for item in self.fields(message.start, message.stop):
            number, kind = item.number, item.kind
            if number == 1 and kind in (VARINT, BYTES):
                axes += [item.value] if kind == VARINT else self._packed(item)
            elif number == 2 and kind == VARINT:
                found.kind = item.value
            elif number == 8 and kind == BYTES:
                found.name = self._text(item)
            elif number == 14 and kind == VARINT:
                found.is_external = item.value == 1
            elif number == 13 and kind == BYTES:
                key, value = self._pair(item)
                found.outside[key] = value
            elif number in (4, 5, 7, 9, 10, 11) and (kind == BYTES or kind in FIXED):
                if number in found.data and number != 9:
                    raise self._window.refusal("the numbers of a tensor are in pieces")
                found.data[number] = (item.start, item.stop)
            if len(axes) > AXES_LIMIT:
                raise self._window.refusal("a tensor has too many axes")
        found.shape = tuple(map(signed, axes))
        return found

    def _add(self, tensor: OnnxTensor) -> None:
        self.tensors.append(tensor)
        if len(self.tensors) > TENSOR_LIMIT:
            raise self._window.refusal(f"it has more than {TENSOR_LIMIT} tensors")

    def _packed(self, item: Field) -> list[int]:
        self._window.at = item.start
        found: list[int] = []
        while self._window.at < item.stop and len(found) <= AXES_LIMIT:
            found.append(varint(self._window, item.stop))
        return found

    def _pair(self, message: Field) -> tuple[str, str]:
        """Key and value of a StringStringEntryProto."""
        texts = {1: "", 2: ""}
        for item in self.fields(message.start, message.stop):
            if item.number in texts and item.kind == BYTES:
                texts[item.number] = self._text(item)
        return texts[1], texts[2]

    def _scope(self, message: Field) -> str:
        """The innermost module that a node's own notes name."""
        key, value = self._pair(message)
        scopes = _QUOTED.findall(value) if key == SCOPES else []
        module = scopes[-2] if len(scopes) > 2 else ""
        return module if _MODULE.fullmatch(module) else ""

    def _text(self, item: Field) -> str:
        """A text of a bounded length; longer ones are passed over as empty."""
        length = item.stop - item.start
        if length > NAME_LIMIT:
            return ""
        self._kept += length
        if self._kept > KEPT_LIMIT:
            raise self._window.refusal(f"its names take more than {KEPT_LIMIT} bytes")
        self._window.at = item.start
        try:
            return self._window.take(length).decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._window.refusal("a name in it is not UTF-8") from error


def _module_of(name: str) -> str:
    """The module of a node named by its path, as `/model/layers.0/mlp/MatMul`.

    A module in a sequence repeats the name of the sequence: `/head/head.0/Gemm`.
    """
    if not name.startswith("/"):
        return ""
    steps: list[str] = []
    for step in name.strip("/").split("/")[:-1]:
        if steps and step.startswith(f"{steps[-1]}."):
            steps.pop()
        steps.append(step)
    module = ".".join(steps)
    return module if _MODULE.fullmatch(module) else ""


def broken_onnx(shown: str, fact: str) -> DamagedFile:
    """The refusal of a file that is not what its header says."""
    return DamagedFile(
        f"{shown} is not a whole ONNX model: {fact}",
        remedy="export it again, and compare its size after copying",
    )


STORED: Mapping[int, str] = {
    1: "F32", 2: "U8", 3: "I8", 4: "U16", 5: "I16", 6: "I32", 7: "I64", 9: "BOOL",
    10: "F16", 11: "F64", 12: "U32", 13: "U64", 16: "BF16",
    17: "F8_E4M3", 19: "F8_E5M2", 24: "F8_E8M0",
}  # fmt: skip
"""Element types that can be read, by their number in the format."""
TEXTS = 8
"""The type of tensors of text, which are no weights."""
