"""What every test can ask for."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import settings

# A failure in CI must come back on the next run and on another machine.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


# Hundreds of processes are started here; each would compile the package afresh.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


LONGEST = (
    "e2e/test_demo",
    "e2e/test_benchmark_run",
    "contract/test_many_machines",
    "e2e/test_accessible",
    "contract/test_compute",
    "e2e/test_site_browser",
    "e2e/test_index_cli",
    "contract/test_harness_agents",
    "e2e/test_training_replay",
    "e2e/test_contest_browser",
    "unit/stage/test_run",
)
"""Files that take longest: begun first, so that no worker is left with one alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing; puts the files that take longest first."""

    def place(item: pytest.Item) -> int:
        found = (n for n, part in enumerate(LONGEST) if part in item.nodeid)
        return next(found, len(LONGEST))

    items.sort(key=place)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that rewrites golden files."""
    parser.addoption(
        "--update-goldens", action="store_true", help="rewrite tests/golden"
    )
