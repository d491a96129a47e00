"""The budgets of the house, counted instead of reviewed."""

from __future__ import annotations

import ast
import math
import re
from pathlib import Path

from tests.unit.house.repository import (
    PACKAGE,
    TESTS,
    TRAINING,
    Function,
    functions,
    modules,
    shown,
)

BANNED_WORDS = frozenset(
    {
        "base",
        "common",
        "core",
        "handler",
        "helper",
        "helpers",
        "impl",
        "manager",
        "misc",
        "util",
        "utils",
    }
)


def _length(function: Function) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def _parameters(function: Function) -> int:
    names = [
        a.arg
        for a in (
            *function.args.posonlyargs,
            *function.args.args,
            *function.args.kwonlyargs,
        )
    ]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def _is_command(function: Function) -> bool:
    """Whether the parameters are the options of a command of the door."""
    return any(
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr == "command"
        for decorator in function.decorator_list
    )


def _overlong(*folders: Path) -> list[str]:
    return [
        f"{shown(path)}:{function.lineno} {function.name}: {_length(function)} lines"
        for path in modules(*folders)
        for function in functions(path)
        if _length(function) > 80
    ]


def test_no_function_is_longer_than_80_lines() -> None:
    """A longer one cannot be read in one look, in the tests no less."""
    assert _overlong(PACKAGE, TRAINING, TESTS) == []


def test_19_of_20_functions_fit_in_45_lines() -> None:
    """Long functions stay the exception even while the package grows."""
    lengths = sorted(_length(f) for path in modules(PACKAGE) for f in functions(path))
    assert lengths[math.ceil(0.95 * len(lengths)) - 1] <= 45


def test_no_file_is_longer_than_400_lines() -> None:
    """A longer file holds two subjects."""
    counts = {
        shown(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules(PACKAGE, TRAINING)
    }
    assert {name: count for name, count in counts.items() if count > 400} == {}


def test_public_functions_take_at_most_6_parameters() -> None:
    """More than six is a value that has not been named."""
    assert [
        f"{shown(path)}:{function.lineno} {function.name}"
        for path in modules(PACKAGE, TRAINING)
        for function in functions(path)
        if not (function.name.startswith("_") or _is_command(function))
        and _parameters(function) > 6
    ] == []


def test_no_module_is_named_after_nothing() -> None:
    """A folder for everything is where the direction of imports gets lost."""
    parts = {
        part
        for path in modules(PACKAGE, TRAINING, TESTS)
        for part in Path(shown(path)).with_suffix("").parts
    }
    banned = {part for part in parts if BANNED_WORDS & set(re.split(r"[_\W]+", part))}
    assert banned == set()
