"""What may lie in the repository, and what may not."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.unit.house.repository import ROOT, shown

MEBIBYTE = 1 << 20
WEIGHTS = frozenset({".safetensors", ".gguf", ".npz", ".npy"})
PICKLES = frozenset({".bin", ".ckpt", ".pkl", ".pickle", ".pt", ".pth"})
PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
REGISTRY = re.compile(r"files\.pythonhosted|index-url|find-links|file://|@ https?://")


@pytest.fixture(scope="module")
def kept() -> list[Path]:
    """Every file git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: there is no list of kept files")
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_the_examples_stay_within_25_mib(kept: list[Path]) -> None:
    """A clone and a wheel have to stay quick to fetch."""
    sizes = [p.stat().st_size for p in kept if p.is_relative_to(ROOT / "examples")]
    assert sum(sizes) <= 25 * MEBIBYTE


def test_weights_lie_in_the_examples_only(kept: list[Path]) -> None:
    """Anybody's weights are evidence; none slips in beside the code."""
    stray = [
        shown(path)
        for path in kept
        if path.suffix in WEIGHTS | PICKLES
        and not path.is_relative_to(ROOT / "examples")
    ]
    assert stray == []


def test_nothing_is_pickled(kept: list[Path]) -> None:
    """We refuse pickles from others, so we hand out none."""
    assert [shown(path) for path in kept if path.suffix in PICKLES] == []


def test_no_file_outside_the_examples_is_large(kept: list[Path]) -> None:
    """A large file in the history can never be taken back."""
    large = [
        shown(path)
        for path in kept
        if path.stat().st_size > MEBIBYTE and not path.is_relative_to(ROOT / "examples")
    ]
    assert large == []


def test_no_private_key_is_kept(kept: list[Path]) -> None:
    """Even the demo's key is derived and not stored."""
    small = [path for path in kept if path.stat().st_size < MEBIBYTE]
    assert [shown(p) for p in small if PRIVATE_KEY.search(p.read_bytes())] == []


def _locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines)


def test_the_lock_holds_names_and_versions_alone() -> None:
    """An address or a local build would tie the lock to one machine."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [x for x in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", x)] == []


def test_no_configuration_names_a_registry() -> None:
    """Where packages come from is the machine's business."""
    names = ("Makefile", "pyproject.toml", ".ci/run", ".pre-commit-config.yaml")
    texts = {name: (ROOT / name).read_text(encoding="utf-8") for name in names}
    assert [name for name, text in texts.items() if REGISTRY.search(text)] == []


def test_the_lock_answers_every_declared_requirement() -> None:
    """A dependency added without `make lock` breaks the next clone."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = declared["project"]["optional-dependencies"].values()
    wanted = [
        *declared["project"]["dependencies"],
        *(line for extra in extras for line in extra),
        *declared["dependency-groups"]["dev"],
    ]
    locked = {canonicalize_name(n): v for n, v in _locked().items()}
    unmet = [
        line
        for line in wanted
        if not Requirement(line).specifier.contains(
            locked.get(canonicalize_name(Requirement(line).name), "0")
        )
    ]
    assert unmet == []
