"""An honest run as an office would have it: hours long, witnessed, once challenged."""

from __future__ import annotations

import hashlib
import inspect
import math
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import ml_dtypes
import msgspec
from safetensors import numpy as safetensors_numpy

from dokja.adapters.signing import Ed25519Signer
from dokja.evidence import hash_tree
from dokja.training import values
from dokja.training.jobs import Configuration
from dokja.training.known_code import CodeTree
from dokja.training.lines import moment_of, moment_text
from dokja.training.materials import Lease
from dokja.training.statements import signed_statement
from tests.recorded_run import write_keys
from tests.twins.story import STATES, Entry, Pens, Story, read_story
from tests.twins.telling import link, tell

BEGUN = 1_790_000_000
STEP_SECONDS = 60
KNOWN_CODE = CodeTree(
    "a known tree",
    {
        "tree.py": inspect.getsource(hash_tree),
        "LICENSE": "Permission is granted to whoever keeps this notice in every copy "
        "of the tree or of a substantial part of it, and to nobody else. " * 3,
    },
)
"""What the auditor compares programs with."""
LEASE = "lease-1"
RELEASE = "release/model.safetensors"
PARAMETERS = 119_552
"""Of the model of tests/trained_run.py."""
CHALLENGE = hashlib.sha256(b"challenge").hexdigest()[:32]
SAID = f"challenge-{CHALLENGE}"
"""Name of its statement."""


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Files of the public keys, and the pens of those who sign."""

    team: Path
    witness: Path
    both: Pens
    stranger: Ed25519Signer

    @property
    def team_alone(self) -> Pens:
        """Who forges afterwards: no witness cosigns what was not there."""
        return replace(self.both, witness=None)


def make_keys(folder: Path) -> Keys:
    """Keys whose seeds everybody knows."""
    pens = {}
    for name in ("team", "witness", "stranger"):
        private, _ = write_keys(folder, name)
        pens[name] = Ed25519Signer.from_pem(private)
    return Keys(
        team=folder / "team.pub.pem",
        witness=folder / "witness.pub.pem",
        both=Pens(team=pens["team"], witness=pens["witness"]),
        stranger=pens["stranger"],
    )


def witnessed(story: Story, pens: Pens, *, begun: int = BEGUN) -> Story:
    """The run as it would stand had a step taken a minute and a witness watched it."""
    now, told = begun, []
    for entry in story.entries:
        now += STEP_SECONDS if isinstance(entry.event, values.Step) else 0
        told.append(_dated(entry, now, begun))
    start = msgspec.structs.replace(told[0].event, nonce=nonce_of(story.origin))
    entries = (replace(told[0], event=start), *map(_on_lease, told[1:]))
    nonce = values.Nonce(
        origin=story.origin, value=nonce_of(story.origin), at=begun - STEP_SECONDS
    )
    assert pens.witness is not None
    statements = {"nonce": signed_statement(nonce, pens.witness)}
    return challenged(
        replace(story, entries=entries, statements=statements, notes={}), pens
    )


def _on_lease(entry: Entry) -> Entry:
    if not isinstance(entry.event, values.Environment):
        return entry
    return replace(entry, event=msgspec.structs.replace(entry.event, lease=LEASE))


def sketched(story: Story) -> Story:
    """The story with a sketch in front of every kept checkpoint after some steps.

    As a recorder writes it that is set to a sketch every so many steps.
    """
    if story.home is None:
        return story
    steps = {e.event.step for e in story.entries if isinstance(e.event, values.Sketch)}
    entries: list[Entry] = []
    for entry in story.entries:
        event = entry.event
        if isinstance(event, values.RecordedCheckpoint) and event.step not in {
            0,
            *steps,
        }:
            entries.append(Entry(_sketch(event, entries)))
        entries.append(entry)
    return replace(story, entries=tuple(entries), notes={})


def _sketch(at: values.RecordedCheckpoint, before: list[Entry]) -> values.Sketch:
    """At the coordinates of the newest heads; the weights are filled in when told."""
    roots = [entry.root for entry in before if entry.is_headed][-3:]
    return values.Sketch(
        seq=at.seq,
        prev=at.prev,
        at=at.at,
        mono_us=at.mono_us,
        step=at.step,
        sets=tuple(values.SketchSet(root=root, weights=()) for root in roots),
    )


def challenged(story: Story, pens: Pens) -> Story:
    """The story with a challenge to its second checkpoint, answered before the end."""
    challenge, end = challenge_to(story), story.entries[-1]
    if challenge is None or not isinstance(end.event, values.End):
        return story
    asked = story.entries[challenge.entry - 1].event
    assert isinstance(asked, values.RecordedCheckpoint)
    answer = values.ChallengeAnswer(
        seq=0,
        prev=end.event.prev,
        at=end.event.at,
        mono_us=end.event.mono_us,
        challenge=CHALLENGE,
        checkpoint=asked.root,
    )
    assert pens.witness is not None
    said = signed_statement(challenge, pens.witness)
    entries = (*story.entries[:-1], Entry(answer), end)
    statements = {**story.statements, SAID: said}
    return replace(story, entries=entries, statements=statements)


def challenge_to(story: Story) -> values.Challenge | None:
    """The challenge to the second checkpoint of the story, where it has one."""
    kept = [
        n
        for n, e in enumerate(story.entries, start=1)
        if isinstance(e.event, values.RecordedCheckpoint)
    ]
    if len(kept) < 2:
        return None
    asked = story.entries[kept[1] - 1].event
    return values.Challenge(
        id=CHALLENGE,
        origin=story.origin,
        entry=kept[1],
        at=math.ceil(moment_of(asked.at).timestamp()),
    )


def nonce_of(origin: str) -> str:
    """The random text that a witness would have issued to the run."""
    return hashlib.sha256(origin.encode()).hexdigest()


def at_second(second: float) -> str:
    """The moment as events carry it."""
    return moment_text(datetime.fromtimestamp(second, UTC))


def _dated(entry: Entry, now: int, begun: int) -> Entry:
    event = msgspec.structs.replace(
        entry.event, at=at_second(now), mono_us=(now - begun) * 1_000_000
    )
    return replace(entry, event=event, seen=now + 1 if entry.is_headed else None)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A record as it lies in a folder, and what its reader trusts."""

    folder: Path
    keys: Keys
    story: Story
    """As it was told last."""
    other: Story | None = None
    """An honest run of the same team from another seed."""
    leases: tuple[Lease, ...] = ()
    """As the organiser leased machines out."""
    challenges: tuple[values.Challenge, ...] = ()
    """As the witness kept them."""
    audited_on: tuple[Configuration, ...] = ()
    """Kinds of arithmetic the auditor has; its own and half batches where empty."""
    is_replayed: bool = True
    """Whether the auditor runs the team's program."""

    @property
    def record(self) -> Path:
        """The folder of the record."""
        return self.folder / "record"

    @property
    def latest(self) -> Path:
        """The newest head that the witness keeps."""
        return self.folder / "latest.note"

    def again(self, story: Story, folder: Path, *, pens: Pens | None = None) -> Kept:
        """Another story of the run: told live, or afterwards by those pens.

        What the organiser leased stays, and of what is told afterwards the witness
        keeps what it saw.
        """
        story = publishing(story)
        kept = told(story, folder, self.keys, pens or self.keys.both)
        if pens is not None and pens.witness is None:
            kept.latest.write_bytes(self.latest.read_bytes())
            kept = replace(kept, challenges=self.challenges)
        return replace(kept, leases=self.leases, is_replayed=self.is_replayed)

    def copied(self, folder: Path) -> Kept:
        """A copy that may be spoilt."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder, copy_function=_copied_or_linked)
        return replace(self, folder=folder)


def _copied_or_linked(source: str, target: str) -> None:
    """Materials are large and replaced whole, never written into."""
    if "/materials/" in source or "/release/" in source:
        link(Path(source), Path(target))
    else:
        shutil.copy2(source, target)


def told(story: Story, folder: Path, keys: Keys, pens: Pens) -> Kept:
    """The story in a folder; the witness keeps its newest head where it saw it."""
    shutil.rmtree(folder, ignore_errors=True)
    challenge = challenge_to(story)
    if pens.witness is not None and challenge is not None and SAID in story.statements:
        said = signed_statement(challenge, pens.witness)
        story = replace(story, statements={**story.statements, SAID: said})
    kept = Kept(
        folder=folder,
        keys=keys,
        story=tell(story, folder, pens),
        challenges=() if challenge is None else (challenge,),
    )
    newest = max(kept.story.notes, key=lambda head: head.size)
    kept.latest.write_bytes(kept.story.notes[newest])
    return kept


def publishing(story: Story) -> Story:
    """The story with the weights published that it ends with, where they are others."""
    states = [e for e in story.entries if isinstance(e.event, STATES)]
    last = states[-1].tensors if states else None
    if story.home is None or last is None or RELEASE in story.files:
        return story
    model = {n: a for n, a in last.items() if n.startswith("model.")}
    data = safetensors_numpy.save(
        {
            n.removeprefix("model."): a.astype(ml_dtypes.bfloat16)
            for n, a in model.items()
        }
    )
    return replace(story, files={**story.files, RELEASE: data})


def lease_of(story: Story) -> Lease:
    """One device for as long as the run took, with 0.4 of its peak in use."""
    steps = [e.event for e in story.entries if isinstance(e.event, values.Step)]
    hours = len(steps) * STEP_SECONDS / 3600
    flops = 6 * PARAMETERS * steps[-1].tokens
    return Lease(
        lease=LEASE,
        device="a device",
        count=1,
        hours=hours,
        peak_flops=flops / (0.4 * hours * 3600),
    )


def honest_run(home: Path, folder: Path, keys: Keys) -> Kept:
    """The run whose `record`, and `materials` if any, lie in `home`, witnessed."""
    story = witnessed(sketched(read_story(home)), keys.both)
    kept = told(story, folder, keys, keys.both)
    return replace(kept, leases=(lease_of(kept.story),))
