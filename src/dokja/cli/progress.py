"""Progress on stderr: a line for each piece of work, a bar on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)


@contextmanager
def shown_progress() -> Iterator[Callable[[str, str], None]]:
    """Gives `on_step(phase, subject)`, which says what has just been done."""
    console = Console(stderr=True)
    if not console.is_terminal:
        started = time.monotonic()
        yield lambda phase, subject: console.print(
            f"[{time.monotonic() - started:6.1f} s] {phase:<10} {subject}",
            markup=False,
            highlight=False,
        )
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("reading", total=None)

        def on_step(phase: str, subject: str) -> None:
            progress.console.print(f"  {phase:<10} {subject}", markup=False)
            progress.update(task, description=phase)

        yield on_step


@contextmanager
def shown_items() -> Iterator[Callable[[int, int], None]]:
    """Gives `on_items(done, total)`: a bar with the time left, or a line a tenth."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Tenths(console)
        return
    columns = (
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


class _Tenths:
    """Says how far a run is, and how long the rest takes at the pace so far."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._begun: tuple[float, int] | None = None
        self._said = -1

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if self._begun is None:
            self._begun = (now, done)
        if 10 * done // total == self._said:
            return
        self._said = 10 * done // total
        taken, answered = now - self._begun[0], done - self._begun[1]
        left = ""
        if answered and done < total:
            left = f", about {taken / answered * (total - done):.0f} s left"
        line = f"[{taken:6.1f} s] {done} of {total} answers{left}"
        self._console.print(line, markup=False, highlight=False)
