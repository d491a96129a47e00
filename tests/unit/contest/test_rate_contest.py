"""A whole contest, from the opening to the published votes, and again from the acts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec
import numpy as np
import pytest
from scipy.special import expit

from dokja.contest.battles.battle_table import battle_table
from dokja.contest.battles.canary import canary_texts
from dokja.contest.battles.cast import admit_voter, cast_vote, progress_of, void_battle
from dokja.contest.battles.opening import RunningContest, close_contest, unblind
from dokja.contest.published.published_votes import publish_votes, published_csv
from dokja.contest.rating.ballot_file import parse_ballots
from dokja.contest.rating.rate_contest import (
    ContestOutcome,
    append_outcome,
    append_screening,
    rate_contest,
    screen_contest,
    votes_to_publish,
)
from dokja.contest.rating.rate_votes import rate_votes
from dokja.contest.rating.record import ContestRecord, VoteRow, record_of
from dokja.contest.values import (
    Battle,
    BattleVoided,
    CanaryKind,
    Choice,
    VoidReason,
    VoteCast,
)
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.canonical import canonical_bytes
from dokja.evidence.seeds import seed_for, uniform_draws
from tests.unit.contest.contests import (
    AT,
    SALT,
    TEAMS,
    MemoryLog,
    answers,
    opened,
    person,
    plan,
    rules,
    running,
)

CONTEST = running(plan(rules(most=24, canaries=4)))
STRENGTHS = dict(zip(TEAMS, (0.8, 0.4, 0.0, -0.4, -0.8), strict=True))
PEOPLE = 40
BOT = 13


@dataclass(frozen=True)
class Held:
    """A contest that was held."""

    log: MemoryLog
    record: ContestRecord
    outcome: ContestOutcome


def _choice(battle: Battle, draw: float) -> Choice:
    if battle.voter == BOT:
        return Choice.RIGHT
    if battle.canary is CanaryKind.SAME:
        return Choice.TIE
    if battle.canary is CanaryKind.BROKEN:
        return Choice.RIGHT if battle.broken is Choice.LEFT else Choice.LEFT
    apart = STRENGTHS[battle.left] - STRENGTHS[battle.right]
    return Choice.LEFT if draw < expit(apart) else Choice.RIGHT


def _has_voided(log: MemoryLog) -> bool:
    return any(act.kind == "battle_voided" for act in log.acts)


def _voted(log: MemoryLog, contest: RunningContest) -> None:
    for voter in range(1, PEOPLE + 1):
        recused = ("t2",) if voter == 5 else ()
        admit_voter(log, contest, voter, person(voter, *recused), at=AT)
        draws = uniform_draws(seed_for("test", f"{voter}"), 25)
        while (battle := progress_of(log, contest, voter).battle) is not None:
            place = (voter, battle.number)
            if voter == 8 and battle.canary is None and not _has_voided(log):
                body = BattleVoided(voter="v-8", reason=VoidReason.ENDPOINT_DEAD)
                void_battle(log, contest, place, body, at=AT)
                continue
            vote = VoteCast(
                voter=f"v-{voter}",
                choice=_choice(battle, draws[battle.number]),
                seconds=20,
            )
            cast_vote(log, contest, place, vote, shown=("a", "b"), at=AT)


@pytest.fixture(scope="module")
def held() -> Held:
    """The contest, closed, screened, unblinded and rated."""
    log = opened(CONTEST)
    _voted(log, CONTEST)
    close_contest(log, CONTEST, at=AT, why="the last day is over")
    given = answers(CONTEST.plan)
    closed = record_of(CONTEST.plan, given, log.acts)
    append_screening(log, CONTEST, screen_contest(closed, CONTEST), at=AT)
    unblind(log, CONTEST, salt=SALT, at=AT)
    record = record_of(CONTEST.plan, given, log.acts)
    outcome = rate_contest(record)
    append_outcome(log, CONTEST, outcome, at=AT)
    return Held(log, record, outcome)


def test_the_strengths_come_back_in_their_order(held: Held) -> None:
    """Forty people with twenty votes each; canaries and the bot do not count."""
    rating = held.outcome.rating
    order = sorted(rating.teams, key=lambda team: -(team.strength or 0))
    assert [team.team for team in order] == list(TEAMS)
    assert rating.voters == PEOPLE - 1
    assert rating.votes == (PEOPLE - 1) * 20 - 1
    assert held.outcome.with_flagged.votes == rating.votes + 20
    assert held.outcome.influence.last == "t5"


def test_the_bot_is_left_out_with_its_reason_and_shown_beside(held: Held) -> None:
    """One voter of forty, under a label until the end."""
    (flagged,) = held.outcome.screening.flagged
    assert (flagged.voter, flagged.suspicion) == (f"{BOT:06d}", "one_side")
    assert sorted(held.outcome.labels.values()) == list(TEAMS)


def test_canaries_and_voided_battles_are_counted(held: Held) -> None:
    """39 honest people see every broken answer; both teams of the void are named."""
    canaries = held.outcome.canaries
    assert (canaries.same, canaries.broken) == (2 * PEOPLE, 2 * PEOPLE)
    assert canaries.same_tied == 2 * (PEOPLE - 1)
    assert canaries.broken_seen >= 2 * (PEOPLE - 1)
    assert {count.reason for count in held.outcome.voided} == {"endpoint_dead"}
    assert [count.battles for count in held.outcome.voided] == [1, 1]
    assert held.outcome.participation.voided["endpoint_dead"] == 1


def test_everything_follows_from_the_acts_again(held: Held) -> None:
    """Through JSON and back, the same bytes."""
    read = msgspec.json.decode(msgspec.json.encode(held.record), type=ContestRecord)
    assert read == held.record
    assert canonical_bytes(rate_contest(read)) == canonical_bytes(held.outcome)


def test_no_pair_follows_from_the_record_before_unblinding(held: Held) -> None:
    """Neither the secret nor a team of any vote stands in the acts until then."""
    before = [act for act in held.log.acts if act.kind not in _AFTER]
    written = msgspec.json.encode(before).decode()
    assert CONTEST.secret not in written
    votes = [act for act in before if act.kind in {"vote_cast", "battle_voided"}]
    for team in TEAMS:
        assert f'"{team}"' not in msgspec.json.encode(votes).decode()
        assert f'"{team}"' not in msgspec.json.encode(held.record.screening).decode()
    blind = record_of(CONTEST.plan, answers(CONTEST.plan), before)
    with pytest.raises(NotAllowed, match="not unblinded"):
        rate_contest(blind)
    with pytest.raises(NotAllowed, match="not unblinded"):
        votes_to_publish(blind)


_AFTER = frozenset({"contest_unblinded", "contest_rated"})


def test_a_screening_after_unblinding_is_refused(held: Held) -> None:
    """It could be chosen by who wins."""
    log = MemoryLog([a for a in held.log.acts if a.kind != "voters_screened"])
    assert held.record.screening is not None
    with pytest.raises(NotAllowed, match="unblinded already"):
        append_screening(log, CONTEST, held.record.screening, at=AT)


def test_a_record_that_was_tampered_with_is_refused(held: Held) -> None:
    """Other answers, another screening, a vote nobody can have cast."""
    record, replaced = held.record, msgspec.structs.replace
    assert record.screening is not None
    fewer = replaced(record.screening, flagged=())
    with pytest.raises(Conflict, match="leaves out other voters"):
        rate_contest(replaced(record, screening=fewer))
    with pytest.raises(Conflict, match="answers"):
        rate_contest(replaced(record, answers=record.answers[1:]))
    assert record.unblinded is not None
    other = replaced(record.unblinded, secret="00" * 32)
    with pytest.raises(Conflict, match="not the one"):
        rate_contest(replaced(record, unblinded=other))
    for row in (VoteRow(99, 1, Choice.LEFT), VoteRow(1, 25, Choice.LEFT)):
        with pytest.raises(Conflict, match="never admitted"):
            rate_contest(replaced(record, votes=(*record.votes, row)))


def test_late_votes_and_crossed_ones_do_not_count(held: Held) -> None:
    """A vote behind the closing; a vote and a void of one battle."""
    acts = list(held.log.acts)
    vote = next(act for act in acts if act.kind == "vote_cast")
    late = msgspec.structs.replace(vote, subject="public-1/000001/024")
    void = msgspec.structs.replace(
        vote, kind="battle_voided", body={"voter": "v-1", "reason": "reported"}
    )
    found = record_of(CONTEST.plan, held.record.answers, [void, *acts, late])
    assert found.late == 1
    assert len(found.votes) == len(held.record.votes) - 1
    assert len(found.voided) == len(held.record.voided) + 1


def test_an_employees_team_is_in_none_of_their_votes(held: Held) -> None:
    """Read from the seed, as anybody can after the end."""
    tables = battle_table(held.record, seed=CONTEST.seed)
    mine = [battle for battle, _ in tables.battles if battle.voter == 5]
    assert len(mine) == 20
    assert all("t2" not in (battle.left, battle.right) for battle in mine)
    other = battle_table(held.record, seed=replace(CONTEST, secret="11" * 32).seed)
    assert other.battles != tables.battles


def test_published_votes_give_the_official_rating_again(held: Held) -> None:
    """From the file alone, without what was marked as left out."""
    published = publish_votes(
        votes_to_publish(held.record), salt="sixteen-characters", least_cell=5
    )
    text = published_csv(v for v in published if v.counted)
    table = parse_ballots(text.encode(), where="votes.csv")
    again = rate_votes(table, source="public-1")
    official = held.outcome.rating
    assert [t.strength for t in again.teams] == pytest.approx(
        [t.strength for t in official.teams]
    )
    assert np.allclose(
        [e.clustered or 0 for e in again.errors],
        [e.clustered or 0 for e in official.errors],
    )


def test_a_broken_canary_that_shows_nothing_is_not_held_against_anybody() -> None:
    """Short answers have no disorder, so judging them unread is no sign."""
    some = CONTEST.plan
    short = [msgspec.structs.replace(a, text="네.") for a in answers(some)]
    log = opened(CONTEST)
    admit_voter(log, CONTEST, 1, person(1), at=AT)
    while (battle := progress_of(log, CONTEST, 1).battle) is not None:
        vote = VoteCast(voter="v-1", choice=Choice.TIE, seconds=5)
        cast_vote(log, CONTEST, (1, battle.number), vote, shown=("a",), at=AT)
    tables = battle_table(record_of(some, short, log.acts), seed=CONTEST.seed)
    assert len(tables.canaries.broken_voter) == 0
    assert len(tables.canaries.same_voter) == 2
    assert canary_texts(1, tables.battles[0][0], "a b") == ("a b", "a b")
