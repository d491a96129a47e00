"""Weights behind an address: only the ranges that are needed are fetched."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import numpy as np
import pytest
from click.testing import CliRunner
from safetensors.numpy import save_file

from dokja.adapters.weights import find_subject
from dokja.adapters.weights.http_bytes import open_http
from dokja.cli.lineage import lineage
from dokja.errors import InvalidInput, Unavailable
from dokja.submission.ports import Checkpoint
from dokja.submission.values import ComponentKind
from tests.contract.range_server import RangeServer, serving
from tests.gguf_fixture import write_gguf

UP = "model.layers.0.mlp.up_proj.weight"
WHOLE = "model.safetensors"
ROWS, COLUMNS = 8192, 192


def _tensors() -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
    rng = np.random.default_rng(1)
    return {
        UP: rng.normal(size=(ROWS, COLUMNS)).astype(np.float32),
        "model.layers.0.mlp.down_proj.weight": rng.normal(size=(64, 96)).astype(
            np.float32
        ),
    }


def _write(root: Path) -> None:
    (root / "shards").mkdir(parents=True)
    save_file(_tensors(), root / WHOLE)
    (root / "config.json").write_text('{"hidden_size": 192}')
    tokens = {"model": {"vocab": {"a": 0, "b": 1}}}
    (root / "tokenizer.json").write_text(json.dumps(tokens))
    for number, (name, tensor) in enumerate(_tensors().items()):
        save_file({name: tensor}, root / "shards" / f"m-{number}.safetensors")
    names = {name: f"m-{number}.safetensors" for number, name in enumerate(_tensors())}
    index = root / "shards" / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": names}))
    write_gguf(root / "other.gguf", {"blk.0.ffn_up.weight": _tensors()[UP]}, "Q8_0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one model in several forms."""
    root = tmp_path_factory.mktemp("served")
    _write(root)
    return root


@pytest.fixture
def server(folder: Path) -> Iterator[RangeServer]:
    """A server of that folder."""
    with serving(folder) as found:
        yield found


def _checkpoint(place: str | Path, block_bytes: int = 1 << 18) -> Checkpoint:
    components = find_subject(place, block_bytes=block_bytes).components
    return components[ComponentKind.TEXT_DECODER]


def _expected(checkpoint: Checkpoint) -> None:
    for name, tensor in _tensors().items():
        np.testing.assert_array_equal(checkpoint.rows(name, 0, len(tensor)), tensor)


@pytest.mark.parametrize("path", ["", "/", f"/{WHOLE}", "/shards", f"/{WHOLE}?key=1"])
def test_a_model_behind_http_is_the_model_in_the_folder(
    server: RangeServer, folder: Path, path: str
) -> None:
    """Whoever compares a published model should not have to download it."""
    there, here = _checkpoint(server.url + path), _checkpoint(folder)
    _expected(there)
    for name in here.shapes():
        assert there.digest(name) == here.digest(name)
    if "shards" not in path:
        assert there.config == here.config == {"hidden_size": 192}
        assert there.vocabulary == here.vocabulary == {"a": 0, "b": 1}


def test_headers_alone_fetch_no_weights(server: RangeServer, folder: Path) -> None:
    """Names and shapes decide what is worth fetching."""
    assert _checkpoint(server.url).shapes()[UP] == (ROWS, COLUMNS)
    assert server.served[WHOLE] < 2000
    _checkpoint(f"{server.url}/other.gguf").shapes()
    assert server.served["other.gguf"] < (folder / "other.gguf").stat().st_size / 4


def test_a_sample_fetches_less_than_the_file(server: RangeServer, folder: Path) -> None:
    """A sampled comparison of a large model must not cost the large model."""
    checkpoint = _checkpoint(server.url)
    columns = np.array([3, 190])
    rows = np.array([9, 10, 3500])
    found = checkpoint.picked(UP, rows, columns)
    np.testing.assert_array_equal(found, _tensors()[UP][np.ix_(rows, columns)])
    assert server.served[WHOLE] < (folder / WHOLE).stat().st_size / 8


def test_a_file_behind_http_travels_to_another_process(server: RangeServer) -> None:
    """Each worker fetches what it reads itself."""
    checkpoint = _checkpoint(server.url)
    _expected(pickle.loads(pickle.dumps(checkpoint)))  # noqa: S301


def test_one_file_is_a_model_of_its_own(folder: Path, server: RangeServer) -> None:
    """A GGUF file is downloaded, kept and compared as one file."""
    for place in (str(folder / WHOLE), folder / WHOLE, f"file://{folder}/{WHOLE}"):
        _expected(_checkpoint(place))
    found = find_subject(folder / "other.gguf", block_bytes=64)
    assert found.name == f"{folder.name}/other.gguf"
    there = find_subject(f"{server.url}/other.gguf", block_bytes=1 << 20)
    assert there.components.keys() == found.components.keys()
    assert there.name == f"{server.url}/other.gguf"


def test_folders_that_can_be_listed_are_listed(folder: Path) -> None:
    """Object stores tell what they hold, whatever the files are called."""
    memory = fsspec.filesystem("memory")
    memory.put(str(folder), "/listed", recursive=True)
    memory.mv(f"/listed/{WHOLE}", "/listed/odd.safetensors")
    memory.put(str(folder / WHOLE), f"/parts/text_decoder/{WHOLE}")
    try:
        _expected(_checkpoint("memory://listed"))
        _expected(_checkpoint("memory://listed/odd.safetensors"))
        _expected(_checkpoint("memory://listed/shards"))
        _expected(_checkpoint("memory://parts"))
        with pytest.raises(Unavailable, match="nothing at"):
            find_subject("memory://nowhere", block_bytes=64)
        memory.rm("/listed/odd.safetensors")
        memory.cp_file("/listed/other.gguf", "/listed/another.gguf")
        with pytest.raises(InvalidInput, match="several GGUF files"):
            find_subject("memory://listed", block_bytes=64)
    finally:
        memory.store.clear()


def test_a_manifest_behind_http_names_the_components(tmp_path: Path) -> None:
    """A submission is the same submission wherever it is kept."""
    _write(tmp_path / "decoder of ours")
    component = (
        '[[components]]\nkind = "text_decoder"\npath = "{}"\n'
        'weight_state = "initialised"\norigin = ""\nlicence = "MIT"\n'
    )
    head = 'id = "r"\nmodel = "R"\nname = { ko = "알", en = "R" }\nlicence = "MIT"\n'
    with serving(tmp_path) as server:
        for path in ("decoder of ours", f"decoder of ours/{WHOLE}"):
            (tmp_path / "model.toml").write_text(head + component.format(path))
            assert find_subject(server.url, block_bytes=64).name == "r"
            _expected(_checkpoint(server.url))
        (tmp_path / "model.toml").write_text(head + component.format("../x"))
        with pytest.raises(InvalidInput, match="leaves the submission folder"):
            find_subject(server.url, block_bytes=64)


@pytest.mark.parametrize("path", ["", f"/{WHOLE}"])
def test_a_server_that_ignores_ranges_is_refused(
    server: RangeServer, path: str
) -> None:
    """It would send the whole file for every block."""
    server.kind = "ignores ranges"
    with pytest.raises(InvalidInput, match="ignores byte ranges") as caught:
        find_subject(server.url + path, block_bytes=64)
    assert "download" in caught.value.remedy


@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        ("redirects", "changed while it was read"),
        ("other range", "changed while it was read"),
        ("breaks off", "cannot be fetched"),
        ("refuses", "the server answered 403"),
        ("ignores ranges", "ignores byte ranges"),
    ],
)
def test_a_server_that_changes_its_mind_is_refused(
    server: RangeServer, kind: str, fact: str
) -> None:
    """Half of one file and half of another is nobody's model."""
    checkpoint = _checkpoint(server.url)
    server.kind = kind
    with pytest.raises((InvalidInput, Unavailable), match=fact) as caught:
        checkpoint.rows(UP, 5, 6)
    assert WHOLE in caught.value.fact


@pytest.mark.parametrize("longer", [False, True])
def test_a_file_that_changes_on_the_server_is_refused(
    tmp_path: Path, *, longer: bool
) -> None:
    """A release replaced in the middle of a comparison is two releases."""
    save_file(_tensors(), tmp_path / WHOLE)
    with serving(tmp_path) as server:
        checkpoint = _checkpoint(server.url)
        changed = bytearray((tmp_path / WHOLE).read_bytes())
        changed[-1] ^= 1
        (tmp_path / WHOLE).unlink()
        (tmp_path / WHOLE).write_bytes(bytes(changed) + b"x" * longer)
        with pytest.raises(InvalidInput, match="changed while it was read"):
            checkpoint.rows(UP, 0, 1)


def test_redirects_from_the_start_are_followed(server: RangeServer) -> None:
    """Model hubs answer every address with the one of their store."""
    server.kind = "redirects"
    _expected(_checkpoint(server.url))


def test_an_empty_or_missing_file_is_told_apart(
    tmp_path: Path, server: RangeServer
) -> None:
    """No first byte can be asked of an empty file."""
    (tmp_path / "empty").write_bytes(b"")
    with serving(tmp_path) as other:
        found = open_http(f"{other.url}/empty", "empty")
        assert found is not None
        assert found.size == 0
    with pytest.raises(InvalidInput, match="no other file of weights"):
        find_subject(f"{server.url}/nowhere", block_bytes=64)
    with pytest.raises(InvalidInput, match="there is no file"):
        find_subject(f"{server.url}/nowhere.gguf", block_bytes=64)


@pytest.mark.parametrize(
    ("place", "fact"),
    [
        ("http://127.0.0.1:1/x", "cannot be fetched"),
        ("simplecache::http://127.0.0.1:1/x", "chains several"),
        ("nonsense://x/y", "cannot be fetched"),
        ("no such folder", "there is no folder"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(place: str, fact: str) -> None:
    """The user must learn which of two places was wrong."""
    with pytest.raises((InvalidInput, Unavailable), match=fact):
        find_subject(place, block_bytes=64)


def test_secrets_of_an_address_are_not_shown(server: RangeServer) -> None:
    """A report is published; the password to a model is not."""
    place = server.url.replace("//", "//user:secret@") + f"/{WHOLE}?token=secret"
    found = find_subject(place, block_bytes=1 << 16)
    assert "secret" not in found.name
    server.kind = "refuses"
    with pytest.raises(Unavailable) as caught:
        find_subject(place, block_bytes=64)
    assert "secret" not in str(caught.value)


def test_a_missing_library_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, server: RangeServer
) -> None:
    """The base installation is small; the next step must be plain."""
    for name in ("fsspec", "fsspec.asyn", "fsspec.core"):
        monkeypatch.setitem(sys.modules, name, None)
    for place in (server.url, "memory://x"):
        with pytest.raises(Unavailable) as caught:
            find_subject(place, block_bytes=64)
        assert "dokja[url]" in caught.value.remedy


def test_the_command_takes_an_address(server: RangeServer, folder: Path) -> None:
    """Published models are compared where they are published."""
    result = CliRunner().invoke(
        lineage, ["compare", f"{server.url}/{WHOLE}", str(folder), "--json"]
    )
    assert result.exit_code in (3, 4), result.output
    assert json.loads(result.stdout)["components"][0]["identical_tensors"] == 2
