"""Files that hold no weights Dokja reads: each is named for what it is."""

from __future__ import annotations

import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from dokja.adapters.weights import LocalModelFolder, byte_source, find_subject
from dokja.adapters.weights.pickles import TAIL
from dokja.cli import commands, main
from dokja.errors import InvalidInput


def _pickled(place: Path) -> None:
    place.write_bytes(pickle.dumps({"w": 1}))


def _zip_of_a_pickle(place: Path) -> None:
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"w": 1}))


def _torch_script(place: Path) -> None:
    with zipfile.ZipFile(place, "w") as archive:
        for number in range(300):
            archive.writestr(f"code/data/{number}", bytes(64))
        archive.writestr("code/data.pkl", pickle.dumps({"w": 1}))


def _archive(place: Path) -> None:
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("model.safetensors", "weights")


@pytest.mark.parametrize(
    ("name", "write", "fact", "remedy"),
    [
        ("pytorch_model.bin", _pickled, "runs whatever code", "python -c"),
        ("weights.pt", _zip_of_a_pickle, "runs whatever code", "python -c"),
        ("weights.jit", _torch_script, "runs whatever code", "python -c"),
        ("model.safetensors", _pickled, "runs whatever code", "python -c"),
        ("model.zip", _archive, "is an archive", "unpack"),
        ("model.bin", lambda p: p.write_bytes(bytes(99)), "neither", "convert"),
        ("README.md", lambda p: p.write_text("# Weights"), "neither", "convert"),
        ("notes", lambda p: p.write_text("no"), "neither", "convert"),
    ],
)
def test_a_file_that_holds_no_readable_weights_is_named_for_what_it_is(
    tmp_path: Path, name: str, write: Callable[[Path], object], fact: str, remedy: str
) -> None:
    """'Not a whole safetensors file' would send its reader to the wrong repair."""
    write(tmp_path / name)
    with pytest.raises(InvalidInput, match=fact) as caught:
        LocalModelFolder(tmp_path, block_bytes=64).checkpoint(name)
    assert remedy in caught.value.remedy
    assert f"{tmp_path.name}/{name}" in caught.value.fact


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.ckpt"])
def test_a_folder_of_pickles_says_so(tmp_path: Path, name: str) -> None:
    """Most models published before safetensors lie in such folders."""
    _pickled(tmp_path / name)
    with pytest.raises(InvalidInput, match="runs whatever code") as caught:
        LocalModelFolder(tmp_path, block_bytes=64).checkpoint(".")
    assert "python -c" in caught.value.remedy


def test_a_folder_without_weights_says_which_folder(tmp_path: Path) -> None:
    """Two models are open at once: a dot would name neither."""
    (tmp_path / "README.md").write_text("# Weights")
    with pytest.raises(InvalidInput, match=tmp_path.name) as caught:
        LocalModelFolder(tmp_path, block_bytes=64).checkpoint(".")
    assert "GGUF" in caught.value.remedy


def test_an_archive_is_not_read_whole_to_see_whether_it_holds_a_pickle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list of a million files would cost its reader gigabytes."""
    asked: list[int] = []
    read = byte_source.LocalBytes.read

    def watched(self: byte_source.LocalBytes, start: int, stop: int) -> bytes:
        asked.append(stop - start)
        return read(self, start, stop)

    monkeypatch.setattr(byte_source.LocalBytes, "read", watched)
    with (tmp_path / "many.zip").open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(64 << 20)
    LocalModelFolder(tmp_path, block_bytes=1 << 20).files()
    assert max(asked) <= TAIL


def test_names_that_no_family_has_are_quoted(tmp_path: Path) -> None:
    """Whoever sees them knows at once which naming is missing."""
    save_file({"lstm\x1b.w": np.zeros((2, 2))}, tmp_path / "model.safetensors")
    with pytest.raises(InvalidInput, match=r"lstm\\x1b\.w") as caught:
        find_subject(tmp_path, block_bytes=64)
    assert "model.toml" in caught.value.remedy


def test_an_error_commands_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name in a stranger's file may hold the sequences that a terminal obeys."""

    def refuse(**_: object) -> None:
        raise InvalidInput("가\x1b[2Jb\x07", remedy="c\td")

    monkeypatch.setattr(commands, "main", refuse)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 5
    assert capsys.readouterr().err == "error: 가\\x1b[2Jb\\x07\n  remedy: c\\td\n"
