"""From stage to stage, and to the last teams."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from dokja.decision.after import (
    FinalStage,
    NextStage,
    SettledStage,
    final_selection,
    name_teams,
    require_named,
    select_final,
    stage_teams,
)
from dokja.decision.after.values import (
    DecisionConfirmed,
    EmptyPlaces,
    Entered,
    PlaceFilled,
    PlaceState,
)
from dokja.decision.policy import PolicyMissing
from dokja.decision.values import StageDecision, TeamDecision, TeamStatus
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.programme.final_rule import FinalRule
from dokja.programme.matters import Mandate
from dokja.programme.rulebook import check_rulebook
from dokja.programme.values import Rulebook
from tests.rulebooks import example_rulebook

DIGEST = "sha256:" + "a" * 64
BEGINS, ENDS = "2026-01-26T00:00:00+09:00", "2026-08-01T00:00:00+09:00"
MANDATE = Mandate(by="officer", at="2026-03-01T09:00:00+09:00", clause="4.1")


def settled(*, withdrawn: tuple[str, ...] = (), **more: Any) -> SettledStage:
    """Alpha and beta advance, gamma does not, delta fills the place."""
    status = {"gamma": TeamStatus.ELIMINATED_BY_RANK}
    decision = StageDecision(
        stage="stage-1",
        rules_digest=DIGEST,
        teams=tuple(
            TeamDecision(
                team=team, status=status.get(team, TeamStatus.ADVANCES), reasons=()
            )
            for team in ("alpha", "beta", "gamma")
        ),
        planned_places=3,
        vacancies=1,
        revival_call=True,
        settled_by_data=True,
        objection_until="2026-01-25",
        reasons=(),
    )
    places = EmptyPlaces(
        stage="stage-1",
        places=1,
        state=PlaceState.FILLED,
        call="c1",
        filled=(PlaceFilled(team="delta", application="a01"),),
        entries=2,
    )
    final: dict[str, Any] = {
        "programme": "p",
        "stage": "stage-1",
        "places": 1,
        "confirmed": DecisionConfirmed(decision=DIGEST, early=False),
    }
    return SettledStage(
        final=FinalStage(**final | more),
        decision=decision,
        places=places,
        withdrawn=withdrawn,
    )


def rules(teams: int | None) -> Rulebook:
    """The example's rules, ending with so many teams; None: silent."""
    rule = msgspec.UNSET if teams is None else FinalRule(teams=teams)
    return msgspec.structs.replace(example_rulebook(), final=rule)


def named(stage: SettledStage, history: tuple[Act, ...] = (), **more: Any) -> Act:
    """The act that names the teams of the second stage."""
    given: dict[str, Any] = {
        "id": "stage-2",
        "begins": BEGINS,
        "ends": ENDS,
        "begins_of": {"delta": "2026-02-20T00:00:00+09:00"},
    }
    ends_with = more.pop("ends_with", 2)
    following = NextStage(**given | more)
    book = rules(ends_with)
    return name_teams(stage, following, history, rulebook=book, mandate=MANDATE)


def test_who_takes_part_follows_from_the_record() -> None:
    """Who advanced and who filled a place, each from its own day; not who left."""
    act = named(settled())
    found = stage_teams((act,))
    assert found is not None
    entered = [(t.team, t.entered, t.begins) for t in found.teams]
    assert entered == [
        ("alpha", Entered.ADVANCED, BEGINS),
        ("beta", Entered.ADVANCED, BEGINS),
        ("delta", Entered.FILLED, "2026-02-20T00:00:00+09:00"),
    ]
    with pytest.raises(NotAllowed, match="has its teams"):
        named(settled(), (act,))
    with pytest.raises(NotAllowed, match="not final"):
        named(settled(confirmed=None))
    with pytest.raises(NotAllowed, match="ends with 2"):
        named(settled(withdrawn=("beta",)))
    silent = named(settled(withdrawn=("beta",)), ends_with=None)
    assert silent.subject == "stage-2/00001"
    with pytest.raises(InvalidInput, match="development ends"):
        named(settled(), ends="2026-02-01T00:00:00+09:00")
    with pytest.raises(InvalidInput, match="no zone"):
        named(settled(), ends="2026-08-01T00:00:00")


def test_the_programme_ends_by_an_act_with_as_many_as_the_rules_say() -> None:
    """Not earlier, not twice, and not where no rule says with how many."""

    def end(stage: SettledStage, teams: int | None, *history: Act) -> Act:
        return select_final(stage, history, rulebook=rules(teams), mandate=MANDATE)

    with pytest.raises(PolicyMissing, match="silent"):
        end(settled(), None)
    with pytest.raises(NotAllowed, match="3 teams go on"):
        end(settled(), 2)
    with pytest.raises(NotAllowed, match="not final"):
        end(settled(confirmed=None), 3)
    act = end(settled(withdrawn=("beta",)), 2)
    found = final_selection((act,))
    assert found is not None
    assert found.teams == ("alpha", "delta")
    with pytest.raises(NotAllowed, match="has ended"):
        end(settled(), 3, act)


def test_a_rule_on_the_end_needs_its_clause_and_a_number() -> None:
    """A rulebook without the table is complete."""
    problems = check_rulebook(rules(0))
    assert "no clause governs final" in problems
    assert any("it ends with 0 teams" in problem for problem in problems)
    assert not check_rulebook(rules(None))


def test_a_decision_on_others_than_take_part_never_becomes_final() -> None:
    """A team that left may be missing; nobody else may, and nobody may be new."""
    entered = stage_teams((named(settled()),))
    decided = settled().decision

    def check(*teams: str, withdrawn: tuple[str, ...] = ()) -> None:
        rows = tuple(
            TeamDecision(team=t, status=TeamStatus.ADVANCES, reasons=()) for t in teams
        )
        decision = msgspec.structs.replace(decided, stage="stage-2", teams=rows)
        require_named(decision, entered, withdrawn=withdrawn)

    check("alpha", "beta", "delta")
    check("alpha", "delta", withdrawn=("beta",))
    for teams in (("alpha", "delta"), ("alpha", "beta", "delta", "gamma")):
        with pytest.raises(NotAllowed, match="record names alpha, beta, delta"):
            check(*teams)
    require_named(decided, None, withdrawn=())
