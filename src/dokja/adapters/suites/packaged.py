"""Data that travel inside installed packages, found without running their code."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from dokja.errors import Unavailable


def package_version(distribution: str) -> str | None:
    """Version of an installed distribution; None where it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def package_file(module: str, path: str) -> Path:
    """Place of a file or folder of an installed package.

    Raises: Unavailable where the package or the file is not there.
    """
    spec = find_spec(module)
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        if Path(place, path).exists():
            return Path(place, path)
    raise Unavailable(
        f"the package {module} with its {path} is not installed",
        remedy=f"install the package that holds {module}, or give a local file",
    )
