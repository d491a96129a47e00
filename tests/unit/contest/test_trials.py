"""Invited users: labels of their own, one ballot a model, the box that follows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.contest.users.blind_answers import LEAST_TEAMS, blind_answer, shared_bands
from dokja.contest.users.trials import (
    CAST,
    Trials,
    TrialsPhase,
    UserBallot,
    admit_user,
    answer_problems,
    ballots_of,
    blind_models,
    box_of,
    cast_ballot,
    check_trials,
    close_trials,
    open_trials,
    opened_trials,
    phase_of_trials,
)
from dokja.contest.values import (
    ContestKind,
    ContestPlan,
    ContestRules,
    EndpointRule,
    PreparedAnswer,
    Prompt,
    Question,
    Scale,
    TeamNames,
)
from dokja.errors import Conflict, InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text

TEAMS = ("dal", "san", "mul", "bit")
NAMES = tuple(TeamNames(team=t, names=(f"{t}-model",)) for t in TEAMS)
WORDS = Text(ko="글", en="words")
AT = "2026-03-02T10:00:00+09:00"
SALT = "ab" * 32


class Log:
    """A record in memory that refuses a second body under one name."""

    def __init__(self) -> None:
        self.acts: list[Act] = []

    def append(self, act: Act) -> None:
        """Add the act."""
        for known in self.acts:
            if (known.kind, known.subject) == (act.kind, act.subject):
                if known.body != act.body:
                    raise Conflict("another body", remedy="none")
                return
        self.acts.append(act)

    def named(self, programme: str, stage: str, subject: str) -> tuple[Act, ...]:
        """Acts of exactly this subject."""
        return tuple(
            a
            for a in self.acts
            if (a.programme, a.stage, a.subject) == (programme, stage, subject)
        )

    def under(self, programme: str, stage: str, prefix: str) -> tuple[Act, ...]:
        """Acts whose subject starts with it."""
        return tuple(
            a
            for a in self.acts
            if (a.programme, a.stage) == (programme, stage)
            and a.subject.startswith(prefix)
        )

    def count(self, programme: str, stage: str, kind: str, prefix: str) -> int:
        """How many of them there are."""
        return sum(a.kind == kind for a in self.under(programme, stage, prefix))


def _plan() -> ContestPlan:
    return ContestPlan(
        schema="dokja-contest/1",
        synthetic=True,
        note=WORDS,
        rules=ContestRules(
            id="open-1",
            name=WORDS,
            kind=ContestKind.INVITED,
            teams=TEAMS,
            names=NAMES,
            battles_least=1,
            battles_most=1,
            canaries=0,
            least_cell=5,
            least_age=14,
            screening_level=0.05,
            endpoints=EndpointRule.VOID,
        ),
        prompts=(Prompt(id="p1", field="office", language="ko", text="무엇?"),),
    )


def _trials(secret: str = "0f" * 32) -> Trials:
    return Trials(
        programme="k",
        stage="s",
        plan=_plan(),
        scale=Scale(0, 10),
        questions=(Question(id="use", name=WORDS), Question(id="cost", name=WORDS)),
        beacon="b",
        secret=secret,
    )


ANSWERS = tuple(
    PreparedAnswer(
        prompt="p1",
        team=t,
        text=f"answer of {t}",
        model_digest=f"sha256:{t}",
        tokens=50,
        seconds=1.0,
        measured=AT,
    )
    for t in TEAMS
)


@pytest.fixture
def log() -> Log:
    """The record of an evaluation that is open."""
    log = Log()
    open_trials(log, _trials(), ANSWERS, salt=SALT, at=AT)
    return log


def _ballot(user: str = "u01", use: int = 7) -> UserBallot:
    return UserBallot(user=user, answers={"use": use, "cost": 3})


def test_every_user_has_an_order_of_their_own_and_all_teams() -> None:
    """Label A is another model to the next user, and any team can be first."""
    orders = [tuple(blind_models(_trials(), f"u{n:02d}").values()) for n in range(40)]
    assert all(set(order) == set(TEAMS) for order in orders)
    assert len(set(orders)) > 10
    firsts = {order[0] for order in orders}
    assert firsts == set(TEAMS)


def test_another_secret_gives_other_labels() -> None:
    """Nobody without the secret can tell what a label stands for."""
    mine, other = _trials(), _trials("1e" * 32)
    users = [f"u{n:02d}" for n in range(20)]
    assert any(blind_models(mine, u) != blind_models(other, u) for u in users)


def test_what_the_box_holds_follows_from_labels_and_seed(log: Log) -> None:
    """The closing turns labels back into teams."""
    trials = _trials()
    admit_user(log, trials, "u01", (), at=AT)
    for number, label in enumerate(blind_models(trials, "u01")):
        cast_ballot(log, trials, label, _ballot(use=number), at=AT)
    close_trials(log, trials, salt=SALT, at=AT)
    box = box_of(trials, log.acts, note=WORDS)
    assert not box.synthetic
    expected = {t: n for n, t in enumerate(blind_models(trials, "u01").values())}
    assert {b.team: b.answers["use"] for b in box.ballots} == expected
    assert phase_of_trials(log.acts) is TrialsPhase.CLOSED


def test_no_act_of_a_ballot_names_a_team(log: Log) -> None:
    """What is on record before the closing says nothing of teams."""
    trials = _trials()
    admit_user(log, trials, "u01", (), at=AT)
    cast_ballot(log, trials, "A", _ballot(), at=AT)
    (cast,) = (a for a in log.acts if a.kind == CAST)
    assert not any(team in repr(cast) for team in TEAMS)


def test_an_employee_never_meets_the_employers_model(log: Log) -> None:
    """A recused team has no label, so no ballot can be for it."""
    trials = _trials()
    admit_user(log, trials, "u01", ("dal",), at=AT)
    models = blind_models(trials, "u01", ("dal",))
    assert set(models.values()) == {"san", "mul", "bit"}
    with pytest.raises(NotAllowed):
        cast_ballot(log, trials, "D", _ballot(), at=AT)


def test_a_ballot_never_changes_and_may_be_sent_twice(log: Log) -> None:
    """A request sent again does no harm, another ballot is refused."""
    trials = _trials()
    admit_user(log, trials, "u01", (), at=AT)
    cast_ballot(log, trials, "A", _ballot(), at=AT)
    cast_ballot(log, trials, "A", _ballot(), at=AT)
    with pytest.raises(Conflict):
        cast_ballot(log, trials, "A", _ballot(use=8), at=AT)
    assert ballots_of(log, trials, "u01")["A"].answers["use"] == 7


def test_who_did_not_come_in_hands_in_nothing(log: Log) -> None:
    """A ballot needs an admission with its recusals."""
    with pytest.raises(NotAllowed):
        cast_ballot(log, _trials(), "A", _ballot("u09"), at=AT)


def test_a_ballot_after_the_closing_is_refused_and_one_that_crossed_is_left_out(
    log: Log,
) -> None:
    """What comes after the closing counts for nobody."""
    trials = _trials()
    admit_user(log, trials, "u01", (), at=AT)
    before = list(log.acts)
    cast_ballot(log, trials, "A", _ballot(), at=AT)
    crossed = log.acts[-1]
    log.acts = before
    close_trials(log, trials, salt=SALT, at=AT)
    log.append(crossed)
    assert box_of(trials, log.acts, note=WORDS).ballots == ()
    with pytest.raises(NotAllowed):
        cast_ballot(log, trials, "B", _ballot(), at=AT)


@pytest.mark.parametrize("answers", [{}, {"use": 3}, {"use": 3, "cost": 11}])
def test_unanswered_questions_are_named_and_refused(
    log: Log, answers: dict[str, int]
) -> None:
    """Half a ballot is no ballot."""
    trials = _trials()
    admit_user(log, trials, "u01", (), at=AT)
    assert answer_problems(trials, answers)
    with pytest.raises(InvalidInput):
        cast_ballot(log, trials, "A", UserBallot(user="u01", answers=answers), at=AT)


def test_an_unknown_question_is_refused(log: Log) -> None:
    """An answer to a question nobody asked is no part of a ballot."""
    admit_user(log, _trials(), "u01", (), at=AT)
    ballot = UserBallot(user="u01", answers={"use": 1, "cost": 1, "taste": 1})
    with pytest.raises(InvalidInput):
        cast_ballot(log, _trials(), "A", ballot, at=AT)


def test_changed_answers_or_questions_are_noticed(log: Log) -> None:
    """What was fixed at the opening cannot be exchanged."""
    opened = opened_trials(log.acts)
    check_trials(opened, _trials(), ANSWERS, salt=SALT)
    with pytest.raises(Conflict):
        check_trials(opened, _trials(), ANSWERS[:3], salt=SALT)
    with pytest.raises(Conflict):
        check_trials(opened, replace(_trials(), scale=Scale(0, 5)), ANSWERS, salt=SALT)
    with pytest.raises(Conflict):
        check_trials(opened, _trials("1e" * 32), ANSWERS, salt=SALT)


def test_an_answer_that_names_a_team_is_masked_even_through_markup() -> None:
    """Emphasis inside a name does not save it from being hidden."""
    found = blind_answer("p1", "I am **dal**-model, made at home.", NAMES)
    assert found.is_masked
    assert not found.is_withheld
    assert "dal" not in repr(found.blocks)


def test_a_name_that_masking_cannot_hide_withholds_the_answer() -> None:
    """A name over two entries of a list is found in the whole."""
    found = blind_answer("p1", "- dal\n- model", NAMES)
    assert found.is_withheld
    assert found.blocks == ()


@given(
    st.dictionaries(
        st.text("abcdefgh", min_size=1, max_size=3),
        st.floats(0, 5000),
        min_size=LEAST_TEAMS,
        max_size=12,
    )
)
def test_no_band_holds_one_team_alone(values: dict[str, float]) -> None:
    """Whatever the values are, a band is shared by two teams or more."""
    bands = shared_bands(values, (100.0, 300.0, 1000.0))
    assert bands.keys() == values.keys()
    for team, band in bands.items():
        assert band.low <= values[team]
        assert band.high is None or values[team] < band.high
        assert sum(other == band for other in bands.values()) >= LEAST_TEAMS
