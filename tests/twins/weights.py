"""Lies about weights: every state, sketch and head agrees, and training was another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np

from dokja.evidence.seeds import seed_for, uniform_draws
from dokja.training import values
from tests.twins.edits import checkpoints
from tests.twins.honest import Kept
from tests.twins.mutation import Forge, Hand, Mutation
from tests.twins.story import Array, Entry, Story
from tests.twins.trainer import trained

State = dict[str, Array]
Lie = Callable[[Story, Story], Story]
"""Of an honest story, with another honest run's story to take weights from."""
HALF = 100
"""Step after which lies about the middle of a run begin."""


def lived_with(lie: Lie) -> Forge:
    """Forges by telling the story otherwise from the start, with a donor at hand."""

    def forge(honest: Kept, folder: Path) -> Kept:
        assert honest.other is not None
        story = lie(honest.story, honest.other)
        return honest.again(story, folder)

    return forge


def weights_of(state: State) -> list[str]:
    """Names of the model's own tensors in a state."""
    return [name for name in state if name.startswith("model.")]


def noise(array: Array, scale: float, mark: str) -> Array:
    """Uniform noise of that spread in the array's shape, the same each time."""
    drawn = uniform_draws(seed_for("forged noise", mark), array.size)
    spread = (drawn - 0.5) * scale * np.sqrt(12.0)
    shaped: Array = spread.reshape(array.shape).astype(array.dtype)
    return shaped


def with_states(
    story: Story, change: Callable[[int, State], State], *, since: int = 0
) -> Story:
    """The story with the states after that step changed."""
    entries = list(story.entries)
    for where in checkpoints(story):
        event = entries[where].event
        assert isinstance(event, values.RecordedCheckpoint)
        if event.step > since:
            state = change(event.step, story.state(where))
            entries[where] = replace(entries[where], tensors=state)
    return replace(story, entries=tuple(entries))


def at_step(story: Story, step: int) -> State:
    """The state that was kept after that step."""
    return story.state(story.index(values.RecordedCheckpoint, step=step))


def last_step(story: Story) -> int:
    """The last step of the run."""
    return story.first(values.End).step


def begun_from(story: Story, weights: State) -> Story:
    """The run as it goes from first weights that the recipe does not give."""
    init, first = story.index(values.Init), checkpoints(story)[0]
    start = story.state(first) | {f"model.{n}": each for n, each in weights.items()}
    entry = replace(story.entries[init], tensors=weights)
    return trained(story.with_entry(init, entry), first, start)


def _first(story: Story) -> State:
    return story.state(story.index(values.Init))


def _donor_weights(story: Story, other: Story) -> State:
    final = at_step(other, last_step(other))
    return {name: final[f"model.{name}"] for name in _first(story)}


def _donor_init(story: Story, other: Story) -> Story:
    return begun_from(story, _donor_weights(story, other))


def _donor_tensor(story: Story, other: Story) -> Story:
    weights, donor = _first(story), _donor_weights(story, other)
    name = max(weights, key=lambda n: weights[n].size)
    return begun_from(story, {**weights, name: donor[name]})


def _donor_masked(story: Story, other: Story) -> Story:
    donor = _donor_weights(story, other)
    return begun_from(
        story, {n: each + noise(each, 0.01, n) for n, each in donor.items()}
    )


def _donor_with_first_loss(story: Story, other: Story) -> Story:
    """The losses of an honest start told of a run that began from a donor."""
    told_ = _donor_init(story, other)
    losses = {
        e.event.step: e.event.loss
        for e in story.entries
        if isinstance(e.event, values.Step)
    }

    def honest(entry: Entry) -> Entry:
        event = entry.event
        if not isinstance(event, values.Step) or event.step > HALF:
            return entry
        loss = losses[event.step]
        return replace(entry, event=msgspec.structs.replace(event, loss=loss))

    return told_.each(honest)


def _seed_replaced(story: Story, _: Story) -> Story:
    return story.changed(story.index(values.Init), seed="4321")


def _interpolated(story: Story, _: Story) -> Story:
    end = last_step(story)
    first, last = at_step(story, 0), at_step(story, end)

    def between(step: int, state: State) -> State:
        share = step / end
        mixed = {n: (1 - share) * first[n] + share * last[n] for n in weights_of(state)}
        return state | {n: each.astype(first[n].dtype) for n, each in mixed.items()}

    return with_states(story, between)


def _teleported(story: Story, other: Story) -> Story:
    return with_states(story, lambda step, _: at_step(other, step), since=HALF)


def _teleported_and_trained(story: Story, other: Story) -> Story:
    """One forged stretch, and honest training after it."""
    where = story.index(values.RecordedCheckpoint, step=HALF + 20)
    return trained(story, where, at_step(other, last_step(other)))


def _glued(story: Story, other: Story) -> Story:
    """A little more of the donor in every checkpoint of the second half."""
    end = last_step(story)
    donor = at_step(other, end)

    def glue(step: int, state: State) -> State:
        share = (step - HALF) / (end - HALF)
        return state | {
            n: ((1 - share) * state[n] + share * donor[n]).astype(state[n].dtype)
            for n in weights_of(state)
        }

    return with_states(story, glue, since=HALF)


def _invented(story: Story, _: Story) -> Story:
    """One checkpoint in the middle that no training led to."""

    def shake(step: int, state: State) -> State:
        if step != HALF:
            return state
        shaken = {n: state[n] + noise(state[n], 0.02, n) for n in weights_of(state)}
        return state | shaken

    return with_states(story, shake)


def _on_state(change: Callable[[State], State]) -> Lie:
    """Changes the state after half of the run, and no other."""
    return lambda story, _: with_states(
        story, lambda step, state: change(state) if step == HALF else state
    )


def _emptied(state: State) -> State:
    return {
        n: np.zeros_like(a) if n.startswith("optimizer.") else a
        for n, a in state.items()
    }


def _counted_otherwise(state: State) -> State:
    return {n: a + 7 if n.endswith(".step") else a for n, a in state.items()}


def _negative(state: State) -> State:
    return {n: -a if n.endswith(".exp_avg_sq") else a for n, a in state.items()}


def _swollen(state: State) -> State:
    return {n: a * 100 if n.endswith(".exp_avg") else a for n, a in state.items()}


def _without_optimizer(state: State) -> State:
    return {n: a for n, a in state.items() if not n.startswith("optimizer.")}


def _optimizer_of_another(story: Story, other: Story) -> Story:
    theirs = at_step(other, HALF)

    def swap(step: int, state: State) -> State:
        if step != HALF:
            return state
        return {n: theirs[n] if n.startswith("opt") else a for n, a in state.items()}

    return with_states(story, swap)


def _generator_of_another(story: Story, other: Story) -> Story:
    theirs = at_step(other, HALF)

    def swap(_: int, state: State) -> State:
        return {n: theirs[n] if n.startswith("rng") else a for n, a in state.items()}

    return with_states(story, swap)


def _sketches_invented(story: Story, _: Story) -> Story:
    """Weights as they were first, a little moved, in the place of the real ones."""
    first = _first(story)

    def invent(entry: Entry) -> Entry:
        if not isinstance(entry.event, values.Sketch):
            return entry
        mark = str(entry.event.step)
        made = {n: a + noise(a, 0.001, n + mark) for n, a in first.items()}
        return replace(entry, tensors=made)

    return story.each(invent)


def _sketches_of_another(story: Story, other: Story) -> Story:
    names = list(_first(story))

    def take(entry: Entry) -> Entry:
        if not isinstance(entry.event, values.Sketch):
            return entry
        theirs = at_step(other, entry.event.step)
        return replace(entry, tensors={n: theirs[f"model.{n}"] for n in names})

    return story.each(take)


def _tiny_steps(story: Story, other: Story) -> Story:
    """Rates so small that nothing moves, on the way to a donor: old proofs let it by.

    Each checkpoint goes a ten-thousandth of the way, and rates allow just that.
    """
    donor = at_step(other, last_step(other))
    base = at_step(story, HALF)

    def creep(step: int, state: State) -> State:
        share = 1e-4 * (step - HALF) / 20
        return state | {
            n: (base[n] + share * (donor[n] - base[n])).astype(base[n].dtype)
            for n in weights_of(state)
        }

    def slow(entry: Entry) -> Entry:
        event = entry.event
        if not isinstance(event, values.Step) or event.step <= HALF:
            return entry
        return replace(entry, event=msgspec.structs.replace(event, lr=(5e-6).hex()))

    return with_states(story.each(slow), creep, since=HALF)


_TABLE: tuple[tuple[str, str, str, Lie], ...] = (
    ("first weights of a donor", "V4", "fail", _donor_init),
    ("one first tensor of a donor", "V4", "fail", _donor_tensor),
    ("first weights of a donor under noise", "V4", "fail", _donor_masked),
    ("another seed named", "V4", "inconclusive", _seed_replaced),
    (
        "a warm start under other losses",
        "V5",
        "fail",
        _donor_with_first_loss,
    ),
    ("weights interpolated from first to last", "V10", "fail", _interpolated),
    ("weights of another run from half way on", "V7", "fail", _teleported),
    ("one stretch to a donor, then training", "V10", "fail", _teleported_and_trained),
    ("a donor glued in slowly", "V10", "fail", _glued),
    ("tiny rates on the way to a donor", "V10", "fail", _tiny_steps),
    ("a checkpoint invented", "V10", "fail", _invented),
    ("an emptied optimizer", "V9", "fail", _on_state(_emptied)),
    (
        "an optimizer of other steps",
        "V9",
        "fail",
        _on_state(_counted_otherwise),
    ),
    ("negative squares in the optimizer", "V9", "fail", _on_state(_negative)),
    ("moments larger than gradients", "V9", "fail", _on_state(_swollen)),
    (
        "a state without optimizer",
        "V9",
        "inconclusive",
        _on_state(_without_optimizer),
    ),
    ("the optimizer of another run", "V10", "fail", _optimizer_of_another),
    ("generator states of another run", "V8", "inconclusive", _generator_of_another),
    ("sketches invented", "V8", "fail", _sketches_invented),
    ("sketches of another run", "V8", "fail", _sketches_of_another),
)
WEIGHTS = tuple(
    Mutation(
        name=name,
        hand=Hand.LIVE,
        caught_by=check,
        as_=result,
        forge=lived_with(lie),
        needs=frozenset({"materials", "replay"}),
    )
    for name, check, result, lie in _TABLE
)
