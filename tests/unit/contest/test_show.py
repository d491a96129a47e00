"""What a voter is shown of a battle, and when there is nothing to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.contest.battles.cast import admit_voter, cast_vote, progress_of
from dokja.contest.battles.equalise import plain_text
from dokja.contest.battles.opening import (
    CLOSED,
    RATED,
    SCREENED,
    UNBLINDED,
    RunningContest,
)
from dokja.contest.battles.phase import ContestPhase, phase_of
from dokja.contest.battles.self_naming import HIDDEN
from dokja.contest.battles.show import (
    ShownBattle,
    after_faults,
    battle_texts,
    reason_of,
    show_battle,
)
from dokja.contest.battles.tickets import seconds_since, ticket_for
from dokja.contest.served.values import EndpointFault, FaultReason
from dokja.contest.values import (
    Battle,
    CanaryKind,
    Choice,
    ContestKind,
    EndpointRule,
    VoidReason,
    VoteCast,
)
from dokja.errors import NotAllowed
from tests.unit.contest.contests import (
    AT,
    TEAMS,
    answers,
    opened,
    person,
    plan,
    rules,
    running,
)

CONTEST = running()
PLAIN = Battle(voter=1, number=3, prompt="p04", left="t1", right="t2")
ANSWERS = {"t1": "**One** is here.", "t2": "# Two\n\nis there."}
NOW = datetime(2026, 1, 20, 9, tzinfo=UTC)
KEY = b"k" * 32


def with_rules(**changes: object) -> RunningContest:
    """The contest under other rules."""
    changed = msgspec.structs.replace(rules(), **changes)
    return running(plan(changed))


def test_a_battle_is_shown_without_whose_it_is() -> None:
    """Text in one form, and no field in which a team could stand."""
    shown = show_battle(CONTEST, PLAIN, battle_texts(CONTEST, PLAIN, ANSWERS))
    assert isinstance(shown, ShownBattle)
    assert plain_text(shown.left) == "One is here."
    assert plain_text(shown.right) == "Two\n\nis there."
    assert (shown.number, shown.prompt) == (3, "Question 4?")
    assert "t1" not in str(msgspec.to_builtins(shown))


def test_a_battle_in_which_a_model_names_itself_is_voided() -> None:
    """Seen before it is shown, on either side."""
    for texts in (("I am Nova-t3.", "b"), ("a", "저는 노바t1입니다.")):
        assert show_battle(CONTEST, PLAIN, texts) is VoidReason.SELF_NAMED


@pytest.mark.parametrize("text", ["I am No<b>va</b> t2.", "노[바](x)t2"])
def test_a_name_that_markup_keeps_apart_voids_the_battle(text: str) -> None:
    """On the page the markup is gone and the name stands there."""
    assert show_battle(CONTEST, PLAIN, ("Plain.", text)) is VoidReason.SELF_NAMED
    citizens = with_rules(kind=ContestKind.CITIZEN)
    shown = battle_texts(citizens, PLAIN, {"t1": "Plain.", "t2": text})
    assert show_battle(citizens, PLAIN, shown) is VoidReason.SELF_NAMED


def test_every_battle_of_a_voter_can_be_shown_and_judged() -> None:
    """From the first to the last, canaries like the others, without a team's name."""
    log = opened(CONTEST)
    admit_voter(log, CONTEST, 1, person(1), at=AT)
    given = {(a.prompt, a.team): a.text for a in answers(CONTEST.plan)}
    kinds = set()
    while (battle := progress_of(log, CONTEST, 1).battle) is not None:
        mine = {team: given[battle.prompt, team] for team in TEAMS}
        texts = battle_texts(CONTEST, battle, mine)
        shown = show_battle(CONTEST, battle, texts)
        assert isinstance(shown, ShownBattle)
        written = msgspec.json.encode(shown).decode()
        assert not any(f'"{team}"' in written for team in TEAMS)
        assert "canary" not in written
        kinds.add(battle.canary)
        vote = VoteCast(voter="v-1", choice=Choice.TIE, seconds=9)
        cast_vote(log, CONTEST, (1, battle.number), vote, shown=texts, at=AT)
    assert kinds == {None, CanaryKind.SAME, CanaryKind.BROKEN}


def test_a_citizen_panel_sees_no_brand() -> None:
    """Names are hidden instead, so that the battle can be judged."""
    contest = with_rules(kind=ContestKind.CITIZEN)
    named = {"t1": "I am Nova-t1, hello.", "t2": "Hello."}
    texts = battle_texts(contest, PLAIN, named)
    assert texts == (f"I am {HIDDEN}, hello.", "Hello.")
    assert isinstance(show_battle(contest, PLAIN, texts), ShownBattle)


def test_a_canary_needs_one_answer_only() -> None:
    """The same twice, or beside its own words."""
    same = msgspec.structs.replace(PLAIN, right="t1", canary=CanaryKind.SAME)
    assert battle_texts(CONTEST, same, {"t1": "a b"}) == ("a b", "a b")
    broken = msgspec.structs.replace(
        same, canary=CanaryKind.BROKEN, broken=Choice.RIGHT
    )
    left, right = battle_texts(CONTEST, broken, {"t1": "one two three four five"})
    assert left == "one two three four five"
    assert right != left
    assert sorted(right.split()) == sorted(left.split())


def fault(reason: FaultReason) -> EndpointFault:
    """A fault of some model."""
    return EndpointFault(reason=reason, detail="for the office")


@pytest.mark.parametrize(
    ("reasons", "void"),
    [
        ([FaultReason.SLOW], VoidReason.ENDPOINT_SLOW),
        ([FaultReason.UNREACHABLE], VoidReason.ENDPOINT_DEAD),
        ([FaultReason.SLOW, FaultReason.REFUSED], VoidReason.ENDPOINT_DEAD),
    ],
)
def test_a_fault_voids_the_battle_where_the_rules_say_so(
    reasons: list[FaultReason], void: VoidReason
) -> None:
    """Prepared answers are there and stay unused."""
    contest = with_rules(endpoints=EndpointRule.VOID)
    faults = {f"t{n}": fault(r) for n, r in enumerate(reasons, start=1)}
    assert after_faults(contest, faults, ANSWERS) is void
    assert reason_of(tuple(faults.values())) is void


def test_a_prepared_answer_stands_in_where_the_rules_say_so() -> None:
    """For the team that failed alone; without one the battle is voided."""
    contest = with_rules(endpoints=EndpointRule.PREPARED)
    faults = {"t1": fault(FaultReason.SLOW)}
    assert after_faults(contest, faults, ANSWERS) == {"t1": ANSWERS["t1"]}
    assert after_faults(contest, faults, {}) is VoidReason.ENDPOINT_SLOW


def test_the_phase_is_that_of_the_last_step_on_record() -> None:
    """Whatever the order in which the acts are found."""
    log = opened(CONTEST)
    assert phase_of([]) is ContestPhase.PLANNED
    assert phase_of(log.acts) is ContestPhase.OPEN
    later = [
        (CLOSED, ContestPhase.CLOSED),
        (SCREENED, ContestPhase.SCREENED),
        (UNBLINDED, ContestPhase.UNBLINDED),
        (RATED, ContestPhase.RATED),
    ]
    acts = list(log.acts)
    for kind, phase in later:
        acts.insert(0, msgspec.structs.replace(acts[-1], kind=kind))
        assert phase_of(acts) is phase


@given(st.integers(1, 999_999), st.integers(1, 999), st.integers(0, 7200))
def test_a_ticket_tells_its_age_to_whom_it_was_given(
    voter: int, number: int, seconds: int
) -> None:
    """And to nobody else, for no other battle."""
    ticket = ticket_for(KEY, (voter, number), now=NOW)
    later = NOW + timedelta(seconds=seconds)
    assert seconds_since(KEY, (voter, number), ticket, now=later) == seconds
    for other in ((voter + 1, number), (voter, number + 1)):
        with pytest.raises(NotAllowed):
            seconds_since(KEY, other, ticket, now=later)


@pytest.mark.parametrize("forged", ["", "1", "1.x", f"1.{'0' * 64}", "٣.a", "1." * 9])
def test_a_forged_ticket_is_refused(forged: str) -> None:
    """As is one under another key."""
    with pytest.raises(NotAllowed):
        seconds_since(KEY, (1, 1), forged, now=NOW)
    other = ticket_for(b"o" * 32, (1, 1), now=NOW)
    with pytest.raises(NotAllowed):
        seconds_since(KEY, (1, 1), other, now=NOW)


def test_a_ticket_from_the_future_is_of_no_age() -> None:
    """A clock that was set back gives no negative seconds."""
    ticket = ticket_for(KEY, (1, 1), now=NOW + timedelta(hours=1))
    assert seconds_since(KEY, (1, 1), ticket, now=NOW) == 0


def test_an_unknown_voter_has_no_battle() -> None:
    """Nothing is shown to who was not let in."""
    with pytest.raises(NotAllowed):
        progress_of(opened(CONTEST), CONTEST, 7)
