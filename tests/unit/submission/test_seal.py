"""What cannot be sealed, and what a seal binds."""

from __future__ import annotations

import numpy as np
import pytest

from dokja.errors import InvalidInput
from dokja.submission import changed_files, parse_manifest, seal_submission
from dokja.submission.seal import files_root
from dokja.submission.values import Seal, SealedFile
from tests.programme_simulator import MemoryFolder, SimulatedStage


def folder() -> MemoryFolder:
    """A submission that can be sealed."""
    return SimulatedStage().folders["t1"]


def seal(given: MemoryFolder, *, team: str = "t1") -> Seal:
    """The seal of the folder as that team's."""
    return seal_submission(
        given,
        team=team,
        stage="stage-1",
        rules_digest="sha256:0",
        on_component=lambda _: None,
    )


def _declare(given: MemoryFolder, old: str, new: str) -> MemoryFolder:
    text = given.texts["submission.toml"]
    assert old in text
    given.texts["submission.toml"] = text.replace(old, new, 1)
    return given


MANIFESTS = {
    "a path that leaves the folder": (
        'path = "text_decoder"',
        'path = "../other/text_decoder"',
        "leaves the submission folder",
    ),
    "an absolute path": ('path = "text_decoder"', 'path = "/etc"', "leaves"),
    "another stage": ('stage = "stage-1"', 'stage = "stage-2"', "stage-2"),
    "another team": ('team = "t1"', 'team = "t2"', "declares team 't2'"),
    "an unknown kind": ('kind = "text_decoder"', 'kind = "brain"', "brain"),
    "an unknown key": ('licence = "', 'speed = 3\nlicence = "', "speed"),
    "an id that is no id": ('team = "t1"', 'team = "../t1"', "not a usable id"),
    "not TOML": ('team = "t1"', "team = ", "is not TOML"),
}


@pytest.mark.parametrize("mistake", MANIFESTS)
def test_a_manifest_that_cannot_stand_is_refused(mistake: str) -> None:
    """The team reads what is wrong and where."""
    old, new, fact = MANIFESTS[mistake]
    with pytest.raises(InvalidInput) as caught:
        seal(_declare(folder(), old, new))
    assert fact in caught.value.fact
    assert "t1" in caught.value.fact


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_no_numbers_are_refused(value: float) -> None:
    """A checkpoint of NaN scores as noise and compares as nothing."""
    given = folder()
    given.weights[3, 3] = value
    with pytest.raises(InvalidInput, match="NaN or infinity"):
        seal(given)


@pytest.mark.parametrize("suffix", ["safetensors", "gguf"])
def test_weights_of_no_declared_component_are_refused(suffix: str) -> None:
    """Leaving a copied encoder out of the manifest must hide nothing."""
    given = folder()
    given.texts[f"vision_encoder/model.{suffix}"] = "bytes"
    with pytest.raises(InvalidInput, match="vision_encoder/model"):
        seal(given)


def test_declaring_a_component_twice_is_refused() -> None:
    """Otherwise one entry could say initialised and the other inherited."""
    text = folder().texts["submission.toml"]
    component = text[text.index("[[components]]") : text.index("[training]")]
    with pytest.raises(InvalidInput, match="2 times"):
        parse_manifest(text.replace(component, component * 2), where="t1")


def test_the_root_binds_names_as_well_as_bytes() -> None:
    """Renaming a file changes what a model is."""
    files = seal(folder()).files
    renamed = tuple(
        SealedFile(path=f.path + "x", size_bytes=f.size_bytes, digest=f.digest)
        for f in files
    )
    assert files_root(renamed) != files_root(files)


def test_changes_since_the_seal_are_named() -> None:
    """Altered, missing and extra files alike."""
    given = folder()
    sealed = seal(given).files
    assert changed_files(sealed, given.files()) == ()
    given.texts["training/l"] = "other"
    given.texts["note"] = "new"
    del given.texts["training/d"]
    assert changed_files(sealed, given.files()) == ("note", "training/d", "training/l")
