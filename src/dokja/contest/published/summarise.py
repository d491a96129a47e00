"""A published contest made again from its votes, and what in it does not agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from dokja.contest.battles.draws import contest_seed
from dokja.contest.battles.opening import check_secret
from dokja.contest.published.published_contest import (
    ContestSummary,
    PublishedContest,
    in_order,
)
from dokja.contest.published.published_votes import PublishedVote
from dokja.contest.rating.influence import influence_audit
from dokja.contest.rating.rate_votes import rate_votes
from dokja.contest.rating.rated import ContestRating, RatedTeam, TeamErrors
from dokja.contest.rating.vote_table import VoteTable, vote_table
from dokja.contest.screening.screen import blinded
from dokja.contest.screening.screened import FlaggedVoter
from dokja.contest.values import Choice, Suspicion
from dokja.errors import Conflict, InvalidInput
from dokja.evidence.canonical import digest_of

CLOSE = 1e-6
"""A rating is the root of an equation and no simulation: machines differ by less,
and one changed vote in a million moves it by more."""


def summarise_contest(published: PublishedContest) -> ContestSummary:
    """The rating and what it hangs on. Raises: InvalidInput without a vote."""
    rules, source = published.rules, published.rules.id
    whole = _table(published.votes, rules.teams)
    official = _table([v for v in published.votes if v.counted], rules.teams)
    return ContestSummary(
        contest=source,
        rating=rate_votes(official, source=source),
        with_flagged=rate_votes(whole, source=source),
        labels=_labels(published, whole),
        influence=influence_audit(official, source=source),
    )


def published_problems(
    published: PublishedContest, summary: ContestSummary
) -> Iterator[tuple[str, str]]:
    """Place and problem of everything in the record that does not agree."""
    yield from _seal_problems(published)
    yield from _count_problems(published)
    yield from _vote_problems(published)
    yield from _screening_problems(published, summary.labels)
    yield from _rating_problems(published.rating, summary.rating)


def check_contest_record(
    published: PublishedContest, *, teams: Sequence[str], where: str
) -> None:
    """Nothing. Raises: InvalidInput with everything that keeps it from the record."""
    problems = [
        f"{team}: no such team in this stage / 이 단계에 없는 팀"
        for team in published.rules.teams
        if team not in teams
    ]
    if not problems:
        summary = summarise_contest(published)
        found = published_problems(published, summary)
        problems = [f"{place}: {problem}" for place, problem in found]
    if problems:
        raise InvalidInput(
            f"{where}:\n" + "\n".join(f"  - {problem}" for problem in problems[:10]),
            remedy="have the office write the contest's record again; no vote of the "
            "file was taken",
        )


def _table(votes: Sequence[PublishedVote], teams: Sequence[str]) -> VoteTable:
    placed = in_order(votes)
    return vote_table(
        [vote.voter for vote in placed],
        [(vote.left, vote.right) for vote in placed],
        [vote.choice for vote in placed],
        teams=teams,
    )


def _labels(published: PublishedContest, table: VoteTable) -> dict[str, str]:
    seed = contest_seed(
        published.rules,
        beacon=published.opened.beacon,
        secret=published.unblinded.secret,
    )
    return blinded(table, seed=seed)[1]


def _seal_problems(published: PublishedContest) -> Iterator[tuple[str, str]]:
    try:
        check_secret(published.opened, published.unblinded.secret)
    except (Conflict, InvalidInput) as error:
        yield "secret", f"{error.fact} / 개시 때의 비밀값이 아님"
    for name, then, now in (
        ("rules", published.opened.rules_digest, digest_of(published.rules)),
        ("prompts", published.opened.prompts_digest, digest_of(published.prompts)),
    ):
        if then != now:
            yield name, "not as at the opening / 개시 때와 다름"


def _count_problems(published: PublishedContest) -> Iterator[tuple[str, str]]:
    votes, part = published.votes, published.participation
    screening, canaries = published.screening, published.canaries
    people = {vote.voter for vote in votes}
    days = sum(day.votes for day in part.days)
    cast = len(votes) + published.canary_votes + published.crossed_votes
    for name, recorded, counted in (
        ("participation.votes", part.votes, cast),
        ("participation.days", days, part.votes),
        ("screening.votes", screening.votes, len(votes)),
        ("screening.voters", screening.voters, len(people)),
        ("screening.canaries", screening.canaries, canaries.same + canaries.broken),
    ):
        if recorded != counted:
            yield name, f"{recorded}, counted {counted} / 수가 맞지 않음"
    # A canary that could not be broken is a vote and checks nobody.
    if published.canary_votes < screening.canaries:
        yield "canary_votes", "fewer than were screened / 점검한 수보다 적음"
    if not len(people) <= part.voters <= part.admitted:
        yield "participation.voters", "not possible / 있을 수 없는 수"


def _vote_problems(published: PublishedContest) -> Iterator[tuple[str, str]]:
    rules, votes = published.rules, published.votes
    if votes != in_order(votes):
        yield "votes", "not in their order / 정해진 순서가 아님"
    cells: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    cast: defaultdict[str, int] = defaultdict(int)
    for vote in votes:
        cells[vote.field, vote.language].add(vote.voter)
        cast[vote.voter] += 1
        if vote.left == vote.right or not {vote.left, vote.right} <= {*rules.teams}:
            yield "votes", f"{vote.left} against {vote.right} / 있을 수 없는 대결"
    for voter, count in cast.items():
        if count > rules.battles_most:
            yield "votes", f"{voter} has {count} / 한 사람의 한도를 넘음"
    for cell, people in sorted(cells.items()):
        if len(people) < rules.least_cell:
            yield "votes", f"{len(people)} voters in {'/'.join(cell)} / 너무 작은 칸"


def _screening_problems(
    published: PublishedContest, labels: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    left_out = {vote.voter for vote in published.votes if not vote.counted}
    counted = {vote.voter for vote in published.votes if vote.counted}
    flagged = {one.voter for one in published.screening.flagged}
    if flagged != left_out or left_out & counted:
        yield "screening", "leaves out other votes than are marked / 제외한 표가 다름"
    if published.screening.level != published.rules.screening_level:
        yield "screening", "not at the level of the rules / 규칙의 수준이 아님"
    for one in published.screening.flagged:
        own = [vote for vote in published.votes if vote.voter == one.voter]
        again = _counted_again(one, own, labels)
        if again is not None and not _agrees(one, again):
            recorded = f"{one.agreeing} of {one.battles}"
            found = f"{again[1]} of {again[0]}"
            place = f"screening/{one.voter}"
            yield place, f"{recorded}, counted {found} / 수가 맞지 않음"
        if one.adjusted > published.screening.level:
            yield f"screening/{one.voter}", "above the level / 수준에 미치지 않음"


def _counted_again(
    one: FlaggedVoter, own: Sequence[PublishedVote], labels: Mapping[str, str]
) -> tuple[int, int] | None:
    """Battles and agreeing votes; None where they are canaries, which stay unseen."""
    if one.suspicion is Suspicion.UNREAD:
        return None
    if one.suspicion is Suspicion.ONE_SIDE:
        return len(own), sum(vote.choice.value == one.about for vote in own)
    team = labels.get(one.about, "")
    mine = [vote for vote in own if team in (vote.left, vote.right)]
    preferred = sum(
        vote.choice is (Choice.LEFT if vote.left == team else Choice.RIGHT)
        for vote in mine
    )
    other = sum(
        vote.choice is (Choice.RIGHT if vote.left == team else Choice.LEFT)
        for vote in mine
    )
    return len(mine), preferred if one.suspicion is Suspicion.FOR_TEAM else other


def _agrees(one: FlaggedVoter, counted: tuple[int, int]) -> bool:
    """Whether the counts are those on record; a side was chosen on canaries too."""
    battles, agreeing = one.battles - counted[0], one.agreeing - counted[1]
    if one.suspicion is Suspicion.ONE_SIDE:
        return 0 <= agreeing <= battles
    return (battles, agreeing) == (0, 0)


def _rating_problems(
    recorded: ContestRating, derived: ContestRating
) -> Iterator[tuple[str, str]]:
    for name in ("votes", "voters", "ties", "both_bad", "most_votes_of_one", "method"):
        then, now = getattr(recorded, name), getattr(derived, name)
        if then != now:
            yield f"rating.{name}", f"{then}, derived {now} / 다시 구한 값과 다름"
    teams = [team.team for team in derived.teams]
    if [team.team for team in recorded.teams] != teams:
        yield "rating.teams", "other teams / 팀이 다름"
        return
    for then_team, now_team in zip(recorded.teams, derived.teams, strict=True):
        if not _same_team(then_team, now_team):
            then, now = then_team.strength, now_team.strength
            place = f"rating.{then_team.team}"
            yield place, f"{then}, derived {now} / 다시 구한 값과 다름"
    then_errors, now_errors = (_errors(r.errors) for r in (recorded, derived))
    if then_errors.keys() != now_errors.keys() or not all(
        _near(a, b)
        for team, pair in then_errors.items()
        for a, b in zip(pair, now_errors[team], strict=True)
    ):
        yield "rating.errors", "other errors / 표준오차가 다름"


def _errors(
    errors: Sequence[TeamErrors],
) -> dict[str, tuple[float | None, float | None]]:
    return {one.team: (one.naive, one.clustered) for one in errors}


def _same_team(one: RatedTeam, other: RatedTeam) -> bool:
    exact = ("rank_low", "rank_high", "votes", "unrated")
    return all(getattr(one, name) == getattr(other, name) for name in exact) and all(
        _near(getattr(one, name), getattr(other, name))
        for name in ("strength", "low", "high")
    )


def _near(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= CLOSE * max(1.0, abs(one))
