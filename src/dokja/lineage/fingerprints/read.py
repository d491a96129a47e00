"""Fingerprints read from bytes that somebody else wrote."""

from __future__ import annotations

import msgspec

from dokja.errors import InvalidInput
from dokja.evidence.canonical import canonical_bytes
from dokja.lineage.fingerprints.make import GRAM_ROLES, LAYERED, LAYERS, OUTSIDE
from dokja.lineage.fingerprints.sampling import ANCHORS
from dokja.lineage.fingerprints.sketches import BASIS, BOUNDARY, GRAM, PAIR_SHIFTS
from dokja.lineage.fingerprints.values import ComponentPrint, Fingerprint
from dokja.lineage.roles import TOKEN_ROLES

LIMIT = 250_000
"""Bytes of a fingerprint."""
NAME_LENGTH = 128
DIGEST = 8


def read_fingerprint(data: bytes, *, where: str, canonical: bool = True) -> Fingerprint:
    """The fingerprint in `data`, proven to have the form that is compared.

    `canonical` may be switched off where a digest vouches for the bytes.
    Raises: InvalidInput, naming `where`.
    """
    if len(data) > LIMIT:
        raise _unfit(where, f"it is larger than {LIMIT} bytes")
    try:
        found = msgspec.json.decode(data, type=Fingerprint)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unfit(where, str(error)) from error
    refuse_name(found.name, where=where)
    kinds = [component.kind for component in found.components]
    if kinds != sorted(set(kinds)):
        raise _unfit(where, "its components are repeated or out of order")
    for component in found.components:
        _refuse_lengths(component, where)
    if canonical and canonical_bytes(found) != data:
        raise _unfit(where, "its bytes are not the canonical ones")
    return found


def refuse_name(name: str, *, where: str) -> None:
    """Nothing. Raises: InvalidInput for a name that a table could not show."""
    if not 0 < len(name) <= NAME_LENGTH or not name.isprintable():
        raise InvalidInput(
            f"{where}: the model's name is empty, longer than {NAME_LENGTH} "
            "characters or not printable",
            remedy="give it a plain name with --name",
        )


def _refuse_lengths(component: ComponentPrint, where: str) -> None:
    """Nothing. Raises: InvalidInput where a table has not its entries' size."""
    layers = component.layers
    if not 0 <= layers <= LAYERS or len(component.tags) not in (0, 2 * ANCHORS):
        raise _unfit(where, "it has too many layers or anchors")
    sizes = {
        "digests": {role.value: layers * DIGEST for role in LAYERED},
        "basis": {role.value: layers * BASIS for role in LAYERED},
        "gram": {role.value: layers * GRAM for role in GRAM_ROLES},
        "anchors": {r.value: ANCHORS * len(PAIR_SHIFTS) for r in TOKEN_ROLES},
    }
    sizes["digests"] |= {role.value: DIGEST for role in OUTSIDE}
    sizes["basis"] |= {role.value: BOUNDARY for role in OUTSIDE}
    for field, expected in sizes.items():
        for role, entries in getattr(component, field).items():
            if len(entries) != expected.get(role):
                raise _unfit(where, f"{field} of {role!r} have not the right size")
    if any(len(g.root) != DIGEST or len(g.lowest) % DIGEST for g in component.groups):
        raise _unfit(where, "a group's digests have not the right size")


def _unfit(where: str, fact: str) -> InvalidInput:
    return InvalidInput(
        f"{where} is not a fingerprint: {fact}",
        remedy="make it again with `dokja lineage fingerprint`",
    )
