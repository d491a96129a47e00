"""What a page gets of a battle holds two equal sides and nothing of whose they are."""

from __future__ import annotations

import msgspec
import pytest

from dokja.contest.cast import admit_voter, cast_vote, progress_of
from dokja.contest.opening import RunningContest
from dokja.contest.self_naming import HIDDEN
from dokja.contest.shown_battle import (
    ShownBattle,
    by_prompt_and_team,
    prepared_battle,
    shown_battle,
    stands_in,
)
from dokja.contest.values import (
    Battle,
    CanaryKind,
    Choice,
    ContestKind,
    EndpointRule,
    VoidReason,
    VoteCast,
)
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
ANSWERS = by_prompt_and_team(answers(CONTEST.plan))


def _battle(canary: CanaryKind | None = None) -> Battle:
    return Battle(
        voter=1,
        number=2,
        prompt="p03",
        left="t2",
        right="t2" if canary else "t4",
        canary=canary,
        broken=Choice.RIGHT if canary is CanaryKind.BROKEN else None,
    )


def _shown(found: ShownBattle | VoidReason) -> ShownBattle:
    assert isinstance(found, ShownBattle)
    return found


def _citizens() -> RunningContest:
    some = msgspec.structs.replace(rules(), kind=ContestKind.CITIZEN)
    return running(plan(some))


def test_every_battle_of_a_voter_can_be_shown_and_judged() -> None:
    """From the first to the last, canaries like the others, without a team's name."""
    log = opened(CONTEST)
    admit_voter(log, CONTEST, 1, person(1), at=AT)
    kinds = set()
    while (battle := progress_of(log, CONTEST, 1).battle) is not None:
        shown = _shown(prepared_battle(CONTEST, battle, ANSWERS))
        written = msgspec.json.encode(shown).decode()
        assert not any(f'"{team}"' in written for team in TEAMS)
        assert "canary" not in written
        kinds.add(battle.canary)
        vote = VoteCast(voter="v-1", choice=Choice.TIE, seconds=9)
        place = (1, battle.number)
        cast_vote(log, CONTEST, place, vote, shown=shown.texts, at=AT)
    assert kinds == {None, CanaryKind.SAME, CanaryKind.BROKEN}


def test_a_canary_is_made_from_one_answer() -> None:
    """Equal sides, or one in disorder of the same length and pace."""
    same = _shown(prepared_battle(CONTEST, _battle(CanaryKind.SAME), ANSWERS))
    assert same.left == same.right
    broken = _shown(prepared_battle(CONTEST, _battle(CanaryKind.BROKEN), ANSWERS))
    assert broken.left == same.left != broken.right
    assert broken.pacing.left == broken.pacing.right


@pytest.mark.parametrize(
    "text", ["I am Nova-t2.", "I am No<b>va</b> t2.", "노[바](x)t2"]
)
def test_an_answer_that_names_a_team_is_voided(text: str) -> None:
    """Also where markup keeps its letters apart."""
    found = shown_battle(CONTEST, _battle(), ("A plain answer.", text))
    assert found is VoidReason.SELF_NAMED


def test_a_citizen_panel_sees_the_names_hidden() -> None:
    """And the battle is judged."""
    shown = _shown(shown_battle(_citizens(), _battle(), ("I am Nova-t2.", "Plain.")))
    assert shown.texts == (f"I am {HIDDEN}.", "Plain.")


def test_a_model_that_does_not_answer_costs_no_vote_unseen() -> None:
    """The rule says whether the prepared answer stands in; else it is voided."""
    prepared = ANSWERS["p03", "t2"]
    slow = VoidReason.ENDPOINT_SLOW
    assert stands_in(CONTEST, slow, prepared) is slow
    lenient = running(
        plan(msgspec.structs.replace(rules(), endpoints=EndpointRule.PREPARED))
    )
    assert stands_in(lenient, slow, prepared) is prepared
    assert stands_in(lenient, slow, None) is slow
    missing = {place: a for place, a in ANSWERS.items() if place[1] != "t4"}
    found = prepared_battle(CONTEST, _battle(), missing)
    assert found is VoidReason.ENDPOINT_DEAD
