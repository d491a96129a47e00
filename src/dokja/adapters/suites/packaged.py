"""Data that travel inside installed packages, found without running their code."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dokja.adapters.suites.plain_files import HEADER_BYTES, read_bytes
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


def exemplar_rows(folder: Path) -> Sequence[dict[str, Any]]:
    """The worked exemplars of a folder of lm-eval's task files, by file name.

    Raises: Unavailable where the reader of YAML, which comes with lm-eval, is
    missing.
    """
    try:
        import yaml
    except ImportError as error:
        raise Unavailable(
            "reading lm-eval's task files needs PyYAML",
            remedy="install lm-eval as a whole, with what it needs",
        ) from error
    # Eight times as fast where it is there, and it reads the same.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows: list[dict[str, Any]] = []
    for place in sorted(folder.glob("kmmlu_*.yaml")):
        data = read_bytes(place, shown=place.name, limit=HEADER_BYTES)
        task = yaml.load(data, Loader=loader)  # noqa: S506 - both are safe loaders
        subject = str(task["dataset_name"])
        rows += [{"subject": subject, **r} for r in task["fewshot_config"]["samples"]]
    return rows
