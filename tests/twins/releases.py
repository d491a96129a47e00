"""What is published, run and leased beside the record, and lies about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import torch
from safetensors.torch import load_file, save

from dokja.evidence.canonical import digest_bytes
from dokja.training.lines import moment_of
from dokja.training.materials import tree_digest
from tests.twins.data import tokens_times
from tests.twins.honest import KNOWN_CODE, RELEASE, Kept, at_second
from tests.twins.mutation import Forge, Hand, Mutation, lived
from tests.twins.story import Entry, Story
from tests.twins.weights import State, at_step, last_step, weights_of

PROGRAM = "materials/program/train.py"
Weights = dict[str, torch.Tensor]


def published(change: Callable[[Weights, Kept], Weights]) -> Forge:
    """Forges by publishing other weights than training ended with."""

    def forge(honest: Kept, folder: Path) -> Kept:
        weights = load_file(honest.folder / RELEASE)
        data = save(change(weights, honest))
        story = replace(honest.story, files={RELEASE: data})
        return honest.again(story, folder)

    return forge


def as_released(state: State) -> Weights:
    """The weights of a state as they are published."""
    return {
        name.removeprefix("model."): torch.from_numpy(array.copy()).bfloat16()
        for name, array in state.items()
        if name.startswith("model.")
    }


def _another(_: Weights, honest: Kept) -> Weights:
    assert honest.other is not None
    return as_released(at_step(honest.other, last_step(honest.other)))


def _one_tensor(weights: Weights, honest: Kept) -> Weights:
    name = max(weights, key=lambda n: weights[n].numel())
    return {**weights, name: _another(weights, honest)[name]}


def _last_bit(weights: Weights, _: Kept) -> Weights:
    name = max(weights, key=lambda n: weights[n].numel())
    bits = weights[name].contiguous().view(torch.int16).clone()
    bits.view(-1)[0] ^= 1
    return {**weights, name: bits.view(torch.bfloat16)}


def _less(weights: Weights, _: Kept) -> Weights:
    return {n: each for n, each in weights.items() if n != "norm.bias"}


def _more(weights: Weights, _: Kept) -> Weights:
    return {**weights, "adapter.weight": torch.ones(4, 4).bfloat16()}


def _averaged(_: Weights, honest: Kept) -> Weights:
    """A merge that nobody recorded."""
    one = at_step(honest.story, last_step(honest.story) - 20)
    two = at_step(honest.story, last_step(honest.story))
    return as_released({n: (one[n] + two[n]) / 2 for n in weights_of(one)})


def _smaller(weights: Weights, _: Kept) -> Weights:
    """By more than any rounding; towards zero would be a cast like another."""
    return {n: (each.float() * 0.99).bfloat16() for n, each in weights.items()}


def _program(change: Callable[[str], str]) -> Callable[[Story], Story]:
    def lie(story: Story) -> Story:
        assert story.home is not None
        text = change((story.home / PROGRAM).read_text())
        return replace(story, files={PROGRAM: text.encode()})

    return lie


def _known_code(story: Story) -> Story:
    """A file of known code under a new head, recorded as it is, without its notice."""
    assert story.home is not None
    text = KNOWN_CODE.texts["tree.py"].partition('"""\n')[2]
    added = f"# Ours.\n{text}".encode()
    program = story.home / "materials" / "program"
    held = {p.name: p.read_bytes() for p in program.iterdir() if p.is_file()}
    files = {
        n: (digest_bytes(d), len(d)) for n, d in (held | {"log.py": added}).items()
    }
    told = story.changed(0, code=tree_digest(files))
    return replace(told, files={"materials/program/log.py": added})


def _start(**fields: object) -> Callable[[Story], Story]:
    return lambda story: story.changed(0, **fields)


def _in_minutes(story: Story) -> Story:
    """Hours of training, told as five minutes of it."""
    begun = _second(story.entries[0])

    def quick(entry: Entry) -> Entry:
        at = begun + (_second(entry) - begun) / 60
        event = msgspec.structs.replace(
            entry.event, at=at_second(at), mono_us=entry.event.mono_us // 60
        )
        seen = entry.seen and int(at) + 1
        return replace(entry, event=event, seen=seen)

    return replace(story.each(quick), notes={})


def _second(entry: Entry) -> float:
    return moment_of(entry.event.at).timestamp()


def leased(factor: float) -> Forge:
    """The honest record; the organiser leased out so many times its hours."""

    def forge(honest: Kept, folder: Path) -> Kept:
        kept = honest.copied(folder)
        (lease,) = honest.leases
        more = msgspec.structs.replace(lease, hours=lease.hours * factor)
        return replace(kept, leases=(more,))

    return forge


_RELEASES = (
    ("released weights of another run", "fail", _another),
    ("a released tensor of another run", "fail", _one_tensor),
    ("the mean of two checkpoints released", "fail", _averaged),
    ("one bit of a released weight", "fail", _last_bit),
    ("a released tensor missing", "inconclusive", _less),
    ("a released tensor nobody trained", "inconclusive", _more),
    ("released weights a hundredth smaller", "fail", _smaller),
)
_BESIDE: tuple[tuple[str, str, str, Callable[[Story], Story]], ...] = (
    ("the program changed", "V16", "fail", _program(lambda text: text + "\n# v2\n")),
    (
        "code that its commit does not hold",
        "V16",
        "inconclusive",
        _start(code_changed=True),
    ),
    ("no code named", "V16", "inconclusive", _start(code=None)),
    ("known code without its notice", "V16", "inconclusive", _known_code),
    ("hours of training told as minutes", "V15", "inconclusive", _in_minutes),
)
_COMPUTE = (
    ("as much again trained beside the run", "inconclusive", leased(2.0)),
    ("more hours told of than were leased", "inconclusive", leased(0.5)),
    ("more tokens than the machines could take", "fail", lived(tokens_times(10_000))),
)
RELEASES = (
    *(
        Mutation(
            name=name,
            hand=Hand.LIVE,
            caught_by="V15",
            as_=result,
            forge=forge,
            needs=frozenset({"materials"}),
        )
        for name, result, forge in _COMPUTE
    ),
    *(
        Mutation(
            name=name,
            hand=Hand.LIVE,
            caught_by="V6",
            as_=result,
            forge=published(change),
            needs=frozenset({"materials"}),
        )
        for name, result, change in _RELEASES
    ),
    *(
        Mutation(
            name=name,
            hand=Hand.LIVE,
            caught_by=check,
            as_=result,
            forge=lived(lie),
            needs=frozenset({"materials"}),
        )
        for name, check, result, lie in _BESIDE
    ),
)
