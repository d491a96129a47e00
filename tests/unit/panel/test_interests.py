"""Which ties make a conflict, for how long, and by which path."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import canonical_bytes
from dokja.panel import (
    changed_interests,
    computed_recusals,
    find_interests,
    require_current,
)
from dokja.panel.interests import lasts_until
from dokja.panel.values import (
    Declaration,
    Interest,
    RecusalBasis,
    Tie,
)
from dokja.programme.interest_rules import (
    InterestLevel,
    TieKind,
)
from tests.unit.panel.people import TODAY, register, rules, tie

MEMBER = tie("consortium", "o1", "t1")


def _found(*ties: Tie, on: date = TODAY, longest: int = 3) -> Interest:
    """What stands between e1 and t1."""
    interests = find_interests(register(*ties), rules(longest=longest), on=on)
    return next(i for i in interests.found if (i.expert, i.team) == ("e1", "t1"))


def test_an_employee_of_a_member_has_a_conflict_by_that_path() -> None:
    """The plain case, with the path it rests on."""
    job = tie("employment", "e1", "o1")
    found = _found(MEMBER, job)
    assert (found.level, found.path) == (InterestLevel.CONFLICT, (job, MEMBER))
    assert found.undeclared
    assert found.reason.en == "employment, then membership of the consortium"


def test_a_supplier_of_a_team_makes_a_possible_interest_only() -> None:
    """A path is as grave as its weakest tie."""
    found = _found(tie("employment", "e1", "o2"), tie("supply", "o2", "t1"))
    assert found.level is InterestLevel.POSSIBLE


def test_the_graver_path_counts_even_where_it_is_longer() -> None:
    """A short possible interest must not hide a conflict."""
    possible = (tie("employment", "e1", "o2"), tie("supply", "o2", "t1"))
    family = (tie("family", "e1", "p1"), tie("employment", "p1", "o1"))
    found = _found(*possible, *family, MEMBER)
    assert (found.level, len(found.path)) == (InterestLevel.CONFLICT, 3)


@pytest.mark.parametrize(
    ("on", "level"),
    [
        (date(2026, 3, 1), InterestLevel.CONFLICT),
        (date(2026, 3, 2), InterestLevel.NONE),
    ],
)
def test_a_past_employer_counts_to_the_last_day_of_cooling_off(
    on: date, level: InterestLevel
) -> None:
    """24 months after the first of March 2024, that day included."""
    job = tie("employment", "e1", "o1", until=date(2024, 3, 1))
    assert _found(MEMBER, job, on=on).level is level


@pytest.mark.parametrize(
    ("until", "months", "last"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 31), 0, date(2025, 12, 31)),
    ],
)
def test_months_end_on_days_that_exist(until: date, months: int, last: date) -> None:
    """The last day of a short month stands for days that it lacks."""
    ended = tie("employment", "e1", "o1", until=until)
    assert lasts_until(ended, months) == last


def test_a_tie_that_begins_later_counts_already() -> None:
    """Who has signed a contract has an interest before its first day."""
    job = structs.replace(
        tie("employment", "e1", "o1"), since=date(2027, 1, 1), until=date(2028, 1, 1)
    )
    assert _found(MEMBER, job).level is InterestLevel.CONFLICT


def test_a_colleagues_past_is_nobody_elses_interest() -> None:
    """No path leads from an organisation back to its people."""
    shared = (tie("employment", "e1", "o2"), tie("employment", "e2", "o2"))
    found = _found(*shared, tie("employment", "e2", "o1"), MEMBER, longest=9)
    assert found.level is InterestLevel.NONE


def test_no_path_leads_through_another_team() -> None:
    """Two teams that share a member are two teams."""
    ties = (
        tie("employment", "e1", "o1"),
        MEMBER,
        tie("consortium", "o2", "t1"),
        tie("consortium", "o2", "t2"),
    )
    found = find_interests(register(*ties, teams=("t1", "t2")), rules(), on=TODAY)
    levels = {i.team: i.level for i in found.found if i.expert == "e1"}
    assert levels == {"t1": InterestLevel.CONFLICT, "t2": InterestLevel.NONE}


def test_a_path_longer_than_the_rules_allow_is_none() -> None:
    """Everybody knows somebody: the rules say how far an interest reaches."""
    ties = (
        tie("family", "p1", "e1"),
        tie("employment", "p1", "o2"),
        tie("ownership", "o1", "o2"),
        MEMBER,
    )
    assert _found(*ties, longest=3).level is InterestLevel.NONE
    assert _found(*ties, longest=4).level is InterestLevel.CONFLICT


def test_what_was_declared_stands_beside_what_was_computed() -> None:
    """A declaration recuses by itself; it is never replaced by the graph."""
    people = structs.replace(
        register(MEMBER, tie("employment", "e1", "o1")),
        declarations=tuple(
            Declaration(expert=expert, team="t1", recorded=TODAY)
            for expert in ("e1", "e2")
        ),
    )
    found = find_interests(people, rules(), on=TODAY)
    both, alone = found.found
    assert (both.declared, both.computed) == (True, InterestLevel.CONFLICT)
    assert (alone.declared, alone.computed) == (True, InterestLevel.NONE)
    assert [one.level for one in found.found] == [InterestLevel.CONFLICT] * 2
    assert not any(one.undeclared for one in found.found)
    assert [one.basis for one in computed_recusals(found)] == [
        RecusalBasis.DECLARED_AND_COMPUTED,
        RecusalBasis.DECLARED,
    ]


def test_a_change_of_people_is_computed_again_and_shown() -> None:
    """A consortium that grows makes a conflict that was not there."""
    job = tie("employment", "e1", "o1")
    before = find_interests(register(job), rules(), on=TODAY)
    grown = register(job, MEMBER)
    after = find_interests(grown, rules(), on=TODAY)
    (moved,) = changed_interests(before, after)
    assert (moved.expert, moved.level) == ("e1", InterestLevel.CONFLICT)
    require_current(after, grown, rules())
    with pytest.raises(NotAllowed, match="changed"):
        require_current(before, grown, rules())
    with pytest.raises(NotAllowed, match="changed"):
        require_current(after, grown, rules(cooling=12))


def test_what_may_be_published_names_no_employer_and_no_day() -> None:
    """An organisation or a last working day can give a person away."""
    job = tie("employment", "e1", "o1", until=date(2025, 6, 30))
    interests = find_interests(register(MEMBER, job), rules(), on=TODAY)
    public = canonical_bytes(computed_recusals(interests)).decode()
    assert "o1" not in public
    assert "2025" not in public


TIES = st.lists(
    st.sampled_from(
        [
            MEMBER,
            tie("employment", "e1", "o1"),
            tie("employment", "e1", "o2", until=date(2025, 1, 1)),
            tie("supply", "o2", "t1"),
            tie("ownership", "o2", "o1"),
            tie("coauthorship", "e1", "e2"),
            tie("advice", "e2", "o3"),
            tie("consortium", "o3", "t1"),
            tie("family", "p1", "e2"),
            tie("employment", "p1", "o1"),
        ]
    ),
    unique=True,
)


@given(ties=TIES, data=st.data())
def test_the_order_of_the_register_changes_nothing(
    ties: list[Tie], data: st.DataObject
) -> None:
    """Levels, paths and the digest are equal for any order."""
    shuffled = data.draw(st.permutations(ties))
    names = data.draw(st.permutations(("e1", "e2")))
    first = find_interests(register(*ties), rules(), on=TODAY)
    again = find_interests(register(*shuffled, experts=names), rules(), on=TODAY)
    assert canonical_bytes(first) == canonical_bytes(again)


@given(ties=TIES)
def test_every_path_is_one_and_one_more_tie_never_frees_an_expert(
    ties: list[Tie],
) -> None:
    """The path connects both ends, and interests only grow with ties."""
    grave = list(InterestLevel)
    before = find_interests(register(*ties), rules(), on=TODAY)
    after = find_interests(
        register(*ties, tie("data_deal", "o4", "o1")), rules(), on=TODAY
    )
    for one, more in zip(before.found, after.found, strict=True):
        assert grave.index(more.level) <= grave.index(one.level)
        place = one.expert
        for step in one.path:
            assert place in (step.left, step.right)
            place = step.right if place == step.left else step.left
        assert not one.path or place == one.team


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (tie("employment", "o1", "e1"), "must lead from"),
        (tie("consortium", "o9", "t1"), "must lead from"),
        (structs.replace(MEMBER, source=" "), "names no source"),
        (
            structs.replace(MEMBER, since=TODAY, until=date(2020, 1, 1)),
            "ends before it begins",
        ),
    ],
)
def test_an_entry_that_is_wrong_is_named(wrong: Tie, said: str) -> None:
    """Nothing is computed from a register that does not hold together."""
    with pytest.raises(InvalidInput, match=said):
        find_interests(register(wrong), rules(), on=TODAY)


def test_a_kind_without_a_rule_is_refused() -> None:
    """To ignore it would be to decide that it is no interest."""
    short = structs.replace(
        rules(), ties=tuple(r for r in rules().ties if r.kind is not TieKind.ADVICE)
    )
    with pytest.raises(InvalidInput, match="no rule says what advice"):
        find_interests(register(tie("advice", "e1", "o1")), short, on=TODAY)


def test_one_name_is_one_person_or_body() -> None:
    """A team and an organisation of one name would be one node of the graph."""
    with pytest.raises(InvalidInput, match="o1 stands 2 times"):
        find_interests(register(teams=("t1", "o1")), rules(), on=TODAY)
