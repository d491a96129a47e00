"""The import contracts are tried: each must break when it is violated."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.unit.house.repository import PACKAGE, ROOT

OUTSIDE = frozenset(
    {
        "adapters",
        "cli",
        "recorder",
        "settings",
        "web",
        "wiring",
    }
)
"""Packages that may touch the outside world; every other one is a stage."""


@dataclass(frozen=True)
class Violation:
    """A line planted in a module, and the contract it must break."""

    module: str
    line: str
    contract: str


VIOLATIONS = {
    "a stage reads the environment": Violation(
        "decision/planted.py", "import os", "A stage touches no outside world"
    ),
    "a stage reads the clock": Violation(
        "standing/planted.py", "import time", "A stage touches no outside world"
    ),
    "a calculation opens files": Violation(
        "statistics/planted.py",
        "from pathlib import Path",
        "A stage touches no outside world",
    ),
    "a stage looks up at a later one": Violation(
        "submission/planted.py",
        "from dokja.decision.values import StageDecision",
        "Downwards only",
    ),
    "a stage looks sideways": Violation(
        "contest/planted.py", "import dokja.lineage.values", "Downwards only"
    ),
    "a folder for everything appears": Violation(
        "utils/__init__.py", '"""Odds and ends."""', "Downwards only"
    ),
    "a decision renders a template": Violation(
        "decision/planted.py", "import jinja2", "Templates stay in the report"
    ),
    "a value carries an array": Violation(
        "lineage/values.py", "import numpy", "Values carry no arrays"
    ),
    "an adapter leans on another": Violation(
        "adapters/store/planted.py",
        "import dokja.adapters.signing",
        "One outside thing per adapter",
    ),
    "a door picks an adapter": Violation(
        "cli/planted.py", "import dokja.adapters.store", "Only the wiring picks"
    ),
    "a query leaves the store": Violation(
        "wiring/stages.py", "import sqlalchemy", "SQL stays in the store"
    ),
    "the base needs torch": Violation(
        "adapters/compute/planted.py", "import torch", "Models run in the harness"
    ),
    "another adapter asks a served model": Violation(
        "adapters/weights/planted.py", "import httpx2", "Servers are asked in few"
    ),
    "a page hashes passwords": Violation(
        "web/planted.py", "import argon2", "Passwords are hashed in one place"
    ),
    "a page checks identities": Violation(
        "web/planted.py", "import authlib", "Identities are checked in one place"
    ),
    "a stage makes pages": Violation(
        "contest/planted.py", "import fastapi", "Pages belong to the web"
    ),
    "a page asks a store": Violation(
        "web/planted.py", "import dokja.adapters.store", "Only the wiring picks"
    ),
    "an adapter prints": Violation(
        "adapters/compute/planted.py", "import rich", "The terminal belongs to the door"
    ),
}


def _copy(folder: Path) -> Path:
    """The package in a copy of the repository that may be spoilt."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    ignore = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(PACKAGE, folder / "src" / "dokja", ignore=ignore))


def _lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_contract_is_kept(tmp_path: Path) -> None:
    """The control of the violations: the same copy, unspoilt, passes."""
    _copy(tmp_path)
    result = _lint(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each broken contract, of a copy with all that is planted."""
    folder = tmp_path_factory.mktemp("spoilt")
    package = _copy(folder)
    for violation in VIOLATIONS.values():
        target = package / violation.module
        target.parent.mkdir(exist_ok=True)
        with target.open("a", encoding="utf-8") as module:
            module.write(f"\n{violation.line}\n")
    result = _lint(folder)
    assert result.returncode == 1, result.stdout + result.stderr
    said = result.stdout.partition("Broken contracts")[2]
    parts = re.split(r"^(.+)\n-+$", said, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("case", VIOLATIONS)
def test_a_planted_violation_breaks_its_contract(
    case: str, spoilt: dict[str, str]
) -> None:
    """A contract that nothing can break would guard nothing."""
    violation = VIOLATIONS[case]
    name, said = next(
        (n, s) for n, s in spoilt.items() if n.startswith(violation.contract)
    )
    module = ".".join(("dokja", *Path(violation.module).with_suffix("").parts))
    module = module.removesuffix(".__init__")
    imported = violation.line.split()[1] if "import" in violation.line else module
    assert module in said, (name, said)
    assert imported in said, (name, said)


def test_every_stage_is_guarded() -> None:
    """The list of guarded packages is written by hand and must not lag."""
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = rules["tool"]["importlinter"]["contracts"]
    (guarded,) = (
        set(contract["source_modules"])
        for contract in contracts
        if contract["name"] == "A stage touches no outside world"
    )
    found = {
        path.stem
        for path in PACKAGE.iterdir()
        if (path / "__init__.py").exists()
        or (path.suffix == ".py" and not path.stem.startswith("_"))
    }
    assert {f"dokja.{name}" for name in found - OUTSIDE} == guarded
