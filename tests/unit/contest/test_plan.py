"""A contest's files are read with every cross-check, each named."""

from __future__ import annotations

import json

import msgspec
import pytest

from dokja.contest.plan import (
    answers_that_name,
    check_answers,
    parse_answers,
    parse_contest,
)
from dokja.contest.values import ContestPlan, PreparedAnswer
from dokja.errors import InvalidInput
from tests.unit.contest.contests import answers, plan

HEAD = """
schema = "dokja-contest/1"
synthetic = true
note = { ko = "시험용", en = "made for tests" }

[rules]
id = "citizens-1"
name = { ko = "시민 평가", en = "citizens" }
kind = "citizen"
teams = ["t1", "t2"]
names = [{ team = "t1", names = ["Nova"] }, { team = "t2", names = ["하늘"] }]
battles_least = 1
battles_most = 2
canaries = 0
least_cell = 5
least_age = 19
screening_level = 0.05
endpoints = "void"

[[prompts]]
id = "p1"
field = "law"
language = "ko"
text = "임대차 계약을 설명해 주십시오."

[[prompts]]
id = "p2"
field = "code"
language = "en"
text = "Write a loop."

[quotas]
size = 200
slack = 0.05
[[quotas.margins]]
id = "sex"
name = { ko = "성별", en = "sex" }
cells = [{ cell = "f", share = 0.5 }, { cell = "m", share = 0.5 }]
source = "resident registration, 2025"
"""


def test_a_whole_plan_is_read() -> None:
    """With what was not said at its default."""
    found = parse_contest(HEAD, where="contest.toml")
    assert found.rules.kind == "citizen"
    assert found.rules.pacing.tick_ms == 50
    assert found.quotas is not None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dokja-contest/1", "dokja-contest/2", "this program reads"),
        ("battles_most = 2", "battles_most = 31", "must be 1 to 30"),
        ("battles_least = 1", "battles_least = 3", "must be 1 to 30"),
        ("battles_most = 2", "battles_most = 3", "see a prompt twice"),
        ("canaries = 0", "canaries = 1", "more than a quarter"),
        ("least_age = 19", "least_age = 13", "no one under 14"),
        ("least_cell = 5", "least_cell = 1", "below 3"),
        ("screening_level = 0.05", "screening_level = 0.5", "not above 0.1"),
        ('["t1", "t2"]', '["t1", "t1"]', "named twice"),
        ('["t1", "t2"]', '["t1", "t3"]', "team t3 has no"),
        ('["t1", "t2"]', '["t1"]', "two teams or more"),
        ('["Nova"]', '["N"]', "too short"),
        ("Write a loop.", "Write as Nova.", "prompt p2 names t1"),
        ('id = "p2"', 'id = "p1"', "prompt p1 is there twice"),
        ('kind = "citizen"', 'kind = "public"', "quotas belong"),
        ('cell = "m", share = 0.5', 'cell = "m", share = 0.4', "sum to 0.9"),
        ('cell = "m", share = 0.5', 'cell = "f", share = 0.5', "f is there twice"),
        ('id = "p2"', 'id = "P 2"', "not a usable id"),
        ("size = 200", "size = 0", "size must be"),
        ("least_age = 19", "least_age = 19\nleast_height = 1", "least_height"),
        ("[rules]", "[rules", "not TOML"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, said: str) -> None:
    """Each rule of a plan, broken once."""
    assert HEAD.count(old) == 1
    with pytest.raises(InvalidInput, match=said):
        parse_contest(HEAD.replace(old, new), where="contest.toml")


def _lines(given: tuple[PreparedAnswer, ...]) -> str:
    return "\n".join(msgspec.json.encode(answer).decode() for answer in given) + "\n\n"


def test_answers_are_read_line_by_line() -> None:
    """An empty line is none; a broken one is named."""
    some = plan()
    given = answers(some)
    assert parse_answers(_lines(given), where="a.jsonl") == given
    check_answers(some, given, where="a.jsonl")
    for line in ("{", "[]", json.dumps({"prompt": "p01"}), "[" * 100_000):
        with pytest.raises(InvalidInput, match=r"a\.jsonl, line 152"):
            parse_answers(_lines(given) + line, where="a.jsonl")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": " \n"}, "is empty"),
        ({"text": "x" * 20_001}, "longer than 20000"),
        ({"model_digest": "sha256:other"}, "one checkpoint a stage"),
        ({"team": "t2"}, "t2 has two answers to p00"),
        ({"prompt": "p99"}, "no prompt p99"),
        ({"seconds": -1.0}, "fewer than 0"),
    ],
)
def test_answers_that_cannot_be_used_are_named(
    change: dict[str, object], said: str
) -> None:
    """One of them spoilt in each way."""
    some = plan()
    first, *rest = answers(some)
    with pytest.raises(InvalidInput, match=said):
        check_answers(
            some, (msgspec.structs.replace(first, **change), *rest), where="a.jsonl"
        )


def test_an_answer_that_names_its_team_is_foretold() -> None:
    """No error: its battles are voided, and the office knows before."""
    some: ContestPlan = plan()
    first, *rest = answers(some)
    telling = msgspec.structs.replace(first, text="I, Nova t3, am glad to help.")
    assert answers_that_name(some, (telling, *rest)) == (telling,)
    assert answers_that_name(some, answers(some)) == ()
