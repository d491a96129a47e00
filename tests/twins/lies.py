"""Lies that a log alone can show: signed by the team, cosigned as training ran."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from dokja.evidence.hash_tree import HashTree
from dokja.training import values
from dokja.training.lines import line_hash
from dokja.training.tree_heads import cosignature, signed_head
from tests.twins.edits import (
    checkpoint_at,
    checkpoints,
    gone_back,
    steps_dropped,
    with_gap,
)
from tests.twins.honest import SAID, Kept
from tests.twins.mutation import Forge, Hand, Mutation, lived
from tests.twins.outsiders import (
    Lines,
    canonical,
    heads,
    lines_of,
    step_line,
    write_lines,
)
from tests.twins.story import Entry, Story
from tests.twins.telling import WITNESS

Lie = Callable[[Story], Story]


def raw_lines(change: Callable[[bytes], bytes]) -> Forge:
    """A line of another form, signed and cosigned as it is: a recorder of one's own."""

    def forge(honest: Kept, folder: Path) -> Kept:
        kept = honest.copied(folder)
        lines = lines_of(kept)
        where = step_line(lines)
        lines[where] = change(lines[where])
        for n in range(where + 1, len(lines)):
            fields = json.loads(lines[n]) | {"prev": line_hash(lines[n - 1])}
            lines[n] = canonical(fields)
        write_lines(kept, lines)
        _sign_raw(kept, lines)
        return kept

    return forge


def _sign_raw(kept: Kept, lines: Lines) -> None:
    tree, seen = HashTree(), {}
    for entry in kept.story.entries:
        seen[entry.event.seq + 1] = entry.seen
    for line in lines:
        tree.append(line)
    for path in heads(kept):
        size = int(path.stem)
        head = values.TreeHead(
            origin=kept.story.origin, size=size, root=tree.root(size)
        )
        note = signed_head(head, kept.keys.both.team)
        at, pen = seen[size], kept.keys.both.witness
        assert at is not None
        assert pen is not None
        note += cosignature(head, pen, name=WITNESS, at=at)
        path.write_text(note)
        kept.latest.write_text(note)


def _retyped(new: bytes) -> Forge:
    return raw_lines(lambda line: line.replace(b'"step":7,', new, 1))


def _unmarked_rollback(story: Story) -> Story:
    """Steps taken twice, and no event that says that the first were given up."""
    at = checkpoint_at(story, checkpoints(story)[0])
    told_ = gone_back(story, at.step, 5)
    return told_.each(lambda e: None if isinstance(e.event, values.Rollback) else e)


def _nan_step(story: Story) -> Story:
    """No rate at all in one step, so that no bound on moves can be computed."""
    return story.changed(story.index(values.Step, step=7), lr="nan")


def _offset(story: Story) -> Story:
    """A warm start, told as training that others had watched so far."""
    shift = 5000

    def later(entry: Entry) -> Entry:
        if not isinstance(
            entry.event, values.Step | values.RecordedCheckpoint | values.End
        ):
            return entry
        step = entry.event.step + shift
        return replace(entry, event=msgspec.structs.replace(entry.event, step=step))

    return replace(story.each(later), notes={})


def _step_twice(story: Story) -> Story:
    where = story.index(values.Step, step=7)
    entry = story.entries[where]
    return story.with_entry(where, entry, entry)


def _gap_over_checkpoint(story: Story) -> Story:
    at = checkpoint_at(story, checkpoints(story)[0])
    dropped = steps_dropped(story, at.step - 2, at.step + 2)
    return with_gap(dropped, at.step + 3, 6)


def _gap_and_no_checkpoint(story: Story) -> Story:
    """The checkpoint is swallowed too; what follows hangs in the air."""
    where = checkpoints(story)[0]
    at = story.entries[where].event
    assert isinstance(at, values.RecordedCheckpoint)
    told_ = replace(
        story, entries=(*story.entries[:where], *story.entries[where + 1 :])
    )
    return with_gap(steps_dropped(told_, at.step - 2, at.step + 2), at.step + 3, 6)


def _without(kind: type[object]) -> Lie:
    return lambda s: s.each(lambda e: None if isinstance(e.event, kind) else e)


def _set(kind: type[object], **fields: object) -> Lie:
    return lambda s: s.changed(s.index(kind), **fields)


def _answered_otherwise(story: Story) -> Story:
    first = checkpoint_at(story, checkpoints(story)[0])
    where = story.index(values.ChallengeAnswer)
    return story.changed(where, checkpoint=first.root)


def _challenge_hidden(story: Story) -> Story:
    said = {k: v for k, v in story.statements.items() if k != SAID}
    return replace(_without(values.ChallengeAnswer)(story), statements=said)


def _orphan(story: Story) -> Story:
    return story.changed(checkpoints(story)[1], parent=f"sha256:{'0' * 64}")


def _list_of_another(story: Story) -> Story:
    one = checkpoint_at(story, checkpoints(story)[0])
    return story.changed(checkpoints(story)[1], tensors=one.tensors)


def _resumed(story: Story, checkpoint: str | None) -> Story:
    where = checkpoints(story)[0]
    entry = story.entries[where]
    event = entry.event
    assert isinstance(event, values.RecordedCheckpoint)
    on = values.Resume(
        seq=0,
        prev=event.prev,
        at=event.at,
        mono_us=event.mono_us,
        step=event.step,
        checkpoint=checkpoint,
    )
    return story.with_entry(where, entry, Entry(on))


def _end_names_earlier(story: Story) -> Story:
    first = checkpoint_at(story, checkpoints(story)[0])
    return story.changed(len(story.entries) - 1, checkpoint=first.root)


_FORMS = (
    ("a step as a float, signed so", _retyped(b'"step":7.0,')),
    ("a step as text, signed so", _retyped(b'"step":"7",')),
    ("a step as NaN, signed so", _retyped(b'"step":NaN,')),
    ("a key twice, signed so", _retyped(b'"step":6,"step":7,')),
    ("an unknown field, signed so", _retyped(b'"step":7,"theme":1,')),
    ("white space in a line, signed so", _retyped(b'"step": 7,')),
    ("a negative step, signed so", _retyped(b'"step":-7,')),
)
_ALONE: tuple[tuple[str, str, str, Lie], ...] = (
    ("a step left out without a word", "V17", "fail", lambda s: steps_dropped(s, 7, 7)),
    ("steps that begin at 5001", "V17", "fail", _offset),
    ("a step recorded twice", "V17", "fail", _step_twice),
    ("a rollback without its event", "V17", "fail", _unmarked_rollback),
    (
        "steps left out under a declared gap",
        "V17",
        "inconclusive",
        lambda s: with_gap(steps_dropped(s, 7, 9), 10, 3),
    ),
    ("a gap around a checkpoint", "V17", "inconclusive", _gap_over_checkpoint),
    ("a gap that swallows a checkpoint", "V6", "inconclusive", _gap_and_no_checkpoint),
    ("no end", "V17", "inconclusive", _without(values.End)),
    ("training broken off", "V17", "inconclusive", _set(values.End, completed=False)),
    ("an end at another step", "V17", "inconclusive", _set(values.End, step=3)),
    (
        "eight processes, the digests of one",
        "V17",
        "inconclusive",
        _set(values.Environment, ranks=8),
    ),
    ("no machine named", "V17", "inconclusive", _without(values.Environment)),
    (
        "a challenge unanswered",
        "V17",
        "inconclusive",
        _without(values.ChallengeAnswer),
    ),
    ("a challenge answered otherwise", "V17", "inconclusive", _answered_otherwise),
    (
        "a challenge hidden with its answer",
        "V17",
        "inconclusive",
        _challenge_hidden,
    ),
    ("a checkpoint with an unknown parent", "V6", "fail", _orphan),
    ("a checkpoint with the list of another", "V6", "fail", _list_of_another),
    (
        "a resume from an unknown state",
        "V6",
        "fail",
        lambda s: _resumed(s, f"sha256:{'1' * 64}"),
    ),
    (
        "a resume from a state not named",
        "V6",
        "inconclusive",
        lambda s: _resumed(s, None),
    ),
    ("an end that names an earlier checkpoint", "V6", "fail", _end_names_earlier),
    ("no first weights", "V6", "inconclusive", _without(values.Init)),
    ("a rate that is no number", "V7", "inconclusive", _nan_step),
    ("an optimizer without a bound", "V7", "not_run", _set(values.Optimizer, name="?")),
)
_MATERIALS = frozenset({"materials"})
_NEEDS = {
    # Until released weights are compared, or sketches are there, nothing changes.
    "a gap that swallows a checkpoint": _MATERIALS,
    "a resume from a state not named": _MATERIALS,
    "no first weights": _MATERIALS,
    "a rate that is no number": _MATERIALS,
}
LIES = (
    *(
        Mutation(name=name, hand=Hand.LIVE, caught_by="V2", forge=forge)
        for name, forge in _FORMS
    ),
    *(
        Mutation(
            name=name,
            hand=Hand.LIVE,
            caught_by=check,
            as_=result,
            forge=lived(lie),
            needs=_NEEDS.get(name, frozenset()),
        )
        for name, check, result, lie in _ALONE
    ),
)
