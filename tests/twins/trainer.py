"""Trains stretches of a story again, so that a liar's weights are really trained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from dokja.adapters.records import MaterialsFolder
from dokja.training import values
from dokja.training.commitments import Excerpt, batch_commitment
from dokja.training.jobs import Configuration, TrainJob, TrainStep
from dokja.training.kept_state import HeldState
from tests.trained_run import SameProcess
from tests.twins.story import STATES, Entry, Story, Tensors

Order = Mapping[int, tuple[Excerpt, ...]]
Rate = Callable[[values.Step], float]


def recorded_order(story: Story) -> dict[int, tuple[Excerpt, ...]]:
    """Where the batch of each step was read from."""
    if story.order is not None:
        return dict(story.order)
    steps = [e.event.step for e in story.entries if isinstance(e.event, values.Step)]
    return dict(MaterialsFolder(_home(story) / "materials").order(steps))


def told_order(story: Story, order: Order) -> Story:
    """The story with another order, and commitments that agree with it."""

    def commit(entry: Entry) -> Entry:
        event = entry.event
        if not isinstance(event, values.Step) or event.step not in order:
            return entry
        batch = batch_commitment(order[event.step])
        return replace(entry, event=msgspec.structs.replace(event, batch=batch))

    return replace(story.each(commit), order=order)


def trained(
    story: Story,
    where: int,
    start: Tensors,
    *,
    order: Order | None = None,
    rate: Rate | None = None,
) -> Story:
    """The story with the states and losses that training from that state leads to.

    `where` is the place of the state that `start` stands in for; what the log says
    of rates and data is left as it is, whatever was trained with.
    """
    machine = _machine(_home(story) / "materials" / "program")
    data = order or recorded_order(story)
    begun = story.entries[where]
    told = [*story.entries[:where], replace(begun, tensors=dict(start))]
    held = dict(start)
    for stretch in _stretches(story.entries[where + 1 :]):
        steps = [e.event for e in stretch if isinstance(e.event, values.Step)]
        if steps:
            job = _job(story, held, steps, (data, rate))
            (found,) = machine.train([job], Configuration())
            held = {name: found.end.array(name) for name in found.end.names()}
            losses = dict(zip((s.step for s in steps), found.losses, strict=True))
        told += [_with(entry, held, losses if steps else {}) for entry in stretch]
    return replace(story, entries=tuple(told))


def _stretches(entries: tuple[Entry, ...]) -> Iterator[list[Entry]]:
    """Entries up to and with each checkpoint, and what follows the last."""
    stretch: list[Entry] = []
    for entry in entries:
        stretch.append(entry)
        if isinstance(entry.event, STATES):
            yield stretch
            stretch = []
    yield stretch


def _job(
    story: Story,
    held: Mapping[str, Any],
    steps: list[values.Step],
    given: tuple[Order, Rate | None],
) -> TrainJob:
    order, rate = given
    return TrainJob(
        start=HeldState(dict(held)),
        after=steps[0].step - 1,
        steps=tuple(
            TrainStep(
                step=step.step,
                lr=float.fromhex(step.lr) if rate is None else rate(step),
                sequences=tuple(tokens_of(story, row) for row in order[step.step]),
            )
            for step in steps
        ),
        rule=story.first(values.Optimizer),
        init=story.first(values.Init),
    )


def tokens_of(story: Story, excerpt: Excerpt) -> Any:
    """The token ids of a piece of a batch."""
    name, document, offset, length = excerpt
    shard = MaterialsFolder(_home(story) / "materials").shard(name)
    assert shard is not None
    start = int(shard.documents()[document]) + offset
    return np.asarray(shard.tokens(start, start + length))


def _with(entry: Entry, held: Tensors, losses: Mapping[int, float]) -> Entry:
    event = entry.event
    if isinstance(event, values.Step):
        loss = losses[event.step].hex()
        return replace(entry, event=msgspec.structs.replace(event, loss=loss))
    if isinstance(event, values.RecordedCheckpoint):
        return replace(entry, tensors=dict(held))
    return entry


def _home(story: Story) -> Path:
    assert story.home is not None
    return story.home


@cache
def _machine(program: Path) -> SameProcess:
    return SameProcess(program)
