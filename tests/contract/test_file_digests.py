"""Digests of files and tensors, whatever the sizes, blocks and threads."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from dokja.adapters.weights import LocalModelFolder, byte_source, digesting
from dokja.errors import InvalidInput

DTYPES = st.sampled_from(["<f4", "<f2", "<i8", "u1"])
SHAPES = st.lists(st.integers(0, 5), max_size=3).map(tuple)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    kinds=st.dictionaries(st.text("abc.", min_size=1), st.tuples(DTYPES, SHAPES)),
    block=st.integers(1, 64),
    threads=st.integers(2, 5),
)
def test_a_tensor_has_the_digest_of_its_own_bytes(
    kinds: dict[str, tuple[str, tuple[int, ...]]],
    block: int,
    threads: int,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And a file that of its whole; neither depends on how they were read."""
    monkeypatch.setattr(digesting, "BLOCK", block)
    monkeypatch.setattr(digesting, "THREADS", threads)
    folder = tmp_path_factory.mktemp("model")
    tensors: dict[str, np.ndarray[Any, Any]] = {
        name: np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
        for name, (dtype, shape) in kinds.items()
    }
    save_file(tensors, folder / "model.safetensors")
    (folder / "note").write_text("not weights")
    opened = LocalModelFolder(folder, block_bytes=block)
    model, note = opened.digests()
    assert (model.file, note.file) == opened.files()
    assert note.tensors == ()
    assert {t.name: (t.shape, t.digest) for t in model.tensors} == {
        name: (
            tensor.shape,
            f"sha256:{hashlib.sha256(tensor.tobytes()).hexdigest()}",
        )
        for name, tensor in tensors.items()
    }
    assert [t.name for t in model.tensors] == sorted(tensors)


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its digest would be that of a file which never was."""
    file = tmp_path / "note"
    file.write_bytes(b"a" * 100)
    opened = hashlib.file_digest

    def meddled(stream: Any, name: str) -> Any:
        with file.open("ab") as other:
            other.write(b"b")
        os.utime(file, ns=(1, 1))
        return opened(stream, name)

    monkeypatch.setattr(hashlib, "file_digest", meddled)
    with pytest.raises(InvalidInput, match="changed while it was read"):
        LocalModelFolder(tmp_path, block_bytes=64).digests()


def test_a_damaged_file_is_digested_and_says_so(tmp_path: Path) -> None:
    """So that verifying can name it beside all others."""
    (tmp_path / "model.safetensors").write_bytes(b"\1" * 7)
    (found,) = LocalModelFolder(tmp_path, block_bytes=64).digests()
    assert found.file.size_bytes == 7
    assert found.tensors == ()
    assert "not a whole safetensors file" in found.damage


def test_a_file_replaced_by_a_link_is_never_followed(tmp_path: Path) -> None:
    """Between listing and reading there is time for that."""
    secret, file = tmp_path / "secret", tmp_path / "file"
    secret.write_text("not handed in")
    file.write_text("handed in")
    source = byte_source.open_local(file, "file")
    file.unlink()
    file.symlink_to(secret)
    with (
        pytest.raises(InvalidInput, match="cannot be read"),
        byte_source.opened_local(source),
    ):
        pass
