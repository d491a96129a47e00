"""Where the tests of the house find the repository, and how they read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "src" / "dokja"
TRAINING = ROOT / "examples" / "training"
TESTS = ROOT / "tests"
DOCS = ROOT / "docs"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*folders: Path) -> list[Path]:
    """Every Python file under the folders, sorted."""
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


@cache
def functions(path: Path) -> tuple[Function, ...]:
    """Every function of a file, methods and inner functions included, without bodies.

    A file is read once for all tests; with bodies that would fill the memory.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = tuple(node for node in ast.walk(tree) if isinstance(node, Function))
    for node in found:
        node.body = []
    return found


def classes(path: Path) -> Iterator[ast.ClassDef]:
    """Every public class at the top of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node


def packages() -> list[str]:
    """Names of the packages of the tree: each stage, each door, the adapters."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))


def shown(path: Path) -> str:
    """The path as a reader of a failing test would write it."""
    return path.relative_to(ROOT).as_posix()
