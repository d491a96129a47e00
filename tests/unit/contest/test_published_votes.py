"""Published votes tell nothing of who, when, or of a small group."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dokja.contest.published.published_votes import (
    ANY,
    OTHER,
    VoteToPublish,
    merged_cells,
    publish_votes,
    published_csv,
)
from dokja.contest.rating.ballot_file import parse_ballots
from dokja.contest.values import Choice
from dokja.errors import InvalidInput, NotAllowed

SALT = "a-salt-of-sixteen"
CELLS = st.tuples(
    st.sampled_from(["law", "code", "daily", "other"]), st.sampled_from(["ko", "en"])
)
SEEN = st.lists(st.tuples(CELLS, st.integers(0, 40).map(str)), min_size=1)


def _votes(seen: list[tuple[tuple[str, str], str]]) -> list[VoteToPublish]:
    return [
        VoteToPublish(
            voter=f"v-{voter}",
            left="a",
            right="b",
            choice=list(Choice)[place % 4],
            field=field,
            language=language,
            counted=True,
        )
        for place, ((field, language), voter) in enumerate(seen)
    ]


@given(SEEN, st.integers(1, 12))
@settings(max_examples=200, deadline=None)
def test_no_published_cell_holds_fewer_people(
    seen: list[tuple[tuple[str, str], str]], least: int
) -> None:
    """Or, where all together are fewer, nothing is published."""
    people = {voter for _, voter in seen}
    if len(people) < least:
        with pytest.raises(NotAllowed, match="a cell must hold"):
            publish_votes(_votes(seen), salt=SALT, least_cell=least)
        return
    published = publish_votes(_votes(seen), salt=SALT, least_cell=least)
    cells: dict[tuple[str, str], set[str]] = {}
    for vote in published:
        cells.setdefault((vote.field, vote.language), set()).add(vote.voter)
    assert min(len(voters) for voters in cells.values()) >= least
    assert len(published) == len(seen)
    assert len({vote.voter for vote in published}) == len(people)


def test_large_cells_stay_as_they_are() -> None:
    """Only what is too small is merged, languages before fields."""
    seen = [(("law", "ko"), f"{v}") for v in range(9)]
    seen += [(("law", "en"), f"{v}") for v in range(9)]
    seen += [(("code", "ko"), f"{v}") for v in range(9)]
    seen += [(("code", "en"), "1"), (("daily", "ko"), "2")]
    found = merged_cells(seen, least=5)
    assert found["law", "ko"] == ("law", "ko")
    assert found["code", "en"] == found["code", "ko"] == (OTHER, ANY)
    assert found["daily", "ko"] == (OTHER, ANY)


@given(st.permutations(range(30)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_votes_is_gone(order: list[int]) -> None:
    """The file is the same in whatever order the votes were cast."""
    votes = _votes([(("law", "ko"), f"{n % 7}") for n in range(30)])
    whole = publish_votes(votes, salt=SALT, least_cell=3)
    turned = publish_votes([votes[n] for n in order], salt=SALT, least_cell=3)
    assert whole == turned


def test_numbers_hang_on_the_salt_and_show_no_pseudonym() -> None:
    """Another salt, another number; neither is the old name."""
    votes = _votes([(("law", "ko"), f"{n}") for n in range(20)])
    one = publish_votes(votes, salt=SALT, least_cell=3)
    other = publish_votes(votes, salt=SALT + "x", least_cell=3)
    assert one != other
    assert b"v-" not in msgspec.json.encode(one)
    with pytest.raises(InvalidInput, match="the salt has 3"):
        publish_votes(votes, salt="abc", least_cell=3)


def test_the_file_is_rated_again() -> None:
    """Votes in, the same votes out; those left out are marked."""
    votes = _votes([(("law", "ko"), f"{n % 5}") for n in range(20)])
    votes[0] = msgspec.structs.replace(votes[0], counted=False)
    text = published_csv(publish_votes(votes, salt=SALT, least_cell=3))
    table = parse_ballots(text.encode(), where="published.csv")
    assert len(table) == 20
    assert len(table.voters) == 5
    assert text.count(",no\n") == 1
