"""What a contest leaves to its stage agrees with itself, or says where it does not."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.contest import (
    check_contest_record,
    parse_contest_record,
    publish_contest,
    publish_votes,
    published_csv,
    published_problems,
    rate_contest,
    read_published,
    summarise_contest,
    votes_to_publish,
)
from dokja.contest.published.published_contest import PublishedContest
from dokja.contest.published.published_votes import PublishedVote
from dokja.contest.values import Choice, Suspicion
from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.canonical import canonical_bytes
from tests.contest_fixture import contest_text, held_record, published_contest
from tests.unit.contest.contests import TEAMS

Change = Callable[[PublishedContest], PublishedContest]


def with_votes(
    published: PublishedContest, votes: tuple[PublishedVote, ...]
) -> PublishedContest:
    """The record with other votes."""
    return msgspec.structs.replace(published, votes=votes)


def changed_vote(published: PublishedContest) -> PublishedContest:
    """One counted vote turned round."""
    place = next(
        n
        for n, vote in enumerate(published.votes)
        if vote.counted and vote.choice is Choice.LEFT
    )
    turned = msgspec.structs.replace(published.votes[place], choice=Choice.RIGHT)
    votes = (*published.votes[:place], turned, *published.votes[place + 1 :])
    return with_votes(published, tuple(sorted(votes, key=msgspec.structs.astuple)))


def dropped_vote(published: PublishedContest) -> PublishedContest:
    """The last vote gone."""
    return with_votes(published, published.votes[:-1])


def doubled_vote(published: PublishedContest) -> PublishedContest:
    """The first vote twice."""
    return with_votes(published, (published.votes[0], *published.votes))


def other_secret(published: PublishedContest) -> PublishedContest:
    """Another secret revealed than was committed to."""
    other = msgspec.structs.replace(published.unblinded, secret="00" * 32)
    return msgspec.structs.replace(published, unblinded=other)


def other_rules(published: PublishedContest) -> PublishedContest:
    """Fewer canaries than at the opening."""
    rules = msgspec.structs.replace(published.rules, canaries=1)
    return msgspec.structs.replace(published, rules=rules)


def turned_prompts(published: PublishedContest) -> PublishedContest:
    """The prompts in another order than at the opening."""
    return msgspec.structs.replace(published, prompts=published.prompts[::-1])


def cleared_voter(published: PublishedContest) -> PublishedContest:
    """A voter whom the screening left out counts all the same."""
    screening = msgspec.structs.replace(published.screening, flagged=())
    return msgspec.structs.replace(published, screening=screening)


def blamed_more(published: PublishedContest) -> PublishedContest:
    """More agreeing votes than the flagged voter cast."""
    flagged = [
        msgspec.structs.replace(one, agreeing=one.battles + 1)
        for one in published.screening.flagged
    ]
    screening = msgspec.structs.replace(published.screening, flagged=tuple(flagged))
    return msgspec.structs.replace(published, screening=screening)


def small_cell(published: PublishedContest) -> PublishedContest:
    """One vote told apart from all others by its field."""
    alone = msgspec.structs.replace(published.votes[0], field="lonely")
    votes = (alone, *published.votes[1:])
    return with_votes(published, tuple(sorted(votes, key=msgspec.structs.astuple)))


def found(published: PublishedContest) -> str:
    """The problems, in words."""
    problems = published_problems(published, summarise_contest(published))
    return "\n".join(f"{place}: {problem}" for place, problem in problems)


def test_what_was_published_agrees_with_itself_and_with_the_act() -> None:
    """The rating made again from the votes is the one of the contest."""
    published = published_contest()
    assert found(published) == ""
    outcome = rate_contest(held_record())
    again = summarise_contest(published)
    assert [t.strength for t in again.rating.teams] == pytest.approx(
        [t.strength for t in outcome.rating.teams], abs=1e-9
    )
    assert again.labels == outcome.labels
    assert again.with_flagged.votes == len(published.votes)
    check_contest_record(published, teams=TEAMS, where="contest.json")


def test_flagged_voters_are_found_by_their_votes() -> None:
    """Their old numbers are nowhere; what is said of them is what they did."""
    published = published_contest()
    kinds = {one.suspicion: one.voter for one in published.screening.flagged}
    assert kinds.keys() == {Suspicion.FOR_TEAM, Suspicion.ONE_SIDE}
    bot = kinds[Suspicion.ONE_SIDE]
    mine = [vote.choice for vote in published.votes if vote.voter == bot]
    assert set(mine) == {Choice.RIGHT}
    text = contest_text()
    assert "000013" not in text
    assert "000007" not in text


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (changed_vote, "rating.t"),
        (dropped_vote, "participation.votes"),
        (doubled_vote, "participation.votes"),
        (other_secret, "secret"),
        (other_rules, "rules"),
        (turned_prompts, "prompts"),
        (cleared_voter, "screening"),
        (blamed_more, "screening/"),
        (small_cell, "votes"),
    ],
)
def test_what_was_changed_is_found(change: Change, place: str) -> None:
    """Each by the check that is meant for it; a stage takes none of them."""
    changed = change(published_contest())
    assert place in found(changed)
    with pytest.raises(InvalidInput, match=r"contest\.json"):
        check_contest_record(changed, teams=TEAMS, where="contest.json")


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_votes_changes_no_byte(order: random.Random) -> None:
    """Whoever writes the file may shuffle it."""
    published = published_contest()
    votes = list(published.votes)
    order.shuffle(votes)
    shuffled = with_votes(published, tuple(votes))
    assert canonical_bytes(summarise_contest(shuffled)) == canonical_bytes(
        summarise_contest(published)
    )
    assert parse_contest_record(contest_text(shuffled), where="x") == published


def test_a_contest_with_a_team_that_the_stage_does_not_have_is_refused() -> None:
    """Its votes would be about somebody else."""
    with pytest.raises(InvalidInput, match="t5: no such team"):
        check_contest_record(published_contest(), teams=TEAMS[:4], where="contest.json")


def test_the_file_of_votes_is_read_as_it_was_written() -> None:
    """Also by whoever has only the file."""
    votes = published_contest().votes
    assert read_published(published_csv(votes), where="votes.csv") == votes
    with pytest.raises(InvalidInput, match="columns"):
        read_published("voter,left\n", where="votes.csv")
    with pytest.raises(InvalidInput, match=r"votes\.csv, 2"):
        read_published(published_csv(()) + "n1,a\n", where="votes.csv")


def test_votes_of_another_contest_are_refused() -> None:
    """The screening would be said of the wrong people."""
    record = held_record()
    outcome = rate_contest(record)
    others = [
        msgspec.structs.replace(v, counted=True) for v in votes_to_publish(record)
    ]
    votes = publish_votes(others, salt="sixteen-characters", least_cell=5)
    with pytest.raises(Conflict, match="other ones"):
        publish_contest(record, outcome, votes)
    blind = msgspec.structs.replace(record, unblinded=None)
    with pytest.raises(NotAllowed, match="unblinded"):
        publish_contest(blind, outcome, votes)


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": "dokja-contest-record/1"}'])
def test_what_is_no_record_is_refused(text: str) -> None:
    """With the file's name."""
    with pytest.raises(InvalidInput, match=r"contest\.json"):
        parse_contest_record(text, where="contest.json")
    later = msgspec.structs.replace(
        published_contest(), schema="dokja-contest-record/9"
    )
    with pytest.raises(InvalidInput, match="schema"):
        parse_contest_record(contest_text(later), where="contest.json")
