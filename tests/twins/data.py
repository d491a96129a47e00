"""Lies about data: order, shards and numbers of tokens, told before the witness."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
from safetensors import numpy as safetensors_numpy

from dokja.evidence.canonical import digest_bytes
from dokja.training import values
from tests.twins.edits import checkpoints
from tests.twins.lies import Lie
from tests.twins.mutation import Hand, Mutation, lived
from tests.twins.story import Entry, Story
from tests.twins.trainer import Order, recorded_order, told_order, trained

FIRST, LAST = 101, 120
"""The stretch of steps that is lied about."""
SHARD = "materials/data/text-2.safetensors"


def stretch(order: Order) -> Order:
    """The part of the order in that stretch."""
    return {step: order[step] for step in range(FIRST, LAST + 1)}


def _told(story: Story, changed: Order) -> Story:
    return told_order(story, {**recorded_order(story), **changed})


def _reversed(story: Story) -> Story:
    old = stretch(recorded_order(story))
    return _told(
        story, {step: old[FIRST + LAST - step] for step in range(FIRST, LAST + 1)}
    )


def _other_documents(story: Story) -> Story:
    """Data of the last stretch told of this one: same source, never seen so far."""
    order = recorded_order(story)
    last = max(order)
    return _told(
        story,
        {step: order[last - LAST + step] for step in range(FIRST, LAST + 1)},
    )


def _exchanged(story: Story) -> Story:
    """Two stretches told as each other's data; every document stands once."""
    order = recorded_order(story)
    shift = max(order) - LAST
    changed = {}
    for step in range(FIRST, LAST + 1):
        changed[step], changed[step + shift] = order[step + shift], order[step]
    return _told(story, changed)


def _commitments_forged(story: Story) -> Story:
    def forge(entry: Entry) -> Entry:
        event = entry.event
        if not isinstance(event, values.Step) or not FIRST <= event.step <= LAST:
            return entry
        batch = digest_bytes(f"batch {event.step}".encode())
        return replace(entry, event=msgspec.structs.replace(event, batch=batch))

    return story.each(forge)


def _no_commitments(story: Story) -> Story:
    def drop(entry: Entry) -> Entry:
        if not isinstance(entry.event, values.Step):
            return entry
        return replace(entry, event=msgspec.structs.replace(entry.event, batch=None))

    return story.each(drop)


def _order_lost(story: Story) -> Story:
    order = recorded_order(story)
    return replace(
        story, order={s: rows for s, rows in order.items() if not FIRST <= s <= LAST}
    )


def _shard_lost(story: Story) -> Story:
    return replace(story, files={SHARD: None})


def _shard_changed(story: Story) -> Story:
    assert story.home is not None
    held = safetensors_numpy.load_file(story.home / SHARD)
    held["tokens"] = np.roll(held["tokens"], 1)
    return replace(story, files={SHARD: safetensors_numpy.save(held)})


def _as_held_out(order: Order) -> Order:
    return {
        step: tuple(
            ("held-out", n, at, length) for n, (_, _, at, length) in enumerate(rows)
        )
        for step, rows in order.items()
    }


def _shard_undeclared(story: Story) -> Story:
    """Told and trained on a shard that the manifest does not name."""
    order = recorded_order(story)
    other = {**order, **_as_held_out(stretch(order))}
    where = story.index(values.RecordedCheckpoint, step=FIRST - 1)
    return told_order(trained(story, where, story.state(where), order=other), other)


def _trained_otherwise(story: Story) -> Story:
    """Trained on a shard that nobody is told of; the order says what it should."""
    order = recorded_order(story)
    other = {**order, **_as_held_out(stretch(order))}
    where = story.index(values.RecordedCheckpoint, step=FIRST - 1)
    return trained(story, where, story.state(where), order=other)


def _twice(story: Story) -> Story:
    """A second pass over documents that are said to be seen once."""
    order = recorded_order(story)
    half = max(order) // 2
    other = {s: order[s if s <= half else s - half] for s in order}
    where = story.index(values.RecordedCheckpoint, step=half)
    return told_order(trained(story, where, story.state(where), order=other), other)


def tokens_times(factor: int) -> Lie:
    """Tells of so many times the tokens that were trained on."""

    def tell(entry: Entry) -> Entry:
        if not isinstance(entry.event, values.Step | values.End):
            return entry
        tokens = entry.event.tokens * factor
        return replace(entry, event=msgspec.structs.replace(entry.event, tokens=tokens))

    return lambda story: story.each(tell)


def rates_times(factor: float) -> Lie:
    """Tells of other rates than were trained with."""

    def tell(entry: Entry) -> Entry:
        if not isinstance(entry.event, values.Step):
            return entry
        lr = (float.fromhex(entry.event.lr) * factor).hex()
        return replace(entry, event=msgspec.structs.replace(entry.event, lr=lr))

    return lambda story: story.each(tell)


def losses_by(change: object) -> Lie:
    """Tells of other losses: a function of the step and of the loss there was."""
    assert callable(change)

    def tell(entry: Entry) -> Entry:
        event = entry.event
        if not isinstance(event, values.Step):
            return entry
        loss = float(change(event.step, float.fromhex(event.loss))).hex()
        return replace(entry, event=msgspec.structs.replace(event, loss=loss))

    return lambda story: story.each(tell)


def _smooth(step: int, _: float) -> float:
    return 3.2 + 2.3 * float(np.exp(-step / 60))


def _too_good(step: int, loss: float) -> float:
    return loss if step <= FIRST else loss * 0.3


def _rule(**fields: object) -> Lie:
    return lambda s: s.changed(s.index(values.Optimizer), **fields)


def _generators_told(story: Story) -> Story:
    def forge(entry: Entry) -> Entry:
        event = entry.event
        if not isinstance(event, values.Step):
            return entry
        rng = digest_bytes(f"rng {event.step}".encode())
        return replace(entry, event=msgspec.structs.replace(event, rng=rng))

    return story.each(forge)


def _kept_no_more(story: Story) -> Story:
    """The states in the middle are said to be kept, and are not there."""
    middle = checkpoints(story)[4:8]
    gone: dict[str, bytes | None] = {}
    for where in middle:
        event = story.entries[where].event
        assert isinstance(event, values.RecordedCheckpoint)
        gone[f"materials/states/{event.root[7:]}.safetensors"] = None
    return replace(story, files=gone)


_NEAR_ONE, _TEN = (0.9999).hex(), (10.0).hex()
_TABLE: tuple[tuple[str, str, str, Lie], ...] = (
    ("batches told in reverse", "V10", "fail", _reversed),
    ("other documents of the same source told", "V10", "fail", _other_documents),
    ("two stretches told as each other's data", "V12", "inconclusive", _exchanged),
    ("trained on a shard nobody is told of", "V10", "fail", _trained_otherwise),
    ("commitments to no batch", "V13", "fail", _commitments_forged),
    ("no commitments at all", "V13", "inconclusive", _no_commitments),
    ("the order of a stretch lost", "V13", "inconclusive", _order_lost),
    ("a shard lost", "V13", "inconclusive", _shard_lost),
    ("a shard changed", "V13", "inconclusive", _shard_changed),
    ("a shard that is not declared", "V13", "fail", _shard_undeclared),
    ("a second pass over data seen once", "V13", "inconclusive", _twice),
    ("tenfold tokens", "V13", "inconclusive", tokens_times(10)),
    ("rates told 1 % higher", "V10", "inconclusive", rates_times(1.01)),
    ("rates told 10 % higher", "V10", "fail", rates_times(1.1)),
    ("losses told a tenth lower", "V8", "fail", losses_by(lambda _, x: 0.9 * x)),
    ("a smooth loss curve invented", "V8", "fail", losses_by(_smooth)),
    ("a loss curve too good", "V14", "inconclusive", losses_by(_too_good)),
    ("another second beta named", "V9", "inconclusive", _rule(beta2=_NEAR_ONE)),
    (
        "a hundredfold decay named",
        "V10",
        "inconclusive",
        _rule(weight_decay=(10.0).hex()),
    ),
    ("generator states told otherwise", "V8", "inconclusive", _generators_told),
    ("states not kept", "V9", "inconclusive", _kept_no_more),
)
DATA = tuple(
    Mutation(
        name=name,
        hand=Hand.LIVE,
        caught_by=check,
        as_=result,
        forge=lived(lie),
        needs=frozenset({"materials", "replay"}),
    )
    for name, check, result, lie in _TABLE
)
