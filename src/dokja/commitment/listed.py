"""Promises as a file lists them, to be entered together."""

from __future__ import annotations

import msgspec

from dokja.commitment.values import Id, Promised
from dokja.errors import InvalidInput

LIST_SCHEMA = "dokja-commitments/1"
FILE = "commitments.toml"
"""Beside a programme's rulebook: what its teams promised in public."""


class ListedPromise(Promised, frozen=True, kw_only=True, tag="promised"):
    """A promise with the name it is to be entered under."""

    id: Id


class CommitmentList(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """A list of promises."""

    schema: str
    commitments: tuple[ListedPromise, ...]


def promises_in(listed: CommitmentList, *, where: str) -> dict[str, Promised]:
    """Each promise under its name. Raises: InvalidInput for a name that comes twice."""
    if listed.schema != LIST_SCHEMA:
        raise InvalidInput(
            f"{where} is of {listed.schema!r}, not {LIST_SCHEMA!r}",
            remedy=f'write schema = "{LIST_SCHEMA}"',
        )
    found = {entry.id: _promise(entry) for entry in listed.commitments}
    if len(found) < len(listed.commitments):
        raise InvalidInput(
            f"{where} lists a name twice", remedy="give every promise its own name"
        )
    return found


def _promise(entry: ListedPromise) -> Promised:
    fields = msgspec.structs.asdict(entry)
    del fields["id"]
    return Promised(**fields)
