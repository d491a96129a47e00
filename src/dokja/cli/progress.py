"""Progress on stderr: a line for each piece of work, a bar on a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


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
