"""Pages of kept runs, with the commands and the versions that made them."""

from __future__ import annotations

from pathlib import Path

from dokja.cli.reproduction import reproduction
from dokja.report import render_run, render_run_pair
from dokja.wiring.runs import KeptRun


def run_page(kept: KeptRun, folder: Path, page: Path) -> str:
    """The page of the run that is kept in the folder, however it was asked for."""
    command = ("dokja", "benchmark", "show", folder, "--html", page)
    return render_run(kept.run, kept.suites, reproduction=reproduction(command))


def pair_page(
    sides: tuple[KeptRun, KeptRun], folders: tuple[Path, Path], page: Path
) -> str:
    """The page of two kept runs side by side."""
    ours, theirs = sides
    command = ("dokja", "benchmark", "compare", *folders, "--html", page)
    return render_run_pair(
        (ours.run, theirs.run),
        {suite.header.id: suite for suite in (*theirs.suites, *ours.suites)},
        reproduction=reproduction(command),
    )
