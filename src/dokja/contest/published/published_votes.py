"""Raw votes for everybody, without identities and without small cells.

Voters are numbered anew by a salt that is then thrown away; rows are sorted, so
that their order tells nothing of when or in which turn a vote was cast. Cells
of what is told about a vote (field and language of its prompt) in which fewer
than k people voted are merged until none is left.

A voter's rows stay together under one number, because no honest error can be
computed otherwise; what somebody knows of a person's votes from elsewhere may
therefore find their other votes. No more about a person is told.

Source: L. Sweeney, k-anonymity, International Journal of Uncertainty,
Fuzziness and Knowledge-Based Systems 10:557 (2002).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dokja.contest.values import Choice
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import read_as

ANY = "any"
OTHER = "other"
COLUMNS = ("voter", "left", "right", "choice", "field", "language", "counted")
LEAST_SALT = 16

Cell = tuple[str, str]


class VoteToPublish(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """One vote as the office has it."""

    voter: str
    left: str
    right: str
    choice: Choice
    field: str
    language: str
    counted: bool
    """False where the screening left it out of the official rating."""


class PublishedVote(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    array_like=True,
    forbid_unknown_fields=True,
):
    """One vote as anyone may read it; a row, because a record holds many."""

    voter: str
    left: str
    right: str
    choice: Choice
    field: str
    language: str
    counted: bool


def publish_votes(
    votes: Sequence[VoteToPublish], *, salt: str, least_cell: int
) -> tuple[PublishedVote, ...]:
    """The votes as they are published.

    Raises: InvalidInput for a salt that could be guessed; NotAllowed where
    fewer than `least_cell` people voted at all, so that nothing hides them.
    """
    if len(salt) < LEAST_SALT:
        raise InvalidInput(
            f"the salt has {len(salt)} characters",
            remedy=f"draw {LEAST_SALT} or more at random, and keep them nowhere",
        )
    merged = merged_cells(
        (((vote.field, vote.language), vote.voter) for vote in votes),
        least=least_cell,
    )
    numbers = _numbers({vote.voter for vote in votes}, salt)
    found = []
    for vote in votes:
        field, language = merged[vote.field, vote.language]
        found.append(
            PublishedVote(
                voter=numbers[vote.voter],
                left=vote.left,
                right=vote.right,
                choice=vote.choice,
                field=field,
                language=language,
                counted=vote.counted,
            )
        )
    return tuple(sorted(found, key=msgspec.structs.astuple))


def published_csv(votes: Iterable[PublishedVote]) -> str:
    """The file of the published votes; `dokja contest rate` reads it again."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for vote in votes:
        row = msgspec.structs.astuple(vote)
        writer.writerow([*row[:-1], "yes" if vote.counted else "no"])
    return out.getvalue()


def read_published(text: str, *, where: str) -> tuple[PublishedVote, ...]:
    """The votes in the text of `published_csv`. Raises: InvalidInput."""
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(rows[0]) != COLUMNS:
        raise InvalidInput(
            f"{where} has not the columns {','.join(COLUMNS)}",
            remedy="give the file of votes as it was published",
        )
    return tuple(
        read_as([*row[:-1], row[-1] == "yes"], PublishedVote, where=f"{where}, {line}")
        for line, row in enumerate(rows[1:], start=2)
    )


def merged_cells(
    seen: Iterable[tuple[Cell, str]], *, least: int
) -> Mapping[Cell, Cell]:
    """Each cell, and the one it is published as: none has fewer than `least` people.

    Languages of a field go together first, then small fields; `other` takes in
    further fields as long as it is too small itself. Raises: NotAllowed where
    all the people together are fewer.
    """
    people: dict[Cell, set[str]] = {}
    for cell, voter in seen:
        people.setdefault(cell, set()).add(voter)
    everyone = set().union(*people.values())
    if len(everyone) < least:
        raise NotAllowed(
            f"{len(everyone)} people voted; a cell must hold {least}",
            remedy="publish the rating without the votes",
        )
    found = {cell: cell for cell in people}
    while True:
        sizes = _sizes(people, found)
        small = min(sizes, key=lambda cell: (sizes[cell], cell))
        if sizes[small] >= least:
            return found
        found = {cell: _wider(now, small, sizes) for cell, now in found.items()}


def _sizes(
    people: Mapping[Cell, set[str]], found: Mapping[Cell, Cell]
) -> dict[Cell, int]:
    """People by published cell. Each of a field's cells counts as its own."""
    members: dict[Cell, set[str]] = {}
    for cell, now in found.items():
        members.setdefault(now, set()).update(people[cell])
    return {cell: len(voters) for cell, voters in members.items()}


def _wider(now: Cell, small: Cell, sizes: Mapping[Cell, int]) -> Cell:
    """Where a published cell goes so that the small one grows."""
    field, language = small
    if language != ANY:
        return (field, ANY) if now[0] == field else now
    joined = (OTHER, ANY)
    if now == small:
        return joined
    if field == OTHER or joined not in sizes:
        # The small one would stand alone as `other`: the next smallest joins it.
        rest = [cell for cell in sizes if cell != small]
        following = min(rest, key=lambda cell: (sizes[cell], cell))
        return joined if now[0] == following[0] else now
    return now


def _numbers(voters: set[str], salt: str) -> dict[str, str]:
    """New numbers in the order of salted digests."""
    order = sorted(
        voters,
        key=lambda voter: hashlib.sha256(f"{salt}\x1f{voter}".encode()).digest(),
    )
    width = len(str(len(order)))
    return {voter: f"n{place:0{width}d}" for place, voter in enumerate(order, start=1)}
