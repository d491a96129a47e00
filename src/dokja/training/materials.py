"""What a team says of the materials it opens to the auditor: `materials.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta

from dokja.errors import InvalidInput
from dokja.evidence.canonical import digest_of, read_as
from dokja.training.values import Count, Name, Names, Words

PLAN_BYTES = 1 << 16
Share = Annotated[float, Meta(ge=0.0, lt=1.0)]


class ProgramPlan(msgspec.Struct, frozen=True, kw_only=True):
    """How the team's program is called, with a task and a folder behind it."""

    command: Annotated[tuple[Words, ...], Meta(min_length=1, max_length=32)]
    dtype: Words = "float32"
    """Number type of the arithmetic, which bounds what replay may differ by."""
    dropout: Share | None = None
    """None where the team does not say: then masks may have been drawn."""


class ModelPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The model's size, by which compute and the first loss are judged."""

    parameters: Count
    active_parameters: Count
    layers: Count
    hidden: Count
    context: Count
    vocabulary: Count
    unigram_init: bool = False
    """Whether the first weights already know how often each token comes."""


class HeldOut(msgspec.Struct, frozen=True, kw_only=True):
    """Shards of the same source that were never trained on."""

    shards: Names = ()


class MaterialsPlan(msgspec.Struct, frozen=True, kw_only=True):
    """What `materials.toml` says; nothing of it is believed where it can be checked."""

    program: ProgramPlan
    model: ModelPlan
    held_out: HeldOut = HeldOut()


class Lease(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Accelerators as the organiser leased them out: its own fact, not the team's."""

    lease: Name
    device: Name
    count: Count
    """Accelerators leased at once."""
    hours: Annotated[float, Meta(ge=0.0)]
    """Accelerator hours that were used, all of them together."""
    peak_flops: Annotated[float, Meta(gt=0.0)]
    """Of one accelerator, a second, in the number type that was trained in."""
    watts: Annotated[float, Meta(ge=0.0)] = 0.0
    """Rated power of one accelerator; 0 where not known."""
    energy_kwh: Annotated[float, Meta(ge=0.0)] | None = None
    """Metered by the organiser."""


class _Leases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    leases: tuple[Lease, ...]


def read_plan(raw: bytes) -> MaterialsPlan:
    """The plan of a `materials.toml`.

    Raises: InvalidInput where it is none.
    """
    return read_as(_table(raw), MaterialsPlan, where="materials.toml")


def read_leases(raw: bytes) -> tuple[Lease, ...]:
    """The leases of an organiser's TOML file, each a table `[[leases]]`.

    Raises: InvalidInput where it is none.
    """
    return read_as(_table(raw), _Leases, where="the file of leases").leases


def tree_digest(files: Mapping[str, tuple[str, int]]) -> str:
    """Digest of a code tree: every path with its file's digest and size."""
    return digest_of([[path, *files[path]] for path in sorted(files)])


def _table(raw: bytes) -> dict[str, object]:
    try:
        if len(raw) > PLAN_BYTES:
            raise ValueError(f"it has more than {PLAN_BYTES} bytes")
        return tomllib.loads(raw.decode())
    except (ValueError, RecursionError) as error:
        raise InvalidInput(
            f"the file is no TOML table: {error}",
            remedy="write it as the guide to training records shows",
        ) from error
