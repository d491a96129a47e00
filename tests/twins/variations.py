"""Honest runs that differ in what may differ: none of them may be accused.

Some are trained otherwise, in a process of their own where the processor has to do
its arithmetic in another way; some are told as a recorder tells of an accident.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from dokja.training import values
from dokja.training.jobs import Configuration
from tests.trained_run import Recipe
from tests.twins.clocks import moved
from tests.twins.edits import (
    checkpoint_at,
    checkpoints,
    gone_back,
    steps_dropped,
    with_gap,
)
from tests.twins.story import Entry, Story

SHORT = Recipe(steps=60)
ADAMW = """torch.optim.AdamW(
        model.parameters(), lr=0.0, betas=BETAS, weight_decay=DECAY
    )"""
SGD = "torch.optim.SGD(model.parameters(), lr=0.0)"
Edits = tuple[tuple[str, str], ...]
"""Texts of the program, each with what stands in its place."""


@dataclass(frozen=True, kw_only=True)
class Variation:
    """One honest run that is unlike the others in one thing."""

    family: str
    name: str
    recipe: Recipe = SHORT
    program: Edits = ()
    dtype: str = "float32"
    threads: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    """Of the process that trains; the auditor's is its own."""
    audited_on: tuple[Configuration, ...] = ()
    """Kinds of arithmetic the auditor has; its own and half batches where empty."""
    told: Callable[[Story], Story] | None = None


def _seeds(count: int, first: int = 1) -> Iterator[Recipe]:
    for number in range(first, first + count):
        yield replace(SHORT, seed=str(number))


def _plain() -> Iterator[Variation]:
    for recipe in _seeds(20):
        yield Variation(family="seeds", name=f"seed {recipe.seed}", recipe=recipe)
    for recipe in _seeds(6, 31):
        yield Variation(
            family="threads", name=f"two, seed {recipe.seed}", recipe=recipe, threads=2
        )
    for key, value, count in (
        ("ATEN_CPU_CAPABILITY", "avx2", 6),
        ("ATEN_CPU_CAPABILITY", "default", 6),
        ("MKL_CBWR", "COMPATIBLE", 4),
        ("ONEDNN_MAX_CPU_ISA", "SSE41", 2),
    ):
        for recipe in _seeds(count, 41):
            yield Variation(
                family="instruction sets",
                name=f"{key}={value}, seed {recipe.seed}",
                recipe=recipe,
                environment={key: value},
            )


def _batches() -> Iterator[Variation]:
    for parts in (2, 4):
        for recipe in _seeds(3, 51):
            yield Variation(
                family="micro-batches without dropout",
                name=f"trained in {parts}, seed {recipe.seed}",
                recipe=recipe,
                program=(("parts: int = 1", f"parts: int = {parts}"),),
            )
    for parts in (2, 4):
        yield Variation(
            family="micro-batches without dropout",
            name=f"replayed in 1 and {parts}",
            audited_on=(Configuration(), Configuration(micro_batches=parts)),
        )
    for dropout in (0.1, 0.3):
        for recipe in _seeds(3, 61):
            yield Variation(
                family="dropout",
                name=f"{dropout}, seed {recipe.seed}",
                recipe=replace(recipe, dropout=dropout),
            )
    for size in (2, 8):
        yield Variation(
            family="recipes",
            name=f"batches of {size}",
            recipe=replace(SHORT, batch=size),
        )
    for every in (10, 15, 30):
        yield Variation(
            family="recipes",
            name=f"a checkpoint in {every} steps",
            recipe=replace(SHORT, every=every),
        )
    for peak in (5e-4, 2e-3, 1e-2, 2e-2):
        yield Variation(
            family="recipes",
            name=f"rates up to {peak}",
            recipe=replace(SHORT, peak=peak),
        )
    yield Variation(
        family="recipes", name="200 steps", recipe=replace(SHORT, steps=200)
    )


def _rules() -> Iterator[Variation]:
    for name, rule in (
        ("SGD", SGD),
        (
            "SGD with momentum",
            "torch.optim.SGD(model.parameters(), lr=0, momentum=0.9)",
        ),
        ("Adam", "torch.optim.Adam(model.parameters(), lr=0.0, betas=BETAS)"),
        ("NAdam", "torch.optim.NAdam(model.parameters(), lr=0.0)"),
        ("RMSprop", "torch.optim.RMSprop(model.parameters(), lr=0.0)"),
        ("AdamW, AMSGrad", ADAMW.replace("BETAS", "BETAS, amsgrad=True")),
        ("AdamW, no decay", ADAMW.replace("DECAY", "0.0")),
        ("AdamW, betas 0.9 and 0.999", ADAMW.replace("BETAS", "(0.9, 0.999)")),
        ("AdamW, betas 0.8 and 0.9", ADAMW.replace("BETAS", "(0.8, 0.9)")),
        ("AdamW, fused", ADAMW.replace("BETAS", "BETAS, fused=True")),
        ("AdamW, one by one", ADAMW.replace("BETAS", "BETAS, foreach=False")),
    ):
        yield Variation(family="optimizers", name=name, program=((ADAMW, rule),))
    yield Variation(
        family="optimizers",
        name="AdamW, gradients not clipped",
        program=(("CLIP = (0.9, 0.95), 0.1, 1.0", "CLIP = (0.9, 0.95), 0.1, 1e9"),),
    )
    for recipe in _seeds(4, 71):
        yield Variation(
            family="bfloat16",
            name=f"seed {recipe.seed}",
            recipe=recipe,
            dtype="bfloat16",
            program=(
                ("model = SmallModel(config)", "model = SmallModel(config).bfloat16()"),
            ),
        )


def _restarted(story: Story, at: values.RecordedCheckpoint) -> tuple[Entry, ...]:
    """What a recorder writes when training goes on from there in a new process."""
    place: dict[str, Any] = {
        "seq": 0,
        "prev": at.prev,
        "at": at.at,
        "mono_us": at.mono_us,
    }
    machine = msgspec.structs.replace(
        story.first(values.Environment), at=at.at, mono_us=at.mono_us
    )
    return (
        Entry(values.Gap(reason=values.GapReason.RESTART, missed=0, **place)),
        Entry(machine),
        Entry(values.Resume(step=at.step, checkpoint=at.root, reason="", **place)),
    )


def _resumed(story: Story) -> Story:
    where = checkpoints(story)[1]
    again = _restarted(story, checkpoint_at(story, where))
    return story.with_entry(where, story.entries[where], *again)


def _after_a_crash(story: Story) -> Story:
    """Some steps after the checkpoint were taken, and lost with the process."""
    at = checkpoint_at(story, checkpoints(story)[1])
    back = gone_back(story, at.step, 4)
    return back.with_entry(back.index(values.Rollback), *_restarted(story, at))


def _given_up(steps: int) -> Callable[[Story], Story]:
    return lambda story: gone_back(
        story, checkpoint_at(story, checkpoints(story)[1]).step, steps
    )


def _queue_full(first: int, last: int) -> Callable[[Story], Story]:
    return lambda story: with_gap(
        steps_dropped(story, first, last), last + 1, last - first + 1
    )


def _queue_full_around(story: Story) -> Story:
    """Full twice: a checkpoint found room between, and what was lost before it."""
    where = checkpoints(story)[2]
    at = checkpoint_at(story, where)
    lost = steps_dropped(story, at.step - 2, at.step + 2)
    first = next(
        n
        for n, e in enumerate(lost.entries)
        if isinstance(e.event, values.Sketch | values.RecordedCheckpoint)
        and e.event.step == at.step
    )
    before = with_gap(lost, at.step + 3, 2)
    gap = before.entries[before.index(values.Gap)]
    return before.with_entry(first, gap, before.entries[first])


def _checkpoint_lost(story: Story) -> Story:
    where = checkpoints(story)[2]
    at = checkpoint_at(story, where)
    entries = (*story.entries[:where], *story.entries[where + 1 :])
    without = replace(story, entries=entries)
    return with_gap(without, at.step + 1, 1)


def _not_kept(*numbers: int) -> Callable[[Story], Story]:
    def told(story: Story) -> Story:
        gone: dict[str, bytes | None] = {}
        for number in numbers:
            where = checkpoints(story)[number]
            root = checkpoint_at(story, where).root
            story = story.changed(where, kept=False)
            gone[f"materials/states/{root[7:]}.safetensors"] = None
        return replace(story, files=gone)

    return told


def _seldom_seen(story: Story) -> Story:
    """The line to the witness was down for most of the run."""
    heads = [n for n, e in enumerate(story.entries) if e.is_headed]
    entries = list(story.entries)
    for where in heads[1:-1]:
        entries[where] = replace(entries[where], seen=None)
    return replace(story, entries=tuple(entries), notes={})


def _two_ranks(story: Story) -> Story:
    return story.changed(story.index(values.Environment), ranks=2)


def _no_sketches(story: Story) -> Story:
    return story.each(lambda e: None if isinstance(e.event, values.Sketch) else e)


_TOLD: tuple[tuple[str, str, Callable[[Story], Story]], ...] = (
    ("accidents", "resumed from a checkpoint", _resumed),
    ("accidents", "resumed after steps were lost", _after_a_crash),
    ("accidents", "3 steps given up", _given_up(3)),
    ("accidents", "9 steps given up", _given_up(9)),
    ("accidents", "queue full for a step", _queue_full(30, 30)),
    ("accidents", "queue full for 5 steps", _queue_full(31, 35)),
    ("accidents", "queue full at a checkpoint", _queue_full_around),
    ("accidents", "a checkpoint's event lost", _checkpoint_lost),
    ("accidents", "one state not kept", _not_kept(1)),
    ("accidents", "two states not kept", _not_kept(1, 2)),
    ("accidents", "no line to the witness for most of it", _seldom_seen),
    ("clocks", "four minutes ahead", lambda s: moved(s, 240)),
    ("clocks", "four minutes behind", lambda s: moved(s, -240)),
    ("clocks", "set right by two minutes half way", lambda s: moved(s, 120, since=40)),
    ("machines", "two processes", _two_ranks),
    ("records", "no sketches", _no_sketches),
)
VARIATIONS: tuple[Variation, ...] = (
    *_plain(),
    *_batches(),
    *_rules(),
    *(Variation(family=f, name=n, told=told) for f, n, told in _TOLD),
)
