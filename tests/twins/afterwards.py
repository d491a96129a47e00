"""Records told otherwise when training was over; the witness keeps what it saw."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec

from dokja.training import values
from dokja.training.tree_heads import signed_head
from tests.twins.edits import (
    checkpoint_at,
    checkpoints,
    gone_back,
    steps_dropped,
    with_gap,
)
from tests.twins.honest import Kept
from tests.twins.mutation import Hand, Mutation, retold
from tests.twins.outsiders import heads
from tests.twins.story import Entry, Pens, Story


def _lower_losses(story: Story) -> Story:
    def lower(entry: Entry) -> Entry:
        if not isinstance(entry.event, values.Step):
            return entry
        loss = (float.fromhex(entry.event.loss) * 0.9).hex()
        return replace(entry, event=msgspec.structs.replace(entry.event, loss=loss))

    return story.each(lower)


def _shorter(story: Story) -> Story:
    """Ends where the last checkpoint but one stood."""
    *_, before, _ = checkpoints(story)
    told_ = story.entries[: before + 1]
    end = story.entries[-1]
    assert isinstance(end.event, values.End)
    kept = told_[-1].event
    assert isinstance(kept, values.RecordedCheckpoint)
    closed = msgspec.structs.replace(end.event, step=kept.step, checkpoint=kept.root)
    return replace(story, entries=(*told_, replace(end, event=closed)))


def _other_run(story: Story) -> Story:
    return replace(story.changed(0, run="run-2"), notes={})


def _hidden_rollback(honest: Kept, folder: Path) -> Kept:
    """What the witness saw was a run with a rollback; handed in is one without."""
    at = checkpoint_at(honest.story, checkpoints(honest.story)[0])
    seen = honest.again(gone_back(honest.story, at.step, 5), folder)
    latest = seen.latest.read_bytes()
    kept = honest.again(
        replace(honest.story, notes={}), folder, pens=honest.keys.team_alone
    )
    kept.latest.write_bytes(latest)
    return kept


def _stranger_signs(honest: Kept, folder: Path) -> Kept:
    keys = honest.keys
    story = replace(honest.story, notes={})
    pens = Pens(team=keys.stranger, witness=keys.both.witness)
    return honest.again(story, folder, pens=pens)


def _stranger_signs_one(honest: Kept, folder: Path) -> Kept:
    kept = honest.copied(folder)
    head = sorted(honest.story.notes, key=lambda h: h.size)[1]
    note = signed_head(head, honest.keys.stranger)
    heads(kept)[1].write_text(note)
    return kept


AFTERWARDS = (
    Mutation(
        name="losses lowered and signed again",
        hand=Hand.AFTERWARDS,
        caught_by="V2",
        forge=retold(_lower_losses),
    ),
    Mutation(
        name="a stretch of steps left out and signed again",
        hand=Hand.AFTERWARDS,
        caught_by="V2",
        forge=retold(lambda s: with_gap(steps_dropped(s, 5, 9), 10, 5)),
    ),
    Mutation(
        name="the run ended earlier and signed again",
        hand=Hand.AFTERWARDS,
        caught_by="V2",
        forge=retold(_shorter),
    ),
    Mutation(
        name="a rollback hidden afterwards",
        hand=Hand.AFTERWARDS,
        caught_by="V2",
        forge=_hidden_rollback,
    ),
    Mutation(
        name="the record of one run handed in as another's",
        hand=Hand.AFTERWARDS,
        caught_by="V3",
        forge=retold(_other_run),
    ),
    Mutation(
        name="the record of another team",
        hand=Hand.AFTERWARDS,
        caught_by="V1",
        forge=_stranger_signs,
    ),
    Mutation(
        name="one head signed by a foreign key",
        hand=Hand.AFTERWARDS,
        caught_by="V1",
        forge=_stranger_signs_one,
    ),
)
