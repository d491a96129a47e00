"""The training record's values: events, tree heads, what a witness says, verdicts.

Events are the lines of `log.jsonl`. Numbers that are not whole stand as C99
hexadecimal text, so that no digit depends on a printer; every field is bounded,
because whoever hands in a record may be hostile.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.evidence.values import Check, CheckResult, Growing, Text

FORMAT = "dokja-record/1"
SKETCHED = 256
"""Coordinates in one set of a sketch."""

Digest = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}\Z")]
Root = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Words = Annotated[str, Meta(max_length=2000)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Moment = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
        r"\.[0-9]{3}Z\Z"
    ),
]
_EXPONENT = r"(?:\+(?:10[01][0-9]|102[0-3]|[0-9]{1,3})|-(?:10[0-7][0-9]|[0-9]{1,3}))"
"""That of a double; a greater one would be no number for whoever reads it."""
_DOUBLE = rf"(?:-?(?:0x[01]\.[0-9a-f]{{1,13}}p{_EXPONENT}|inf)|nan)"
HexFloat = Annotated[str, Meta(pattern=rf"^{_DOUBLE}\Z", max_length=32)]
Names = Annotated[tuple[Name, ...], Meta(max_length=10_000)]


class Tier(StrEnum):
    """How much the evidence of a training process can carry, least first."""

    E0 = "E0"
    E1 = "E1"
    E2 = "E2"
    E3 = "E3"
    E4 = "E4"


class GapReason(StrEnum):
    """Why events are missing from the record."""

    QUEUE_FULL = "queue_full"
    RECORDER_ERROR = "recorder_error"
    RESTART = "restart"
    NOT_RECORDED = "not_recorded"


class RecordEvent(
    Growing,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag=False,
    gc=False,
):
    """One line of the log; the first field of each kind below is its own.

    None refers back to another, so the collector need not walk through millions.
    """

    seq: Count
    prev: Root
    """SHA-256 of the line before, zeros before the first."""
    at: Moment
    mono_us: Count
    """Microseconds of a clock that nobody sets; starts anew with a process."""


class Start(RecordEvent, tag_field="ev", tag="start", frozen=True):
    """The run as it was announced before anything was trained."""

    format: Name
    team: Name
    run: Name
    nonce: Words = ""
    """What the witness issued just before; empty without a witness."""
    config: Digest | None = None
    code: Digest | None = None
    code_changed: bool | None = None
    """Whether the working tree differed from its commit."""
    lock: Digest | None = None
    imported_from: Words = ""
    """Tool whose log was read after the fact; empty for a live record."""


class Environment(RecordEvent, tag_field="ev", tag="environment", frozen=True):
    """The machines and the software that trained."""

    devices: Names
    software: Annotated[dict[Name, Words], Meta(max_length=100)]
    ranks: Annotated[int, Meta(ge=1, le=10_000_000)]
    dtype: Words = ""
    micro_batch: Count | None = None
    deterministic: bool | None = None
    lease: Words = ""


class Init(RecordEvent, tag_field="ev", tag="init", frozen=True):
    """The weights before the first step, and how they were made."""

    recipe: Words
    root: Digest
    tensors: Digest
    """Name of the list of tensor digests in the folder `lists`."""
    count: Count
    donors: Names = ()
    """Tensors that came trained from elsewhere; empty where none did."""
    seed: Words = ""
    seed_commitment: Digest | None = None


class Tokenizer(RecordEvent, tag_field="ev", tag="tokenizer", frozen=True):
    """The tokenizer: made by the team, or taken from elsewhere under a licence."""

    digest: Digest
    vocabulary: Count
    reused_from: Words = ""
    licence: Words = ""


class DataManifest(RecordEvent, tag_field="ev", tag="data", frozen=True):
    """The data that may be trained on, and how batches are drawn from it."""

    root: Digest
    shards: Digest
    """Name of the list of shards in the folder `lists`."""
    count: Count
    tokens: Count
    sampler: Words
    seed: Words = ""


class Optimizer(RecordEvent, tag_field="ev", tag="optimizer", frozen=True):
    """The rule of the steps, as far as it bounds how far a weight can move."""

    name: Name
    beta1: HexFloat | None = None
    beta2: HexFloat | None = None
    weight_decay: HexFloat = "0x0.0p+0"
    """The largest over the groups of parameters."""


class Step(RecordEvent, tag_field="ev", tag="step", frozen=True):
    """One optimizer step."""

    step: Count
    tokens: Count
    """Trained on so far, this step included."""
    loss: HexFloat
    lr: HexFloat
    """The largest over the groups of parameters."""
    batch: Digest | None = None
    rng: Digest | None = None
    grad_norm: HexFloat | None = None
    skipped: bool = False


_DOUBLES = re.compile(rf"(?:{_DOUBLE},)*+")


class SketchSet(
    Growing, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False
):
    """Weights at coordinates that a tree head's root chose."""

    root: Root
    weights: Annotated[
        tuple[Annotated[str, Meta(max_length=32)], ...], Meta(max_length=SKETCHED)
    ]
    """Each a `HexFloat`; looked at in one go, since most of a long log is these."""

    def __post_init__(self) -> None:
        super().__post_init__()
        joined = ",".join((*self.weights, ""))
        whole = _DOUBLES.fullmatch(joined) is not None
        if not whole or joined.count(",") != len(self.weights):
            raise ValueError("a weight of a sketch is no hexadecimal number")


class Sketch(RecordEvent, tag_field="ev", tag="sketch", frozen=True):
    """Weights after a step at the newest coordinates and at the two sets before."""

    step: Count
    sets: Annotated[tuple[SketchSet, ...], Meta(min_length=1, max_length=3)]


class RecordedCheckpoint(RecordEvent, tag_field="ev", tag="checkpoint", frozen=True):
    """The whole state after a step, by the digests of its tensors."""

    step: Count
    root: Digest
    tensors: Digest
    count: Count
    parent: Digest
    """Root of the checkpoint before, or of the first weights."""
    state: Names
    """Parts of the state: model, optimizer, scheduler, rng, sampler."""
    kept: bool = True


class Resume(RecordEvent, tag_field="ev", tag="resume", frozen=True):
    """Training went on from a checkpoint in a new process."""

    step: Count
    checkpoint: Digest | None
    reason: Words = ""


class Rollback(RecordEvent, tag_field="ev", tag="rollback", frozen=True):
    """Steps were given up; their events stay in the log."""

    step: Count
    """Last step that still counts."""
    checkpoint: Digest | None
    reason: Words


class Gap(RecordEvent, tag_field="ev", tag="gap", frozen=True):
    """Events that the recorder could not keep."""

    reason: GapReason
    missed: Count
    """Events lost; 0 where nobody can know."""
    detail: Words = ""


class ChallengeAnswer(RecordEvent, tag_field="ev", tag="challenge", frozen=True):
    """The checkpoint that is kept because the witness asked."""

    challenge: Words
    checkpoint: Digest | None
    """None where no checkpoint was recorded before the entry asked about."""


class End(RecordEvent, tag_field="ev", tag="end", frozen=True):
    """The run was closed; nothing follows."""

    step: Count
    tokens: Count
    checkpoint: Digest | None
    completed: bool


AnyEvent = (
    Start
    | Environment
    | Init
    | Tokenizer
    | DataManifest
    | Optimizer
    | Step
    | Sketch
    | RecordedCheckpoint
    | Resume
    | Rollback
    | Gap
    | ChallengeAnswer
    | End
)


class TensorDigest(msgspec.Struct, frozen=True, kw_only=True):
    """One tensor: SHA-256 of its values, little-endian, in row order."""

    name: Name
    dtype: Name
    shape: Annotated[tuple[Count, ...], Meta(max_length=16)]
    digest: Digest


class DataShard(Growing, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of training data with its terms."""

    name: Name
    digest: Digest
    bytes: Count
    tokens: Count
    licence: Words
    """SPDX expression, or NOASSERTION."""
    source: Words
    documents: Count | None = None
    collected: Words = ""
    opt_out: Words = ""
    personal_data: Words = ""


class TreeHead(msgspec.Struct, frozen=True, kw_only=True):
    """Size and root of a log at one moment."""

    origin: str
    """`team/run`, which is the name of the key that signs."""
    size: int
    root: bytes


class NoteSignature(msgspec.Struct, frozen=True, kw_only=True):
    """One signature line of a note."""

    name: str
    blob: bytes
    """Four bytes of the key's hash, then what that kind of key signs with."""


class SignedHead(msgspec.Struct, frozen=True, kw_only=True):
    """A tree head with the signatures under it; none is checked yet."""

    head: TreeHead
    text: str
    signatures: tuple[NoteSignature, ...]


class Nonce(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Random text the witness issued: a record that holds it is not older."""

    origin: Name
    value: Name
    at: Count
    """Seconds since 1970 on the witness's clock."""


class Challenge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The witness's order to keep the last checkpoint before an entry."""

    id: Name
    origin: Name
    entry: Count
    at: Count


class Attestation(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The organiser's word that a run used the machines its record names."""

    origin: Name
    nonce: Words
    """What the record begins with, so that it is of this run alone."""
    environment: Digest
    """Of every environment of the record."""
    basis: Words
    """How the organiser knows."""


class WitnessedHead(msgspec.Struct, frozen=True, kw_only=True):
    """The latest head of a log that the witness has cosigned."""

    head: TreeHead
    at: int


class RecordVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a training record shows, and what it cannot."""

    run: str
    """`team/run`, or empty where the record does not say."""
    events: int
    tier: Tier
    outcome: CheckResult
    """`fail` where a hard check failed, `pass` from tier E2, else `inconclusive`."""
    meaning: Text
    checks: tuple[Check, ...]
    cannot_prove: tuple[Text, ...]
