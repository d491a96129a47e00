"""A library on disk: what was added is what is found, or it is said."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from dokja.adapters.compute import LocalPool, LocalThreads
from dokja.adapters.library import LibraryFolder
from dokja.adapters.weights import find_subject
from dokja.errors import Conflict, InvalidInput, Unavailable
from dokja.evidence.canonical import canonical_bytes, digest_bytes
from dokja.lineage.fingerprints import Fingerprint, make_fingerprint

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "examples/models/galbaramjae"


def _print(block_bytes: int = 1 << 22, workers: int = 1) -> Fingerprint:
    return make_fingerprint(
        find_subject(MODEL, block_bytes=block_bytes),
        compute=LocalThreads(workers),
        on_step=lambda *_: None,
    )


@pytest.fixture(scope="module")
def fingerprint() -> Fingerprint:
    """The fingerprint of a real model with three components."""
    return _print()


def _named(fingerprint: Fingerprint, name: str) -> bytes:
    return canonical_bytes(msgspec.structs.replace(fingerprint, name=name))


@pytest.fixture
def library(tmp_path: Path, fingerprint: Fingerprint) -> Path:
    """A library of two entries."""
    for name in ("one", "two"):
        LibraryFolder(tmp_path / "library").add(
            _named(fingerprint, name), weights=str(MODEL)
        )
    return tmp_path / "library"


def test_a_model_has_one_fingerprint(fingerprint: Fingerprint) -> None:
    """Whoever makes it again has other settings and must get equal bytes."""
    pool = make_fingerprint(
        find_subject(MODEL, block_bytes=1 << 20),
        compute=LocalPool(1),
        on_step=lambda *_: None,
    )
    made = [_print(1 << 9), _print(1 << 15, workers=3), pool]
    assert {canonical_bytes(one) for one in made} == {canonical_bytes(fingerprint)}


def test_what_was_added_is_found(library: Path, fingerprint: Fingerprint) -> None:
    """An entry leads to the fingerprint and to the weights."""
    found = LibraryFolder(library).fingerprints()
    assert [entry.name for entry, _ in found] == ["one", "two"]
    assert {entry.weights for entry, _ in found} == {str(MODEL)}
    assert all(one.components == fingerprint.components for _, one in found)
    data = _named(fingerprint, "one")
    assert found[0][0].digest == digest_bytes(data)
    assert LibraryFolder(library).faults() == ()


def test_a_name_stands_for_one_model(library: Path, fingerprint: Fingerprint) -> None:
    """A second model under a known name would take over its reports."""
    again = LibraryFolder(library).add(_named(fingerprint, "one"), weights=str(MODEL))
    assert again.name == "one"
    first, *others = fingerprint.components
    other = msgspec.structs.replace(
        fingerprint,
        name="one",
        components=(msgspec.structs.replace(first, tensors=1), *others),
    )
    with pytest.raises(Conflict, match="named one"):
        LibraryFolder(library).add(canonical_bytes(other), weights=str(MODEL))
    assert len(LibraryFolder(library).index().entries) == 2


def _one(library: Path) -> Path:
    entry = LibraryFolder(library).index().entries[0]
    return library / f"fingerprints/{entry.digest.removeprefix('sha256:')}.json"


def _replaced(library: Path) -> None:
    place = _one(library)
    place.write_bytes(place.read_bytes().replace(b'"tensors":29', b'"tensors":28'))


def _linked(library: Path) -> None:
    _one(library).unlink()
    _one(library).symlink_to("/etc/hostname")


def _grown(library: Path) -> None:
    with _one(library).open("ab") as stream:
        stream.write(b" " * 300_000)


@pytest.mark.parametrize(
    "spoil", [_replaced, _linked, _grown, lambda library: _one(library).unlink()]
)
def test_a_spoilt_fingerprint_is_named(
    spoil: Callable[[Path], None], library: Path
) -> None:
    """A search through a changed library would find what somebody wants found."""
    spoil(library)
    assert [fault.subject for fault in LibraryFolder(library).faults()] == ["one"]
    with pytest.raises(InvalidInput, match="fingerprint of one"):
        LibraryFolder(library).fingerprints()


def test_a_file_beside_the_index_is_named(library: Path) -> None:
    """A file that no entry names is no part of the library."""
    (library / "fingerprints/stray.json").write_text("{}")
    faults = LibraryFolder(library).faults()
    assert [fault.subject for fault in faults] == ["fingerprints/stray.json"]


@pytest.mark.parametrize(
    "index",
    [
        b"{}",
        b"[" * 100_000,
        b'{"entries":[],"schema":"dokja-library/2"}',
        b'{"entries": [],"schema":"dokja-library/1"}',
        (
            b'{"entries":[{"digest":"sha256:../../x","name":"a","weights":null}],'
            b'"schema":"dokja-library/1"}'
        ),
    ],
)
def test_an_index_that_is_none_is_refused(index: bytes, library: Path) -> None:
    """The index names files to open; it must not lead out of the library."""
    (library / "index.json").write_bytes(index)
    with pytest.raises(InvalidInput, match=r"index\.json"):
        LibraryFolder(library).faults()


def test_a_missing_library_is_not_an_empty_one(tmp_path: Path) -> None:
    """A mistyped folder must not answer that nothing was found."""
    with pytest.raises(Unavailable, match="no library"):
        LibraryFolder(tmp_path / "none").index()


ADD = """
import sys
from pathlib import Path
from dokja.adapters.library import LibraryFolder
folder, source, first = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
template = source.read_bytes()
for number in range(first, first + 12):
    data = template.replace(b'"name":"model-000"', b'"name":"model-%03d"' % number)
    LibraryFolder(folder).add(data, weights=None)
"""


def test_adding_at_once_loses_no_entry(
    tmp_path: Path, fingerprint: Fingerprint
) -> None:
    """Several people fill one library; the index is read, changed and replaced."""
    source = tmp_path / "one.json"
    source.write_bytes(_named(fingerprint, "model-000"))
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, tmp_path / "library", source, str(first)],
            env={**os.environ},
        )
        for first in (0, 12, 24)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0, 0]
    names = [e.name for e in LibraryFolder(tmp_path / "library").index().entries]
    assert names == [f"model-{number:03d}" for number in range(36)]
    assert LibraryFolder(tmp_path / "library").faults() == ()
