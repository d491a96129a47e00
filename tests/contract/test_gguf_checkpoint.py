"""GGUF weights: real files of the gguf library, and hostile ones."""

from __future__ import annotations

import struct
import sys
from collections.abc import Callable
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from gguf import GGUFReader
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from dokja.adapters.weights import LocalModelFolder, find_subject
from dokja.errors import DokjaError, InvalidInput, Unavailable
from dokja.lineage.role_map import map_roles
from dokja.lineage.roles import Role, Slot
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind
from tests.gguf_fixture import HEADS, KEY_HEADS, Table, converted, paired, write_gguf

FILE = "model.gguf"
KINDS = ("F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1")
ON_ONE_FILE = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _tensors(seed: int = 1) -> dict[str, Table]:
    """A llama of one layer under its trained names."""
    rng = np.random.default_rng(seed)
    layer = "model.layers.0."
    shapes = {
        "model.embed_tokens.weight": (12, 64),
        f"{layer}self_attn.q_proj.weight": (HEADS * 8, 64),
        f"{layer}self_attn.q_proj.bias": (HEADS * 8,),
        f"{layer}self_attn.k_proj.weight": (KEY_HEADS * 8, 64),
        f"{layer}self_attn.v_proj.weight": (KEY_HEADS * 8, 64),
        f"{layer}self_attn.o_proj.weight": (64, HEADS * 8),
        f"{layer}mlp.gate_proj.weight": (96, 64),
        f"{layer}mlp.up_proj.weight": (96, 64),
        f"{layer}mlp.down_proj.weight": (64, 96),
        f"{layer}input_layernorm.weight": (64,),
        "model.norm.weight": (64,),
    }
    return {
        name: rng.normal(size=shape).astype(np.float32)
        for name, shape in shapes.items()
    }


def _write_llama(place: Path, kind: str, tokens: list[str] | None = None) -> None:
    stored = dict(converted(name, table) for name, table in _tensors().items())
    write_gguf(place, stored, kind, tokens=tokens)


def _open(root: Path, block_bytes: int = 1 << 20) -> Checkpoint:
    return LocalModelFolder(root, block_bytes=block_bytes).checkpoint(".")


def _whole(checkpoint: Checkpoint, name: str) -> Table:
    return checkpoint.rows(name, 0, checkpoint.shapes()[name][0])


def _read_all(place: Path) -> None:
    """Opens the file and reads every row; a foreseen failure ends it."""
    checkpoint = LocalModelFolder(place.parent, block_bytes=256).checkpoint(place.name)
    size = place.stat().st_size
    for name, shape in checkpoint.shapes().items():
        assert sum(len(block) for block in checkpoint.blocks(name)) == shape[0]
        assert checkpoint.digest(name)
    for tensor in checkpoint._tensors.values():  # type: ignore[attr-defined]
        assert 0 < tensor.table.start < tensor.table.stop <= size


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_what_the_library_reads(tmp_path: Path, kind: str) -> None:
    """Its own reader and dequantiser say what a file means."""
    stored = {"blk.0.ffn_up.weight": _tensors()["model.layers.0.mlp.up_proj.weight"]}
    write_gguf(tmp_path / FILE, stored, kind, architecture="qwen2")
    (theirs,) = GGUFReader(tmp_path / FILE).tensors
    expected = dequantize(theirs.data, theirs.tensor_type)
    read = _whole(_open(tmp_path), "model.layers.0.mlp.up_proj.weight")
    assert read.dtype == np.float32
    np.testing.assert_array_equal(read, expected)


def test_a_conversion_without_loss_reads_as_the_original(tmp_path: Path) -> None:
    """Names, order of rows and digests must all lead back to the safetensors."""
    originals = {
        name: t.astype(np.float16) if t.ndim > 1 else t
        for name, t in _tensors().items()
    }
    save_file(originals, tmp_path / "model.safetensors")
    _write_llama(tmp_path / "converted" / FILE, "F16")
    original, found = _open(tmp_path), _open(tmp_path / "converted")
    assert found.shapes() == original.shapes()
    for name in original.shapes():
        np.testing.assert_array_equal(_whole(found, name), _whole(original, name))
        # Vectors are stored as F32; the reordered bias is the only 1-D q or k.
        assert found.digest(name) == original.digest(name)


def test_the_rotary_order_of_rows_is_undone(tmp_path: Path) -> None:
    """Left as stored, every query of a descendant would look like a stranger's."""
    name = "model.layers.0.self_attn.k_proj.weight"
    table = np.arange(16, dtype=np.float32)[:, None] * np.ones(64, dtype=np.float32)
    stored = paired(table, KEY_HEADS)
    assert stored[:4, 0].tolist() == [0, 4, 1, 5]
    for architecture, expected in (("llama", table), ("qwen2", stored)):
        place = tmp_path / architecture / FILE
        tensors = {"blk.0.attn_k.weight": stored}
        write_gguf(place, tensors, "F32", architecture=architecture)
        read = _whole(_open(place.parent), name)
        np.testing.assert_array_equal(read, expected)
    found = _open(tmp_path / "llama").rows(name, 3, 11)
    np.testing.assert_array_equal(found, table[3:11])


@pytest.mark.parametrize("rows", [6, 18])
def test_heads_that_do_not_divide_the_rows_are_refused(
    tmp_path: Path, rows: int
) -> None:
    """A guessed order would be read as somebody else's weights."""
    table = np.ones((rows, 64), np.float32)
    write_gguf(tmp_path / FILE, {"blk.0.attn_k.weight": table}, "F32")
    with pytest.raises(InvalidInput, match="do not divide"):
        _open(tmp_path)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(block_bytes=st.integers(1, 9000), kind=st.sampled_from(("F16", "Q4_0")))
def test_the_block_size_changes_no_value(
    tmp_path: Path, block_bytes: int, kind: str
) -> None:
    """Neither values nor digests may depend on how reads are split."""
    place = tmp_path / kind / FILE
    if not place.exists():
        _write_llama(place, kind)
    small, large = _open(place.parent, block_bytes), _open(place.parent)
    for name in small.shapes():
        joined = np.concatenate(list(small.blocks(name)))
        np.testing.assert_array_equal(joined, _whole(large, name))
        assert small.digest(name) == large.digest(name)


def test_names_lead_to_the_roles_of_a_decoder(tmp_path: Path) -> None:
    """A name nobody knows would leave the whole file untestable."""
    _write_llama(tmp_path / FILE, "Q8_0")
    shapes = _open(tmp_path).shapes()
    slots = map_roles(ComponentKind.TEXT_DECODER, shapes, {}).slots
    assert {slot.role for slot in slots} == {
        Role.QUERY, Role.KEY, Role.VALUE, Role.OUTPUT, Role.GATE, Role.UP, Role.DOWN,
    }  # fmt: skip
    embeddings = map_roles(ComponentKind.EMBEDDINGS, shapes, {}).slots
    assert Slot(Role.TOKENS_IN, -1) in embeddings


def test_names_without_a_counterpart_stay_as_stored(tmp_path: Path) -> None:
    """An encoder's query is no decoder's, and a new tensor needs its own name."""
    table = np.ones((32, 32), np.float32)
    write_gguf(tmp_path / "a" / FILE, {"blk.0.attn_q.weight": table}, "F32",
               architecture="bert")  # fmt: skip
    assert set(_open(tmp_path / "a").shapes()) == {"blk.0.attn_q.weight"}
    new = {"blk.0.ssm_a.weight": table, "rope_freqs.weight": table}
    write_gguf(tmp_path / "b" / FILE, new, "F32")
    assert set(_open(tmp_path / "b").shapes()) == set(new)


def test_a_fused_gate_is_not_taken_for_the_up_projection(tmp_path: Path) -> None:
    """Phi-3 stores both in the tensor that others use for one."""
    stored = {
        "blk.0.ffn_up.weight": np.ones((192, 64), np.float32),
        "blk.0.ffn_down.weight": np.ones((64, 96), np.float32),
    }
    write_gguf(tmp_path / FILE, stored, "F16", architecture="phi3")
    assert set(_open(tmp_path).shapes()) == {
        "model.layers.0.mlp.gate_up_proj.weight",
        "model.layers.0.mlp.down_proj.weight",
    }


def test_gains_that_a_conversion_raised_are_lowered(tmp_path: Path) -> None:
    """Gemma's library keeps the gain's distance from one."""
    gains = np.array([0.5, -0.25, 0.0], np.float32)
    stored = {
        "blk.0.attn_norm.weight": gains + 1,
        "blk.0.ffn_norm.weight": gains + 1,
        "blk.0.post_ffw_norm.weight": gains + 1,
    }
    write_gguf(tmp_path / FILE, stored, "F32", architecture="gemma2")
    checkpoint = _open(tmp_path)
    for name in ("input", "pre_feedforward", "post_feedforward"):
        read = _whole(checkpoint, f"model.layers.0.{name}_layernorm.weight")
        np.testing.assert_array_equal(read[:, 0], gains)


def test_tokens_and_configuration_come_from_the_metadata(tmp_path: Path) -> None:
    """A GGUF file carries its tokenizer; made-up fillers are no tokens."""
    tokens = ["<s>", "Ġthe", "독", "[PAD3]", "Ġthe"]
    _write_llama(tmp_path / FILE, "Q8_0", tokens)
    checkpoint = _open(tmp_path)
    assert checkpoint.vocabulary == {"<s>": 0, "Ġthe": 1, "독": 2}
    assert checkpoint.config == {
        "model_type": "llama",
        "tie_word_embeddings": True,
        "num_hidden_layers": 2,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KEY_HEADS,
    }
    _write_llama(tmp_path / "without" / FILE, "Q8_0")
    assert _open(tmp_path / "without").vocabulary is None


def test_a_file_is_told_by_its_content_and_a_folder_must_hold_one(
    tmp_path: Path,
) -> None:
    """A guess between two files could compare the wrong model."""
    _write_llama(tmp_path / "plain" / "weights", "Q8_0")
    folder = LocalModelFolder(tmp_path / "plain", block_bytes=64)
    assert folder.checkpoint("weights").shapes()
    _write_llama(tmp_path / FILE, "F16")
    found = find_subject(tmp_path, block_bytes=64)
    assert set(found.components) == {
        ComponentKind.TEXT_DECODER,
        ComponentKind.EMBEDDINGS,
    }
    (tmp_path / "b.gguf").write_bytes(b"GGUF")
    with pytest.raises(InvalidInput, match="several GGUF files"):
        _open(tmp_path)
    save_file({"w": np.zeros(3)}, tmp_path / "model.safetensors")
    assert set(_open(tmp_path).shapes()) == {"w"}


def test_links_and_parts_are_refused(tmp_path: Path) -> None:
    """A link leaves the folder; a part alone would hide the other layers."""
    _write_llama(tmp_path / "outside" / FILE, "F16")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / FILE).symlink_to(tmp_path / "outside" / FILE)
    with pytest.raises(InvalidInput, match="symbolic link"):
        _open(tmp_path / "linked")
    table = {"token_embd.weight": np.ones((2, 32), np.float32)}
    write_gguf(tmp_path / "part" / FILE, table, "F32", metadata={"split.count": 3})
    with pytest.raises(InvalidInput, match="one of 3 parts"):
        _open(tmp_path / "part")


def test_a_missing_library_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The base installation is small; the next step must be plain."""
    _write_llama(tmp_path / FILE, "F16")
    for name in ("gguf", "gguf.constants", "gguf.quants"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(Unavailable) as caught:
        _open(tmp_path)
    assert "dokja[gguf]" in caught.value.remedy


def test_rows_outside_a_tensor_and_unknown_names_are_refused(tmp_path: Path) -> None:
    """Numpy would clip silently and the rest would look like missing weights."""
    _write_llama(tmp_path / FILE, "F16")
    with pytest.raises(InvalidInput, match="12 rows"):
        _open(tmp_path).rows("model.embed_tokens.weight", 5, 13)
    with pytest.raises(InvalidInput, match="no tensor"):
        _open(tmp_path).rows("other", 0, 1)


def _text(text: bytes, length: int | None = None) -> bytes:
    return struct.pack("<Q", len(text) if length is None else length) + text


def _entry(key: bytes, kind: int, value: bytes) -> bytes:
    return _text(key) + struct.pack("<I", kind) + value


def _tensor(
    name: bytes = b"w",
    sizes: tuple[int, ...] = (8,),
    kind: int = 0,
    offset: int = 0,
) -> bytes:
    shape = struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes)
    return _text(name) + shape + struct.pack("<IQ", kind, offset)


def _file(
    *,
    entries: tuple[bytes, ...] = (),
    tensors: tuple[bytes, ...] = (),
    start: bytes = b"GGUF\x03\0\0\0",
    counts: tuple[int, int] | None = None,
    data: bytes = bytes(32),
) -> bytes:
    counts = counts or (len(tensors), len(entries))
    head = start + struct.pack("<QQ", *counts) + b"".join((*entries, *tensors))
    return head + bytes(-len(head) % 32) + data


LIES: dict[str, tuple[bytes, str]] = {
    "magic": (_file(tensors=(_tensor(),), start=b"GGML\x03\0\0\0"), "begin with GGUF"),
    "version": (_file(start=b"GGUF\x01\0\0\0"), "version 1"),
    "other byte order": (_file(start=b"GGUF\0\0\0\x03"), "byte order"),
    "many tensors": (_file(counts=(1 << 63, 0)), "says it has"),
    "many entries": (_file(counts=(0, 1 << 20)), "says it has"),
    "missing tensors": (_file(counts=(99, 0), data=b""), "shorter"),
    "no tensors": (_file(data=b""), "no tensor"),
    "long key": (_file(entries=(_text(b"k", 1 << 62),)), "shorter"),
    "twice": (_file(entries=(_entry(b"k", 0, b"1"),) * 2), "occurs twice"),
    "key": (_file(entries=(_entry(b"\xff\xfe", 0, b"1"),)), "UTF-8"),
    "type": (_file(entries=(_entry(b"k", 77, b""),)), "unknown type"),
    "long list": (_file(entries=(_entry(b"k", 9, struct.pack("<IQ", 4, 1 << 61)),)),
                  "shorter"),
    "many texts": (_file(entries=(_entry(b"k", 9, struct.pack("<IQ", 8, 1 << 40)),)),
                   "lists more than"),
    "nested list": (_file(entries=(_entry(b"k", 9, struct.pack("<IQ", 9, 1)),)),
                    "list of the type"),
    "alignment": (_file(entries=(_entry(b"general.alignment", 4, b"\0\0\0\0"),),
                        tensors=(_tensor(),)), "alignment"),
    "odd alignment": (_file(entries=(_entry(b"general.alignment", 4, b"\x30\0\0\0"),),
                            tensors=(_tensor(),)), "alignment"),
    "long name": (_file(tensors=(_tensor(b"w" * 300),)), "too long"),
    "axes": (_file(tensors=(_tensor(sizes=(1,) * 9),)), "9 axes"),
    "no axes": (_file(tensors=(_tensor(sizes=()),)), "0 axes"),
    "empty axis": (_file(tensors=(_tensor(sizes=(0, 8)),)), "does not fit"),
    "half a block": (_file(tensors=(_tensor(sizes=(8, 2), kind=8),)), "does not fit"),
    "stored type": (_file(tensors=(_tensor(kind=4000),)), "type 4000"),
    "large": (_file(tensors=(_tensor(sizes=(1 << 40, 1 << 40)),)), "past the end"),
    "past the end": (_file(tensors=(_tensor(sizes=(9,)),)), "past the end"),
    "gap": (_file(tensors=(_tensor(offset=32),), data=bytes(64)), "gap"),
    "far": (_file(tensors=(_tensor(offset=(1 << 64) - 32),)), "gap"),
    "overlap": (_file(tensors=(_tensor(), _tensor(b"v"))), "overlaps"),
    "same name": (_file(tensors=(_tensor(), _tensor(offset=32)), data=bytes(64)),
                  "occurs twice"),
    "rest": (_file(tensors=(_tensor(),), data=bytes(64)), "belong to no tensor"),
    "two for one": (_file(tensors=(_tensor(b"output.weight"),
                                   _tensor(b"lm_head.weight", offset=32)),
                          data=bytes(64)), "two tensors stand for"),
}  # fmt: skip


@pytest.mark.parametrize("lie", LIES)
def test_a_header_that_lies_is_refused_before_reading(tmp_path: Path, lie: str) -> None:
    """Counts and offsets from a stranger must not size or place any read."""
    data, fact = LIES[lie]
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(InvalidInput, match=fact) as caught:
        _open(tmp_path)
    assert FILE in caught.value.fact
    assert caught.value.remedy


def test_the_smallest_true_file_is_read(tmp_path: Path) -> None:
    """The lies above are each one step from this file."""
    (tmp_path / FILE).write_bytes(_file(tensors=(_tensor(),)))
    _read_all(tmp_path / FILE)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a real file with a tokenizer and quantised weights."""
    place = tmp_path_factory.mktemp("real") / FILE
    _write_llama(place, "Q4_0", ["a", "b", "[PAD2]"])
    return place.read_bytes()


def _survives(place: Path, data: bytes) -> bool:
    """Whether the bytes read as weights; anything but a refusal escapes."""
    place.write_bytes(data)
    try:
        _read_all(place)
    except InvalidInput:
        return False
    return True


@ON_ONE_FILE
@given(share=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_refused(real: bytes, tmp_path: Path, share: float) -> None:
    """A download that broke off is the commonest fault of all."""
    body = len(real) - 32
    assert not _survives(tmp_path / FILE, real[: int(share * body)])


@ON_ONE_FILE
@given(data=st.data())
def test_a_changed_header_is_refused_or_read_inside_the_file(
    real: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    """Whatever the bytes say, nothing outside the file is looked at."""
    changed = bytearray(real)
    header = 2000
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, header))
        new = data.draw(st.binary(min_size=1, max_size=8))
        changed[at : at + len(new)] = new
    _survives(tmp_path / FILE, bytes(changed))


@ON_ONE_FILE
@given(noise=st.binary(max_size=400), version=st.sampled_from((2, 3)))
def test_noise_after_the_magic_is_refused(
    tmp_path: Path, noise: bytes, version: int
) -> None:
    """Most attacks on a parser begin as noise."""
    start = b"GGUF" + struct.pack("<I", version)
    assert not _survives(tmp_path / FILE, start + noise)


@pytest.mark.parametrize("kind", sorted(GGML_QUANT_SIZES))
def test_a_body_of_noise_is_read_or_its_type_refused(
    tmp_path: Path, kind: GGMLQuantizationType
) -> None:
    """The library dequantises what a stranger wrote; no bytes may break it."""
    block, size = GGML_QUANT_SIZES[kind]
    noise = np.random.default_rng(kind).bytes(size * 64)
    head = _tensor(sizes=(block, 64), kind=int(kind))
    (tmp_path / FILE).write_bytes(_file(tensors=(head,), data=noise))
    try:
        _read_all(tmp_path / FILE)
    except DokjaError as error:
        assert "cannot be read" in error.fact  # noqa: PT017


def test_plain_types_are_read_as_safetensors_reads_them(tmp_path: Path) -> None:
    """One model in two containers must not differ in the last bit."""
    rng = np.random.default_rng(4)
    makers: dict[int, Callable[[], np.ndarray[tuple[int, ...], np.dtype[np.generic]]]]
    makers = {
        1: lambda: rng.normal(size=(3, 8)).astype(np.float16),
        28: lambda: rng.normal(size=(3, 8)),
        30: lambda: rng.normal(size=(3, 8)).astype(ml_dtypes.bfloat16),
    }
    for kind, make in makers.items():
        values = make()
        root = tmp_path / str(kind)
        (root / "safe").mkdir(parents=True)
        head = _tensor(sizes=(8, 3), kind=kind)
        (root / FILE).write_bytes(_file(tensors=(head,), data=values.tobytes()))
        save_file({"w": values}, root / "safe" / "model.safetensors")
        mine, theirs = _open(root), _open(root / "safe")
        np.testing.assert_array_equal(_whole(mine, "w"), _whole(theirs, "w"))
        assert mine.digest("w") == theirs.digest("w")
