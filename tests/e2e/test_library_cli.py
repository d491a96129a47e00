"""A library on the command line: from a fingerprint to the scan that leads home."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, dokja

MODELS, NARU = ROOT / "examples/models", ROOT / "examples/references/naru-open-1"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three teams' models and the open reference that one of them took parts of."""
    folder = tmp_path_factory.mktemp("library") / "known"
    for name in ("cheotnunmaeul", "dalyeoul", "moraesinae"):
        ran = dokja("lineage", "library", "add", MODELS / name, "--library", folder)
        assert ran.code == 0, ran.err
    out = folder.with_name("naru.json")
    ran = dokja("lineage", "fingerprint", NARU, "-o", out)
    assert ran.code == 0, ran.err
    more = ("--weights", NARU, "--library", folder)
    assert dokja("lineage", "library", "add", out, *more).code == 0
    return folder


def test_a_fingerprint_is_printed_as_it_is_written(library: Path) -> None:
    """A digest that holds for the file only would be of no use in a pipe."""
    ran = dokja(
        "lineage", "fingerprint", NARU, DOKJA_WORKERS="1", DOKJA_BLOCK_BYTES="999"
    )
    assert ran.out.encode() == library.with_name("naru.json").read_bytes()


def test_the_library_is_listed_and_holds(library: Path) -> None:
    """Who searches a library wants to know what is in it and that it is whole."""
    ran = dokja("lineage", "library", "list", "--library", library, "--json")
    names = [entry["name"] for entry in json.loads(ran.out)["entries"]]
    assert names == ["cheotnunmaeul", "dalyeoul", "moraesinae", "naru-open-1"]
    models = library.with_name("models")
    for place in (*(MODELS / name for name in names[:3]), NARU):
        shutil.copytree(place, models / place.name, dirs_exist_ok=True)
    again = ("--models", models)
    ran = dokja("lineage", "library", "verify", "--library", library, *again)
    assert (ran.code, ran.out) == (0, "4 fingerprints hold\n"), ran.err
    shutil.rmtree(models / "dalyeoul")
    shutil.copytree(models / "moraesinae", models / "dalyeoul")
    ran = dokja("lineage", "library", "verify", "--library", library, *again, "--json")
    faults = json.loads(ran.out)["faults"]
    assert (ran.code, [fault["subject"] for fault in faults]) == (3, ["dalyeoul"])


def test_a_dry_run_writes_nothing(library: Path, tmp_path: Path) -> None:
    """A look at what would happen must leave the folder as it is."""
    before = sorted(library.rglob("*"))
    extra = ("--name", "extra", "--library", library, "--dry-run")
    ran = dokja("lineage", "library", "add", MODELS / "sangeuneul", *extra)
    assert (ran.code, "would be added" in ran.out) == (0, True)
    new = tmp_path / "new"
    ran = dokja("lineage", "library", "add", NARU, "--library", new, "--dry-run")
    assert (ran.code, new.exists()) == (0, False)
    assert sorted(library.rglob("*")) == before


def test_a_scan_leads_to_the_model_an_encoder_came_from(library: Path) -> None:
    """The copied encoder stands beside a decoder that descends from nobody."""
    galbaramjae = MODELS / "galbaramjae"
    ran = dokja("lineage", "scan", galbaramjae, "--library", library, "--json")
    report = json.loads(ran.out)
    first = report["rows"][0]
    assert (ran.code, first["name"], first["verdict"]) == (3, "naru-open-1", "derived")
    nearest = max(first["components"], key=lambda part: part["closeness"])
    assert nearest["name"] == "vision_encoder"
    assert [row["closeness"] for row in report["rows"][1:]] == [0.0, 0.0]
    # Embeddings and decoder of four models, projector and encoder of one.
    assert report["searched"] == 10


def test_a_reference_without_weights_is_listed_as_not_compared(
    library: Path, tmp_path: Path
) -> None:
    """A near reference nobody could compare must not read as cleared."""
    folder = tmp_path / "bare"
    naru = library.with_name("naru.json")
    assert dokja("lineage", "library", "add", naru, "--library", folder).code == 0
    ran = dokja("lineage", "scan", MODELS / "galbaramjae", "--library", folder)
    assert ran.code == 4
    assert "naru-open-1: not compared: the library does not say" in ran.out


def test_a_screening_shows_closeness_and_no_verdict() -> None:
    """A fast answer must not be taken for the finding it is not."""
    models = (MODELS / "galbaramjae", NARU)
    ran = dokja("lineage", "compare", "--level", "screen", *models, "--json")
    report = json.loads(ran.out)
    assert (ran.code, "verdict" in report) == (0, False)
    assert report["closeness"] > 0.5


@pytest.mark.parametrize(
    "arguments",
    [
        ("fingerprint", "nowhere"),
        ("library", "add", "nowhere.json", "--library", "new"),
        ("library", "list", "--library", "nowhere"),
        ("scan", str(NARU), "--library", "nowhere"),
    ],
)
def test_what_is_not_there_is_said(arguments: tuple[str, ...]) -> None:
    """A missing folder is a foreseen failure with a remedy, never a traceback."""
    ran = dokja("lineage", *arguments)
    assert (ran.code, ran.out) == (5, "")
    assert ran.err.startswith("error: ")
    assert "Traceback" not in ran.err
