"""The scripts of the bench, imported as they import each other."""

import importlib

import pytest

from tests.unit.benchmarks.lines import BENCH, Load


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """Imports a script of the bench by its name."""
    monkeypatch.syspath_prepend(str(BENCH))
    monkeypatch.syspath_prepend(str(BENCH / "peers"))
    return importlib.import_module
