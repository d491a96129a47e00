"""Progress of reading weights on stderr: what is read, how far, how fast."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Column
from rich.text import Text

OnStep = Callable[[str, int, int], None]
"""Called with what was read, and how many parameters of how many are done."""

WIDEST_NAME = 48


@contextmanager
def shown_reading() -> Iterator[OnStep]:
    """Gives `on_step(what, done, total)`; draws on a terminal, else is silent.

    `done` and `total` are parameters of what is under way: of a comparison, or of
    one model and then the next, which begins anew. A `total` of 0 says that it is
    not known yet.
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
                completed=done,
                total=total or None,
            )

        yield on_step


def _silent(what: str, done: int, total: int) -> None:
    """Nothing: a log file gains nothing from thousands of tensor names."""


class _Throughput(ProgressColumn):
    """Parameters done, and parameters a second."""

    def render(self, task: Task) -> Text:
        """The two figures in millions."""
        speed = f", {task.speed / 1e6:.0f} M/s" if task.speed else ""
        total = f"/{task.total / 1e6:.0f}" if task.total else ""
        return Text(f"{task.completed / 1e6:.0f}{total} M parameters{speed}")


def _columns() -> tuple[ProgressColumn, ...]:
    name = Column(no_wrap=True, overflow="ellipsis", max_width=WIDEST_NAME)
    return (
        SpinnerColumn(),
        # Names of tensors come from submitted files.
        TextColumn("{task.description}", markup=False, table_column=name),
        BarColumn(bar_width=24),
        _Throughput(),
        TimeElapsedColumn(),
    )


def _shortened(what: str) -> str:
    """The text without what a terminal would obey, its end kept."""
    plain = "".join(c for c in what if c.isprintable())
    if len(plain) <= WIDEST_NAME:
        return plain
    return "\N{HORIZONTAL ELLIPSIS}" + plain[1 - WIDEST_NAME :]
