"""`dokja --help` answers at once, because it loads nothing it does not need."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

DOKJA = Path(sys.executable).with_name("dokja")
HEAVY = frozenset(
    {
        "alembic",
        "cryptography",
        "fastapi",
        "jinja2",
        "lm_eval",
        "numpy",
        "safetensors",
        "scipy",
        "sqlalchemy",
        "sqlite3",
        "torch",
        "transformers",
    }
)


def _help(arguments: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DOKJA, *arguments, "--help"],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )


def _loaded(stderr: str) -> set[str]:
    """Top-level packages in the interpreter's own record of imports."""
    rows = [line for line in stderr.splitlines() if line.startswith("import time:")]
    return {row.rsplit("|", 1)[1].strip().split(".")[0] for row in rows}


@pytest.mark.parametrize("group", [[], ["bundle"], ["programme"]])
def test_help_loads_no_numbers_sql_or_web(group: list[str]) -> None:
    """What is not loaded cannot slow down, and cannot be missing."""
    result = _help(group, PYTHONPROFILEIMPORTTIME="1")
    loaded = _loaded(result.stderr)
    assert "click" in loaded
    assert loaded & HEAVY == set()


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_help_answers_within_a_fifth_of_a_second() -> None:
    """A tool that hesitates before its help is not asked for help.

    Processor time, and the best of several runs: on an idle machine it is
    the time a person waits, and other processes do not count towards it.
    """
    durations = []
    for _ in range(7):
        started = _processor_seconds()
        _help([])
        durations.append(_processor_seconds() - started)
    assert min(durations) < 0.2
