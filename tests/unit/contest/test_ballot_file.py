"""A file of votes is read, or refused by the line that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dokja.contest.rating import ballot_file
from dokja.contest.rating.ballot_file import parse_ballots
from dokja.errors import InvalidInput

HEAD = "voter,left,right,choice\n"


def test_columns_may_stand_in_any_order_with_more_beside() -> None:
    """Teams and voters sorted; a tie between bad answers kept apart."""
    table = parse_ballots(
        "choice,right,field,left,voter,style_length\r\n"
        "both_bad,t2,law,t1,v2,-3.5\r\n\r\n"
        'left,"t3",code,t1,v1,2\r\n'.encode("utf-8-sig"),
        where="b.csv",
    )
    assert (table.teams, table.voters) == (("t1", "t2", "t3"), ("v1", "v2"))
    assert table.votes.voter.tolist() == [1, 0]
    assert table.votes.outcome.tolist() == [2, 0]
    assert table.both_bad.tolist() == [True, False]
    assert table.styles == ("length",)
    assert table.style is not None
    assert table.style.tolist() == [[-3.5], [2.0]]
    assert table.field is not None
    assert [table.fields[code] for code in table.field] == ["law", "code"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column voter"),
        ("voter,left,right\n", "no column choice"),
        ("voter,left,right,choice,team\n", "unknown column 'team'"),
        ("voter,left,right,choice,left\n", "a column stands twice"),
        (HEAD, "no vote"),
        (HEAD + "v1,a,b,left\nv1,a,b\n", "line 3: 3 cells, not 4"),
        (HEAD + "v1,a,b,best\n", "line 2: choice 'best'"),
        (HEAD + "v1,a,a,left\n", "line 2: a stands on both sides"),
        (HEAD + ",a,b,left\n", "line 2: '' is not a usable name"),
        (HEAD + "=cmd|' /C calc'!A0,a,b,left\n", 'line 2: "=cmd'),
        (HEAD + "@x,a,b,left\n", "line 2: '@x'"),
        (HEAD + "-1,a,b,left\n", "line 2: '-1'"),
        (HEAD + "v\x1b[2J,a,b,left\n", "line 2: 'v.x1b"),
        (HEAD + "v" * 200 + ",a,b,left\n", "line 2: 'vvv"),
        (HEAD + 'v1,"a,b,left\n', "line 2"),
        (HEAD + "v1,a,b,left\nv\x00,a,b,left\n", "line 3: a zero byte"),
        ("voter,left,right,choice,style_x\nv1,a,b,left,nan\n", "line 2: a style"),
        ("voter,left,right,choice,style_x\nv1,a,b,left,1e9\n", "line 2: a style"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(text: str, said: str) -> None:
    """A formula, a control sign, a broken quotation: nothing is taken."""
    with pytest.raises(InvalidInput, match=said):
        parse_ballots(text.encode(), where="b.csv")


def test_bytes_that_are_no_text_are_refused_by_line() -> None:
    """Binary data after a good start."""
    with pytest.raises(InvalidInput, match="line 2: not UTF-8"):
        parse_ballots(HEAD.encode() + b"\xff\xfe\x00", where="b.csv")


def test_a_huge_file_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its size alone refuses it."""
    monkeypatch.setattr(ballot_file, "LARGEST", 40)
    with pytest.raises(InvalidInput, match="at most 40"):
        parse_ballots(HEAD.encode() + b"v1,a,b,left\n" * 9, where="b.csv")


def test_only_the_first_problems_are_listed() -> None:
    """A million bad lines are not a million lines of error."""
    with pytest.raises(InvalidInput) as refused:
        parse_ballots((HEAD + "v1,a,b,x\n" * 500).encode(), where="b.csv")
    assert refused.value.fact.count("line ") == ballot_file.MOST_PROBLEMS


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_refused_in_a_foreseen_way(data: bytes) -> None:
    """Never another exception than the one a door shows."""
    with pytest.raises(InvalidInput):
        parse_ballots(data, where="b.csv")
    with pytest.raises(InvalidInput):
        parse_ballots(HEAD.encode() + b"v1,a,b\n" + data, where="b.csv")
