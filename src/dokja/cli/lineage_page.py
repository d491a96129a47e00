"""The page of a comparison, with the command and the versions that made it."""

from __future__ import annotations

import platform
import shlex
from importlib import metadata
from pathlib import Path

from dokja import __version__
from dokja.lineage import LineageReport, shipped_rules
from dokja.report import Reproduction, render_comparison

LIBRARIES = ("numpy", "scipy")
"""Libraries whose versions can change the last digits of a statistic."""


def comparison_page(
    report: LineageReport, candidate: str, reference: str, page: Path
) -> str:
    """The page of a report that was made under the shipped rules."""
    command = ("dokja", "lineage", "compare", candidate, reference, "--html", page)
    reproduction = Reproduction(
        command=shlex.join(map(str, command)),
        versions=(
            ("Dokja", __version__),
            ("Python", platform.python_version()),
            *((name, metadata.version(name)) for name in LIBRARIES),
        ),
    )
    return render_comparison(report, rules=shipped_rules(), reproduction=reproduction)
