"""The events of a log that another tool kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from dokja.training.importers.values import ImportedStep
from dokja.training.lines import NOTHING_BEFORE, line_hash, line_of, moment_text
from dokja.training.tree_heads import checked_origin
from dokja.training.values import FORMAT, AnyEvent, Gap, GapReason, Start, Step


def imported_lines(
    steps: Iterable[ImportedStep], *, origin: str, tool: str, now: datetime
) -> Iterator[bytes]:
    """The lines of a record that says it was read from the tool's log.

    Steps that the tool did not log stand as gaps; the record has no end, since
    nothing shows that the log was whole.
    """
    team, _, run = origin.partition("/")
    checked_origin(team, run)
    number, before, last = 0, NOTHING_BEFORE, 0

    def line(kind: type[AnyEvent], at: datetime, **fields: Any) -> bytes:
        nonlocal number, before
        place: dict[str, Any] = {
            "seq": number,
            "prev": before,
            "at": moment_text(at),
            "mono_us": 0,
        }
        made = line_of(kind(**place, **fields))
        number, before = number + 1, line_hash(made)
        return made

    yield line(Start, now, format=FORMAT, team=team, run=run, imported_from=tool)
    for step in steps:
        if step.step > last + 1:
            missed = step.step - last - 1
            yield line(Gap, now, reason=GapReason.NOT_RECORDED, missed=missed)
        norm = step.grad_norm
        yield line(
            Step,
            _moment(step, now),
            step=step.step,
            tokens=step.tokens,
            loss=float(step.loss).hex(),
            lr=float(step.lr).hex(),
            grad_norm=None if norm is None else float(norm).hex(),
            skipped=step.skipped,
        )
        last = step.step


def _moment(step: ImportedStep, now: datetime) -> datetime:
    """When the log says the step was; now where it says nothing that can be."""
    if step.at is None:
        return now
    try:
        return datetime.fromtimestamp(step.at, UTC)
    except (ValueError, OverflowError, OSError):
        return now
