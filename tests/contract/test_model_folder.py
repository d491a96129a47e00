"""Folders somebody handed in: real safetensors files, and hostile ones."""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from dokja.adapters.weights import LocalModelFolder, find_subject, folder
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes
from dokja.submission.ports import Checkpoint, ModelFolder
from dokja.submission.values import ComponentKind

WHOLE = "model.safetensors"


def _tensors() -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    rng = np.random.default_rng(1)
    return {
        "double": rng.normal(size=(5, 2)),
        "float": rng.normal(size=(7, 3)).astype(np.float32),
        "half": rng.normal(size=(4, 2, 3)).astype(np.float16),
        "brain": rng.normal(size=(9, 5)).astype(ml_dtypes.bfloat16),
        "whole": np.arange(6, dtype=np.int64).reshape(2, 3),
        "vector": rng.normal(size=11).astype(np.float32),
        "scalar": np.array(2.5, dtype=np.float32),
    }


def _open(root: Path, block_bytes: int = 64) -> Checkpoint:
    opened: ModelFolder = LocalModelFolder(root, block_bytes=block_bytes)
    return opened.checkpoint(".")


def _write(place: Path, header: object, data: bytes = b"", pad: int = 0) -> None:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    raw += b" " * pad
    place.write_bytes(len(raw).to_bytes(8, "little") + raw + data)


def test_every_value_is_read_as_it_was_saved(tmp_path: Path) -> None:
    """Statistics of misread weights would be statistics of nothing."""
    save_file(_tensors(), tmp_path / WHOLE)
    checkpoint = _open(tmp_path)
    for name, tensor in _tensors().items():
        assert checkpoint.shapes()[name] == tensor.shape
        rows = tensor.shape[0] if tensor.shape else 1
        expected = tensor.astype(np.float32).reshape(rows, -1)
        read = checkpoint.rows(name, 0, rows)
        assert read.dtype == np.float32
        np.testing.assert_array_equal(read, expected)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(block_bytes=st.integers(1, 400))
def test_blocks_join_to_the_whole_for_any_block_size(
    tmp_path: Path, block_bytes: int
) -> None:
    """Neither values nor digests may depend on how reads are split."""
    save_file(_tensors(), tmp_path / WHOLE)
    small, large = _open(tmp_path, block_bytes), _open(tmp_path, 1 << 20)
    for name, shape in small.shapes().items():
        joined = np.concatenate(list(small.blocks(name)))
        whole = large.rows(name, 0, shape[0] if shape else 1)
        np.testing.assert_array_equal(joined, whole)
        assert small.digest(name) == large.digest(name)


def test_a_digest_covers_bytes_shape_and_type(tmp_path: Path) -> None:
    """Equal digests say `identical`, so nothing may be left out of them."""
    zeros = {
        "a": np.zeros((2, 3), np.float32),
        "b": np.zeros((3, 2), np.float32),
        "c": np.zeros((2, 3), np.int32),
        "d": np.ones((2, 3), np.float32),
        "e": np.zeros((2, 3), np.float32),
    }
    save_file(zeros, tmp_path / WHOLE)
    digests = {name: _open(tmp_path).digest(name) for name in zeros}
    assert digests["a"] == digests["e"]
    assert len(set(digests.values())) == 4


def test_data_at_an_odd_offset_is_read(tmp_path: Path) -> None:
    """The format does not promise aligned data."""
    values = np.arange(6).astype(ml_dtypes.bfloat16)
    entry = {"w": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [0, 12]}}
    for pad in range(8):
        _write(tmp_path / WHOLE, entry, values.tobytes(), pad)
        read = _open(tmp_path).rows("w", 0, 2)
        np.testing.assert_array_equal(read, [[0, 1, 2], [3, 4, 5]])


def test_shards_are_read_as_one(tmp_path: Path) -> None:
    """Large models come in shards; a name finds its shard by the index."""
    names = {"float": "m-1.safetensors", "brain": "m-2.safetensors"}
    for name, shard in names.items():
        save_file({name: _tensors()[name]}, tmp_path / shard)
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": names}))
    checkpoint = _open(tmp_path)
    assert set(checkpoint.shapes()) == set(names)
    np.testing.assert_array_equal(
        checkpoint.rows("float", 2, 4), _tensors()["float"][2:4]
    )


@pytest.mark.parametrize(
    "shard", ["../m.safetensors", "/etc/m.safetensors", "sub/m.safetensors", "m.bin", 3]
)
def test_an_index_that_points_elsewhere_is_refused(
    tmp_path: Path, shard: object
) -> None:
    """An index is text from a stranger and must not choose files to open."""
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"w": shard}}))
    with pytest.raises(InvalidInput):
        _open(tmp_path)


def test_an_index_that_hides_a_tensor_is_refused(tmp_path: Path) -> None:
    """A tensor left out of the index would escape every comparison."""
    both = {name: _tensors()[name] for name in ("float", "brain")}
    save_file(both, tmp_path / "m-1.safetensors")
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"float": "m-1.safetensors"}}))
    with pytest.raises(InvalidInput, match="does not list"):
        _open(tmp_path)


@pytest.mark.parametrize(
    ("header", "data", "fact"),
    [
        (b"{", b"", "not valid JSON"),
        (b"[]", b"", "not a table"),
        (b"[" * 100_000, b"", "not valid JSON"),
        (b'{"w":{},"w":{}}', b"", "twice"),
        ({"w": {"dtype": "F32"}}, b"", "malformed"),
        ({"w": 7}, b"", "malformed"),
        ({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, b"12", "past"),
        ({"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"12345678",
         "belong to no tensor"),
        ({"w": {"dtype": "F32", "shape": [3], "data_offsets": [0, 8]}}, b"12345678",
         "bytes its shape needs"),
        ({"w": {"dtype": "F32", "shape": [-2], "data_offsets": [8, 0]}}, b"12345678",
         "whole numbers"),
        ({"w": {"dtype": "F32", "shape": [True], "data_offsets": [0, 4]}}, b"1234",
         "whole numbers"),
        ({"w": {"dtype": "F4", "shape": [2], "data_offsets": [0, 1]}}, b"1", "'F4'"),
        ({"v": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]},
          "w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, b"1234",
         "overlaps"),
        ({"w": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}, b"12345678",
         "no tensor before"),
    ],
)  # fmt: skip
def test_a_header_that_lies_is_refused_before_reading(
    tmp_path: Path, header: object, data: bytes, fact: str
) -> None:
    """Offsets from a stranger must not decide what memory is looked at."""
    _write(tmp_path / WHOLE, header, data)
    with pytest.raises(InvalidInput, match=fact) as caught:
        _open(tmp_path)
    assert WHOLE in caught.value.fact
    assert caught.value.remedy


@pytest.mark.parametrize("kept", [0, 5, 8, 40, -1])
def test_a_truncated_file_is_refused(tmp_path: Path, kept: int) -> None:
    """A download that broke off is the commonest fault of all."""
    save_file(_tensors(), tmp_path / WHOLE)
    data = (tmp_path / WHOLE).read_bytes()
    (tmp_path / WHOLE).write_bytes(data[:kept])
    with pytest.raises(InvalidInput, match=r"whole safetensors file|not valid JSON"):
        _open(tmp_path)


def test_a_header_longer_than_the_file_is_refused(tmp_path: Path) -> None:
    """The length is read first and must not size an allocation."""
    (tmp_path / WHOLE).write_bytes((1 << 62).to_bytes(8, "little") + b"{}")
    with pytest.raises(InvalidInput, match="shorter than its header says"):
        _open(tmp_path)


def test_missing_or_ambiguous_weights_are_refused(tmp_path: Path) -> None:
    """A guess between two files could compare the wrong model."""
    with pytest.raises(InvalidInput, match="no other file of weights"):
        _open(tmp_path)
    for name in ("a", "b"):
        save_file({"w": np.zeros(3)}, tmp_path / f"{name}.safetensors")
    with pytest.raises(InvalidInput, match="2 safetensors files"):
        _open(tmp_path)
    with pytest.raises(InvalidInput, match="no weights at missing"):
        LocalModelFolder(tmp_path, block_bytes=64).checkpoint("missing")
    with pytest.raises(Unavailable):
        LocalModelFolder(tmp_path / "nowhere", block_bytes=64)


def test_rows_outside_a_tensor_and_unknown_names_are_refused(tmp_path: Path) -> None:
    """Numpy would clip silently and the rest would look like missing weights."""
    save_file(_tensors(), tmp_path / WHOLE)
    with pytest.raises(InvalidInput, match="7 rows"):
        _open(tmp_path).rows("float", 5, 8)
    with pytest.raises(InvalidInput, match="no tensor"):
        _open(tmp_path).rows("other", 0, 1)


def test_files_are_listed_with_their_digests(tmp_path: Path) -> None:
    """The seal binds exactly these digests."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_bytes(b"two")
    (tmp_path / "a.txt").write_bytes(b"one")
    found = LocalModelFolder(tmp_path, block_bytes=2).files()
    assert [(f.path, f.size_bytes, f.digest) for f in found] == [
        ("a.txt", 3, digest_bytes(b"one")),
        ("sub/b.txt", 3, digest_bytes(b"two")),
    ]


def _zip_of_a_pickle(place: Path) -> None:
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"w": 1}))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("model.bin", lambda place: place.write_bytes(b"anything")),
        ("MODEL.PT", lambda place: place.write_bytes(b"anything")),
        ("sub.ckpt", lambda place: place.write_bytes(b"")),
        ("notes.txt", lambda place: place.write_bytes(pickle.dumps([1], protocol=2))),
        ("model.safetensors", lambda place: place.write_bytes(pickle.dumps({"w": 1}))),
        ("weights.dat", _zip_of_a_pickle),
    ],
)
def test_a_pickle_is_refused_with_the_command_that_converts_it(
    tmp_path: Path, name: str, write: Callable[[Path], object]
) -> None:
    """Opening a pickle runs its author's code on the organiser's machine."""
    write(tmp_path / name)
    with pytest.raises(InvalidInput, match="runs whatever code") as caught:
        LocalModelFolder(tmp_path, block_bytes=64).files()
    assert "python -c" in caught.value.remedy
    assert name in caught.value.remedy


@pytest.mark.parametrize("length", [0x280, 0x380, 0x480, 0x280280])
def test_a_safetensors_file_that_begins_like_a_pickle_is_kept(
    tmp_path: Path, length: int
) -> None:
    """Header lengths can look like a pickle's first bytes by accident."""
    _write(tmp_path / WHOLE, b"{}", pad=length - 2)
    assert len(LocalModelFolder(tmp_path, block_bytes=64).files()) == 1


@pytest.mark.parametrize(
    "path",
    ["../secret", "/etc/passwd", "a/../../secret", "", "..\\secret", "a\0b", "C:/x"],
)
def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    """A manifest's path is text from a stranger."""
    (tmp_path / "secret").write_text("not yours")
    (tmp_path / "model").mkdir()
    opened = LocalModelFolder(tmp_path / "model", block_bytes=64)
    for use in (opened.read_text, opened.checkpoint):
        with pytest.raises(InvalidInput, match="leaves the submission folder"):
            use(path)


def test_links_are_refused_wherever_they_stand(tmp_path: Path) -> None:
    """A link can point at another team's weights or the machine's secrets."""
    target, root = tmp_path / "outside", tmp_path / "model"
    target.mkdir()
    root.mkdir()
    save_file({"w": np.zeros(3)}, target / WHOLE)
    (target / "note.txt").write_text("not yours")
    (root / "linked").symlink_to(target)
    opened = LocalModelFolder(root, block_bytes=64)
    for use in (
        opened.files,
        lambda: opened.read_text("linked/note.txt"),
        lambda: opened.checkpoint("linked"),
    ):
        with pytest.raises(InvalidInput, match="symbolic link"):
            use()
    (root / "linked").unlink()
    (root / WHOLE).symlink_to(target / WHOLE)
    with pytest.raises(InvalidInput, match="symbolic link"):
        opened.checkpoint(".")


def test_special_files_are_refused_without_waiting(tmp_path: Path) -> None:
    """Opening a pipe would hang the organiser's run for ever."""
    os.mkfifo(tmp_path / "pipe")
    opened = LocalModelFolder(tmp_path, block_bytes=64)
    with pytest.raises(InvalidInput, match="neither a plain file nor a folder"):
        opened.files()
    with pytest.raises(InvalidInput, match="not a plain file"):
        opened.read_text("pipe")


def test_large_texts_and_too_many_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reads are bounded, so that no submission can fill the memory."""
    with (tmp_path / "big.json").open("wb") as stream:
        stream.truncate((8 << 20) + 1)
    opened = LocalModelFolder(tmp_path, block_bytes=64)
    with pytest.raises(InvalidInput, match="larger than"):
        opened.read_text("big.json")
    monkeypatch.setattr(folder, "FILE_LIMIT", 3)
    for number in range(4):
        (tmp_path / f"{number}.txt").write_text("")
    with pytest.raises(InvalidInput, match="more than 3 files"):
        opened.files()


def test_text_that_is_not_utf8_or_missing_is_refused(tmp_path: Path) -> None:
    """Guessing an encoding would change what a team declared."""
    (tmp_path / "note.txt").write_bytes(b"\xff\xfe")
    opened = LocalModelFolder(tmp_path, block_bytes=64)
    with pytest.raises(InvalidInput, match="not UTF-8"):
        opened.read_text("note.txt")
    with pytest.raises(InvalidInput, match=r"gone\.txt cannot be read"):
        opened.read_text("gone.txt")


@pytest.mark.parametrize(
    ("tokenizer", "expected"),
    [
        ({"model": {"vocab": {"가": 0, "b": 1}}}, {"가": 0, "b": 1}),
        ({"model": {"vocab": [["가", -1.0], ["b", -2.0]]}}, {"가": 0, "b": 1}),
        ({"model": {"vocab": {"a": "0"}}}, None),
        ({"model": {}}, None),
        ([], None),
    ],
)
def test_the_vocabulary_is_read_from_the_tokenizer(
    tmp_path: Path, tokenizer: object, expected: dict[str, int] | None
) -> None:
    """Embeddings are compared by token string, from either table form."""
    save_file({"w": np.zeros(3)}, tmp_path / WHOLE)
    assert _open(tmp_path).vocabulary is None
    assert _open(tmp_path).config == {}
    (tmp_path / "tokenizer.json").write_text(json.dumps(tokenizer))
    (tmp_path / "config.json").write_text('{"hidden_size": 3}')
    assert _open(tmp_path).vocabulary == expected
    assert _open(tmp_path).config == {"hidden_size": 3}


def test_a_manifest_that_leaves_out_the_embeddings_hides_nothing(
    tmp_path: Path,
) -> None:
    """They stand in the decoder's file, declared or not."""
    (tmp_path / "decoder").mkdir()
    rng = np.random.default_rng(2)
    weights = {"model.embed_tokens.weight": rng.normal(size=(9, 4))}
    save_file(weights, tmp_path / "decoder" / WHOLE)
    (tmp_path / "model.toml").write_text(
        'id = "r"\nmodel = "R"\nname = { ko = "알", en = "R" }\nlicence = "MIT"\n'
        '[[components]]\nkind = "text_decoder"\npath = "decoder"\n'
        'weight_state = "initialised"\norigin = ""\nlicence = "MIT"\n'
    )
    found = find_subject(tmp_path, block_bytes=64)
    assert found.name == "r"
    assert set(found.components) == {
        ComponentKind.TEXT_DECODER,
        ComponentKind.EMBEDDINGS,
    }


def test_a_folder_without_known_tensors_asks_for_a_manifest(tmp_path: Path) -> None:
    """Guessing a component would compare apples with pears."""
    save_file({"0.weight": np.zeros((3, 3))}, tmp_path / WHOLE)
    with pytest.raises(InvalidInput, match="no component") as caught:
        find_subject(tmp_path, block_bytes=64)
    assert "model.toml" in caught.value.remedy
