"""The page of a comparison, with the command and the versions that made it."""

from __future__ import annotations

from pathlib import Path

from dokja.cli.reproduction import reproduction
from dokja.lineage import LineageReport, shipped_rules
from dokja.report import render_comparison


def comparison_page(
    report: LineageReport, candidate: str, reference: str, page: Path
) -> str:
    """The page of a report that was made under the shipped rules."""
    command = ("dokja", "lineage", "compare", candidate, reference, "--html", page)
    return render_comparison(
        report, rules=shipped_rules(), reproduction=reproduction(command)
    )
