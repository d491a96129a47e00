"""Progress of a comparison on stderr: what is being read, how far, how fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)
from rich.table import Column

OnStep = Callable[[str, int, int], None]
"""Called with what is being read, bytes read so far, and bytes to read in all."""

WIDEST_NAME = 48


@contextmanager
def shown_reading() -> Iterator[OnStep]:
    """Gives `on_step(what, done, total)`; draws on a terminal, else is silent.

    `done` and `total` are bytes over the whole comparison; a `total` of 0 says
    that it is not known yet, and no speed is shown before bytes are counted.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _silent
        return
    with Progress(*_columns(), console=console, transient=True) as progress:
        task = progress.add_task("", total=None)

        def on_step(what: str, done: int, total: int) -> None:
            progress.update(
                task,
                description=_shortened(what),
                completed=max(done, progress.tasks[0].completed),
                total=total or None,
            )

        yield on_step


def _silent(what: str, done: int, total: int) -> None:
    """Nothing: a log file gains nothing from thousands of tensor names."""


def _columns() -> tuple[
    SpinnerColumn,
    TextColumn,
    BarColumn,
    DownloadColumn,
    TransferSpeedColumn,
    TimeElapsedColumn,
]:
    name = Column(no_wrap=True, overflow="ellipsis", max_width=WIDEST_NAME)
    return (
        SpinnerColumn(),
        # Names of tensors come from submitted files.
        TextColumn("{task.description}", markup=False, table_column=name),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeElapsedColumn(),
    )


def _shortened(what: str) -> str:
    """The text without what a terminal would obey, its end kept."""
    plain = "".join(c for c in what if c.isprintable())
    if len(plain) <= WIDEST_NAME:
        return plain
    return "\N{HORIZONTAL ELLIPSIS}" + plain[1 - WIDEST_NAME :]
