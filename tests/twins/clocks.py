"""Lies about when: what a witness's clock and nonces are there for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from dokja.training import values
from dokja.training.lines import moment_of
from dokja.training.statements import signed_statement
from tests.twins.honest import STEP_SECONDS, Kept, at_second, nonce_of
from tests.twins.mutation import Forge, Hand, Mutation, lived
from tests.twins.story import Entry, Story

HOUR, DAY = 3600, 86_400


def moved(story: Story, seconds: int, *, since: int = 0) -> Story:
    """The story with events dated otherwise from some place on."""

    def move(entry: Entry) -> Entry:
        if entry.event.seq < since:
            return entry
        at = moment_of(entry.event.at).timestamp() + seconds
        return replace(
            entry, event=msgspec.structs.replace(entry.event, at=at_second(at))
        )

    return story.each(move)


def with_nonce(
    change: Callable[[values.Nonce], values.Nonce], *, by_stranger: bool = False
) -> Forge:
    """Another nonce's statement in the place of the one the witness issued."""

    def forge(honest: Kept, folder: Path) -> Kept:
        start = honest.story.first(values.Start)
        at = int(moment_of(start.at).timestamp()) - STEP_SECONDS
        nonce = change(
            values.Nonce(origin=honest.story.origin, value=start.nonce, at=at)
        )
        keys = honest.keys
        pen = keys.stranger if by_stranger else keys.both.witness
        assert pen is not None
        said = {**honest.story.statements, "nonce": signed_statement(nonce, pen)}
        story = replace(honest.story, statements=said)
        return honest.again(story, folder)

    return forge


def _no_nonce(story: Story) -> Story:
    said = {k: v for k, v in story.statements.items() if k != "nonce"}
    return replace(story.changed(0, nonce=""), statements=said, notes={})


def _all_at_the_end(story: Story) -> Story:
    """The witness saw every head only when training was over."""
    last = max(e.seen for e in story.entries if e.seen is not None)
    return replace(story.each(lambda e: replace(e, seen=e.seen and last)), notes={})


def _seldom(story: Story) -> Story:
    """A step an hour and one cosignature at either end."""
    first, last = story.index(values.Init), len(story.entries) - 1
    begun = moment_of(story.entries[0].event.at).timestamp()

    def slow(entry: Entry) -> Entry:
        at = begun + (moment_of(entry.event.at).timestamp() - begun) * 60
        event = msgspec.structs.replace(entry.event, at=at_second(at))
        seen = int(at) + 1 if entry.event.seq in (first, last) else None
        return replace(entry, event=event, seen=seen)

    return replace(story.each(slow), notes={})


def _backwards(story: Story) -> Story:
    """A longer log cosigned before a shorter one: two clocks, or two witnesses."""
    heads = [n for n, e in enumerate(story.entries) if e.seen is not None]
    one, two = story.entries[heads[1]], story.entries[heads[2]]
    swapped = story.with_entry(heads[1], replace(one, seen=two.seen))
    return replace(swapped.with_entry(heads[2], replace(two, seen=one.seen)), notes={})


def _middle(story: Story) -> int:
    return len(story.entries) // 2


CLOCKS = tuple(
    Mutation(name=name, hand=Hand.LIVE, caught_by="V3", forge=forge)
    for name, forge in (
        ("the team's clock an hour ahead", lived(lambda s: moved(s, HOUR))),
        ("the team's clock an hour behind", lived(lambda s: moved(s, -HOUR))),
        ("the log dated a month back", lived(lambda s: moved(s, -30 * DAY))),
        (
            "the clock moved half way",
            lived(lambda s: moved(s, 2 * HOUR, since=_middle(s))),
        ),
        ("witnessed only when it was over", lived(_all_at_the_end)),
        ("witnessed twice in days", lived(_seldom)),
        ("heads cosigned in another order", lived(_backwards)),
        ("no nonce", lived(_no_nonce)),
        (
            "a nonce two days old",
            with_nonce(lambda n: msgspec.structs.replace(n, at=n.at - 2 * DAY)),
        ),
        (
            "a nonce issued after the start",
            with_nonce(lambda n: msgspec.structs.replace(n, at=n.at + HOUR)),
        ),
        (
            "the nonce of another run",
            with_nonce(
                lambda n: values.Nonce(
                    origin="alpha/run-0", value=nonce_of("alpha/run-0"), at=n.at
                )
            ),
        ),
        ("a nonce the team signed itself", with_nonce(lambda n: n, by_stranger=True)),
    )
)
