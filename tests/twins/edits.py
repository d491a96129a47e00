"""Edits of a story that more than one liar makes, and honest runs as well."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from dokja.training import values
from tests.twins.story import Entry, Story


def steps_dropped(story: Story, first: int, last: int) -> Story:
    """The story without the steps from first to last."""
    return story.each(
        lambda e: (
            None
            if isinstance(e.event, values.Step) and first <= e.event.step <= last
            else e
        )
    )


def with_gap(story: Story, before: int, missed: int) -> Story:
    """The story with a declared gap in front of a step."""
    where = story.index(values.Step, step=before)
    entry = story.entries[where]
    event = entry.event
    gap = values.Gap(
        seq=event.seq,
        prev=event.prev,
        at=event.at,
        mono_us=event.mono_us,
        reason=values.GapReason.QUEUE_FULL,
        missed=missed,
    )
    return story.with_entry(where, Entry(gap), entry)


def gone_back(story: Story, step: int, given_up: int) -> Story:
    """An honest run that gave up some steps after a checkpoint and took them again."""
    where = story.index(values.RecordedCheckpoint, step=step)
    kept = story.entries[where]
    assert isinstance(kept.event, values.RecordedCheckpoint)
    lost = [
        replace(e, event=msgspec.structs.replace(e.event, at=kept.event.at))
        for e in story.entries
        if isinstance(e.event, values.Step) and step < e.event.step <= step + given_up
    ]
    back = values.Rollback(
        seq=0,
        prev=kept.event.prev,
        at=kept.event.at,
        mono_us=kept.event.mono_us,
        step=step,
        checkpoint=kept.event.root,
        reason="loss spike",
    )
    return story.with_entry(where, kept, *lost, Entry(back))


def checkpoints(story: Story) -> list[int]:
    """Places of the recorded checkpoints."""
    return [
        n
        for n, e in enumerate(story.entries)
        if isinstance(e.event, values.RecordedCheckpoint)
    ]


def checkpoint_at(story: Story, where: int) -> values.RecordedCheckpoint:
    """The checkpoint in that place."""
    event = story.entries[where].event
    assert isinstance(event, values.RecordedCheckpoint)
    return event
