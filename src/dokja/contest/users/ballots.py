"""Ballots of invited users: which count, and what they amount to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction

from dokja.contest.values import Ballot, BallotBox
from dokja.errors import InvalidInput


def check_ballots(box: BallotBox, *, teams: Sequence[str], where: str) -> None:
    """Nothing. Raises: InvalidInput with every ballot that cannot count."""
    problems = tuple(_problems(box, teams))
    if problems:
        raise InvalidInput(
            f"{where}:\n" + "\n".join(f"  - {problem}" for problem in problems),
            remedy="correct the ballots named above; no ballot of this file was taken",
        )


def ballot_share(box: BallotBox, ballot: Ballot) -> Fraction:
    """Mean over the questions of the answer's place on the scale, exact."""
    span = box.scale.max - box.scale.min
    won = sum(answer - box.scale.min for answer in ballot.answers.values())
    return Fraction(won, span * len(box.questions))


def contest_share(box: BallotBox, team: str) -> Fraction | None:
    """Mean share over the users who tried the team's model; None if nobody."""
    shares = [ballot_share(box, b) for b in box.ballots if b.team == team]
    return sum(shares, Fraction(0)) / len(shares) if shares else None


def _problems(box: BallotBox, teams: Sequence[str]) -> Iterator[str]:
    questions = {question.id for question in box.questions}
    if not questions or box.scale.max <= box.scale.min:
        yield "there is no question, or the scale has no width"
        return
    cast = Counter((ballot.user, ballot.team) for ballot in box.ballots)
    for (user, team), count in cast.items():
        if count > 1:
            yield f"user {user} has {count} ballots for {team}"
    for ballot in box.ballots:
        name = f"ballot of {ballot.user} for {ballot.team}"
        if ballot.team not in teams:
            yield f"{name}: no such team in this stage"
        if set(ballot.answers) != questions:
            yield f"{name}: answers {sorted(ballot.answers)}, not {sorted(questions)}"
        for question, answer in ballot.answers.items():
            if not box.scale.min <= answer <= box.scale.max:
                yield (
                    f"{name}: {question} is {answer}, "
                    f"not {box.scale.min} to {box.scale.max}"
                )
