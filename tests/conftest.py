"""What every test can ask for."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# A failure in CI must come back on the next run and on another machine.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option that rewrites golden files."""
    parser.addoption(
        "--update-goldens", action="store_true", help="rewrite tests/golden"
    )
