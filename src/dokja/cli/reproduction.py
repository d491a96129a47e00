"""What a reader of a page needs to make it again."""

from __future__ import annotations

import platform
import shlex
from collections.abc import Iterable
from importlib import metadata

from dokja import __version__
from dokja.report import Reproduction

LIBRARIES = ("numpy", "scipy")
"""Libraries whose versions can change the last digits of a statistic."""


def reproduction(command: Iterable[object]) -> Reproduction:
    """The command, quoted for a shell, with the versions in use."""
    return Reproduction(
        command=shlex.join(map(str, command)),
        versions=(
            ("Dokja", __version__),
            ("Python", platform.python_version()),
            *((name, metadata.version(name)) for name in LIBRARIES),
        ),
    )
