"""The libraries that run models: which are there, and that they stay offline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version

from dokja.errors import InvalidInput, Unavailable


def releases(packages: Sequence[str], *, extra: str) -> str:
    """Each package with its release. Raises: Unavailable where one is missing."""
    try:
        return "; ".join(f"{name} {_release(name)}" for name in packages)
    except PackageNotFoundError as error:
        raise Unavailable(
            f"the harness needs {error.name}, which is not installed",
            remedy=f"install Dokja with its extra: pip install 'dokja[{extra}]'",
        ) from error


def stay_offline() -> None:
    """Nothing; no library asks a hub. Read when they are imported, so call it first."""
    os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    os.environ["TRANSFORMERS_VERBOSITY"] = "error"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"


def no_model(error: Exception) -> InvalidInput:
    """The refusal of a folder that transformers does not open."""
    return InvalidInput(
        f"the harness cannot load the model: {error}",
        remedy="check config.json and the tokenizer against the weights; the "
        "folder must open with transformers without remote code",
    )


@lru_cache
def _release(package: str) -> str:
    # A local label (+cpu) names the build, which the device already does.
    return version(package).partition("+")[0]
