"""Votes as columns, whatever they come from: a file, or the acts of a contest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dokja.contest.published.published_votes import ANY, VoteToPublish
from dokja.contest.values import Choice
from dokja.statistics.clustered import Mask, Scores
from dokja.statistics.ratings.votes import LEFT, RIGHT, TIE, Codes, Votes

OUTCOMES: Mapping[Choice, int] = {
    Choice.LEFT: LEFT,
    Choice.RIGHT: RIGHT,
    Choice.TIE: TIE,
    Choice.BOTH_BAD: TIE,
}
"""Two bad answers are as near each other as two good ones."""


@dataclass(frozen=True, eq=False, kw_only=True)
class VoteTable:
    """Votes with the names of their teams and voters, both sorted."""

    teams: tuple[str, ...]
    voters: tuple[str, ...]
    votes: Votes
    both_bad: Mask
    """(n,) whether the tie was between two bad answers."""
    styles: tuple[str, ...] = ()
    style: Scores | None = None
    """(n, styles) the left answer's figure less the right's."""
    fields: tuple[str, ...] = ()
    field: Codes | None = None
    """(n,) cell of each vote's prompt among `fields`; None where unknown."""

    def __len__(self) -> int:
        return len(self.votes)

    def of(self, chosen: Mask) -> VoteTable:
        """The chosen votes, with all teams and voters."""
        return VoteTable(
            teams=self.teams,
            voters=self.voters,
            votes=self.votes.of(chosen),
            both_bad=self.both_bad[chosen],
            styles=self.styles,
            style=None if self.style is None else self.style[chosen],
            fields=self.fields,
            field=None if self.field is None else self.field[chosen],
        )

    def by_voters(self, voters: Sequence[str]) -> Mask:
        """(n,) whether a vote is of one of these voters."""
        named = np.isin(np.array(self.voters, dtype=object), list(voters))
        found: Mask = named[self.votes.voter]
        return found

    def to_publish(self) -> tuple[VoteToPublish, ...]:
        """The votes one by one, for `publish_votes`; all of them counted."""
        words = {code: choice for choice, code in OUTCOMES.items() if code != TIE}
        field = self.field
        return tuple(
            VoteToPublish(
                voter=self.voters[voter],
                left=self.teams[left],
                right=self.teams[right],
                choice=words.get(int(outcome), _tie(bool(bad))),
                field=ANY if field is None else self.fields[field[row]],
                language=ANY,
                counted=True,
            )
            for row, (voter, left, right, outcome, bad) in enumerate(
                zip(
                    self.votes.voter,
                    self.votes.left,
                    self.votes.right,
                    self.votes.outcome,
                    self.both_bad,
                    strict=True,
                )
            )
        )


def _tie(both_bad: bool) -> Choice:  # noqa: FBT001
    return Choice.BOTH_BAD if both_bad else Choice.TIE


def coded(names: Sequence[str]) -> tuple[tuple[str, ...], Codes]:
    """The distinct names, sorted, and the number of each entry among them."""
    distinct = tuple(sorted(set(names)))
    place = {name: number for number, name in enumerate(distinct)}
    return distinct, np.array([place[name] for name in names], dtype=np.intp)


def vote_table(
    voters: Sequence[str],
    pairs: Sequence[tuple[str, str]],
    choices: Sequence[Choice],
    *,
    teams: Sequence[str] = (),
    people: Sequence[str] = (),
) -> VoteTable:
    """The table of votes given one by one.

    `teams` and `people` name those without a vote too.
    """
    left, right = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    known, codes = coded([*left, *right, *teams])
    named, voter = coded([*voters, *people])
    return VoteTable(
        teams=known,
        voters=named,
        votes=Votes(
            len(known),
            codes[: len(left)],
            codes[len(left) : 2 * len(left)],
            np.array([OUTCOMES[choice] for choice in choices], dtype=np.intp),
            voter[: len(left)],
        ),
        both_bad=np.array([c is Choice.BOTH_BAD for c in choices], dtype=np.bool_),
    )
